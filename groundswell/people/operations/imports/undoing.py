"""Taking an import back, for seven days: the last part first.

People who came with it go, with their keys, unless they did something since or somebody wrote
something about them; then they stay, without what the file agreed to in their name, and are
counted. What was filled in about people whom we knew is taken out where it still stands as the
import wrote it. The do-not-contact list keeps what the file put there, and tags, fields and source
codes stay: others may use them by now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.kernel import clock, rows
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger import queries as ledger_queries
from groundswell.ledger.worker import Again
from groundswell.people import queries, search_names
from groundswell.people.facts import ContactsOpened, ImportUndone
from groundswell.people.models import (
    Consent,
    Contact,
    FieldValue,
    Import,
    ImportPart,
    NewAddress,
    Note,
    Person,
    PostalAddress,
    Relation,
    Tagging,
    Touch,
)
from groundswell.people.operations import consents, persons, reach
from groundswell.people.operations.imports.uploading import check
from groundswell.people.operations.imports.writing import Undo
from groundswell.people.sockets import shelves
from groundswell.site import vault

KEPT = timedelta(days=7)
State = Import.State
_TABLES: dict[str, type[Model]] = {
    "contact": Contact,
    "note": Note,
    "touch": Touch,
    "tagging": Tagging,
    "postaladdress": PostalAddress,
    "fieldvalue": FieldValue,
}
_WRITTEN_SINCE: tuple[type[Model], ...] = (*_TABLES.values(), Consent, NewAddress)


class TooLateToUndo(Refusal):
    sentence = _("An import can be taken back for seven days, once it is done or paused.")


@transaction.atomic
def undo(*, import_id: int, in_worker: bool = True, by: Actor) -> None:
    """Take an import back. Raises MayNotImport, TooLateToUndo."""
    check(by)
    found = Import.objects.select_for_update().get(id=import_id)
    if not can_undo(found):
        raise TooLateToUndo
    found.state, found.changed_at = State.UNDOING, clock.now()
    # Parts behind the place were never taken in.
    found.place = min(found.place, found.part_count)
    found.counts = {**found.counts, "gone": 0, "kept": 0}
    found.save(update_fields=["state", "changed_at", "place", "counts"])
    if in_worker:
        args = {"args": [found.id, *_who(by)], "kwargs": {}}
        ledger_ops.enqueue(take_back.module_path, args, dedupe_key=f"import undo:{found.id}")


def can_undo(found: Import) -> bool:
    """Whether it was taken in, at least in part, and the week is not over."""
    is_in_time = clock.now() < (found.done_at or found.changed_at) + KEPT
    return found.state in {State.DONE, State.PAUSED} and found.key_id is not None and is_in_time


def _who(by: Actor) -> tuple[str, int | None]:
    return by.kind.value, by.id


@task()
def take_back(import_id: int, by_kind: str, by_id: int | None) -> Again | None:
    """One part in one transaction, then again."""
    again = Again({"args": [import_id, by_kind, by_id], "kwargs": {}})
    return again if step(import_id, by=Actor(ActorKind(by_kind), by_id)) else None


def take_all_back(
    import_id: int, *, by: Actor, heard: Callable[[int], None] = lambda parts: None
) -> None:
    """Every part, for the command line."""
    parts = 0
    while step(import_id, by=by):
        parts += 1
        heard(parts)


@transaction.atomic
def step(import_id: int, *, by: Actor) -> bool:
    """Take the last part back that was taken in; False when there is none."""
    found = Import.objects.select_for_update().get(id=import_id)
    if found.state != State.UNDOING:
        return False
    found.place -= 1
    part = found.parts.filter(number=found.place).first() if found.place >= 0 else None
    if part is not None and part.undo_sealed:
        gone, kept = _take_back(part)
        found.counts["gone"] += gone
        found.counts["kept"] += kept
    is_over = found.place <= 0
    if is_over:
        found.state = State.UNDONE
        counts = found.counts
        fact = ImportUndone(import_id=found.id, count=counts["gone"], kept_count=counts["kept"])
        ledger_ops.record(fact, by=by)
    found.changed_at = clock.now()
    found.save(update_fields=["place", "counts", "state", "changed_at"])
    return not is_over


def _take_back(part: ImportPart) -> tuple[int, int]:
    undo = Undo.of_text(vault.open_(part, "undo_sealed"))
    came = [person_id for person_id, _key in undo.new]
    here = set(Person.objects.filter(id__in=came).values_list("id", flat=True))
    touched = _touched(here, undo.last_id)
    gone = [pair for pair in undo.new if pair[0] in here - touched]
    known = _people_of(undo)
    consents.take_out([*undo.rows.pop("consent", []), *_said_yes_for(touched, part)])
    for table, ids in undo.rows.items():
        _TABLES[table].objects.filter(id__in=ids).delete()  # type: ignore[attr-defined]  # a model
    _empty_again(undo.filled)
    _put_back(undo.replaced)
    _erase(gone)
    reach.follow(known | touched)
    part.rows_sealed = part.undo_sealed = b""
    part.failed = []
    part.save(update_fields=["rows_sealed", "undo_sealed", "failed"])
    return len(gone), len(touched)


def _said_yes_for(ids: set[int], part: ImportPart) -> list[int]:
    """What the file agreed to in the name of those who stay."""
    by_it = Consent.objects.filter(source="import", proof__startswith=f"import:{part.of_id}:")
    return list(by_it.filter(person_id__in=ids, is_given=True).values_list("id", flat=True))


def _people_of(undo: Undo) -> set[int]:
    """The known people whom a part changed."""
    found = {person_id for person_id, _column, _value in undo.filled}
    found |= {row["person_id"] for row in undo.replaced}
    for table, model in (("contact", Contact), ("consent", Consent)):
        ids = undo.rows.get(table, [])
        found |= set(model.objects.filter(id__in=ids).values_list("person_id", flat=True))
    return found


OWN_SHELF = "people.profile"


def _touched(ids: set[int], last_id: int) -> set[int]:
    """Who did something since, or about whom somebody else wrote something."""
    touched: set[int] = set()
    for name, shelf in shelves:
        if name != OWN_SHELF:  # it keeps members, and the import's own consents made them that
            touched |= shelf.keeps(ids)
    touched |= ledger_queries.named_among(ids, but=ContactsOpened.kind())
    for model in _WRITTEN_SINCE:
        newer = model.objects.filter(person_id__in=ids, id__gt=last_id)  # type: ignore[attr-defined]  # a model
        touched |= set(newer.values_list("person_id", flat=True))
    for column in ("person_id", "other_id"):
        ties = Relation.objects.filter(**{f"{column}__in": ids})
        touched |= set(ties.values_list(column, flat=True))
    return touched & ids


def _erase(people: Collection[tuple[int, int]]) -> None:
    """People of whom nothing but this import's rows is held, and their keys after the commit."""
    ids, keys = [pid for pid, _key in people], [key for _pid, key in people]
    if not ids:
        return
    Person.objects.filter(id__in=ids).delete()
    ledger_ops.enqueue(destroy_keys.module_path, {"args": [keys], "kwargs": {}})
    transaction.on_commit(lambda: destroy_keys.call(keys))


