"""Blocking an address: its owner signs up and hosts no more."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.people import contacts, policy, queries
from groundswell.people.facts import AddressBlocked, AddressUnblocked
from groundswell.people.models import Block, Contact


class OnlyOrganisersBlock(Refusal):
    sentence = _("Only organisers can block somebody.")


class NoAddressToBlock(Refusal):
    sentence = _("This person has no e-mail address with us any more.")


@transaction.atomic
def block_email(*, email: str, reason: str, by: Actor) -> None:
    """Block an address, known to us or not. Raises contacts.NotAnEmail. Twice is harmless."""
    if not policy.can_block(by):
        raise OnlyOrganisersBlock
    _block([contacts.lasting_email(contacts.normalised_email(email))], reason, by, None)


@transaction.atomic
def block_person(*, person_id: int, reason: str, by: Actor) -> None:
    """Block every e-mail address of somebody. Raises NoAddressToBlock. Twice is harmless."""
    if not policy.can_block(by):
        raise OnlyOrganisersBlock
    own = Contact.objects.filter(person_id=person_id, kind=Contact.Kind.EMAIL)
    blinds = list(queries.lasting_blinds(own).values())
    if not blinds:
        raise NoAddressToBlock
    _block(blinds, reason, by, person_id)


def _block(blinds: list[bytes], reason: str, by: Actor, person_id: int | None) -> None:
    account_id = by.id if by.kind == ActorKind.ACCOUNT else None
    transaction.on_commit(queries.forget_blocks)
    queries.forget_blocks()
    for blind in blinds:
        row, is_new = Block.objects.get_or_create(
            blind=blind,
            defaults={"reason": Block.Reason(reason), "by_id": account_id, "at": clock.now()},
        )
        if is_new:
            fact = AddressBlocked(person_id=person_id, block_id=row.id, because=row.reason)
            ledger_ops.record(fact, by=by)


@transaction.atomic
def unblock(*, block_id: int, by: Actor) -> bool:
    """Let somebody sign up and host again. False when it was done already."""
    if not policy.can_block(by):
        raise OnlyOrganisersBlock
    if not Block.objects.filter(id=block_id).delete()[0]:
        return False
    transaction.on_commit(queries.forget_blocks)
    queries.forget_blocks()
    ledger_ops.record(AddressUnblocked(block_id=block_id), by=by)
    return True
