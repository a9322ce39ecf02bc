"""``groundswell backup``: both databases into two files that only the identity opens."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from groundswell.cli import backup_files
from groundswell.cli.progress import bar
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.site import operations as site_ops
from groundswell.site.backups import sealed_file, writing

NO_RECIPIENT = (
    "Nobody could open a backup yet: set GROUNDSWELL_BACKUP_RECIPIENT to an age recipient "
    "(age1…). `groundswell init` makes one."
)


class Command(BaseCommand):
    help = (
        "Write both databases, encrypted, into a folder while everything goes on. Backups of the "
        "data keys that are older than seven days are removed there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        folder = Path(settings.GROUNDSWELL_DATA_DIR) / "backups"
        parser.add_argument("folder", nargs="?", type=Path, default=folder)
        parser.add_argument(
            "--keys-folder", type=Path, help="another folder for the data keys (better: apart)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.GROUNDSWELL_BACKUP_RECIPIENT:
            raise CommandError(NO_RECIPIENT)
        console, started, now = (
            Console(highlight=False, soft_wrap=True),
            time.monotonic(),
            clock.now(),
        )
        places = {"main": options["folder"], "keys": options["keys_folder"] or options["folder"]}
        made = []
        # The main database first: every key that it needs is in the later look at the keys.
        for kind, folder in places.items():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = folder / backup_files.name(kind, now)
            size, rows = _write(kind, path, console)
            made.append(rows)
            console.print(f"[green]✓[/green] {path}: {rows:,} rows, {size / 1e6:.1f} MB")
        old = backup_files.remove_old_keys(places["keys"], now)
        if old:
            console.print(f"[green]✓[/green] {len(old)} older backups of data keys are removed.")
        site_ops.note_backup(rows=sum(made), by=SYSTEM)
        console.print(f"It took {time.monotonic() - started:.1f} s. Try it: groundswell drill")


def _write(kind: str, path: Path, console: Console) -> tuple[int, int]:
    """The file's size, and how many rows are in it."""
    alias, seen = ("default" if kind == "main" else "keys"), 0
    with bar(console) as shown, writing.snapshot_of(alias) as using:
        task = shown.add_task("Rows", total=None)

        def heard(table: str, rows: int) -> None:
            nonlocal seen
            seen += rows
            shown.update(task, description=table, advance=rows)

        lines = writing.lines(kind, using, heard)
        try:
            size = sealed_file.write(path, lines, settings.GROUNDSWELL_BACKUP_RECIPIENT)
        except sealed_file.NotARecipient as wrong:
            raise CommandError(f"GROUNDSWELL_BACKUP_RECIPIENT is no recipient: {wrong}") from wrong
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from error
    return size, seen
