"""``groundswell rotate-key``: a new master key, while people go on signing up."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from groundswell.accounts.operations import indexes as account_indexes
from groundswell.cli.progress import bar
from groundswell.kernel.actor import SYSTEM
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.sealing import new_key
from groundswell.people import queries as people_queries
from groundswell.people.operations import indexes as people_indexes
from groundswell.site import operations as site_ops
from groundswell.site import queries as site_queries
from groundswell.site import rotation, vault
from groundswell.site.sqlite.pragmas import fold_log

STEPS = """A new master key is in {path}.

1. Set GROUNDSWELL_OTHER_MASTER_KEY_FILE to this file and start every web and worker process anew.
   (On a single machine you may leave this step out.)
2. Now let the two change places: GROUNDSWELL_MASTER_KEY_FILE is this file,
   GROUNDSWELL_OTHER_MASTER_KEY_FILE the old key. Start everything anew again.
3. groundswell rotate-key
4. Take GROUNDSWELL_OTHER_MASTER_KEY_FILE away, start everything anew, destroy the old key after
   seven days, when no backup of the data keys needs it any more."""

NO_OTHER = (
    "There is nothing to rotate from: set GROUNDSWELL_MASTER_KEY_FILE to the new key and "
    "GROUNDSWELL_OTHER_MASTER_KEY_FILE to the old one. A new key is made by: "
    "groundswell rotate-key --make FILE"
)


class Command(BaseCommand):
    help = (
        "Wrap every data key by a new master key; both keys open while this runs. Interrupt it "
        "as you like: the same command goes on where it stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--make", type=Path, metavar="FILE", help="make a new key, and stop")
        parser.add_argument(
            "--blind",
            action="store_true",
            help="make the blind indexes anew, from a new index key; lock the installation first",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False, soft_wrap=True)
        try:
            if options["make"]:
                _make(options["make"])
                console.print(STEPS.format(path=options["make"]))
            elif options["blind"]:
                _blind(console)
            else:
                _rotate(console)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        except KeyboardInterrupt:
            console.print("Stopped. The same command goes on from here.")
            raise SystemExit(130) from None


def _make(path: Path) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CommandError(f"{path} cannot be made: {error.strerror}") from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(new_key().hex() + "\n")


def _rotate(console: Console) -> None:
    if settings.GROUNDSWELL_OTHER_MASTER_KEY is None:
        raise CommandError(NO_OTHER)
    started, count = time.monotonic(), rotation.how_many()
    with bar(console) as shown:
        task = shown.add_task("Data keys", total=count)
        wrapped = rotation.rotate(by=SYSTEM, heard=lambda seen: shown.advance(task, seen))
    fold_log("keys")
    console.print(
        f"[green]✓[/green] {wrapped} of {count} data keys were wrapped by the new master key in "
        f"{time.monotonic() - started:.1f} s. Nothing needs the old one any more: take "
        "GROUNDSWELL_OTHER_MASTER_KEY away and start everything anew."
    )


def _blind(console: Console) -> None:
    """Recompute every blind index while nobody can look anything up."""
    if not site_queries.is_locked():
        raise CommandError("Lock the installation for these minutes first: groundswell lock")
    vault.begin_new_indexes()
    account_indexes.reindex()
    with bar(console) as shown:
        count = people_queries.how_many()
        task = shown.add_task("People", total=count)
        step = people_indexes.reindex(after=0)
        while step.last_id is not None:
            shown.advance(task, step.seen)
            step = people_indexes.reindex(after=step.last_id)
    vault.finish_new_indexes()
    site_ops.note_indexes(count=count, by=SYSTEM)
    console.print("Every process forgets the former index key within a minute. Please wait.")
    time.sleep(vault.REMEMBERED_SECONDS)
    console.print("[green]✓[/green] The blind indexes are new. Go on with: groundswell unlock")
