"""``groundswell restore FILE``: an empty installation becomes what a backup holds."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from groundswell.cli import backup_files, restoring
from groundswell.cli.progress import bar
from groundswell.kernel.refusal import Refusal
from groundswell.site.backups import reading


def add_file_arguments(parser: ArgumentParser) -> None:
    """The files of a restore or a drill."""
    parser.add_argument("file", type=Path, help="groundswell-main-….age")
    parser.add_argument("--keys", type=Path, help="groundswell-keys-….age (the newest beside it)")
    parser.add_argument(
        "--identity", type=Path, required=True, help="file with the line AGE-SECRET-KEY-1…"
    )
    parser.add_argument(
        "--old-keys", action="store_true", help="take keys that are older than seven days"
    )


def keys_beside(file: Path) -> Path | None:
    """The newest keys backup in the folder of a main backup."""
    beside = backup_files.in_folder(file.parent, "keys")
    return beside[0].path if beside else None


class Command(BaseCommand):
    help = "Restore a backup into empty databases. It stays locked until: groundswell unlock"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_file_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        console, started = Console(highlight=False, soft_wrap=True), time.monotonic()
        for alias in settings.DATABASES:
            call_command("migrate", database=alias, verbosity=0, interactive=False)
        try:
            with bar(console) as shown:
                task = shown.add_task("Rows", total=None)
                if not restoring.must_go_on():
                    restoring.load(_files(options), lambda rows: shown.advance(task, rows))
                task = shown.add_task("People", total=None)
                mended = restoring.mend(lambda people: shown.advance(task, people))
        except (Refusal, restoring.CannotRestore) as refused:
            raise CommandError(str(refused)) from refused
        console.print(
            f"[green]✓[/green] Restored in {time.monotonic() - started:.1f} s. "
            f"{mended.people:,} people can be found again."
        )
        if mended.erased_again:
            console.print(
                f"[green]✓[/green] {mended.erased_again:,} people were erased after this backup "
                "was made. Nothing of them opens, and their rows are gone again."
            )
        if mended.held:
            console.print(
                f"{mended.held:,} messages may have arrived since: they wait for your decision in "
                "the office, under Health."
            )
        console.print("It is locked. Look around in the office, then: groundswell unlock")


def _files(options: dict[str, Any]) -> restoring.Files:
    """Keys that are there already stay: whoever was erased stays erased."""
    keys = options["keys"]
    if keys is None and reading.is_empty("keys", "keys"):
        keys = keys_beside(options["file"])
        if keys is None:
            raise restoring.CannotRestore(
                "There are no data keys here. Give their newest backup with --keys."
            )
    return restoring.files(
        options["file"], keys, options["identity"], takes_old_keys=options["old_keys"]
    )
