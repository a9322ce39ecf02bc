"""What came of a campaign: its public numbers with their definitions, the floor of ten applied."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from groundswell.campaigns.models import Campaign
from groundswell.kernel import formats
from groundswell.metrics.definitions import Unit
from groundswell.metrics.queries import Figure
from groundswell.public import totals

SHOWN = (
    "events_listed",
    "people_counted",
    "events_reported",
    "show_rate",
    "new_to_us",
    "countries",
)


@dataclass(frozen=True, slots=True)
class Told:
    """A number, in words, with what it counts."""

    name: str
    value: str
    definition: str


def _value(figure: Figure) -> str:
    """In words; "" for what cannot be told. A hidden share is left out without a word."""
    amount = figure.amount
    if figure.is_hidden and figure.number.unit != Unit.SHARE:
        return _("fewer than 10")
    if amount is None:
        return ""
    if figure.number.unit == Unit.SHARE:
        return formats.percent(amount.share)
    if amount.whole is not None:
        return _("{part} of {whole}").format(
            part=formats.number(amount.value), whole=formats.number(amount.whole)
        )
    return formats.number(amount.value)


def figures(campaign: Campaign) -> list[Told]:
    """The numbers of a campaign that is over, those that can be told."""
    found = totals.numbers(campaign)
    told = [found[key] for key in SHOWN if key in found]
    return [
        Told(str(figure.number.name), value, str(figure.number.definition))
        for figure in told
        if (value := _value(figure))
    ]
