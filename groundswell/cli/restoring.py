"""Restoring a backup, step by step; ``restore`` and ``drill`` share it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts.operations import indexes as account_indexes
from groundswell.cli import backup_files
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import queries as ledger_queries
from groundswell.outreach.operations import held as held_ops
from groundswell.people.operations import forgetting
from groundswell.people.operations import indexes as people_indexes
from groundswell.site import operations as site_ops
from groundswell.site import vault
from groundswell.site.backups import reading, sealed_file

Heard = Callable[[int], None]


class CannotRestore(RuntimeError):
    """With a sentence that says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Files:
    """A main backup, the keys backup that goes with it (None: the keys are there), the identity."""

    main: Path
    keys: Path | None
    identity: str


def files(main: Path, keys: Path | None, identity: Path, *, takes_old_keys: bool) -> Files:
    """The files of a restore. Raises CannotRestore."""
    for path in (main, keys, identity):
        if path is not None and not path.is_file():
            raise CannotRestore(f"There is no file {path}.")
    told = backup_files.backup_at(keys) if keys else None
    is_old = told is not None and told.made_at < clock.now() - backup_files.KEYS_LAST
    if is_old and not takes_old_keys:
        raise CannotRestore(
            f"{keys} is older than seven days: with it, people who were erased since could be read "
            "again. Take a newer one; if there is none, add --old-keys and erase them once more."
        )
    return Files(main, keys, identity.read_text(encoding="utf-8", errors="replace"))


def load(given: Files, heard: Heard) -> tuple[reading.Told, reading.Told | None]:
    """Both databases from their files. Raises Refusals of ``reading`` and CannotRestore."""
    try:
        keys = None
        if given.keys is not None:
            keys = reading.restore(
                given.keys, kind="keys", using="keys", identity=given.identity, heard=heard
            )
            vault.forget()
        main = reading.restore(
            given.main, kind="main", using="default", identity=given.identity, heard=heard
        )
    except sealed_file.NotAnIdentity as wrong:
        raise CannotRestore("The identity file holds no line AGE-SECRET-KEY-1…") from wrong
    except sealed_file.CannotRead as wrong:
        raise CannotRestore(
            f"{wrong} cannot be opened: it was made for another identity, or was changed."
        ) from wrong
    return main, keys


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done after loading."""

    people: int
    erased_again: int
    held: int


def must_go_on() -> bool:
    """Whether a restore was interrupted after its rows were loaded."""
    place = ledger_queries.place_of(site_ops.RESTORING)
    return place is not None and not place.get("is_over", False)


def mend(heard: Heard) -> Mended:
    """Make anew what is left out of backups; twice is harmless.

    People who were erased after the backup are erased again, messages that may have arrived wait
    for a person, and the installation stays locked until an owner has looked.
    """
    accounts_ops.lock_everything(by=SYSTEM)
    account_indexes.reindex()
    people = erased = 0
    step = people_indexes.reindex(after=0)
    while step.last_id is not None:
        forgetting.erase_without_key(person_ids=step.gone, by=SYSTEM)
        people, erased = people + step.seen - len(step.gone), erased + len(step.gone)
        heard(step.seen)
        step = people_indexes.reindex(after=step.last_id)
    count = held_ops.hold_after_restore(by=SYSTEM)
    place = ledger_queries.place_of(site_ops.RESTORING) or {}
    site_ops.note_restored(rows=place.get("rows", 0), by=SYSTEM)
    return Mended(people, erased, count)
