"""The only place that writes the consent ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from groundswell.accounts import limits
from groundswell.kernel import clock, rows
from groundswell.kernel.actor import Actor
from groundswell.ledger import operations as ledger_ops
from groundswell.people import queries, wordings
from groundswell.people.facts import ConsentGiven, ConsentWithdrawn
from groundswell.people.models import Consent, Contact, Suppression
from groundswell.people.operations import reach

UNPROVEN_PAUSE = timedelta(hours=24)
UNPROVEN_A_WEEK = 3


@dataclass(frozen=True, slots=True)
class Agreement:
    """One thing a person agreed to: what for, about which event or campaign, in which words."""

    purpose: Consent.Purpose
    about_id: int
    wording: str
    channel: Consent.Channel = Consent.Channel.EMAIL
    expires_at: datetime | None = None
    needs_proof: bool = False  # it counts once the address is proven
    proof: str = ""  # what shows it later (models.consents)
    organisation: str = ""


def give(
    *,
    person_id: int,
    agreements: Iterable[Agreement],
    source: str,
    by: Actor,
    is_new: bool = False,
) -> None:
    """Write consents into the caller's transaction, with a fact for each beyond the event's own.

    Consent "about this event" is part of the RSVP and told by its fact. ``is_new``: nothing is
    written about this person yet, so nothing needs to be replaced.
    """
    now = clock.now()
    given = [
        Consent(
            person_id=person_id,
            channel=agreement.channel,
            purpose=agreement.purpose,
            about_id=agreement.about_id,
            is_given=True,
            wording=wordings.INVENTED.get(source, agreement.wording),
            source=source,
            at=now,
            expires_at=agreement.expires_at,
            needs_proof=agreement.needs_proof,
            proof=agreement.proof,
            organisation=agreement.organisation,
        )
        for agreement in agreements
    ]
    if not is_new:
        _replace(given)
    rows.insert(*given)
    if any(row.purpose in reach.BEYOND_EVENTS for row in given):
        reach.follow([person_id])
    ledger_ops.record_many(
        [
            ConsentGiven(person_id=person_id, consent_id=row.id, purpose=row.purpose)
            for row in given
            if row.purpose in reach.BEYOND_EVENTS
        ],
        by=by,
    )


def has_stopped(
    person_id: int, *, purpose: str, about_id: int, until: datetime | None = None
) -> bool:
    """Whether somebody stopped these mails, or all news, and has not asked for them since.

    Anybody can type somebody else's address into a public page: only the link in our own mail
    brings back what its owner stopped. ``until``: it was stopped by then.
    """
    stopped = Consent.objects.filter(
        Q(purpose=purpose, about_id=about_id) | Q(purpose=Consent.Purpose.NEWS, about_id=0),
        person_id=person_id,
        channel=Consent.Channel.EMAIL,
        is_current=True,
        is_given=False,
    )
    return (stopped.filter(at__lte=until) if until else stopped).exists()


def may_agree(person_id: int, *, purpose: str, about_id: int, asked_at: datetime | None) -> bool:
    """Whether a word from a public page counts. ``asked_at``: when it was typed, where the link in
    our mail says that it was the person; None where nobody has said so."""
    if not has_stopped(person_id, purpose=purpose, about_id=about_id):
        return True
    return asked_at is not None and has_stopped(
        person_id, purpose=purpose, about_id=about_id, until=asked_at
    )


def _replace(newer: Iterable[Consent]) -> None:
    """The lines that stood until now stand no more; in one statement."""
    same = Q(pk__in=[])
    for row in newer:
        same |= Q(
            person_id=row.person_id,
            channel=row.channel,
            purpose=row.purpose,
            about_id=row.about_id,
        )
    Consent.objects.filter(same, is_current=True).update(is_current=False)


class Imported(NamedTuple):
    """A line that came with a file: of a row that said yes, or that said no."""

    id: int
    person_id: int
    channel: str
    is_given: bool
    proof: str  # "import:<id>:<row>"
    at: datetime | None = None  # the day that the file tells; None: now
    instead_of: int | None = None  # the line that stood until now


def take_in(
    lines: Sequence[Imported],
    *,
    purpose: str,
    about_id: int,
    wording: str,
    expires_at: datetime | None = None,
) -> None:
    """Write the lines of an import, in the caller's transaction, with no fact for each. Whoever
    said no said it for good: ``expires_at`` ends a yes.

    The caller never says yes for somebody who said no, and works out the reach (operations/reach).
    """
    now = clock.now()
    stood = [line.instead_of for line in lines if line.instead_of is not None]
    Consent.objects.filter(id__in=stood).update(is_current=False)
    batch = rows.Batch(
        Consent, "id", "person_id", "channel", "is_given", "wording", "proof", "at",
        "expires_at", purpose=purpose, about_id=about_id, source="import",
    )  # fmt: skip
    for line in lines:
        words = wording if line.is_given else "withdrawn"
        batch.add(
            line.id, line.person_id, line.channel, line.is_given, words, line.proof,
            line.at or now, expires_at if line.is_given else None,
        )  # fmt: skip
    batch.insert()


def take_out(ids: Collection[int]) -> None:
    """Delete lines of an import that is taken back, where nothing newer followed, and let those
    that stood before stand again; in the caller's transaction."""
    going = Consent.objects.filter(id__in=ids, is_current=True)
    kinds = set(going.values_list("person_id", "channel", "purpose", "about_id"))
    going.delete()
    people = {kind[0] for kind in kinds}
    newest: dict[tuple[int, str, str, int], int] = {}
    left = Consent.objects.filter(person_id__in=people).order_by("at", "id")
    for line in left:
        newest[line.person_id, line.channel, line.purpose, line.about_id] = line.id
    again = [line_id for kind, line_id in newest.items() if kind in kinds]
    Consent.objects.filter(id__in=again).update(is_current=True)


