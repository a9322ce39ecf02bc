"""Numbers about the day itself and what came of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from groundswell.metrics.definitions.numbers import Amount, Number, Totals, Unit, share


def _counted(totals: Totals) -> Amount | None:
    if not totals.events_reported:
        return None
    return Amount(totals.counted_best, low=totals.counted_low, high=totals.counted_high)


NUMBERS = (
    Number(
        "checked_in",
        _("Ticked in"),
        _("People whom hosts ticked in at the door, with everybody they brought."),
        Unit.PEOPLE,
        lambda all_: Amount(all_.checked_in),
    ),
    Number(
        "show_rate",
        _("Show rate"),
        _(
            "Of the people who were going to events that are over, those who were ticked in "
            "or told us that they came."
        ),
        Unit.SHARE,
        lambda all_: share(all_.came, all_.expected),
        is_public=True,
    ),
    Number(
        "people_counted",
        _("People counted"),
        _(
            "The best guesses of hosts’ reports added up; the range adds up their lowest and "
            "highest counts."
        ),
        Unit.PEOPLE,
        _counted,
        is_public=True,
    ),
    Number(
        "events_reported",
        _("Events reported"),
        _("Of the events on the map that are over, those whose host has told us how it went."),
        Unit.EVENTS,
        lambda all_: share(all_.events_reported, all_.events_over),
        is_public=True,
    ),
)
