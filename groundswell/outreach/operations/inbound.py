"""Mail that comes in: stored under a unique key before it is answered, worked on by a job.

Nothing is ever answered to an address that a mail names: whoever forges a sender gets us to write
to nobody.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from hashlib import sha256

from django.db import transaction
from django_tasks import task

from groundswell.events.queries import hosting as host_queries
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.kernel.ids import hash_token, new_id
from groundswell.kernel.text import clean_text, has_link
from groundswell.ledger import operations as ledger_ops
from groundswell.outreach import talking
from groundswell.outreach.kinds import Priority
from groundswell.outreach.models import Alias, Conversation, Inbound
from groundswell.outreach.operations import aliases, conversations, passing_on
from groundswell.outreach.relay import machines, quotes, reading
from groundswell.people import contacts as contact_forms
from groundswell.people import stand_ins
from groundswell.people.models import Contact
from groundswell.people.operations import exports
from groundswell.site import vault

Side = Conversation.Side


@transaction.atomic
def store(
    *, way: str, event_id: str, sender: str, recipients: Iterable[str], content: bytes
) -> int:
    """Keep a mail for each living alias among ``recipients``, with its job. Returns how many are
    new; a mail that came before under the same ``event_id`` is not kept twice.
    """
    fresh = 0
    raw = base64.b64encode(content[: reading.MOST_BYTES]).decode()
    for local in sorted(_wanted(recipients)):
        row = Inbound(
            id=new_id(),
            way=way,
            # JSON can hold half a pair of UTF-16, which no text has.
            key=sha256(f"{way}\0{event_id}\0{local}".encode("utf-8", "surrogatepass")).digest(),
            local_hash=hash_token(local),
            received_at=clock.now(),
        )
        if Inbound.objects.filter(key=row.key).exists():
            continue
        told = json.dumps({"sender": sender[:320], "to": local, "raw": raw})
        row.mail_sealed = vault.seal(row, "mail_sealed", told, key_id=vault.house_key_id())
        Inbound.objects.bulk_create([row], ignore_conflicts=True)
        if not Inbound.objects.filter(id=row.id).exists():
            continue  # the same mail came by another connection a moment ago
        ledger_ops.enqueue(
            work_on.module_path,
            {"args": [row.id], "kwargs": {}},
            priority=Priority.CHANGE,
        )
        fresh += 1
    return fresh


def is_live(address: str) -> bool:
    """Whether mail to this address is taken: an alias, a stand-in, or somebody made up."""
    return aliases.is_live(address) or passing_on.is_live(address)


def _wanted(recipients: Iterable[str]) -> set[str]:
    """The living aliases and stand-ins among some addresses. Of mail to somebody made up nothing
    is kept: that it came is all there is to know."""
    found = set()
    for address in recipients:
        local = aliases.local_part(address)
        if local and aliases.find(hash_token(local)) is not None:
            found.add(local)
            continue
        local = passing_on.local_part(address)
        canary = exports.canary_of(local) if local else None
        if canary is not None:
            exports.hear_canary(canary)
        elif local and passing_on.is_stand_in(local):
            found.add(local)
    return found


LISTENER = "relay.listener"


@transaction.atomic
def note_listening() -> None:
    """The SMTP listener is alive; the doctor looks at this."""
    ledger_ops.keep_place(LISTENER, {"at": clock.now().isoformat()})


@task()
def work_on(inbound_id: int) -> None:
    """Read one mail, decide, and forget its bytes. Twice is harmless."""
    row = Inbound.objects.select_for_update().filter(id=inbound_id, done_at=None).first()
    if row is None:
        return
    told = json.loads(vault.open_(row, "mail_sealed"))
    row.verdict = _verdict(row, told, base64.b64decode(told["raw"]))
    row.mail_sealed, row.done_at = b"", clock.now()
    row.save(update_fields=["verdict", "mail_sealed", "done_at"])


def _verdict(row: Inbound, told: dict[str, str], content: bytes) -> str:
    """What becomes of a mail, as a code; ``passed`` and ``held…`` have kept a line."""
    sender = told["sender"]
    if stand_ins.read_local(told["to"]) is not None:
        return passing_on.verdict(told["to"], sender, content)
    alias = aliases.find(bytes(row.local_hash))
    if alias is None:
        return "no_alias"
    letter = reading.read(content)
    if letter is None:
        return "malformed"
    why = machines.why_not_a_person(
        letter, envelope_from=sender, relay_domain=aliases.relay_domain()
    )
    if why:
        return why
    talk, side = alias.conversation, alias.writer
    if not talking.takes_words(talk, writer=side):
        return "closed"
    body = _passable(letter, talk, side)
    if not body:
        return "no_words"
    if not conversations.take_turn(talk, side):
        return "too_many"
    held_for = _held_for(letter, talk, side, body)
    words = conversations.Words(body, held_for, letter.has_attachments, _came_by(alias, letter))
    line = conversations.keep(conversation_id=talk.id, side=side, words=words, by=SYSTEM)
    if line is None:
        return "came_before"
    return "held" if held_for else "passed"


def _held_for(letter: reading.Letter, talk: Conversation, side: str, body: str) -> str:
    """Why a person must look at it first; "" when it can go on."""
    if not _is_from(letter, talking.person_of(talk, side)):
        return conversations.UNKNOWN_SENDER
    if side == Side.HOLDER and has_link(body) and not host_queries.is_trusted(talk.event):
        return conversations.LINKS
    return ""


def _is_from(letter: reading.Letter, person_id: int) -> bool:
    """Whether the one address in From is one of this person's, by its blind index."""
    senders = letter.addresses("from")
    if len(senders) != 1 or len(letter.headers.get("from", [])) != 1:
        return False
    try:
        blind = contact_forms.blind_email(contact_forms.normalised_email(senders[0]))
    except contact_forms.NotAnEmail:
        return False
    return Contact.objects.filter(person_id=person_id, blind=blind, kind="email").exists()


def _came_by(alias: Alias, letter: reading.Letter) -> bytes:
    """One mail is one line, whichever ways it took to us."""
    name = letter.first("message-id") or sha256(letter.text.encode()).hexdigest()
    return sha256(f"{alias.conversation_id}\0{alias.writer}\0{name}".encode()).digest()


def _passable(letter: reading.Letter, talk: Conversation, side: str) -> str:
    """The words that may go on: without quotes, signatures, addresses and numbers."""
    words = talking.without_addresses(
        quotes.own_words(letter.text), talk, reader=talking.other(side)
    )
    return clean_text(words)[: conversations.BODY_MOST]
