"""The ways to choose people that this room offers: what they did at events, and when.

Only events whose people the actor sees count: who looks after a country does not learn who was
somewhere else. Sign-ups are cut off from their people 30 days after an event, so these ask about
events since; how often somebody was there before that is ``people.past``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groundswell.campaigns import criteria as campaign_criteria
from groundswell.events import scopes
from groundswell.events.models import Event, Rsvp
from groundswell.events.queries import finding
from groundswell.kernel import formats
from groundswell.kernel.actor import Actor
from groundswell.kernel.roles import Right
from groundswell.people.criteria.choices import DAYS, begins, fixed, moment_before
from groundswell.people.segments.criterion import Asking, Criterion, Family, Given, Rows
from groundswell.people.segments.parameters import KM_MOST, Day, Number, OneOf, Place, point_of
from groundswell.places import geometry

ONE_DAY = timedelta(days=1)
CHOICES_MOST = 200
OFTEN_MOST = 100

_TOOK_PART = {
    "going": Q(state=Rsvp.State.GOING),
    "waiting": Q(state=Rsvp.State.WAITING),
    "cancelled": Q(state=Rsvp.State.CANCELLED),
    "came": Q(state=Rsvp.State.GOING, came=True),
    "missed": Q(state=Rsvp.State.GOING, came=False) | Q(state=Rsvp.State.GOING, came__isnull=True),
}
_HELD = (Event.State.LISTED, Event.State.WAITING, Event.State.ASKED)


def _events(by: Actor) -> Sequence[tuple[str, str]]:
    """The events to come or lately held that the actor looks after, the latest first."""
    found = Event.objects.filter(scopes.carried(by, Right.SEE_FIRST_NAMES), people_cut_at=None)
    return [(one.slug, _named(one)) for one in found.order_by("-starts_at", "id")[:CHOICES_MOST]]


def _event_beyond(slug: str, by: Actor) -> str:
    """An event that is too far away to be among the choices."""
    event = finding.bare_event(slug)
    return _named(event) if event and scopes.may(by, Right.SEE_FIRST_NAMES, event) else ""


def _named(event: Event) -> str:
    return _("{title}, {town}, {day}").format(
        title=event.title, town=event.town, day=formats.day_and_year(event.starts_at, event.zone)
    )


# --- whom they choose ----------------------------------------------------------------------------


def _took_part(given: Given, asking: Asking) -> Rows:
    """Sign-ups are dated by the moment they were made; whoever came or did not, by the event."""
    is_over = given["what"] in {"came", "missed"}
    rows = _sign_ups(given, asking).filter(_TOOK_PART[given["what"]])
    rows = rows.filter(_when("event__starts_at" if is_over else "created_at", given, asking))
    if is_over:
        rows = rows.filter(event__ends_at__lte=asking.now)
    return _often(rows, "person_id", given)


def _sign_ups(given: Given, asking: Asking) -> QuerySet[Rsvp]:
    looked_after = scopes.carried(asking.by, Right.SEE_FIRST_NAMES, to_event="event__")
    rows = Rsvp.objects.filter(looked_after, person__isnull=False)
    if "campaign" in given:
        rows = rows.filter(campaign_id=int(given["campaign"]))
    if "event" in given:
        rows = rows.filter(event__slug=given["event"])
    return rows


def _when(column: str, given: Given, asking: Asking) -> Q:
    found = Q()
    if "days" in given:
        found &= Q(**{f"{column}__gte": moment_before(asking, given["days"])})
    if "since" in given:
        found &= Q(**{f"{column}__gte": begins(date.fromisoformat(given["since"]))})
    if "until" in given:
        found &= Q(**{f"{column}__lt": begins(date.fromisoformat(given["until"]) + ONE_DAY)})
    return found


def _often(rows: QuerySet[Any], link: str, given: Given) -> Rows:
    if given.get("count", 1) == 1:
        return Rows(rows, link)
    counted = rows.values(link).annotate(how_often=Count("id"))
    return Rows(counted.filter(how_often__gte=given["count"]), link)


def _hosted(given: Given, asking: Asking) -> Rows:
    looked_after = scopes.carried(asking.by, Right.SEE_FIRST_NAMES)
    rows = Event.objects.filter(looked_after, host__isnull=False, state__in=_HELD)
    if "campaign" in given:
        rows = rows.filter(campaign_id=int(given["campaign"]))
    return _often(rows.filter(_when("starts_at", given, asking)), "host_id", given)


def _nearby(given: Given, asking: Asking) -> Rows:
    """Sign-ups for events within a distance: exactly, by the point that the map shows."""
    lat, lon = point_of(given["place"])
    within = Q(pk__in=[])
    for box in geometry.boxes_around(lat, lon, given["km"]):
        within |= Q(
            latitude__gte=box.south, latitude__lte=box.north,
            longitude__gte=box.west, longitude__lte=box.east,
        )  # fmt: skip
    looked_after = scopes.carried(asking.by, Right.SEE_FIRST_NAMES)
    points = Event.objects.filter(looked_after, within, people_cut_at=None)
    near = [
        event_id
        for event_id, there_lat, there_lon in points.values_list("id", "latitude", "longitude")
        if geometry.distance_km(lat, lon, there_lat, there_lon) <= given["km"]
    ]
    rows = Rsvp.objects.filter(event_id__in=near, person__isnull=False, state=Rsvp.State.GOING)
    return Rows(rows.filter(_when("created_at", given, asking)))


# --- the sentences -------------------------------------------------------------------------------

_DID: dict[tuple[str, bool], str | Promise] = {
    ("going", False): gettext_lazy("signed up for {what}"),
    ("going", True): gettext_lazy("did not sign up for {what}"),
    ("came", False): gettext_lazy("came to {what}"),
    ("came", True): gettext_lazy("were not seen at {what}"),
    ("missed", False): gettext_lazy("signed up for {what} and were not seen there"),
    ("missed", True): gettext_lazy("did not miss {what}"),
    ("waiting", False): gettext_lazy("wait for a seat at {what}"),
    ("waiting", True): gettext_lazy("do not wait for a seat at {what}"),
    ("cancelled", False): gettext_lazy("cancelled {what}"),
    ("cancelled", True): gettext_lazy("did not cancel {what}"),
    ("hosted", False): gettext_lazy("hosted {what}"),
    ("hosted", True): gettext_lazy("did not host {what}"),
}


def _clause(given: Given, shown: Mapping[str, str], is_not: bool) -> str:
    what = str(_DID[given.get("what", "hosted"), is_not]).format(what=_which(given, shown))
    told = _often_words(what, given)
    if "days" in given:
        told = _("{did} in the last {days} days").format(did=told, days=shown["days"])
    if "since" in given:
        told = _("{did} since {day}").format(did=told, day=shown["since"])
    if "until" in given:
        told = _("{did} until {day}").format(did=told, day=shown["until"])
    return told


def _which(given: Given, shown: Mapping[str, str]) -> str:
    if "event" in given:
        return _("“{event}”").format(event=shown["event"])
    if "campaign" in given:
        return _("any event of “{campaign}”").format(campaign=shown["campaign"])
    return _("any event")


def _often_words(did: str, given: Given) -> str:
    if given.get("count", 1) == 1:
        return did
    told = ngettext(
        "{did}, at least {number} time", "{did}, at least {number} times", given["count"]
    )
    return told.format(did=did, number=formats.number(given["count"]))


_CAMPAIGN = OneOf(
    name="campaign",
    label=gettext_lazy("Only of this campaign"),
    choices=campaign_criteria.choices,
    names=campaign_criteria.slugs,
    is_optional=True,
)
_SINCE = Day(name="since", label=gettext_lazy("First day"), is_optional=True)
_UNTIL = Day(name="until", label=gettext_lazy("Last day"), is_optional=True)
_COUNT = Number(name="count", label=gettext_lazy("At least how often"), most=OFTEN_MOST, default=1)

CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        name="events.took_part",
        family=Family.DID,
        title=gettext_lazy("signed up, came or did not come"),
        hint=gettext_lazy(
            "Sign-ups are kept with their people for 30 days after an event. Days are those of "
            "signing up, or of the event for whoever came or did not."
        ),
        parameters=(
            OneOf(
                name="what",
                label=gettext_lazy("What they did"),
                default="came",
                choices=fixed(
                    ("going", gettext_lazy("signed up")),
                    ("came", gettext_lazy("came")),
                    ("missed", gettext_lazy("signed up and were not seen there")),
                    ("waiting", gettext_lazy("wait for a seat")),
                    ("cancelled", gettext_lazy("cancelled")),
                ),
            ),
            _CAMPAIGN,
            OneOf(
                name="event",
                label=gettext_lazy("Only this event"),
                choices=_events,
                known=_event_beyond,
                is_optional=True,
            ),
            DAYS,
            _SINCE,
            _UNTIL,
            _COUNT,
        ),
        fits=_took_part,
        clause=_clause,
    ),
    Criterion(
        name="events.hosted",
        family=Family.DID,
        title=gettext_lazy("hosted an event"),
        hint=gettext_lazy("Who held an event is kept for 90 days after it."),
        parameters=(_CAMPAIGN, DAYS, _SINCE, _UNTIL, _COUNT),
        fits=_hosted,
        clause=_clause,
    ),
    Criterion(
        name="events.near",
        family=Family.WHERE,
        title=gettext_lazy("signed up for an event near a place"),
        parameters=(
            Place(name="place", label=gettext_lazy("Town or postcode")),
            Number(
                name="km",
                label=gettext_lazy("Within how many kilometres"),
                most=KM_MOST,
                default=30,
            ),
            DAYS,
        ),
        fits=_nearby,
        says=gettext_lazy("signed up for an event within {km} km of {place}"),
        says_not=gettext_lazy("signed up for no event within {km} km of {place}"),
    ),
)
