"""What somebody came by first and last: the source, the parts of its link, what it cost."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _

from groundswell.people import money
from groundswell.people.models import Person, SourceCode, Spend, Touch
from groundswell.people.operations.sources import UTM


@dataclass(frozen=True, slots=True)
class CameBy:
    """One end of their touches. ``utm``: what the link said, as it was; ``spent``: on the source
    in all, "" where nobody wrote it down."""

    label: str
    source: str
    utm: str
    spent: str


def of_person(person: Person) -> list[CameBy]:
    """The first source and the last, where they are two; empty for who came by none."""
    first, last = person.first_source, person.last_source
    found = []
    if first is not None:
        found.append(_told(_("First came by"), person, first, "at"))
    if last is not None and last != first:
        found.append(_told(_("Last came by"), person, last, "-at"))
    return found


def _told(label: str, person: Person, source: SourceCode, order: str) -> CameBy:
    touches = Touch.objects.filter(person=person, source=source).order_by(order)
    touch = touches.first()
    utm = touch.utm if touch is not None else {}
    spent = Spend.objects.filter(source=source).order_by("currency").values_list("currency")
    amounts = [
        money.shown(minor, currency) for currency, minor in spent.annotate(Sum("amount_minor"))
    ]
    return CameBy(
        label=label,
        source=source.name or source.code,
        utm=" / ".join(utm[name] for name in UTM if name in utm),
        spent=_("Spent on it: {amount}").format(amount=" · ".join(amounts)) if amounts else "",
    )
