"""Mail to addresses that only an export holds: to a stand-in, passed on to whom it stands for; to
somebody made up, an alarm.

A stand-in takes mail from one address only, the one that whoever took the file out said they
would write from. Mail from any other is not passed on and is an alarm too.
"""

from __future__ import annotations

import json
from datetime import timedelta

from django.conf import settings

from groundswell.accounts import limits
from groundswell.kernel import clock
from groundswell.kernel.ids import new_id
from groundswell.kernel.text import clean_line, clean_text
from groundswell.outreach.models import PassedOn
from groundswell.outreach.operations import outbox
from groundswell.outreach.relay import machines, reading
from groundswell.people import contacts, stand_ins
from groundswell.people.exports.wishes import Wish
from groundswell.people.models import Export, Person
from groundswell.people.operations import exports
from groundswell.people.stand_ins import StandIn
from groundswell.site import vault

SUBJECT_MOST, BODY_MOST = 150, 20_000
A_DAY = 5  # mails to one person by one export
LASTS = timedelta(days=3)  # what could not leave by then is old
_PROGRAMS = {"", "list"}  # a tool for newsletters may write to stand-ins; automatic answers may not


def local_part(address: str) -> str:
    """What stands before the @ of an address that an export may hold; "" for anything else."""
    local, at, host = address.strip().strip("<>").strip().lower().rpartition("@")
    ours = {stand_ins.domain(), *settings.GROUNDSWELL_CANARY_DOMAINS}
    return local if at and host in ours else ""


def is_live(address: str) -> bool:
    """Whether mail to this address is taken."""
    local = local_part(address)
    if not local:
        return False
    stands = stand_ins.read_local(local)
    return _export_of(stands) is not None if stands else exports.canary_of(local) is not None


def is_stand_in(local: str) -> bool:
    """A stand-in that still takes mail."""
    stands = stand_ins.read_local(local)
    return stands is not None and _export_of(stands) is not None


def _export_of(stands: StandIn) -> Export | None:
    export = Export.objects.filter(id=stands.export_id).first()
    dies_at = stand_ins.dies_at(export) if export else None
    return export if dies_at and clock.now() < dies_at else None


def verdict(local: str, sender: str, content: bytes) -> str:
    """What becomes of a mail to a stand-in, as a code; ``passed`` has written a message."""
    stands = stand_ins.read_local(local)
    export = _export_of(stands) if stands else None
    person = Person.objects.filter(id=stands.person_id).first() if stands else None
    if export is None or person is None:
        return "no_alias"
    letter = reading.read(content, keep_quotes=True)
    if letter is None:
        return "malformed"
    why = machines.why_not_a_person(letter, envelope_from=sender, relay_domain=stand_ins.domain())
    if why not in _PROGRAMS:
        return why
    if not _is_from(letter, export):
        exports.raise_alarm(export_id=export.id)
        return "unknown_sender"
    return _pass_on(letter, export, person)


def _is_from(letter: reading.Letter, export: Export) -> bool:
    senders = letter.addresses("from")
    if len(senders) != 1:
        return False
    try:
        found = contacts.lasting_email(contacts.normalised_email(senders[0]))
    except contacts.NotAnEmail:
        return False
    return found == bytes(export.writes_from)


def _pass_on(letter: reading.Letter, export: Export, person: Person) -> str:
    body = clean_text(letter.text)[:BODY_MOST]
    if not body:
        return "no_words"
    about = f"{export.id}:{person.id}"
    if not limits.take("passed on", about, most=A_DAY, per=timedelta(days=1)):
        return "too_many"
    row = PassedOn(id=new_id(), person=person, export_id=export.id, came_at=clock.now())
    subject = clean_line(letter.first("subject"))[:SUBJECT_MOST]
    told = json.dumps({"subject": subject, "body": body}, ensure_ascii=False)
    row.words_sealed = vault.seal(row, "words_sealed", told, key_id=person.key_id)
    row.save(force_insert=True)
    message = outbox.new_message(
        "passed_on",
        key=str(row.id),
        language=person.language,
        expires_at=clock.now() + LASTS,
        args={"passed_id": row.id},
        person_id=person.id,
        about_id=Wish.of_json(export.wish).campaign_id,
    )
    outbox.write([message])
    return "passed"
