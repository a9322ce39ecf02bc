"""What follows when somebody asks for their data, and when an event forgets its people."""

from __future__ import annotations

from datetime import timedelta

from groundswell.accounts.doubts import Doubt
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.wires import Happening
from groundswell.outreach.operations import forgetting, outbox
from groundswell.people.models import FormEntry, Person
from groundswell.people.operations import sorting
from groundswell.people.operations.forgetting import WARNED_BEFORE
from groundswell.people.operations.new_address import PROVE_WITHIN

_ASKED_TOLD_FOR = timedelta(days=2)  # an unproven address waits for its turn of the day


def data_asked(happening: Happening) -> None:
    """The link to everything we hold, to the address that we hold."""
    _tell("your_data", happening, lasts=_ASKED_TOLD_FOR)


def new_address_asked(happening: Happening) -> None:
    """A mail to the new address; its link proves it."""
    new_address_id = happening.fact.new_address_id
    _tell("new_address", happening, lasts=PROVE_WITHIN, new_address_id=new_address_id)


def forgetting_near(happening: Happening) -> None:
    """One notice before somebody is forgotten."""
    _tell("forgotten_soon", happening, lasts=WARNED_BEFORE)


def form_filled(happening: Happening) -> None:
    """Thanks, with the link that proves the address and lets in what waits. Nobody blocked gets
    one, and the gate gives an unproven address a mail a day."""
    entry = FormEntry.objects.filter(id=happening.fact.entry_id).first()
    because = happening.fact.because
    if entry is None or because == Doubt.BLOCKED:
        return
    message = outbox.new_message(
        "form_thanks",
        key=str(happening.entry_id),
        language=entry.language,
        expires_at=happening.at + sorting.WAITS,
        entry_id=happening.entry_id,
        args={"form_entry_id": entry.id},
        person_id=entry.person_id,
    )
    outbox.write([message])


def people_cut_off(happening: Happening) -> None:
    """Messages about the event would go on saying who was there."""
    _forget(happening.fact.event_id, is_host=False)


def host_cut_off(happening: Happening) -> None:
    """And who held it."""
    _forget(happening.fact.event_id, is_host=True)


def _forget(event_id: int, *, is_host: bool) -> None:
    ledger_ops.enqueue(
        forgetting.forget_messages.module_path, {"args": [event_id, is_host], "kwargs": {}}
    )


def _tell(kind: str, happening: Happening, *, lasts: timedelta, **args: object) -> None:
    person = Person.objects.filter(id=happening.fact.person_id).first()
    if person is None:
        return
    message = outbox.new_message(
        kind,
        key=str(happening.entry_id),
        language=person.language,
        expires_at=happening.at + lasts,
        entry_id=happening.entry_id,
        args=args,
        person_id=person.id,
    )
    outbox.write([message])
