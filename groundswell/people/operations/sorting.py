"""What becomes of forms that are held: let in, deleted, taken back, forgotten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.worker import Again
from groundswell.people import known, policy
from groundswell.people.form_facts import FormEntriesDeleted, FormEntriesTakenBack
from groundswell.people.models import Consent, FormEntry, Person
from groundswell.people.operations import erasing, filling

AT_ONCE = 500
WAITS = timedelta(days=7)
TAKE_BACK_WITHIN = timedelta(days=1)

State = FormEntry.State


class OnlyOrganisersSort(Refusal):
    sentence = _("Only organisers can decide what is let in.")


class TooManyAtOnce(Refusal):
    sentence = _("Decide about 500 of them at a time at most.")


class ChooseSome(Refusal):
    sentence = _("Choose at least one of the list.")


def in_quarantine() -> QuerySet[FormEntry]:
    """Forms that an organiser may decide about, the newest first. A second form of the same
    address is not among them: only its owner can put it in place of the first."""
    held = FormEntry.objects.filter(state=State.HELD).exclude(because=filling.AGAIN)
    return held.select_related("form", "person").order_by("-at", "-id")


def not_yet() -> Q:
    """Everything we have of them is a form that waits: perhaps a program typed a name."""
    # Asked of what is held, which is little, and not of everybody.
    waiting = FormEntry.objects.filter(state__in=[State.HELD, State.DELETED])
    if not waiting.exists():
        return Q(pk__in=[])
    stands = FormEntry.objects.filter(person=OuterRef("person"), state=State.IN)
    agreed = Consent.objects.filter(person=OuterRef("person"))
    held = waiting.filter(~Exists(stands), ~Exists(agreed), ~known.otherwise())
    return Q(id__in=held.values("person_id"))


def _chosen(ids: Collection[int], state: State, by: Actor) -> list[FormEntry]:
    if not policy.can_block(by):
        raise OnlyOrganisersSort
    if not ids:
        raise ChooseSome
    if len(ids) > AT_ONCE:
        raise TooManyAtOnce
    found = FormEntry.objects.filter(id__in=ids, state=state).exclude(because=filling.AGAIN)
    found = found.select_related("form", "version", "person")
    return list(found.select_for_update(of=("self",)).order_by("id"))


@transaction.atomic
def let_in(*, entry_ids: Collection[int], by: Actor) -> int:
    """They are people. What they typed about somebody whom we knew still waits for the link."""
    rows = _chosen(entry_ids, State.HELD, by)
    for row in rows:
        is_theirs = not _is_known(row.person_id, but=row.id)
        filling.let_in(row, by, applies=is_theirs)
    return len(rows)


@transaction.atomic
def discard(*, entry_ids: Collection[int], by: Actor) -> int:
    """Out of the list, and out of the database a day later; until then it can be taken back."""
    rows = _chosen(entry_ids, State.HELD, by)
    FormEntry.objects.filter(id__in=[row.id for row in rows]).update(
        state=State.DELETED, decided_at=clock.now()
    )
    if rows:
        ledger_ops.record(FormEntriesDeleted(count=len(rows)), by=by)
    return len(rows)


@transaction.atomic
def take_back(*, deleted_at: datetime, by: Actor) -> int:
    """Everything that was deleted in one press waits again. Returns how many."""
    since = clock.now() - TAKE_BACK_WITHIN
    pressed = FormEntry.objects.filter(decided_at=deleted_at, decided_at__gte=since)
    rows = _chosen(list(pressed.values_list("id", flat=True)[:AT_ONCE]), State.DELETED, by)
    FormEntry.objects.filter(id__in=[row.id for row in rows]).update(
        state=State.HELD, decided_at=None
    )
    if rows:
        ledger_ops.record(FormEntriesTakenBack(count=len(rows)), by=by)
    return len(rows)


def entries_due(now: datetime) -> QuerySet[FormEntry]:
    """What was deleted yesterday, or confirmed by nobody in a week."""
    return FormEntry.objects.filter(
        Q(state=State.DELETED, decided_at__lt=now - TAKE_BACK_WITHIN)
        | Q(state=State.HELD, at__lt=now - WAITS)
    )


@task()
def tidy_forms() -> Again | None:
    """Every hour (config/wiring.py): forget what is over, 100 at a time."""
    ids = list(entries_due(clock.now()).order_by("id").values_list("id", flat=True)[:100])
    for entry_id in ids:
        _forget(entry_id)
    return Again({"args": [], "kwargs": {}}) if len(ids) == 100 else None


@transaction.atomic
def _forget(entry_id: int) -> None:
    """The entry, and whoever came only with it."""
    row = entries_due(clock.now()).filter(id=entry_id).first()
    if row is None:
        return
    person_id = row.person_id
    is_known = _is_known(person_id, but=entry_id)
    row.delete()
    if not is_known:
        for key_id in Person.objects.filter(id=person_id).values_list("key_id", flat=True):
            erasing.erase(person_id, key_id)


def _is_known(person_id: int, *, but: int) -> bool:
    """Whether there is more of a person than this entry. Signing up for an event and hosting one
    leave a consent, so no room above need be asked."""
    return (
        Person.objects.filter(known.otherwise("pk"), id=person_id).exists()
        or Consent.objects.filter(person_id=person_id).exists()
        or FormEntry.objects.filter(person_id=person_id).exclude(id=but).exists()
    )
