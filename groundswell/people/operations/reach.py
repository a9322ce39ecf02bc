"""``Person.reach``: how somebody may be reached beyond messages about one event.

It follows from the consent ledger and the contacts, and stands on the person so that a question
over everybody need not read either. It chooses; only the gate of outreach, which asks the ledger
again, sends.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django_tasks import task

from groundswell.kernel import clock
from groundswell.people import queries
from groundswell.people.models import Consent, Contact, Person, Suppression
from groundswell.site import vault

EMAIL, TEXT = 1, 2
LISTED = "asked"  # Contact.problem of an address that is on the do-not-contact list
LOOKS_BACK, AT_ONCE = timedelta(days=7), 500
BEYOND_EVENTS = (Consent.Purpose.CAMPAIGN, Consent.Purpose.NEWS)


def reached_by(way: int) -> Q:
    """Who may be reached so. The first half names the index of those who may be reached at all."""
    return Q(reach__gt=0, reach__in=(way, EMAIL | TEXT))


def follow(person_ids: Iterable[int]) -> None:
    """Work the reach of these people out anew, in the caller's transaction and in one statement.

    Call it after every change of a consent, of a contact or of the do-not-contact list.
    """
    ids = list(person_ids)
    if not ids:
        return
    _mark_listed(ids)
    email = _stands(Consent.Channel.EMAIL, Contact.Kind.EMAIL)
    text = _stands(Consent.Channel.TEXT, Contact.Kind.PHONE)
    Person.objects.filter(id__in=ids).update(
        reach=Case(
            When(email & text, then=Value(EMAIL | TEXT)),
            When(email, then=Value(EMAIL)),
            When(text, then=Value(TEXT)),
            default=Value(0),
        )
    )


@task()
def follow_ends() -> None:
    """Every ten minutes (config/wiring.py): consents that ended by their own date. A week back, so
    that a machine that stood still misses none; the gate asks the ledger itself all the while."""
    now = clock.now()
    ended = Consent.objects.filter(
        is_current=True,
        is_given=True,
        expires_at__gt=now - LOOKS_BACK,
        expires_at__lte=now,
        person__reach__gt=0,
    )
    ids = list(ended.values_list("person_id", flat=True).distinct())
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            follow(ids[start : start + AT_ONCE])


def _mark_listed(ids: list[int]) -> None:
    """An address that comes back after its owner was erased, or that two people share, is on the
    do-not-contact list from its first day; from then on the contact itself says so."""
    fresh = Contact.objects.filter(person__in=ids, problem="")
    if vault.blinds_last():
        listed = Suppression.objects.filter(blind=OuterRef("blind"))
        fresh.filter(Exists(listed)).update(problem=LISTED)
    elif Suppression.objects.exists():
        found = queries.suppressed_among(fresh)
        Contact.objects.filter(id__in=found).update(problem=LISTED)


def _stands(channel: str, kind: str) -> Q:
    """A consent of this channel that holds, and a contact of this kind that it can use."""
    in_time = Q(expires_at=None) | Q(expires_at__gt=clock.now())
    proven = Contact.objects.filter(
        person=OuterRef("person"), kind=kind, problem="", proven_at__isnull=False
    )
    given: QuerySet[Consent] = Consent.objects.filter(
        in_time,
        Q(needs_proof=False) | Exists(proven),
        person=OuterRef("pk"),
        channel=channel,
        purpose__in=BEYOND_EVENTS,
        is_current=True,
        is_given=True,
    )
    usable = Contact.objects.filter(person=OuterRef("pk"), kind=kind, problem="")
    return Q(Exists(given)) & Q(Exists(usable))
