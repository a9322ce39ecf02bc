"""Looking at people: at most so many different ones a day, and addresses only with a reason.

Whoever copies a list page by page looks like somebody who works, until the day's number of
different people is counted. The count is of people shown, not of pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.accounts import limits
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, ActorKind, Role
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.worker import Again
from groundswell.people import sight
from groundswell.people.facts import ContactsOpened, LookedAtTooMany
from groundswell.people.models import Look, Person
from groundswell.people.sockets import Depth

KEPT = timedelta(days=2)
SWEEP_AT_ONCE = 5000
_TOLD = "told of many looks"

# Different people a day, by what a role needs on a busy one. The largest of somebody's counts.
A_DAY: Mapping[Role, int] = {
    Role.OWNER: 1000,
    Role.ORGANISER: 1000,
    Role.DATA_MANAGER: 1000,
    Role.REGIONAL_ORGANISER: 600,
    Role.TEAM_LEAD: 300,
    Role.COACH: 300,
    Role.TRAINER: 300,
    Role.TEXTING_LEAD: 200,
    Role.TEXTER: 200,
    Role.READ_ONLY: 200,
}


class EnoughForToday(Refusal):
    sentence = _(
        "You have looked at as many people today as your role allows. It goes on tomorrow; "
        "if the work needs more now, ask an owner."
    )


class NotYours(Refusal):
    sentence = _("You do not look after this person.")


class SayWhatFor(Refusal):
    sentence = _("Choose what you need it for. The person can read it.")
    field = "reason"


# Why somebody opens an address: codes, since words could name people where only ids belong.
REASONS: Mapping[str, Promise] = {
    "event": _("To talk about an event"),
    "question": _("To answer a question of theirs"),
    "mistake": _("To put a mistake right"),
    "safety": _("Somebody may be in danger"),
}


def budget_of(actor: Actor) -> int:
    """How many different people this actor may see today."""
    return max((A_DAY[role] for role in actor.roles), default=0)


@transaction.atomic
def note_seen(*, person_ids: Iterable[int], by: Actor) -> None:
    """Count people who are about to be shown; call it before the page is made.

    Raises EnoughForToday, once with a fact that owners hear. The same person counts once a day.
    """
    if by.kind != ActorKind.ACCOUNT or by.id is None:
        return
    wanted, today = set(person_ids), clock.now().date()
    mine = Look.objects.filter(account_id=by.id, on=today)
    new = wanted - set(mine.filter(person_id__in=wanted).values_list("person_id", flat=True))
    if not new:
        return
    Look.objects.bulk_create(
        [Look(account_id=by.id, person_id=person_id, on=today) for person_id in new],
        ignore_conflicts=True,
    )
    if mine.count() > budget_of(by):
        raise EnoughForToday


def note_enough(*, by: Actor) -> None:
    """Tell the owners, once a day, that somebody wanted to see more people than a role needs."""
    if by.id is None or not limits.take(_TOLD, str(by.id), most=1, per=timedelta(days=1)):
        return
    _tell(by, by.id)


@transaction.atomic
def _tell(by: Actor, account_id: int) -> None:
    ledger_ops.record(LookedAtTooMany(account_id=account_id), by=by)


@transaction.atomic
def open_contacts(*, person_id: int, reason: str, by: Actor) -> Person:
    """Show somebody's address and number to the actor, who says what for (``REASONS``).

    The reason is kept with the fact, where the person can read it. Raises NotYours, SayWhatFor.
    """
    person = Person.objects.filter(id=person_id).first()
    depth = sight.depth_of(by, person) if person is not None else None
    if person is None or depth is None or depth < Depth.CONTACT:
        raise NotYours
    if reason not in REASONS:
        raise SayWhatFor
    ledger_ops.record(ContactsOpened(person_id=person.id, reason=reason), by=by)
    return person


def looks_due(now: datetime) -> QuerySet[Look]:
    """Counts of the days before yesterday."""
    return Look.objects.filter(on__lt=(now - KEPT).date())


@task()
def forget_looks() -> Again | None:
    """Every day (config/wiring.py): 5,000 in one transaction, then again."""
    ids = list(looks_due(clock.now()).values_list("id", flat=True)[:SWEEP_AT_ONCE])
    Look.objects.filter(id__in=ids).delete()
    return Again({"args": [], "kwargs": {}}) if len(ids) == SWEEP_AT_ONCE else None
