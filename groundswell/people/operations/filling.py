"""Filling in a form: who it is, what counts at once, and what waits for the link of our mail."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import doubts
from groundswell.accounts.doubts import Doubt, Look
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
from groundswell.people import agreed as agreements
from groundswell.people import contacts, double_opt_in, policy, queries
from groundswell.people.form_facts import FormFilled, FormLetIn
from groundswell.people.forms import answers as answering
from groundswell.people.forms import content as contents
from groundswell.people.forms.content import Ask, Content
from groundswell.people.models import Consent, Form, FormEntry, Touch
from groundswell.people.operations import applying, reach, tallies
from groundswell.people.operations import consents as consent_ops
from groundswell.people.operations import persons as person_ops
from groundswell.people.operations import sources as source_ops
from groundswell.people.operations.persons import Recognised, Typed
from groundswell.people.operations.sources import CameBy
from groundswell.site import vault

AGAIN = "again"  # FormEntry.because: the address had filled it in already
SAME_PRESS = timedelta(minutes=10)
POSTCODE_MOST = 12

State = FormEntry.State


class FormIsClosed(Refusal):
    sentence = _("This form is closed. Thank you for wanting to take part.")


class NameIsMissing(Refusal):
    sentence = _("Write your first name.")
    field = "given"


class NameHoldsALink(Refusal):
    sentence = _("Write your name only, without an address or a web page.")
    field = "given"


class FamilyNameIsMissing(Refusal):
    sentence = _("Write your last name.")
    field = "family"


class PhoneIsMissing(Refusal):
    sentence = _("Write your phone number.")
    field = "phone"


class PostcodeIsMissing(Refusal):
    sentence = _("Write your postcode.")
    field = "postcode"


class NotYourForm(Refusal):
    sentence = _("This link belongs to somebody else. Open the link in your own e-mail.")


class EntryIsGone(Refusal):
    sentence = _("What you filled in is not there any more. Fill in the form again.")


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody typed into a form. ``answers``: what came, by the questions' keys."""

    given: str
    email: str
    family: str = ""
    phone: str = ""
    postcode: str = ""
    has_agreed: bool = False
    language: str = "en"
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    came_by: CameBy = field(default_factory=CameBy)
    # Of a lead: its row, and answers to questions that our form does not ask.
    lead_id: int = 0
    others: Mapping[str, str] = field(default_factory=dict)


def fill(*, form_id: int, filled: Filled, by: Actor, look: Look | None = None) -> FormEntry:
    """Take a form in. The visitor is told the same whatever comes of it.

    On a doubt, and where the address had filled it in before, it is held until the owner of the
    address opens the link in our mail. What was typed about somebody we knew changes nothing about
    them until then. Raises FormIsClosed, contacts.NotAnEmail, contacts.NotAPhone, refusals of
    single answers (``field`` is the question's key), and with a look doubts.OneMoment.
    """
    form = Form.objects.select_related("version").get(id=form_id)
    if form.state != Form.State.OPEN or form.version is None:
        raise FormIsClosed
    content = contents.of_json(form.version.content)
    typed = _checked(content, filled)
    who = Typed(
        given=filled.given,
        family=filled.family,
        email=filled.email,
        language=filled.language,
        country=content.country,
    )
    for last_try in (False, True):
        known = person_ops.prepare(typed=who)
        worse = _worse(known) if look else Doubt.NONE
        entry = _draft(form, known, filled, typed)
        try:
            with transaction.atomic():
                verdict = doubts.Verdict()
                if look is not None:
                    verdict = doubts.weigh(look, kind="form", thing=str(form.id), worse=worse)
                return _write(form, content, known, entry, typed, verdict.doubt, by)
        except IntegrityError:
            # The same new address arrived twice in the same moment: the second try finds it.
            if last_try or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable")