@transaction.atomic
def withdraw(
    *,
    person_id: int,
    purpose: str,
    about_id: int,
    source: str,
    by: Actor,
    channel: str = "",
) -> None:
    """Write a withdrawal for one channel, or for every one. Twice is harmless."""
    now = clock.now()
    given = Consent.objects.filter(person_id=person_id, purpose=purpose, about_id=about_id)
    if channel:
        given = given.filter(channel=channel)
    channels = sorted(set(given.values_list("channel", flat=True)))
    for stands in channels:
        row = Consent(
            person_id=person_id,
            channel=stands,
            purpose=purpose,
            about_id=about_id,
            is_given=False,
            wording="withdrawn",
            source=source,
            at=now,
        )
        _replace([row])
        row.save(force_insert=True)
        fact = ConsentWithdrawn(person_id=person_id, consent_id=row.id, purpose=purpose)
        ledger_ops.record(fact, by=by)
    reach.follow([person_id])


@transaction.atomic
def give_back(
    *, person_id: int, purpose: str, about_id: int, channel: str, source: str, by: Actor
) -> bool:
    """Bring back the consent that stood before its withdrawal, in its own words.

    Nothing that was never agreed to comes into being. True when a line was written.
    """
    lines = Consent.objects.filter(
        person_id=person_id, purpose=purpose, about_id=about_id, channel=channel
    ).order_by("-at", "-id")
    newest, before = lines.first(), lines.filter(is_given=True).first()
    if newest is None or before is None or newest.is_given:
        return False
    again = Agreement(
        Consent.Purpose(purpose),
        about_id,
        before.wording,
        channel=Consent.Channel(channel),
        expires_at=before.expires_at,
    )
    give(person_id=person_id, agreements=[again], source=source, by=by)
    return True


@transaction.atomic
def forget_about(*, purpose: str, about_id: int, but_of: Iterable[int] = ()) -> int:
    """Delete up to 500 lines about one event whose people were cut off. Returns how many.

    The ledger of consents is not edited, but it forgets as everything does: a line about an event
    would go on telling who was there.
    """
    lines = Consent.objects.filter(purpose=purpose, about_id=about_id)
    ids = list(lines.exclude(person_id__in=list(but_of)).values_list("id", flat=True)[:500])
    Consent.objects.filter(id__in=ids).delete()
    return len(ids)


@transaction.atomic
def suppress(*, contact_id: int, reason: str, by: Actor) -> None:
    """Never write to this address again, whatever list it appears on. Twice is harmless."""
    listed = queries.lasting_blinds(Contact.objects.filter(id=contact_id))
    Suppression.objects.bulk_create(
        [Suppression(blind=listed[contact_id], reason=reason, at=clock.now())],
        ignore_conflicts=True,
    )
    Contact.objects.filter(id=contact_id).update(problem=reason)
    blind = Contact.objects.filter(id=contact_id).values("blind")
    sharing = Contact.objects.filter(blind__in=blind)  # a number may be that of a whole family
    reach.follow(list(sharing.values_list("person_id", flat=True)))


def use_unproven_turn(*, contact_id: int) -> bool:
    """True when the address is proven, or has had no mail in the last 24 hours and at most two
    more in the last week.

    One conditional update, so two workers cannot both take the turn.
    """
    now = clock.now()
    free = Q(unproven_mail_at=None) | Q(unproven_mail_at__lte=now - UNPROVEN_PAUSE)
    contact = Contact.objects.filter(id=contact_id)
    if contact.filter(proven_at__isnull=False).exists():
        return True
    if contact.filter(free).update(unproven_mail_at=now) != 1:
        return False
    week = timedelta(days=7)
    return limits.take("unproven_mail", str(contact_id), most=UNPROVEN_A_WEEK, per=week)
