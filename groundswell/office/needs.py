"""The rows of "Needs you today": what, why now, and one verb that leads to where it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.campaigns.models import Campaign
from groundswell.events.queries import guarded
from groundswell.kernel import formats
from groundswell.kernel.actor import Actor
from groundswell.metrics import attention
from groundswell.office import states
from groundswell.outreach import queries as outreach_queries
from groundswell.outreach import talking
from groundswell.people import deciding_pairs


@dataclass(frozen=True, slots=True)
class Need:
    """One row of "Needs you today": what, why now, one verb."""

    what: str
    why: str
    verb: str
    href: str
    icon: str
    tone: str


def of(campaign: Campaign, found: attention.Attention) -> list[Need]:
    """At most five rows, the most urgent first; a row that is done is gone."""
    makers = (_approval, _kit, _people, _answer, _report)
    return [need for make in makers if (need := make(campaign, found)) is not None]


def _list_href(campaign: Campaign, need: str) -> str:
    return reverse("office:events", args=[campaign.slug]) + f"?need={need}"


def _approval(campaign: Campaign, found: attention.Attention) -> Need | None:
    if not found.to_review or found.oldest_at is None:
        return None
    what = ngettext(
        "{number} event is waiting for approval",
        "{number} events are waiting for approval",
        found.to_review,
    )
    return Need(
        what.format(number=formats.number(found.to_review)),
        _("The oldest came in {ago} from {town}").format(
            ago=states.ago(found.oldest_at), town=found.oldest_town
        ),
        _("Review events"),
        reverse("office:review", args=[campaign.slug]),
        "calendar-check-2",
        "hot",
    )


def _kit(campaign: Campaign, found: attention.Attention) -> Need | None:
    count = found.kit_not_opened
    if not count:
        return None
    what = ngettext(
        "The host of {number} event has not opened the kit",
        "The hosts of {number} events have not opened their kit",
        count,
    )
    return Need(
        what.format(number=formats.number(count)),
        _("Their events are in the next 14 days"),
        _("See who to ring"),
        _list_href(campaign, "kit"),
        "phone-call",
        "warn",
    )


def _people(campaign: Campaign, found: attention.Attention) -> Need | None:
    count = found.few_people
    if not count:
        return None
    first, last = found.few_first[:10], found.few_last[:10]
    if first == last:
        what = ngettext(
            "{number} event on {day} has fewer than 5 people",
            "{number} events on {day} have fewer than 5 people",
            count,
        ).format(number=formats.number(count), day=formats.day(date.fromisoformat(first)))
    else:
        what = ngettext(
            "{number} event has fewer than 5 people",
            "{number} events have fewer than 5 people",
            count,
        ).format(number=formats.number(count))
    return Need(
        what,
        _("They start in the next 14 days"),
        _("See which ones"),
        _list_href(campaign, "people"),
        "user-plus",
        "warn",
    )


def _answer(campaign: Campaign, found: attention.Attention) -> Need | None:
    if not found.asked:
        return None
    what = ngettext(
        "{number} host was asked something and has not answered",
        "{number} hosts were asked something and have not answered",
        found.asked,
    )
    return Need(
        what.format(number=formats.number(found.asked)),
        _("Their events are not on the map yet"),
        _("See what was asked"),
        _list_href(campaign, "answer"),
        "message-circle-reply",
        "ok",
    )


def _report(campaign: Campaign, found: attention.Attention) -> Need | None:
    if not found.reports_missing:
        return None
    what = ngettext(
        "{number} host has not told us how it went",
        "{number} hosts have not told us how it went",
        found.reports_missing,
    )
    return Need(
        what.format(number=formats.number(found.reports_missing)),
        _("Memory fades: a call in the first days gets the best numbers"),
        _("See whose report is missing"),
        _list_href(campaign, "report"),
        "clipboard-check",
        "ok",
    )


def held_messages() -> list[Need]:
    """Messages of any campaign that nobody can know the fate of."""
    count = sum(group.count for group in outreach_queries.held_groups())
    if not count:
        return []
    what = ngettext("{number} message needs a decision", "{number} messages need a decision", count)
    return [
        Need(
            what.format(number=formats.number(count)),
            _("They may have arrived, or were refused"),
            _("Decide"),
            reverse("office:held"),
            "mail",
            "warn",
        )
    ]


def reports() -> list[Need]:
    """Conversations that somebody reported, or in which a message waits to be passed on."""
    count = talking.count_to_look_at()
    if not count:
        return []
    what = ngettext(
        "{number} conversation needs a look", "{number} conversations need a look", count
    )
    return [
        Need(
            what.format(number=formats.number(count)),
            _("Somebody reported it, or a message waits to be passed on"),
            _("Look at it"),
            reverse("office:relay"),
            "flag",
            "hot",
        )
    ]


def duplicates(by: Actor) -> list[Need]:
    """Pairs of records that may be one person, for whoever may put them together."""
    count = deciding_pairs.waiting(by).count()
    if not count:
        return []
    what = ngettext(
        "{number} pair of people may be one person",
        "{number} pairs of people may be one person",
        count,
    )
    return [
        Need(
            what.format(number=formats.number(count)),
            _("Whoever is here twice gets every mail twice"),
            _("Compare them"),
            reverse("office:duplicates"),
            "users",
            "ok",
        )
    ]


def guarding() -> list[Need]:
    """Reported events, and what waits in quarantine, of any campaign."""
    return [need for need in (_reports(), _quarantine()) if need is not None]


def _reports() -> Need | None:
    count = guarded.reported_count()
    if not count:
        return None
    what = ngettext("Somebody reported {number} event", "Somebody reported {number} events", count)
    return Need(
        what.format(number=formats.number(count)),
        _("Visitors say that something is wrong"),
        _("Read the reports"),
        reverse("office:reports"),
        "flag",
        "hot",
    )


def _quarantine() -> Need | None:
    count = sum(guarded.count_by_reason().values())
    if not count:
        return None
    what = ngettext(
        "{number} sign-up or event is in quarantine",
        "{number} sign-ups and events are in quarantine",
        count,
    )
    return Need(
        what.format(number=formats.number(count)),
        _("They look like the work of a program"),
        _("Let in or delete"),
        reverse("office:quarantine"),
        "hourglass",
        "warn",
    )
