"""``groundswell scrub NEWFILE``: a copy for developers in which nobody is left."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model
from rich.console import Console

from groundswell.cli.progress import bar
from groundswell.people import search_names as names
from groundswell.people.models import Person
from groundswell.people.operations.persons import folded_name
from groundswell.site.scrub import copying, handling

HOW = """Use it like this, on a machine of a developer:
  GROUNDSWELL_MODE=demo DATABASE_URL=sqlite:///{file} GROUNDSWELL_KEYS_URL=sqlite:///{keys} \\
  GROUNDSWELL_MASTER_KEY_FILE={master} groundswell serve"""


class Command(BaseCommand):
    help = (
        "Write a scrubbed copy: names, addresses and words are made up, secrets blank, relations "
        "kept. It seals with keys of its own, which lie beside it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a new SQLite file")

    def handle(self, *args: Any, **options: Any) -> None:
        console, file = Console(highlight=False, soft_wrap=True), options["file"].resolve()
        try:
            with bar(console) as shown:
                task = shown.add_task("Rows", total=None)
                keys, master = copying.scrub(
                    file,
                    beside=search_names,
                    heard=lambda table, count: shown.update(task, description=table, advance=count),
                )
        except FileExistsError as there:
            raise CommandError(f"{there} is there already. Choose another name.") from there
        except handling.UnhandledColumn as unknown:
            raise CommandError(f"Nothing was written: {unknown}.") from unknown
        console.print(f"[green]✓[/green] {file}")
        console.print(HOW.format(file=file, keys=keys, master=master))


def search_names(row: Model, fresh: handling.Fresh) -> tuple[Model, ...]:
    """The made-up name that a made-up person is searched by."""
    if not isinstance(row, Person):
        return ()
    folded = folded_name(handling.given(row.pk), handling.family(row.pk))
    return tuple(names.made(row.pk, folded))
