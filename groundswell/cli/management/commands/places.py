"""``groundswell places import FILE``: a country's postcodes, from a table in GeoNames' format."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from groundswell.kernel.actor import SYSTEM
from groundswell.kernel.refusal import Refusal
from groundswell.places import operations as places_ops
from groundswell.places.postcode_files import FAULT_SENTENCES


class Command(BaseCommand):
    help = "Load a country's postcodes, so that people can type theirs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("import", help="read a file in GeoNames' format (txt or zip)")
        load.add_argument("file", type=Path)
        load.add_argument("--country", help="two letters; by default the file's name, as in GB.zip")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        country = options["country"] or file.stem[:2]
        console = Console()
        columns = (
            TextColumn("Postcodes"), BarColumn(), DownloadColumn(), TransferSpeedColumn(),
            TimeRemainingColumn(),
        )  # fmt: skip
        try:
            with Progress(*columns, console=console, transient=True) as bar:
                task = bar.add_task("read", total=None)

                def progress(done: int, whole: int) -> None:
                    bar.update(task, completed=done, total=whole)

                report = places_ops.import_postcodes(
                    file, country=country, by=SYSTEM, progress=progress
                )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        console.print(_told(report))


def _told(report: places_ops.PostcodeReport) -> str:
    """The outcome in sentences, the bad lines grouped by reason."""
    lines = [
        f"✓ {report.country}: {report.place_count:,} places known, "
        f"{report.line_count:,} lines read, {report.removed_count:,} old places removed."
    ]
    lines += [
        f"  {count:,} lines left out: {FAULT_SENTENCES[fault]}"
        for fault, count in report.faults.items()
    ]
    lines += [f"  for example line {number}" for number, _fault in report.examples[:5]]
    return "\n".join(lines)
