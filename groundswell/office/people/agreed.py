"""What somebody agreed to beyond single events, line by line, as the consent ledger proves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from groundswell.campaigns import queries as campaign_queries
from groundswell.kernel import clock, formats
from groundswell.people import agreed, fields
from groundswell.people.models import Consent, Topic
from groundswell.people.operations import reach

# Consent.source: where it was said. Of invented people, the words themselves say so.
SOURCES: dict[str, str | Promise] = {
    "public.rsvp": gettext_lazy("On the page of an event"),
    "public.host": gettext_lazy("When they offered to hold an event"),
    "public.form": gettext_lazy("On a form"),
    "lead": gettext_lazy("On the form of an advertisement"),
    "import": gettext_lazy("In a list that was taken in"),
    "my.data": gettext_lazy("On their own page, by the link of a mail"),
    "mail.stop": gettext_lazy("By the link to stop in a mail"),
}


@dataclass(frozen=True, slots=True)
class Agreed:
    """One line of "what they agreed to"; ``told``: how we know, and until when it holds."""

    what: str
    channel: str
    is_on: bool
    waits: bool
    at: datetime
    told: tuple[str, ...]
    words: str


def lines_of(person_id: int) -> list[Agreed]:
    """What stands in the consent ledger beyond single events, the newest first."""
    lines = list(
        Consent.objects.filter(
            person_id=person_id, is_current=True, purpose__in=reach.BEYOND_EVENTS
        ).order_by("-at", "-id")
    )
    of_campaigns = {c.about_id for c in lines if c.purpose == Consent.Purpose.CAMPAIGN}
    campaigns = campaign_queries.by_ids(of_campaigns) if of_campaigns else {}
    titles = campaign_queries.titles(campaigns.values(), get_language() or "en")
    topics = {topic.id: fields.in_language(topic.names) for topic in Topic.objects.all()}
    return [_line(line, titles, topics) for line in lines]


def _line(line: Consent, titles: dict[int, str], topics: dict[int, str]) -> Agreed:
    if line.purpose == Consent.Purpose.CAMPAIGN:
        what = _("Campaign: {title}").format(title=titles.get(line.about_id, ""))
    else:
        what = topics.get(line.about_id) or _("News of this organisation")
    is_text = line.channel == Consent.Channel.TEXT
    is_over = line.expires_at is not None and line.expires_at <= clock.now()
    return Agreed(
        what=what,
        channel=_("By text message") if is_text else _("By e-mail"),
        is_on=line.is_given and not is_over,
        waits=line.needs_proof and line.is_given and not is_over,
        at=line.at,
        told=tuple(filter(None, [_source(line), _organisation(line), _end(line, is_over)])),
        words=agreed.words(line.wording) if line.is_given else "",
    )


def _source(line: Consent) -> str:
    kind, _id, row = (*line.proof.split(":"), "", "", "")[:3]
    if kind == "import" and row.isdecimal():
        return _("In row {number} of a list that was taken in").format(
            number=formats.number(int(row))
        )
    return str(SOURCES.get(line.source, ""))


def _organisation(line: Consent) -> str:
    if not line.organisation:
        return ""
    return _("Given to {organisation}").format(organisation=line.organisation)


def _end(line: Consent, is_over: bool) -> str:
    if line.expires_at is None:
        return ""
    day = formats.day_and_year(line.expires_at)
    return (_("Ended on {day}") if is_over else _("Until {day}")).format(day=day)
