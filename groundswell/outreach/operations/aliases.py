"""Aliases: random addresses, one for each side of a conversation, drawn at the gate.

Only the hash is looked up. The sealed copy is opened where the next mail of the same conversation
is put together, so that answers to an old mail and to a new one go to the same address.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from groundswell.events.models import Event
from groundswell.kernel import clock
from groundswell.kernel.ids import hash_token, new_id, new_slug
from groundswell.outreach import talking
from groundswell.outreach.kinds import BETWEEN_PEOPLE
from groundswell.outreach.models import Alias, Conversation
from groundswell.outreach.weighing import Weighed
from groundswell.people.models import Person
from groundswell.site import vault

LIVES = talking.LIVES
PREFIX = "r-"
_LETTERS = 27  # of 30: 132 random bits
_LENGTH = len(PREFIX) + _LETTERS

Side = Conversation.Side


def ends_at(event: Event) -> datetime:
    """When the aliases of an event die, wherever the event moves meanwhile."""
    return event.ends_at + LIVES


def relay_domain() -> str:
    """The domain that aliases belong to; "" when this installation takes no mail."""
    return str(settings.GROUNDSWELL_RELAY_DOMAIN).lower()


@transaction.atomic
def open_conversation(*, event: Event, person_id: int) -> Conversation | None:
    """The conversation of an event's host with one person, made when there is none yet.

    None when the event has no host any more, or for the host with themselves.
    """
    if event.host is None or event.host_id == person_id:
        return None
    pair = {"event_id": event.id, "holder_id": event.host_id, "person_id": person_id}
    found = Conversation.objects.filter(**pair).first()
    if found is None:
        fresh = Conversation(created_at=clock.now(), **pair)
        Conversation.objects.bulk_create([fresh], ignore_conflicts=True)  # two may begin at once
        found = Conversation.objects.get(**pair)
    return found


def address_of(conversation: Conversation, writer: str) -> str:
    """The address that one side may write to, in the caller's transaction; "" without a domain."""
    domain = relay_domain()
    if not domain or clock.now() >= ends_at(conversation.event):
        return ""
    known = Alias.objects.filter(conversation=conversation, writer=writer).order_by("id").first()
    if known is not None:
        return f"{vault.open_(known, 'local_sealed')}@{domain}"
    local = PREFIX + new_slug(_LETTERS)
    alias = Alias(
        id=new_id(), conversation=conversation, writer=writer, local_hash=hash_token(local)
    )
    alias.local_sealed = vault.seal(alias, "local_sealed", local, key_id=_key_of(alias))
    alias.save(force_insert=True)
    return f"{local}@{domain}"


def answers_to(weighed: Weighed) -> str:
    """Where the reader of a message may answer by mail; "" where they cannot."""
    if weighed.kind.name not in BETWEEN_PEOPLE or not relay_domain():
        return ""
    if weighed.line is not None:
        talk: Conversation | None = weighed.line.conversation
        writer = talking.other(weighed.line.writer)
    else:
        assert weighed.event is not None
        assert weighed.person is not None
        talk = open_conversation(event=weighed.event, person_id=weighed.person.id)
        writer = Side.PERSON
    return address_of(talk, writer) if talk is not None else ""


def _key_of(alias: Alias) -> int:
    talk = alias.conversation
    person_id = talk.holder_id if alias.writer == Side.HOLDER else talk.person_id
    return Person.objects.values_list("key_id", flat=True).get(id=person_id)


def local_part(address: str) -> str:
    """The local part of an address that could be an alias of ours; "" for anything else."""
    local, at, domain = address.strip().strip("<>").strip().lower().rpartition("@")
    is_ours = bool(at) and domain == relay_domain() != ""
    return local if is_ours and local.startswith(PREFIX) and len(local) == _LENGTH else ""


def find(local_hash: bytes) -> Alias | None:
    """A living alias with its conversation; None for a dead and for an unknown one alike."""
    related = Alias.objects.select_related("conversation__event")
    alias = related.filter(local_hash=local_hash).first()
    if alias is None or clock.now() >= ends_at(alias.conversation.event):
        return None
    return alias


def is_live(address: str) -> bool:
    """Whether mail to this address is taken."""
    local = local_part(address)
    return bool(local) and find(hash_token(local)) is not None
