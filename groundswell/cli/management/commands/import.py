# ruff: noqa: N999 - the command is called so, and nothing imports this file
"""``groundswell import FILE``: take a list of people in, as the office does."""

from __future__ import annotations

import csv
import hashlib
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from rich.console import Console
from rich.table import Table

from groundswell.campaigns import queries as campaign_queries
from groundswell.cli import serving
from groundswell.cli.progress import bar as progress_bar
from groundswell.kernel.actor import SYSTEM
from groundswell.kernel.cells import safe
from groundswell.kernel.refusal import Refusal
from groundswell.people.imports import formats, guessing
from groundswell.people.imports.choices import FILL, REPLACE, SOURCES, Choices
from groundswell.people.imports.columns import LABELS, is_target
from groundswell.people.imports.texts import ENCODINGS
from groundswell.people.models import Import
from groundswell.people.operations.imports import checking, report, running, undoing, uploading
from groundswell.people.operations.imports.counting import Counts
from groundswell.site import queries as site_queries

_UNUSABLE = 2
_INTERRUPTED = 130
State = Import.State


class Command(BaseCommand):
    help = (
        "Take a list of people in: CSV, XLSX, XLS or ODS, of Action Network, NationBuilder, "
        "EveryAction, VAN, Mobilize, CiviCRM, Spoke or your own. Interrupt it as you like; the "
        "same command goes on where it stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file with one row for each person")
        parser.add_argument(
            "--consent-source", choices=list(SOURCES), help="where their consent comes from (asked)"
        )
        parser.add_argument("--campaign", default="", help="they agreed to news of this slug only")
        parser.add_argument("--texts", action="store_true", help="they agreed to texts too")
        parser.add_argument(
            "--consent-ends", type=date.fromisoformat, help="its last day, such as 2027-12-31"
        )
        parser.add_argument("--country", default="", help="of rows without, such as GB")
        parser.add_argument("--language", default="", help="of rows without, such as en")
        parser.add_argument("--tag", action="append", default=[], help="a tag for everybody in it")
        parser.add_argument("--source", default="", help="a source code for everybody in it")
        parser.add_argument("--encoding", default="", choices=["", *ENCODINGS])
        parser.add_argument(
            "--column", action="append", default=[], metavar="NAME=WHERE",
            help=f"where a column goes: {', '.join(filter(None, LABELS))} or field:KEY",
        )  # fmt: skip
        parser.add_argument("--answers", default=FILL, choices=[FILL, REPLACE])
        parser.add_argument(
            "--without-contact", action="store_true", help="keep rows that hold a name only"
        )
        parser.add_argument("--errors", type=Path, help="write the rows to correct to this file")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do")
        parser.add_argument("--undo", action="store_true", help="take the file back (seven days)")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console()
        try:
            serving.check_databases()
            _import(options, console)
        except (Refusal, serving.NotReady, OSError) as error:
            raise CommandError(str(error), returncode=_UNUSABLE) from error
        except KeyboardInterrupt:
            console.print("Stopped. The same command goes on from here.")
            raise SystemExit(_INTERRUPTED) from None


def _import(options: dict[str, Any], console: Console) -> None:
    file: Path = options["file"]
    if options["undo"]:
        _undo(file, console)
        return
    found = _begun(file)
    if found is None:
        if not options["consent_source"]:
            raise checking.WhereDoesConsentComeFrom
        found = _checked(file, options, console)
        if options["dry_run"]:
            uploading.drop(import_id=found.id, by=SYSTEM)
            console.print("Nothing was written (--dry-run).")
            return
        running.start(import_id=found.id, in_worker=False, by=SYSTEM)
    elif found.state == State.PAUSED:
        running.go_on(import_id=found.id, in_worker=False, by=SYSTEM)
    found = _run(found, console)
    _show(Counts.of_json(found.counts), console)
    if options["errors"] is not None:
        _write_errors(found, options["errors"])
        console.print(f"Rows to correct: {options['errors']}", highlight=False, soft_wrap=True)


def _same(file: Path) -> QuerySet[Import]:
    """Imports of the very same file."""
    with file.open("rb") as read:
        digest = hashlib.file_digest(read, "sha256").hexdigest()
    return Import.objects.filter(file_blind=uploading.blind_of(digest))


