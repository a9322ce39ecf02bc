"""Notes of the team about somebody. Who may read one is chosen when it is written."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.kernel.text import clean_text
from groundswell.ledger import operations as ledger_ops
from groundswell.people.facts_of_profiles import NoteRemoved, NoteWritten
from groundswell.people.models import Note
from groundswell.people.operations.whom import person_of_team
from groundswell.people.sight import DEPTHS
from groundswell.site import vault

BODY_MOST = 4000

# Who reads a note, in words that stand in the box while it is written.
AUDIENCES: Mapping[Right, Promise] = {
    Right.SEE_NAMES: _("Everybody of the team who sees their name"),
    Right.SEE_CONTACTS: _("Only who may open their address"),
    Right.SEE_ALL: _("Sensitive: only organisers, data managers and owners"),
}


class NoteIsEmpty(Refusal):
    sentence = _("Write the note first.")
    field = "body"


class NoteIsTooLong(Refusal):
    sentence = _("Make the note shorter: at most 4,000 characters.")
    field = "body"


class ChooseWhoReadsIt(Refusal):
    sentence = _("Choose who may read this note. You can choose only what you may read yourself.")
    field = "sees"


class NoSuchNote(Refusal):
    sentence = _("This note is gone.")


@transaction.atomic
def write_note(*, person_id: int, body: str, sees: str, by: Actor) -> Note:
    """Keep a note; ``sees`` is one of AUDIENCES. Nobody hides a note from themselves.

    Raises looking.NotYours, NoteIsEmpty, NoteIsTooLong, ChooseWhoReadsIt.
    """
    if sees not in AUDIENCES:
        raise ChooseWhoReadsIt
    person = person_of_team(person_id, by)
    words = clean_text(body)
    if not words:
        raise NoteIsEmpty
    if len(words) > BODY_MOST:
        raise NoteIsTooLong
    right = Right(sees)
    person_of_team(person_id, by, at_least=DEPTHS[right])
    note = Note(
        id=new_id(),
        person=person,
        sees=right.value,
        is_sensitive=right is Right.SEE_ALL,
        by_id=by.id,
        at=clock.now(),
    )
    note.body_sealed = vault.seal(note, "body_sealed", words, key_id=person.key_id)
    note.save(force_insert=True)
    ledger_ops.record(NoteWritten(person_id=person.id, note_id=note.id), by=by)
    return note


@transaction.atomic
def remove_note(*, person_id: int, note_id: int, by: Actor) -> None:
    """Remove a note about somebody that one may read and wrote oneself, or any as who sees
    everything. Raises NoSuchNote, looking.NotYours."""
    note = Note.objects.filter(person_id=person_id, id=note_id).first()
    if note is None:
        raise NoSuchNote
    depth = DEPTHS[Right(note.sees)] if note.by_id == by.id else DEPTHS[Right.SEE_ALL]
    person = person_of_team(note.person_id, by, at_least=depth)
    note.delete()
    ledger_ops.record(NoteRemoved(person_id=person.id, note_id=note_id), by=by)
