"""What an export may hold, and whom: only people inside of the right to export, with a proven
address; to be written or texted to, only those who agreed to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.roles import Right, carries
from groundswell.people import sight
from groundswell.people.models import Consent, Contact, Field, Person
from groundswell.people.operations.reach import EMAIL, TEXT
from groundswell.people.sockets import Depth

# The columns of a file, in their order. Beside them stand answers to our own questions: "field:"
# and the key of the field.
COLUMNS: Mapping[str, Promise] = {
    "given_name": _("First name"),
    "family_name": _("Family name"),
    "stand_in": _("Stand-in e-mail address"),
    "email": _("Their own e-mail address"),
    "phone": _("Number, of those who agreed to texts"),
    "code": _("Number of the row, which names this export"),
    "street": _("Street, where they live"),
    "postcode": _("Postcode"),
    "town": _("Town"),
    "region": _("Region"),
    "country": _("Country"),
    "language": _("Language"),
    "other_languages": _("Other languages"),
    "time_zone": _("Time zone"),
    "tags": _("Tags"),
    "first_source": _("Where they first came from"),
    "last_source": _("Where they last came from"),
    "since": _("Month they first came"),
    "last_active": _("Month they were last active"),
    "came": _("How often they came, roughly"),
    "has_hosted": _("Has hosted an event"),
}
USUAL = ("given_name", "stand_in", "country", "language")
# What leads to people's own door, box or pocket: nobody takes it out alone.
OWN_ADDRESSES = frozenset({"email", "phone", "street", "postcode"})
NEEDS_A_CAMPAIGN = frozenset({"email", "stand_in", "street"})
OF_A_FIELD = "field:"


class Kind(StrEnum):
    """What kind of file."""

    CSV = "csv"
    XLSX = "xlsx"


class Tool(StrEnum):
    """Whose names the columns bear (``layouts``)."""

    OURS = "ours"
    ACTION_NETWORK = "action_network"
    NATIONBUILDER = "nationbuilder"
    SPOKE = "spoke"


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom to take out, and for which tool. ``campaign_id``: those who agreed to news of this
    campaign; by text where the tool texts."""

    campaign_id: int | None = None
    country: str = ""
    active_since: date | None = None
    layout: str = Tool.OURS
    kind: str = Kind.CSV

    def as_json(self) -> dict[str, Any]:
        """For the column of an export."""
        since = self.active_since.isoformat() if self.active_since else None
        return {**asdict(self), "active_since": since}

    @staticmethod
    def of_json(told: Mapping[str, Any]) -> Wish:
        """The other way."""
        since = told["active_since"]
        return Wish(**{**told, "active_since": date.fromisoformat(since) if since else None})


def ordered(columns: Sequence[str], fields: Iterable[Field] = ()) -> list[str]:
    """Known columns, each once, in the order of a file. With numbers goes the code of the row:
    nothing else in them tells whose file it was."""
    wanted = {*columns, "code"} if "phone" in columns else set(columns)
    return [code for code in [*COLUMNS, *map(code_of, fields)] if code in wanted]


def code_of(field: Field) -> str:
    """The column that answers to this question stand in."""
    return f"{OF_A_FIELD}{field.key}"


def fields_for(by: Actor) -> list[Field]:
    """The questions whose answers this actor may take out of somebody: they may read them, and the
    answers are not sealed."""
    held = exporter(by)
    asked = Field.objects.filter(is_private=False).order_by("position", "id")
    return [field for field in asked if held.may_somewhere(Right(field.sees))]


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
    if wish.layout == Tool.SPOKE:  # it knows nobody without a number
        return found.filter(agreed_to_texts(wish))
    if wish.campaign_id is not None:
        found = _agreed(found, wish.campaign_id)
    return found


def agreed_to_texts(wish: Wish) -> Q:
    """Those who may be texted with news: of us, or of the campaign. The consent stands, has not
    run out, and there is a number that it can use."""
    about = Q(purpose=Consent.Purpose.NEWS)
    if wish.campaign_id is not None:
        about |= Q(purpose=Consent.Purpose.CAMPAIGN, about_id=wish.campaign_id)
    given = Consent.objects.filter(
        about,
        _lasting(),
        person=OuterRef("id"),
        channel=Consent.Channel.TEXT,
        is_current=True,
        is_given=True,
    )
    return Q(reach__in=[TEXT, TEXT | EMAIL]) & Q(Exists(given))


def _lasting() -> Q:
    return Q(expires_at=None) | Q(expires_at__gt=clock.now())


def _agreed(found: QuerySet[Person], campaign_id: int) -> QuerySet[Person]:
    """Those whose newest word about e-mail of the campaign is yes, and still holds."""
    newest = Consent.objects.filter(
        person=OuterRef("id"),
        purpose=Consent.Purpose.CAMPAIGN,
        about_id=campaign_id,
        channel=Consent.Channel.EMAIL,
    ).order_by("-at", "-id")
    holds = newest.values("id")[:1]
    yes = Consent.objects.filter(_lasting(), id=OuterRef("newest_consent"), is_given=True)
    return found.annotate(newest_consent=Subquery(holds)).filter(Exists(yes))