@task()
def destroy_keys(key_ids: list[int]) -> None:
    """What the end of :func:`_erase` may not have come to. Twice is harmless."""
    used = set(Person.objects.filter(key_id__in=key_ids).values_list("key_id", flat=True))
    vault.remove_keys(set(key_ids) - used)


def _empty_again(filled: Iterable[tuple[int, str, Any]]) -> None:
    """What the import filled in, where it still stands so."""
    told = list(filled)
    people = Person.objects.in_bulk([person_id for person_id, _column, _value in told])
    names = queries.names_of(people.values())
    emptied: dict[str, dict[int, Any]] = defaultdict(dict)
    for person_id, column, value in told:
        person = people.get(person_id)
        if person is None:
            continue
        if column == "name":
            _name_again(person, names[person_id], queries.Name(*value))
        elif getattr(person, column) == value:
            emptied[column][person_id] = None if column.endswith("_id") else ""
            if column == "time_zone":
                emptied["zone_from"][person_id] = ""
    for column, values in emptied.items():
        rows.rewrite(Person, column.removesuffix("_id"), values)


def _name_again(person: Person, now: queries.Name, was: queries.Name) -> None:
    """The name as it was, unless the person says otherwise by now."""
    if (was.given and now.given != was.given) or (was.family and now.family != was.family):
        return
    if was.full:
        persons.write_name(person, was.given, was.family, is_family_first=now.is_family_first)
        return
    Person.objects.filter(id=person.id).update(name_sealed=b"")
    search_names.forget([person.id])


def _put_back(replaced: Iterable[dict[str, Any]]) -> None:
    """Answers as they were, unless somebody answered anew."""
    were = list(replaced)
    people = {row["person_id"] for row in were}
    known = set(Person.objects.filter(id__in=people).values_list("id", flat=True))
    pairs = {(row["person_id"], row["field_id"]) for row in were}
    answered = set(
        FieldValue.objects.filter(person_id__in=people).values_list("person_id", "field_id")
    )
    FieldValue.objects.bulk_create(
        [
            FieldValue(**{**row, "value_sealed": bytes.fromhex(row["value_sealed"])})
            for row in were
            if row["person_id"] in known and (row["person_id"], row["field_id"]) in pairs - answered
        ],
        ignore_conflicts=True,
    )
