"""``groundswell drill FILE``: could this backup be restored?"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from groundswell.cli import drilling, restoring
from groundswell.cli.management.commands.restore import add_file_arguments, keys_beside
from groundswell.cli.progress import bar
from groundswell.kernel.actor import SYSTEM
from groundswell.kernel.refusal import Refusal
from groundswell.site import operations as site_ops


class Command(BaseCommand):
    help = "Restore a backup into an empty place, compare every row, open what is sealed, tidy up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_file_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        console, started = Console(highlight=False, markup=False, soft_wrap=True), time.monotonic()
        keys = options["keys"] or keys_beside(options["file"])
        if keys is None:
            raise CommandError("A drill needs a backup of the data keys. Give it with --keys.")
        try:
            given = restoring.files(
                options["file"], keys, options["identity"], takes_old_keys=options["old_keys"]
            )
            with bar(console) as shown:
                task = shown.add_task("Rows", total=None)
                findings = list(drilling.hold(given, lambda rows: shown.advance(task, rows)))
        except (Refusal, restoring.CannotRestore) as refused:
            site_ops.note_drill(is_well=False, by=SYSTEM)
            raise CommandError(str(refused)) from refused
        for finding in findings:
            mark, style = ("✓", "green") if finding.is_good else ("✗", "red")
            console.print(mark, style=style, end=" ")
            console.print(finding.sentence)
        is_well = all(finding.is_good for finding in findings)
        site_ops.note_drill(is_well=is_well, by=SYSTEM)
        console.print(
            f"The drill took {time.monotonic() - started:.1f} s. "
            + ("This backup can be restored." if is_well else "Do not trust this backup.")
        )
        if not is_well:
            sys.exit(1)
