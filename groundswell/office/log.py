"""The log: every change with who made it, as sentences; filters as an address; a table as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.accounts import queries as accounts_queries
from groundswell.campaigns import queries as campaign_queries
from groundswell.events.queries import watching
from groundswell.kernel.ids import read_id
from groundswell.kernel.roles import Right
from groundswell.ledger import queries as ledger_queries
from groundswell.ledger import wires
from groundswell.ledger.models import Entry
from groundswell.office import csv_file, frame, past
from groundswell.web import guards
from groundswell.web.forms import Choice, Day, PlainForm
from groundswell.web.requests import HouseRequest

LINES = 50
CSV_MOST = 50_000

# What happened is recorded by the room that it happened in.
ROOM_WORDS: Mapping[str, Promise] = {
    "accounts": gettext_lazy("Accounts and roles"),
    "people": gettext_lazy("People"),
    "campaigns": gettext_lazy("Campaigns"),
    "events": gettext_lazy("Events and sign-ups"),
    "outreach": gettext_lazy("Messages"),
    "places": gettext_lazy("Places and regions"),
    "site": gettext_lazy("This installation"),
    "ledger": gettext_lazy("The log itself"),
}


class FilterForm(PlainForm):
    """What of the log to show; nothing chosen shows everything."""

    what = Choice(label=gettext_lazy("What"), required=False)
    who = Choice(label=gettext_lazy("Who"), required=False)
    since = Day(label=gettext_lazy("From"), required=False)
    until = Day(label=gettext_lazy("Until"), required=False)

    def __init__(self, *args: Any, members: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = [(room, words) for room, words in ROOM_WORDS.items() if _kinds_of(room)]
        everything, anybody = _("Everything"), _("Anybody")
        self.fields["what"].choices = [("", everything), *rooms]  # type: ignore[attr-defined]  # a choice field
        self.fields["who"].choices = [("", anybody), *members]  # type: ignore[attr-defined]  # as above

    def wish(self, zone: str) -> ledger_queries.Wish:
        """What was chosen, days on the reader's clock; a wrong filter is left out."""
        given = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        since, until = given.get("since"), given.get("until")
        who = given.get("who")
        return ledger_queries.Wish(
            kinds=_kinds_of(given.get("what") or ""),
            account_id=int(who) if who else None,
            since=datetime.combine(since, time(), ZoneInfo(zone)) if since else None,
            until=_end_of(until, zone) if until else None,
        )


def _end_of(day: Any, zone: str) -> datetime | None:
    try:
        return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    except OverflowError:  # the last day of the year 9999
        return None


def _kinds_of(room: str) -> tuple[str, ...]:
    return tuple(kind for kind in wires.facts if room and kind.startswith(f"{room}."))


def _form(request: HouseRequest) -> FilterForm:
    members = accounts_queries.team(frame.by(request))
    choices = [(str(member.account.id), member.name) for member in members]
    return FilterForm(request.GET, members=choices)


@guards.office(Right.AUDIT, is_everywhere=True)
def log(request: HouseRequest) -> HttpResponse:
    """What happened, newest first, 50 lines at a time."""
    wanted = read_id(request.GET.get("before", ""))
    form = _form(request)
    wish = form.wish(frame.zone_of(request))
    rows = past.told(ledger_queries.log(wish, before=wanted)[: LINES + 1])
    shown = rows[:LINES]
    about = _Abouts(shown)
    held = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "form": form,
        "rows": [{"row": row, "about": about.of(row)} for row in shown],
        "earlier": urlencode({**held, "before": shown[-1].entry_id}) if rows[LINES:] else "",
        "newest": "?" + urlencode(held) if wanted is not None else "",
        "is_filtered": bool(held),
        "csv_href": reverse("office:log_csv") + ("?" + urlencode(held) if held else ""),
    }
    return frame.page(request, "office/health/log.html", context, current="log")


class _Abouts:
    """What lines are about, with two questions for all of them."""

    def __init__(self, rows: list[past.Happened]) -> None:
        campaigns = campaign_queries.by_ids({row.campaign_id for row in rows})
        self.titles = campaign_queries.titles(campaigns.values(), frame.language())
        found = watching.events_by_ids({row.event_id for row in rows})
        self.events = {event.id: event for event in found}

    def of(self, row: past.Happened) -> tuple[str, str]:
        """The event or campaign that a line is about, and its page."""
        event = self.events.get(row.event_id or 0)
        if event is not None:
            at = [event.campaign.slug, event.slug]
            return event.title, reverse("office:event", args=at)
        return self.titles.get(row.campaign_id or 0, ""), ""


@guards.office(Right.AUDIT, is_everywhere=True)
def log_csv(request: HouseRequest) -> HttpResponse:
    """The same lines as a table, the newest 50,000; ids instead of names of people."""
    wish = _form(request).wish(frame.zone_of(request))
    head = [_("When (UTC)"), _("Who"), _("What"), _("Entry"), _("Kind"), _("Person"), _("Event")]
    return csv_file.response("log", head, _cells(ledger_queries.log(wish)[:CSV_MOST]))


def _cells(entries: Any) -> Iterator[list[object]]:
    batch: list[Entry] = []
    for entry in entries.iterator(500):
        batch.append(entry)
        if len(batch) == 500:
            yield from _lines(batch)
            batch = []
    yield from _lines(batch)


def _lines(batch: list[Entry]) -> Iterator[list[object]]:
    for entry, line in zip(batch, past.told(batch), strict=True):
        yield [
            entry.at.isoformat(timespec="seconds"),
            line.who,
            line.sentence,
            entry.id,
            entry.kind,
            entry.person_id,
            entry.event_id,
        ]


urlpatterns = [
    path("log/", log, name="log"),
    path("log.csv", log_csv, name="log_csv"),
]