def _begun(file: Path) -> Import | None:
    """One that was begun and is not over."""
    begun = _same(file).filter(state__in=[State.RUNNING, State.PAUSED])
    return begun.order_by("-made_at").first()


def _undo(file: Path, console: Console) -> None:
    same = _same(file).exclude(key_id=None).order_by("-made_at")
    found = next((each for each in same if undoing.can_undo(each)), None)
    if found is None:
        raise undoing.TooLateToUndo
    undoing.undo(import_id=found.id, in_worker=False, by=SYSTEM)
    with progress_bar(console) as bar:
        task = bar.add_task("Taking back", total=found.part_count)
        undoing.take_all_back(
            found.id, by=SYSTEM, heard=lambda parts: bar.update(task, completed=parts)
        )
    found.refresh_from_db()
    console.print(f"Taken back: {found.counts['gone']} people are gone again.")
    if found.counts["kept"]:
        console.print(f"{found.counts['kept']} stay, because they did something since.")


def _checked(file: Path, options: dict[str, Any], console: Console) -> Import:
    """The file in sealed parts, with its columns decided and the dry run done."""
    with progress_bar(console) as bar, file.open("rb") as read:
        task = bar.add_task("Reading rows", total=None)
        found = uploading.upload(
            name=file.name,
            file=read,
            encoding=options["encoding"],
            heard=lambda rows: bar.update(task, completed=rows),
            by=SYSTEM,
        )
        bar.update(task, total=found.row_count, completed=0, description="Dry run")
        try:
            columns = _columns(found, options["column"])
            found = checking.decide(
                import_id=found.id, columns=columns, choices=_choices(found, options), by=SYSTEM
            )
        except Refusal:
            uploading.drop(import_id=found.id, by=SYSTEM)
            raise
        if found.state != State.CHECKED:
            checking.Check(found).all(lambda rows: bar.update(task, completed=rows))
            found.refresh_from_db()
    table = Table("Column", "Goes to", box=None)
    for name, to in zip(found.head, columns, strict=True):
        table.add_row(name, str(LABELS.get(to, to)))
    console.print(table)
    _show(Counts.of_json(found.expected), console)
    return found


def _columns(found: Import, told: list[str]) -> list[str]:
    columns = list(found.columns)
    names = [guessing.key(name) for name in found.head]
    for pair in told:
        name, _equals, to = pair.rpartition("=")
        key = guessing.key(name)
        if key not in names:
            raise checking.NoSuchColumn(f"There is no column {name!r} in this file.")
        if not is_target(to):
            raise checking.NoSuchColumn(f"{to!r} is no place for a column.")
        columns[names.index(key)] = to
    return columns


def _choices(found: Import, options: dict[str, Any]) -> Choices:
    wrote = formats.by_key(found.format)
    about = 0
    if options["campaign"]:
        campaign = campaign_queries.campaign_by_slug(options["campaign"], SYSTEM)
        if campaign is None:
            raise checking.AboutWhat
        about = campaign.id
    installation = site_queries.installation()
    return Choices(
        consent=options["consent_source"],
        purpose="campaign" if about else "news",
        about_id=about,
        texts=options["texts"],
        ends_on=options["consent_ends"].isoformat() if options["consent_ends"] else "",
        answers=options["answers"],
        without_contact=options["without_contact"],
        language=options["language"] or (installation.language if installation else "en"),
        country=options["country"].upper() or wrote.country,
        month_first=wrote.month_first,
        tag_separator=wrote.tag_separator,
        tags=tuple(options["tag"]),
        source=options["source"],
    )


def _run(found: Import, console: Console) -> Import:
    with progress_bar(console) as bar:
        done = int(found.counts.get("rows", 0))
        task = bar.add_task("Taking in", total=found.row_count, completed=done)
        running.Run(found.id).all(lambda rows: bar.update(task, completed=rows))
    return Import.objects.get(id=found.id)


def _show(counts: Counts, console: Console) -> None:
    console.print(report.sentence(counts), highlight=False)
    for each in report.reasons(counts):
        kept = "" if each.is_row_out else " (taken in without it)"
        console.print(f"  {each.row_count:>7,}  {each.why}{kept}", highlight=False)


def _write_errors(found: Import, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(report.head_to_correct(found))
        for row in report.rows_to_correct(found):
            writer.writerow([safe(cell) for cell in row])