def _checked(content: Content, filled: Filled) -> dict[str, Any]:
    """Everything that was typed, in one written form. Raises the refusals of :func:`fill`."""
    given, family = clean_line(filled.given), clean_line(filled.family)
    postcode = clean_line(filled.postcode).upper()[:POSTCODE_MOST]
    if not given:
        raise NameIsMissing
    if doubts.advertises(f"{given} {family}"):
        raise NameHoldsALink
    for ask, text, missing in (
        (content.family, family, FamilyNameIsMissing),
        (content.phone, clean_line(filled.phone), PhoneIsMissing),
        (content.postcode, postcode, PostcodeIsMissing),
    ):
        if ask == Ask.MUST and not text and not filled.lead_id:
            raise missing
    phone = ""
    if content.phone != Ask.NO and clean_line(filled.phone):
        phone = contacts.normalised_phone(filled.phone, country=content.country)
    answers, wrong = answering.read(content, filled.answers)
    others = dict(filled.others)
    for key, refusal in wrong.items():
        if not filled.lead_id:
            refusal.field = key
            raise refusal
        others[key] = ", ".join(filled.answers.get(key, ()))
    return {
        "given": given[: person_ops.NAME_MOST],
        "family": family[: person_ops.NAME_MOST] if content.family != Ask.NO else "",
        "phone": phone,
        "postcode": postcode if content.postcode != Ask.NO else "",
        "answers": answers,
        "agreed": filled.has_agreed and bool(content.purpose),
        "came_by": filled.came_by.as_dict(),
        "others": {name: told for name, told in others.items() if told},
        "lead_id": filled.lead_id,
    }


def _worse(known: Recognised) -> Doubt:
    is_blocked = queries.is_blocked_contact(known.contact)
    return Doubt.BLOCKED if is_blocked else Doubt.NONE


def _draft(form: Form, known: Recognised, filled: Filled, typed: dict[str, Any]) -> FormEntry:
    """Sealed before the transaction: SQLite lets one write at a time."""
    assert form.version is not None
    entry = FormEntry(
        id=new_id(),
        form=form,
        version=form.version,
        person=known.person,
        language=filled.language,
        at=clock.now(),
    )
    told = json.dumps(typed, ensure_ascii=False)
    entry.typed_sealed = vault.seal(entry, "typed_sealed", told, key_id=known.person.key_id)
    return entry


def _write(
    form: Form,
    content: Content,
    known: Recognised,
    entry: FormEntry,
    typed: dict[str, Any],
    doubt: Doubt,
    by: Actor,
) -> FormEntry:
    person_ops.keep(known)
    before = None
    if not known.is_new:
        before = _newest(form, known.person.id)
        if before is not None and _is_same_press(before, typed):
            return before
    stands = before is not None and before.state == State.IN
    entry.because = doubt.value or (AGAIN if stands else "")
    entry.state = State.HELD if entry.because else State.IN
    entry.save(force_insert=True)
    if entry.state == State.IN:
        enter(entry, content, typed, by)
        if known.is_new:
            applying.apply(entry, content, typed, by)
    fact = FormFilled(
        person_id=entry.person_id,
        campaign_id=form.campaign_id,
        form_id=form.id,
        entry_id=entry.id,
        because=entry.because,
    )
    ledger_ops.record(fact, by=by)
    return entry


def _newest(form: Form, person_id: int) -> FormEntry | None:
    """The entry that stands, else the newest that waits."""
    found = FormEntry.objects.filter(form=form, person_id=person_id).exclude(state=State.DELETED)
    return min(found, key=lambda one: (one.state != State.IN, -one.id), default=None)


def _is_same_press(before: FormEntry, typed: dict[str, Any]) -> bool:
    """A second press, a reload: the very same words, minutes ago."""
    if clock.now() - before.at > SAME_PRESS:
        return False
    same: dict[str, Any] = json.loads(json.dumps(typed))
    return typed_of(before) == same


def typed_of(entry: FormEntry) -> dict[str, Any]:
    """What was typed, opened."""
    told: dict[str, Any] = json.loads(vault.open_(entry, "typed_sealed"))
    return told


def enter(entry: FormEntry, content: Content, typed: dict[str, Any], by: Actor) -> None:
    """The entry counts: tallies, consent, source; in the caller's transaction."""
    lead_id = typed["lead_id"]
    tallies.count(entry.form_id, answering.chosen(content, typed["answers"]), by=+1)
    if typed["agreed"] and content.purpose and _may_agree(entry, content, by):
        _agree(entry, content, typed, by)
    came_by = CameBy.read(typed["came_by"])
    what, about_id = Touch.What.LEAD if lead_id else Touch.What.FORM, entry.form_id
    source_ops.touch(person_id=entry.person_id, came_by=came_by, what=what, about_id=about_id)


