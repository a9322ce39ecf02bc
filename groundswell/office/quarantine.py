"""Quarantine: sign-ups and events that may be the work of programs. Let in, or delete; a day to
take it back. Works by plain forms: tick some, or all of one reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groundswell.accounts.doubts import Doubt
from groundswell.events.models import Held
from groundswell.events.operations import holding
from groundswell.events.queries import guarded, people
from groundswell.kernel import formats
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame, states
from groundswell.people import queries as people_queries
from groundswell.site import vault
from groundswell.web import guards
from groundswell.web.forms import PlainForm
from groundswell.web.requests import HouseRequest

PER_PAGE = 50

WHY: dict[str, Promise] = {
    Doubt.TRAP: gettext_lazy("It filled in a field that no person sees."),
    Doubt.UNSTAMPED: gettext_lazy("It came without our form."),
    Doubt.FAST: gettext_lazy("It was sent within three seconds."),
    Doubt.STALE: gettext_lazy("The form had been open for more than half a day."),
    Doubt.NETWORK: gettext_lazy("Very many came from the same network."),
    Doubt.SURGE: gettext_lazy("Very many came for the same event at once."),
    Doubt.OFTEN: gettext_lazy("The same unproven address signed up everywhere."),
    Doubt.LINKS: gettext_lazy("It is full of links."),
    Doubt.BLOCKED: gettext_lazy("The address is blocked."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line: who or what, for which event, why it is here."""

    held_id: int
    name: str
    event: str
    town: str
    why: str
    since: str
    is_event: bool


def rows(found: list[Held]) -> list[Row]:
    """Lines of loaded rows; one question for all names."""
    vault.load_keys_of([row.rsvp for row in found if row.rsvp], "name_sealed")
    hosts = people_queries.names_of(
        [row.event.host for row in found if row.rsvp is None and row.event.host]
    )
    return [
        Row(
            row.id,
            people.shown_name(row.rsvp)
            if row.rsvp
            else (hosts[row.event.host_id].for_hosts if row.event.host_id in hosts else ""),
            row.event.title,
            row.event.town,
            str(WHY[row.because]),
            states.ago(row.held_at),
            row.rsvp is None,
        )
        for row in found
    ]


@guards.office(Right.MODERATE, post=True, is_everywhere=True)
def quarantine(request: HouseRequest) -> HttpResponse:
    """The list, 50 on a page; a post decides about what was ticked, or about a whole reason."""
    form = PlainForm(request.POST if request.method == "POST" else None)
    because = request.GET.get("why", "")
    because = because if because in WHY else ""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _decide(request, because))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(request.get_full_path())
    return _page(request, form, because)


def _page(request: HouseRequest, form: PlainForm, because: str) -> HttpResponse:
    page = Paginator(guarded.in_quarantine(because=because), PER_PAGE).get_page(
        request.GET.get("page")
    )
    counts = guarded.count_by_reason()
    context = {
        "form": form,
        "rows": rows(list(page.object_list)),
        "page": _with_links(page, because),
        "chips": [
            {
                "words": _("{why} {number}").format(why=WHY[code], number=formats.number(many)),
                "href": "?" + urlencode({"why": code}) if code != because else "?",
                "is_current": code == because,
            }
            for code, many in counts.items()
        ],
        "because": because,
        "all_of_this": _all_words(counts.get(because, 0)) if because else "",
        "presses": [
            {
                "stamp": press.deleted_at.astimezone(UTC).isoformat(),
                "words": ngettext(
                    "{number} deleted {ago}", "{number} deleted {ago}", press.count
                ).format(number=formats.number(press.count), ago=states.ago(press.deleted_at)),
            }
            for press in guarded.deleted_lately()
        ],
    }
    return frame.page(
        request,
        "office/guarding/quarantine.html",
        context,
        current="more",
        status=422 if form.errors else 200,
    )


def _all_words(count: int) -> str:
    words = ngettext(
        "The one with this reason", "All {number} with this reason, 500 at a time", count
    )
    return words.format(number=formats.number(count))


def _with_links(page: Page[Held], because: str) -> Page[Held]:
    base = {"why": because} if because else {}
    if page.has_previous():
        page.query_before = urlencode({**base, "page": page.previous_page_number()})  # type: ignore[attr-defined]  # for the template
    if page.has_next():
        page.query_after = urlencode({**base, "page": page.next_page_number()})  # type: ignore[attr-defined]  # for the template
    return page


def _decide(request: HouseRequest, because: str) -> str:
    """Do what the pressed button says; the sentence for the toast."""
    do, by = request.POST.get("do", ""), frame.by(request)
    if do == "take_back":
        count = holding.take_back(deleted_at=_instant(request.POST.get("stamp", "")), by=by)
        words = ngettext("{number} is back.", "{number} are back.", count)
        return words.format(number=formats.number(count))
    ids = _ids(request, because)
    if do == "let_in":
        count = holding.let_in(held_ids=ids, by=by)
        words = ngettext("{number} is let in.", "{number} are let in.", count)
    elif do == "delete":
        count = holding.discard(held_ids=ids, by=by)
        words = ngettext(
            "{number} is deleted. You can take it back for a day.",
            "{number} are deleted. You can take them back for a day.",
            count,
        )
    else:
        raise frame.NoSuchButton
    return words.format(number=formats.number(count))


def _ids(request: HouseRequest, because: str) -> list[int]:
    if because and request.POST.get("all") == "yes":
        found = guarded.in_quarantine(because=because).values_list("id", flat=True)
        return list(found[: holding.AT_ONCE])
    ticked = request.POST.getlist("held")
    return [number for each in ticked if (number := read_id(each)) is not None]


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise frame.NoSuchButton from None
    if found.tzinfo is None:
        raise frame.NoSuchButton
    return found


urlpatterns = [path("quarantine/", quarantine, name="quarantine")]
