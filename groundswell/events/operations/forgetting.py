"""Forgetting who was where: an event that is over keeps its numbers and loses its people.

Thirty days after the end nothing names both a person and the event any more: not the sign-up, not
the log, not a consent, not a link; outreach hears of it and forgets its messages. What is left on
the person is how often (people.operations.thinning). The host goes ninety days after the end.
Whoever holds a coming event keeps theirs until then.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django_tasks import task

from groundswell.accounts.operations import links
from groundswell.events import facts
from groundswell.events.models import Event, HostMessage, Rsvp
from groundswell.events.policy import RUNNING
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.kernel.ids import new_id
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.worker import Again
from groundswell.people.models import Consent
from groundswell.people.operations import consents as consent_ops
from groundswell.people.operations import thinning

SIGN_UPS_KEPT = timedelta(days=30)  # after the event's end
HOST_KEPT = timedelta(days=90)  # after the event's end
MESSAGES_KEPT = timedelta(days=90)  # after they were written
AT_ONCE = 500


@task()
def forget_after_events(people_after: int = 0, hosts_after: int = 0) -> Again | None:
    """Every hour (config/wiring.py): one event a step, 500 rows of each table at most."""
    event = people_due(clock.now()).filter(id__gt=people_after).order_by("id").first()
    if event is not None and not _cut_people(event):
        people_after = event.id
    held = hosts_due(clock.now()).filter(id__gt=hosts_after).order_by("id").first()
    if held is not None and not _cut_host(held):
        hosts_after = held.id
    gone = _delete_old_messages()
    if event is None and held is None and gone < AT_ONCE:
        return None
    return Again({"args": [people_after, hosts_after], "kwargs": {}})


def people_due(now: datetime) -> QuerySet[Event]:
    """Events whose people are cut off at that moment. Invented ones stay whole."""
    over = Event.objects.filter(ends_at__lt=now - SIGN_UPS_KEPT, host_cut_at=None)
    return over.filter(is_synthetic=False, people_cut_at=None)


def sign_ups_due(now: datetime) -> QuerySet[Rsvp]:
    """Sign-ups that lose their person at that moment."""
    named = Rsvp.objects.filter(person__isnull=False, event__in=people_due(now))
    return named.exclude(Exists(_coming_of("person_id", now)))


def hosts_due(now: datetime) -> QuerySet[Event]:
    """Events whose host is cut off at that moment; hosts of a coming event are not among them."""
    over = Event.objects.filter(ends_at__lt=now - HOST_KEPT, host_cut_at=None)
    return over.filter(is_synthetic=False).exclude(Exists(_coming_of("host_id", now)))


def messages_due(now: datetime) -> QuerySet[HostMessage]:
    """Messages of hosts that are old enough to go."""
    return HostMessage.objects.filter(created_at__lt=now - MESSAGES_KEPT)


def _coming_of(column: str, now: datetime) -> QuerySet[Event]:
    """Events to come that the person in ``column`` of the outer row holds."""
    running = Event.objects.filter(state__in=RUNNING, ends_at__gt=now)
    return running.filter(host_id=OuterRef(column))


@transaction.atomic
def _cut_people(event: Event) -> bool:
    """One step of cutting everybody off; True while there is more for the next one."""
    named = Rsvp.objects.filter(event=event, person__isnull=False)
    is_host = Exists(_coming_of("person_id", clock.now()))
    rows = list(named.exclude(is_host)[:AT_ONCE])
    keepers = set(named.filter(is_host).values_list("person_id", flat=True))
    _add_up(event, rows)
    unlink(rows)
    cut = [
        len(rows),
        consent_ops.forget_about(purpose=Consent.Purpose.EVENT, about_id=event.id, but_of=keepers),
        _cut_entries(event, keepers | ({event.host_id} if event.host_id else set())),
    ]
    is_done = not keepers and AT_ONCE not in cut
    if is_done:
        Event.objects.filter(id=event.id).update(people_cut_at=clock.now())
    if is_done or any(cut):
        fact = facts.PeopleCutOff(campaign_id=event.campaign_id, event_id=event.id)
        ledger_ops.record(fact, by=SYSTEM)
    return AT_ONCE in cut


def _cut_entries(event: Event, but_of: Collection[int | None]) -> int:
    return ledger_ops.cut_entries_of_event(event.id, but_of=but_of, because="retention")


def _add_up(event: Event, rows: Collection[Rsvp]) -> None:
    """What the sign-ups that stood leave on their people."""
    if event.state not in RUNNING:
        return
    stood = [row for row in rows if row.state == Rsvp.State.GOING and row.is_proven]
    came = [row for row in stood if row.came or row.checked_in_at is not None]
    thinning.add_up(
        going=Counter(row.person_id or 0 for row in stood),
        attended=Counter(row.person_id or 0 for row in came),
        last_on=event.ends_at.date(),
        country=event.country,
    )


def unlink(rows: Collection[Rsvp]) -> None:
    """Put sign-ups of nobody in the place of these, in the caller's transaction.

    They get new ids in no order, and no time finer than the month: an id and a time made in the
    moment of signing up would still lead to the person who was made in the same moment.
    """
    copies = [_of_nobody(row) for row in rows]
    random.shuffle(copies)
    for copy in copies:
        copy.id = new_id()
    ids = [row.id for row in rows]
    Rsvp.objects.filter(id__in=ids).delete()
    Rsvp.objects.bulk_create(copies)
    links.delete_links_to("rsvp", ids)


def _of_nobody(row: Rsvp) -> Rsvp:
    """Everything that is counted, and nothing else."""
    month = row.created_on.replace(day=1)
    at = row.created_at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return Rsvp(
        event_id=row.event_id,
        campaign_id=row.campaign_id,
        state=row.state,
        party=row.party,
        is_proven=row.is_proven,
        can_help=row.can_help,
        is_first=row.is_first,
        language="",
        created_at=at,
        created_on=month,
        confirmed_at=at if row.confirmed_at else None,
        checked_in_at=at if row.checked_in_at else None,
        came=row.came,
    )


@transaction.atomic
def _cut_host(event: Event) -> bool:
    """Cut the host off; True while there is more for the next step."""
    if event.host_id and event.state in RUNNING:
        thinning.note_hosts([event.host_id], last_on=event.ends_at.date())
    hosting = Consent.Purpose.HOSTING
    cut = [
        consent_ops.forget_about(purpose=hosting, about_id=event.id),
        _cut_entries(event, ()),
    ]
    links.delete_links_to("host", [event.id])
    if AT_ONCE in cut:
        return True
    Event.objects.filter(id=event.id).update(host=None, venue_sealed=b"", host_cut_at=clock.now())
    fact = facts.HostCutOff(campaign_id=event.campaign_id, event_id=event.id)
    ledger_ops.record(fact, by=SYSTEM)
    return False


@transaction.atomic
def _delete_old_messages() -> int:
    ids = list(messages_due(clock.now()).values_list("id", flat=True)[:AT_ONCE])
    HostMessage.objects.filter(id__in=ids).delete()
    return len(ids)