def _may_agree(entry: FormEntry, content: Content, by: Actor) -> bool:
    """Who stopped these mails gets none again by somebody who types their address, nor by a form
    that they filled in before they stopped them."""
    return consent_ops.may_agree(
        entry.person_id,
        purpose=content.purpose,
        about_id=content.about_id,
        asked_at=entry.at if policy.is_oneself(by, entry.person_id) else None,
    )


def _agree(entry: FormEntry, content: Content, typed: dict[str, Any], by: Actor) -> None:
    lead_id = typed["lead_id"]
    key = agreements.form_key(entry.form_id, entry.version.number, entry.language[:7])
    given = consent_ops.Agreement(
        Consent.Purpose(content.purpose),
        content.about_id,
        key,
        needs_proof=bool(lead_id) or double_opt_in.is_needed(entry.person.country),
        proof=f"lead:{lead_id}" if lead_id else f"form:{entry.id}",
    )
    source = "lead" if lead_id else "public.form"
    consent_ops.give(person_id=entry.person_id, agreements=[given], source=source, by=by)


def _agree_late(entry: FormEntry, by: Actor) -> None:
    """The link in our mail says that it was the person who asked again for what they had stopped
    before; what they stopped since stays so."""
    content, typed = contents.of_json(entry.version.content), typed_of(entry)
    if typed["agreed"] and content.purpose:
        has_stopped = consent_ops.has_stopped(
            entry.person_id, purpose=content.purpose, about_id=content.about_id, until=entry.at
        )
        if has_stopped:
            _agree(entry, content, typed, by)


@transaction.atomic
def confirm(*, entry_id: int, by: Actor) -> FormEntry:
    """ "Yes, this is me": the link of our mail proves the address and lets everything in.

    Twice is harmless. Raises EntryIsGone, NotYourForm.
    """
    found = FormEntry.objects.select_related("form", "version", "person")
    entry = found.select_for_update(of=("self",)).filter(id=entry_id).first()
    if entry is None or entry.state == State.DELETED or entry.because == Doubt.BLOCKED:
        raise EntryIsGone
    if not policy.is_oneself(by, entry.person_id):
        raise NotYourForm
    if entry.is_confirmed:
        return entry
    person_ops.prove_mailbox(person_id=entry.person_id, by=by)
    person_ops.seen(entry.person_id)
    if entry.state == State.IN:
        _agree_late(entry, by)
    let_in(entry, by)
    entry.is_confirmed = True
    entry.save(update_fields=["is_confirmed"])
    reach.follow([entry.person_id])
    return entry


def let_in(entry: FormEntry, by: Actor, *, applies: bool = True) -> None:
    """A held entry counts, in place of an older one; in the caller's transaction."""
    content, typed = contents.of_json(entry.version.content), typed_of(entry)
    if entry.state == State.HELD:
        for older in FormEntry.objects.filter(
            form_id=entry.form_id, person_id=entry.person_id, state=State.IN
        ).select_related("version"):
            take_out(older)
            older.delete()
        entry.state, entry.because, entry.decided_at = State.IN, "", clock.now()
        entry.save(update_fields=["state", "because", "decided_at"])
        enter(entry, content, typed, by)
        fact = FormLetIn(person_id=entry.person_id, form_id=entry.form_id, entry_id=entry.id)
        ledger_ops.record(fact, by=by)
    if applies and not entry.is_applied:
        applying.apply(entry, content, typed, by)


def take_out(entry: FormEntry) -> None:
    """An entry that counted counts no more; in the caller's transaction."""
    if entry.state == State.IN:
        content, typed = contents.of_json(entry.version.content), typed_of(entry)
        tallies.count(entry.form_id, answering.chosen(content, typed["answers"]), by=-1)


def put_in(entry: FormEntry) -> None:
    """An entry that was taken out for a while counts again; in the caller's transaction."""
    if entry.state == State.IN:
        content, typed = contents.of_json(entry.version.content), typed_of(entry)
        tallies.count(entry.form_id, answering.chosen(content, typed["answers"]), by=+1)
