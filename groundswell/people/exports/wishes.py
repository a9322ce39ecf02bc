"""What an export may hold, and whom: only people inside of the right to export, with a proven
address; to be written to, only those who agreed to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.roles import Right, carries
from groundswell.people import sight
from groundswell.people.models import Consent, Contact, Person
from groundswell.people.sockets import Depth

# The columns of a file, in their order.
COLUMNS: Mapping[str, Promise] = {
    "given_name": _("First name"),
    "family_name": _("Family name"),
    "stand_in": _("Stand-in e-mail address"),
    "email": _("Their own e-mail address"),
    "country": _("Country"),
    "language": _("Language"),
    "since": _("Month they first came"),
    "last_active": _("Month they were last active"),
    "came": _("How often they came, roughly"),
    "has_hosted": _("Has hosted an event"),
}
USUAL = ("given_name", "stand_in", "country", "language")
OWN_ADDRESSES = frozenset({"email"})  # of people, where a stand-in would not do
REACHES_THEM = OWN_ADDRESSES | {"stand_in"}


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom to take out. ``campaign_id``: those who agreed to news of this campaign."""

    campaign_id: int | None = None
    country: str = ""
    active_since: date | None = None

    def as_json(self) -> dict[str, Any]:
        """For the column of an export."""
        since = self.active_since.isoformat() if self.active_since else None
        return {**asdict(self), "active_since": since}

    @staticmethod
    def of_json(told: Mapping[str, Any]) -> Wish:
        """The other way."""
        since = told["active_since"]
        return Wish(**{**told, "active_since": date.fromisoformat(since) if since else None})


def ordered(columns: Sequence[str]) -> list[str]:
    """Known columns, each once, in the order of a file."""
    return [code for code in COLUMNS if code in columns]


def exporter(by: Actor) -> Actor:
    """The actor with nothing but the roles that carry the right to export: what somebody sees by
    another role, they may look at and not take out."""
    if by.kind != ActorKind.ACCOUNT:
        return by
    held = frozenset(one for one in by.held if carries(one.role, Right.EXPORT))
    return replace(by, held=held)


def people_of(wish: Wish, by: Actor) -> QuerySet[Person]:
    """The people whom ``by`` may take out and who fit the wish, in no order."""
    proven = Contact.objects.filter(person=OuterRef("id"), proven_at__isnull=False, problem="")
    found = sight.visible_to(exporter(by), at_least=Depth.CONTACT).filter(Exists(proven))
    if wish.country:
        found = found.filter(country=wish.country)
    if wish.active_since:
        found = found.filter(last_active_on__gte=wish.active_since)
    if wish.campaign_id is not None:
        found = _agreed(found, wish.campaign_id)
    return found


def _agreed(found: QuerySet[Person], campaign_id: int) -> QuerySet[Person]:
    """Those whose newest word about e-mail of the campaign is yes, and still holds."""
    newest = Consent.objects.filter(
        person=OuterRef("id"),
        purpose=Consent.Purpose.CAMPAIGN,
        about_id=campaign_id,
        channel=Consent.Channel.EMAIL,
    ).order_by("-at", "-id")
    holds = newest.values("id")[:1]
    lasting = Q(expires_at=None) | Q(expires_at__gt=clock.now())
    yes = Consent.objects.filter(lasting, id=OuterRef("newest_consent"), is_given=True)
    return found.annotate(newest_consent=Subquery(holds)).filter(Exists(yes))
