"""``groundswell segment export | import``: a segment as a file for another installation, and back.

The file holds the question and nobody who fits it (docs/how-to/share-a-segment.md).
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from groundswell.accounts import queries as accounts_queries
from groundswell.cli import serving
from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.kernel.refusal import Refusal
from groundswell.people.models import Segment
from groundswell.people.operations import segment_files
from groundswell.people.operations.segments import Kept
from groundswell.people.segments import portable, shelf
from groundswell.people.segments.portable import Taken

_UNUSABLE = 2


class _CannotDo(CommandError):
    """What was typed names nothing here."""

    def __init__(self, words: str) -> None:
        super().__init__(words, returncode=_UNUSABLE)


class Command(BaseCommand):
    help = "Write a segment into a file for another installation, or take one in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="do", required=True)
        out = verbs.add_parser("export", help="write a segment into a file, or print it")
        out.add_argument("name", help="what the segment is called")
        out.add_argument("file", type=Path, nargs="?", help="where to; without it, it is printed")
        out.add_argument("--folder", help="the folder, where several have this name")
        back = verbs.add_parser("import", help="take a segment of another installation in")
        back.add_argument("file", type=Path, help="the file that the other one gave")
        back.add_argument(
            "--for", required=True, dest="email", metavar="EMAIL",
            help="whose segment it will be: the address of a member of the team",
        )  # fmt: skip
        back.add_argument("--name", default="", help="what it is called here")
        back.add_argument("--folder", default="", help="where it stands here")
        back.add_argument("--private", action="store_true", help="nobody else sees it")
        back.add_argument("--leave-out", action="store_true", help="leave out what is not here")
        back.add_argument("--dry-run", action="store_true", help="say what it asks, save nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serving.check_databases()
            if options["do"] == "export":
                self._export(options)
            else:
                _import(options, Console(highlight=False, markup=False, soft_wrap=True))
        except (Refusal, serving.NotReady, OSError) as error:
            raise CommandError(str(error), returncode=_UNUSABLE) from error

    def _export(self, options: dict[str, Any]) -> None:
        text = portable.as_text(_find(options["name"], options["folder"]), SYSTEM)
        file: Path | None = options["file"]
        if file is None:
            self.stdout.write(text, ending="")
        else:
            file.write_text(text, encoding="utf-8")


def _find(name: str, folder: str | None) -> Segment:
    every = shelf.visible_to(SYSTEM)
    found = list(every.filter(name=name))
    if not found:
        known = ", ".join(repr(each) for each in every.values_list("name", flat=True))
        raise _CannotDo(f"No segment is called {name!r}. There are: {known or 'none'}.")
    if folder is not None:
        found = [one for one in found if one.folder == folder]
    if len(found) != 1:
        folders = ", ".join(repr(each) for each in sorted({one.folder for one in found}))
        raise _CannotDo(
            f"Say with --folder which {name!r} you mean: {folders}."
            if found
            else f"No segment {name!r} stands in the folder {folder!r}."
        )
    return found[0]


def _import(options: dict[str, Any], console: Console) -> None:
    account = accounts_queries.account_by_email(options["email"])
    if account is None:
        raise _CannotDo(f"Nobody of the team has the address {options['email']}.")
    by = accounts_queries.actor_of(account)
    with options["file"].open("rb") as file:
        taken = portable.read(portable.text_of(file.read(portable.BYTES_MOST + 1)), by)
    _show(taken, by, console)
    if options["dry_run"]:
        console.print("Nothing was saved (--dry-run).")
        return
    kept = Kept(
        name=options["name"] or taken.name,
        folder=options["folder"],
        is_shared=not options["private"],
    )
    done = segment_files.take_in(taken=taken, kept=kept, leave_out=options["leave_out"], by=by)
    console.print(f"Saved as “{done.name}”. It counts anew each time it is used.")


def _show(taken: Taken, by: Actor, console: Console) -> None:
    """What it asks, row by row, and what of it is not here."""
    for name, sentences in portable.in_sentences(taken, by):
        console.print(name)
        for number, sentence in enumerate(sentences, start=1):
            console.print(f"  {number}. {sentence}")
    for one in taken.missing:
        rest = "The row would be left out." if one.is_whole else "The rest of the row would stay."
        console.print(f"  Not here: {one.says} {one.why} {rest}")
