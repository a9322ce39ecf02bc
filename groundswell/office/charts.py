"""The charts that several office pages show, with their sentence."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.kernel import formats
from groundswell.metrics.queries import Series
from groundswell.web.charts import lines
from groundswell.web.requests import HouseRequest

PERIODS = (7, 30, 0)  # days; 0 is everything
USUAL = 30


@dataclass(frozen=True, slots=True)
class Period:
    """One link of the choice above a chart."""

    words: str
    href: str
    is_current: bool


def wanted_days(request: HouseRequest) -> int:
    """``?days=7``; what nobody offers is the usual month."""
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(days) for days in PERIODS} else USUAL


def periods(days: int) -> list[Period]:
    """7 days, 30 days, all."""
    return [
        Period(
            ngettext("{number} day", "{number} days", each).format(number=formats.number(each))
            if each
            else _("All"),
            f"?days={each}#sign-ups",
            each == days,
        )
        for each in PERIODS
    ]


def sign_ups(series: Series, *, days: int) -> lines.LineChart | None:
    """Sign-ups per day beside our own days before; ``None`` while there is none."""
    if not series.total:
        return None
    shown = series.last(days) if days else series
    before = _before(series, days)
    return lines.draw(
        shown.days,
        shown.counts,
        title=_("Sign-ups per day, {first} to {last}").format(
            first=formats.short_date(shown.days[0]), last=formats.short_date(shown.days[-1])
        ),
        sentence=_sentence(shown),
        measure=_("Sign-ups"),
        before=before,
        before_label=_("The days before") if before else "",
    )


def _before(series: Series, days: int) -> tuple[int, ...]:
    """As many days before, where the campaign is old enough to have had them."""
    if not days or len(series.counts) < 2 * days:
        return ()
    return series.counts[-2 * days : -days]


def _sentence(shown: Series) -> str:
    """What the line shows, in words: the total, the best day, today."""
    best = max(range(len(shown.counts)), key=lambda index: shown.counts[index])
    total = ngettext("{number} sign-up", "{number} sign-ups", shown.total)
    return _("{total} since {first}; {today} today. The best day was {day} with {best}.").format(
        total=total.format(number=formats.number(shown.total)),
        first=formats.day(shown.days[0]),
        today=formats.number(shown.counts[-1]),
        day=formats.day(shown.days[best]),
        best=formats.number(shown.counts[best]),
    )
