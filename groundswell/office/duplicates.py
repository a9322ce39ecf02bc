"""People who look alike: one pair on a screen, keyboard first; and every merge, with its undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.accounts import queries as account_queries
from groundswell.kernel import formats
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame, listing
from groundswell.office.people.one import enough
from groundswell.people import deciding_pairs, sight
from groundswell.people import queries as people_queries
from groundswell.people.duplicates import wordings
from groundswell.people.models import Lookalike, Merge
from groundswell.people.operations import lookalikes, looking, merging, undoing
from groundswell.people.sockets import Depth
from groundswell.web import guards
from groundswell.web.forms import PlainForm
from groundswell.web.requests import HouseRequest

PER_PAGE = 50
WHY: dict[str, Promise] = {
    Merge.Because.REVIEW: gettext_lazy("Somebody looked at the two"),
    Merge.Because.EMAIL: gettext_lazy("By itself: one proven mailbox, one name"),
}


@guards.office(Right.SEE_ALL, post=True)
def duplicates(request: HouseRequest) -> HttpResponse:
    """The likeliest pair; ``?pair=`` names one, ``?after=`` goes on. A post decides."""
    if request.method == "POST":
        return _decide(request)
    pairs = deciding_pairs.waiting(frame.by(request))
    pair = pairs.filter(id=_number(request.GET.get("pair", ""))).first()
    after = Lookalike.objects.filter(id=_number(request.GET.get("after", ""))).first()
    if pair is None and after is not None:
        pair = deciding_pairs.next_after(pairs, after)
    pair = pair or pairs.first()
    return _screen(request, pair)


def _number(text: str) -> int:
    return read_id(text) or 0


def _screen(
    request: HouseRequest, pair: Lookalike | None, form: PlainForm | None = None
) -> HttpResponse:
    actor = frame.by(request)
    done = _done(request)
    context: dict[str, Any]
    if pair is None:
        context = {"done": done, "form": form}
        return frame.page(
            request, "office/duplicates/none.html", context, current="people",
            status=422 if form is not None else 200,
        )  # fmt: skip
    try:
        looking.note_seen(person_ids=[pair.one_id, pair.other_id], by=actor)
    except looking.EnoughForToday as refusal:
        return enough(request, refusal)
    pairs = deciding_pairs.waiting(actor)
    names = people_queries.names_of([pair.one, pair.other])
    context = {
        "pair": pair,
        "lines": deciding_pairs.beside(pair),
        "reasons": wordings.sentences(pair.reasons),
        "names": [
            sight.shown_name(names[each], Depth.ALL) for each in (pair.one_id, pair.other_id)
        ],
        "left": pairs.count(),
        "done": done,
        "form": form,
    }
    return frame.page(
        request, "office/duplicates/pair.html", context, current="people",
        status=422 if form is not None else 200,
    )  # fmt: skip


def _done(request: HouseRequest) -> dict[str, Any]:
    """What was decided a moment ago, to be taken back with one press."""
    merge = deciding_pairs.merges(frame.by(request)).filter(
        id=_number(request.GET.get("merged", "")), undone_at=None
    )
    judged = Lookalike.objects.filter(id=_number(request.GET.get("judged", "")))
    judged = judged.exclude(state=Lookalike.State.OPEN)
    return {"merge": merge.first(), "judged": judged.first()}


def _decide(request: HouseRequest) -> HttpResponse:
    actor, given = frame.by(request), request.POST
    pair = Lookalike.objects.select_related("one", "other").filter(
        id=_number(given.get("pair", ""))
    )
    found = pair.first()
    verb = given.get("do", "")
    at = reverse("office:duplicates")
    try:
        if found is None:
            raise merging.OneIsGone
        both = {"one_id": found.one_id, "other_id": found.other_id}
        if verb == "same":
            kept, gone = found.one_id, found.other_id
            if given.get("keep") == "other":
                kept, gone = gone, kept
            made = merging.merge(kept_id=kept, gone_id=gone, by=actor)
            messages.success(request, _("They are one person now. Both old links lead there."))
            return HttpResponseRedirect(f"{at}?after={found.id}&merged={made.id}")
        if verb == "different":
            lookalikes.tell_apart(**both, by=actor)
            messages.success(request, _("Two different people. This pair will not come back."))
        elif verb == "together":
            lookalikes.say_together(**both, by=actor)
            messages.success(request, _("They live together now, as two people."))
        elif verb == "again":
            lookalikes.open_again(lookalike_id=found.id, by=actor)
            return HttpResponseRedirect(f"{at}?pair={found.id}")
        else:
            raise frame.NoSuchButton
    except Refusal as refusal:
        form = PlainForm(given)
        form.refuse(refusal)
        shown = deciding_pairs.waiting(actor)
        again = shown.filter(id=found.id).first() if found is not None else None
        return _screen(request, again or shown.first(), form)
    return HttpResponseRedirect(f"{at}?after={found.id}&judged={found.id}")


@guards.office(Right.SEE_ALL, post=True)
def merges(request: HouseRequest) -> HttpResponse:
    """Every merge, the newest first. A post takes one back."""
    actor = frame.by(request)
    form: PlainForm | None = None
    if request.method == "POST":
        form = PlainForm(request.POST)
        try:
            person = undoing.undo(merge_id=_number(request.POST.get("merge", "")), by=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            name = sight.name_for(actor, person)
            messages.success(request, _("{name} is a person of their own again.").format(name=name))
            return HttpResponseRedirect(reverse("office:merges"))
    page = listing.with_links(
        Paginator(deciding_pairs.merges(actor), PER_PAGE).get_page(request.GET.get("page")),
        lambda number: f"page={number}",
    )
    rows = list(page.object_list)
    names = people_queries.names_of([row.kept for row in rows])
    who = account_queries.names_of({row.by_id for row in rows if row.by_id is not None})
    try:
        looking.note_seen(person_ids=[row.kept_id for row in rows], by=actor)
    except looking.EnoughForToday as refusal:
        return enough(request, refusal)
    context = {
        "rows": [
            {
                "merge": row,
                "name": names[row.kept_id].full,
                "who": who.get(row.by_id or 0, ""),
                "why": WHY[row.because],
                "on": formats.day_and_year(row.at),
                "undone_on": formats.day_and_year(row.undone_at) if row.undone_at else "",
            }
            for row in rows
        ],
        "page": page,
        "form": form,
    }
    return frame.page(
        request, "office/duplicates/merges.html", context, current="people",
        status=422 if form is not None else 200,
    )  # fmt: skip


urlpatterns = [
    path("people/duplicates/", duplicates, name="duplicates"),
    path("people/merges/", merges, name="merges"),
]
