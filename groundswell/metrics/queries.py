"""Questions about a campaign's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from groundswell.campaigns import policy as campaign_policy
from groundswell.campaigns.models import Campaign
from groundswell.events.models import Event, Seats
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.metrics import floor, forecasts
from groundswell.metrics.definitions import NUMBERS, Amount, Number, Totals, Unit
from groundswell.metrics.models import DayCount, EventCount

Measure = DayCount.Measure
_OF_PEOPLE = {Unit.PEOPLE, Unit.SIGN_UPS, Unit.HOSTS, Unit.SHARE}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of one campaign, as one reader may see it."""

    number: Number
    amount: Amount | None  # None: nothing to work it out from yet, or hidden
    is_hidden: bool = False  # under the floor of ten for this reader


def totals(campaign: Campaign) -> Totals:
    """All sums of a campaign: one question about its events, one about their counted heads."""
    now = clock.now()
    listed = Q(state=Event.State.LISTED)
    over = listed & Q(ends_at__lte=now)
    best = F("report__best_count")
    of_events = Event.objects.filter(campaign=campaign).aggregate(
        events_listed=Count("id", filter=listed),
        events_to_review=Count("id", filter=Q(state=Event.State.WAITING)),
        events_over=Count("id", filter=over),
        events_reported=Count("report", filter=over),
        seats_taken=Sum("seats__taken", filter=listed, default=0),
        parties_waiting=Sum("seats__waiting", filter=listed, default=0),
        hosts=Count("host", filter=listed, distinct=True),
        hosts_with_kit=Count("host", filter=listed & Q(kit_opened_at__isnull=False), distinct=True),
        countries=Count("country", filter=listed & ~Q(country=""), distinct=True),
        counted_best=Sum(best, filter=over, default=0),
        counted_low=Sum(Coalesce("report__low_count", best), filter=over, default=0),
        counted_high=Sum(Coalesce("report__high_count", best), filter=over, default=0),
    )
    past = Q(event__ends_at__lte=now)
    of_people = EventCount.objects.filter(
        event__campaign=campaign, event__state=Event.State.LISTED
    ).aggregate(
        expected=Sum("going", filter=past, default=0),  # before ``going`` becomes a sum itself
        sign_ups=Sum("sign_ups", default=0),
        first_timers=Sum("first_timers", default=0),
        going=Sum("going", default=0),
        proven=Sum("proven", default=0),
        confirmed=Sum("confirmed", default=0),
        checked_in=Sum("checked_in", default=0),
        came=Sum("came", filter=past, default=0),
    )
    return Totals(
        events_wanted=campaign.goal_events,
        people_wanted=campaign.goal_people,
        **of_events,
        **of_people,
    )


def campaign_numbers(
    campaign: Campaign, actor: Actor, *, sums: Totals | None = None
) -> list[Figure]:
    """Every number of a campaign that this actor may see, in the order of the definitions.

    The office sees the rows and therefore exact numbers. Anybody else sees the public ones, and
    of those that count people only what the floor of ten lets through.
    """
    found = sums or totals(campaign)
    if campaign_policy.can_see_numbers(actor, campaign):
        return [Figure(number, number.of(found)) for number in NUMBERS]
    seen = replace(found, seats_taken=_coming_as_seen(campaign))
    return [_public(number, number.of(seen)) for number in NUMBERS if number.is_public]


def _coming_as_seen(campaign: Campaign) -> int:
    """People coming, as may stand beside the pages of events, which show theirs from ten on."""
    few = Q(taken__lt=floor.FLOOR)
    seats = Seats.objects.filter(event__campaign=campaign, event__state=Event.State.LISTED)
    found = seats.aggregate(
        shown=Sum("taken", filter=~few, default=0),
        hidden=Sum("taken", filter=few, default=0),
        parts=Count("event", filter=few),
    )
    return floor.total_beside(**found)


def _public(number: Number, amount: Amount | None) -> Figure:
    if amount is None or number.unit not in _OF_PEOPLE:
        return Figure(number, amount)
    if amount.whole is not None:
        is_shown = floor.can_show_share(amount.value, amount.whole)
        return Figure(number, amount if is_shown else None, is_hidden=not is_shown)
    value = floor.alone(amount.value)
    if value is None:
        return Figure(number, None, is_hidden=True)
    return Figure(number, Amount(value))  # the range is for those who may see the reports


def by_country(campaign: Campaign, actor: Actor) -> floor.Floored[str]:
    """People coming to listed events by country (ISO 3166 code); exact for the office only."""
    rows = (
        Event.objects.filter(campaign=campaign, state=Event.State.LISTED)
        .order_by()
        .values("country")
        .annotate(people=Sum("seats__taken", default=0))
        .values_list("country", "people")
    )
    cells = dict(rows)
    if campaign_policy.can_see_numbers(actor, campaign):
        return floor.Floored(cells, sum(cells.values()))
    return floor.floor_of_ten(cells)


@dataclass(frozen=True, slots=True)
class Series:
    """Counts per UTC day, oldest first, days without any as 0."""

    days: tuple[date, ...]
    counts: tuple[int, ...]

    def last(self, days: int) -> Series:
        """The last ``days`` of it."""
        return Series(self.days[-days:], self.counts[-days:])

    def until(self, day: date) -> Series:
        """Its days up to and with ``day``; at least its first one."""
        shown = max(1, sum(each <= day for each in self.days))
        return Series(self.days[:shown], self.counts[:shown])

    @property
    def total(self) -> int:
        return sum(self.counts)


def series(
    campaign: Campaign, *, measure: str = Measure.SIGN_UPS, days: int | None = None
) -> Series:
    """One measure per day up to today; ``days`` back, or since the campaign began."""
    return many_series(campaign, [measure], days=days)[measure]


def many_series(
    campaign: Campaign, measures: Sequence[str], *, days: int | None = None
) -> dict[str, Series]:
    """Several measures over the same days, in one question."""
    today = clock.now().astimezone(UTC).date()
    rows = DayCount.objects.filter(campaign_id=campaign.id, measure__in=measures, day__lte=today)
    if days is not None:
        rows = rows.filter(day__gt=today - timedelta(days=days))
    counts = {
        (measure, day): count for measure, day, count in rows.values_list("measure", "day", "count")
    }
    if days is not None:
        first = today - timedelta(days=days - 1)
    else:
        began = (campaign.published_at or campaign.created_at).astimezone(UTC).date()
        first = min([began, today, *(day for _measure, day in counts)])
    span = tuple(first + timedelta(days=n) for n in range((today - first).days + 1))
    return {
        measure: Series(span, tuple(max(0, counts.get((measure, day), 0)) for day in span))
        for measure in measures
    }


def goal_forecast(campaign: Campaign, *, done: int, events: Series) -> forecasts.Forecast | None:
    """Where the number of events goes by the day before the action, or ``None``.

    ``events`` is the series of new events since the campaign began.
    """
    return forecasts.forecast(
        done=done,
        wanted=campaign.goal_events,
        daily=events.counts,
        today=clock.now().astimezone(UTC).date(),
        by=campaign.action_on - timedelta(days=1),
    )
