"""The segment builder: rows that read as sentences, the numbers beside them, one person checked.

Everything stands in the form, so it works without JavaScript: each button posts the whole of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django_countries import countries

from groundswell.kernel import formats
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame, states
from groundswell.office.segments import rows as drafts
from groundswell.office.segments.fields import CheckForm, KeepForm, RowForm
from groundswell.people import finding, policy, sight
from groundswell.people import queries as people_queries
from groundswell.people.models import Person, Segment
from groundswell.people.operations import looking, segments
from groundswell.people.segments import compiling, counting, reading, shelf, wording
from groundswell.people.segments.compiling import Question
from groundswell.people.segments.parameters import Area
from groundswell.people.sockets import Depth
from groundswell.web import guards
from groundswell.web.forms import Problem
from groundswell.web.requests import HouseRequest

FOUND_MOST = 3
LANGUAGES_MOST = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One row as the page shows it."""

    form: RowForm
    number: int
    sentence: str
    left: str
    change: str
    is_first: bool
    is_last: bool

    @property
    def before(self) -> int:
        return self.number - 1

    @property
    def after(self) -> int:
        return self.number + 1


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with all the forms of the page, for the summary above them."""

    problems: list[Problem]

    @property
    def errors(self) -> bool:
        return bool(self.problems)


@guards.office(Right.SEGMENT, post=True)
def add(request: HouseRequest) -> HttpResponse:
    """A new question."""
    return _build(request, None)


@guards.office(Right.SEGMENT)
def new(request: HouseRequest) -> HttpResponse:
    """The address that people try first."""
    return HttpResponseRedirect(reverse("office:segment_add"))


@guards.office(Right.SEGMENT, post=True)
def segment(request: HouseRequest, segment_id: int) -> HttpResponse:
    """A saved question; whoever may not change it saves a copy."""
    return _build(request, segment_or_404(request, segment_id))


def segment_or_404(request: HouseRequest, segment_id: int) -> Segment:
    """The segment, where the reader sees it."""
    found = shelf.visible_to(frame.by(request)).filter(id=segment_id).first()
    if found is None:
        raise Http404
    return found


def _build(request: HouseRequest, saved: Segment | None) -> HttpResponse:
    actor, is_post = frame.by(request), request.method == "POST"
    if is_post:
        draft = drafts.of_post(request.POST, actor)
    else:
        draft = drafts.of_stored(saved.rows if saved else drafts.beginning(), actor)
    do = request.POST.get("do", "") if is_post else ""
    keeping = KeepForm(
        request.POST if do in {"save", "copy"} else None, initial=_kept(request, saved)
    )
    rows, asked = draft.rows(), None
    if rows is not None:
        try:
            asked = compiling.question(rows, by=actor)
            if do in {"save", "copy"} and keeping.is_valid():
                return _save(request, saved if do == "save" else None, keeping, rows)
        except reading.BadRow as bad:
            draft.forms[bad.number].refuse(bad)
            asked = None
        except Refusal as refusal:
            keeping.refuse(refusal)
    if request.headers.get("Accept") == "application/json":
        return _figures(draft, asked, actor)
    checking = CheckForm(request.POST if do == "check" else None)
    context = {
        "segment": saved,
        "can_change": saved is None or policy.can_change_segment(actor, saved),
        "version": saved.version if saved else 0,
        "all_href": _list_of(saved, actor),
        "keeping": keeping,
        "folders": shelf.folders(actor),
        "adding": draft.adding,
        "newest": len(draft.forms),
        "checking": checking,
        **_numbers(request, draft, asked, is_fresh=do == "count"),
        **_checked(request, checking, asked),
    }
    shown = [form for form in (*draft.forms, draft.adding, keeping) if form.is_bound]
    wrong = Wrong([problem for form in shown for problem in form.problems()])
    context["wrong"] = wrong
    status = 422 if wrong.errors else 200
    return frame.page(
        request, "office/segments/builder.html", context, current="segments", status=status
    )


def _kept(request: HouseRequest, saved: Segment | None) -> dict[str, Any]:
    """Name and folder: as they are typed, else as they are."""
    if request.method == "POST" and "name" in request.POST:
        return {
            "name": request.POST.get("name", ""),
            "folder": request.POST.get("folder", ""),
            "is_shared": "is_shared" in request.POST,
        }
    if saved is None:
        return {"is_shared": True}
    return {"name": saved.name, "folder": saved.folder, "is_shared": saved.is_shared}


def _save(
    request: HouseRequest, saved: Segment | None, form: KeepForm, rows: list[reading.Row]
) -> HttpResponse:
    actor, given = frame.by(request), form.cleaned_data
    kept = segments.Kept(name=given["name"], folder=given["folder"], is_shared=given["is_shared"])
    if saved is None:
        done = segments.begin(kept=kept, rows=rows, by=actor)
    else:
        version = read_id(request.POST.get("version", "")) or 0
        done = segments.rewrite(
            segment_id=saved.id, kept=kept, rows=rows, version=version, by=actor
        )
    messages.success(request, _("Saved. It counts anew each time it is used."))
    return HttpResponseRedirect(reverse("office:segment", args=[done.id]))


def _list_of(saved: Segment | None, actor: Actor) -> str:
    """Where the people of the saved segment stand as a table, for whoever may open one."""
    may = saved is not None and actor.may_somewhere(Right.SEE_CONTACTS)
    return f"{reverse('office:people')}?segment={saved.id}" if saved and may else ""


# --- numbers -------------------------------------------------------------------------------------


def _numbers(
    request: HouseRequest, draft: drafts.Draft, asked: Question | None, *, is_fresh: bool
) -> dict[str, Any]:
    actor = frame.by(request)
    if asked is None:
        alone = [_alone(form, actor) for form in draft.forms]
        return {"lines": [_line(draft, number, words, None) for number, words in enumerate(alone)]}
    left = counting.after_each_row(asked, is_fresh=is_fresh)
    told = wording.sentences(asked.rows, actor)
    lines = [_line(draft, number, told[number], left[number]) for number in range(len(draft.forms))]
    parts = counting.split(asked)
    return {
        "lines": lines,
        "is_counted": True,
        "last": {
            "sentence": told[-1],
            "left": formats.number(left[-1].after),
            "change": _change(left[-1]),
        },
        "total": states.people_words(left[-1].after),
        "by_email": formats.number(parts.by_email),
        "by_text": formats.number(parts.by_text),
        "languages": _languages(parts),
        **_some(request, asked),
    }


def _figures(draft: drafts.Draft, asked: Question | None, actor: Actor) -> JsonResponse:
    """The numbers alone, by the name of their place on the page; while a row is unfinished, what
    is wrong with it. ``fields`` are typed values as they were understood.

    No name of anybody is in it, so it counts towards no day's number of people.
    """
    if asked is None:
        wrong = {f"wrong-{number}": _wrong(form) for number, form in enumerate(draft.forms)}
        total = _("Not counted: finish the rows first")
        return JsonResponse({"parts": {**wrong, "total": total}})  # nobody pressed anything yet
    left = counting.after_each_row(asked)
    told, parts = wording.sentences(asked.rows, actor), counting.split(asked)
    found = {
        "total": states.people_words(left[-1].after),
        "by-email": formats.number(parts.by_email),
        "by-text": formats.number(parts.by_text),
    }
    for number, (sentence, one) in enumerate(zip(told, left, strict=True)):
        at = str(number) if number < len(draft.forms) else "last"
        found[f"sentence-{at}"] = sentence
        found[f"left-{at}"] = formats.number(one.after)
        found[f"change-{at}"] = _change(one)
        found[f"wrong-{at}"] = ""
    return JsonResponse({
        "parts": found,
        "languages": _languages(parts),
        "fields": {
            form.add_prefix(one.name): form.row.given[one.name]
            for form in draft.forms
            if form.row is not None
            for one in form.criterion.parameters
            if isinstance(one, Area)
        },
    })  # fmt: skip


def _wrong(form: RowForm) -> str:
    """What is wrong with fields that somebody filled in; an empty one is only unfinished."""
    typed = [bound for bound in form if bound.errors and bound.data not in ("", None, [])]
    return " ".join(str(error) for bound in typed for error in bound.errors)


def _languages(parts: counting.Split) -> list[dict[str, str]]:
    return [
        {"name": formats.endonym(code) if code else _("not known"), "count": formats.number(count)}
        for code, count in parts.languages[:LANGUAGES_MOST]
    ]


def _alone(form: RowForm, by: Actor) -> str:
    """The sentence of a finished row among unfinished ones; "" for one of those."""
    if not form.is_valid() or form.row is None:  # one that was just added is never valid
        return ""
    return wording.sentence(form.row, by)


def _line(draft: drafts.Draft, number: int, sentence: str, left: counting.Left | None) -> Line:
    return Line(
        form=draft.forms[number],
        number=number,
        sentence=sentence,
        left=formats.number(left.after) if left else "",
        change=_change(left) if left else "",
        is_first=number <= 1,
        is_last=number == len(draft.forms) - 1,
    )


def _change(left: counting.Left) -> str:
    """``8,214 → 1,902``."""
    if left.before is None:
        return ""
    before, after = formats.number(left.before), formats.number(left.after)
    return _("{before} → {after}").format(before=before, after=after)


def _some(request: HouseRequest, asked: Question) -> dict[str, Any]:
    actor, shown = frame.by(request), counting.some(asked)
    try:
        looking.note_seen(person_ids=[person.id for person in shown], by=actor)
    except looking.EnoughForToday as refusal:
        looking.note_enough(by=actor)
        return {"enough": str(refusal)}
    return {"some": _named(request, shown)}


def _named(request: HouseRequest, shown: list[Person]) -> list[dict[str, Any]]:
    actor = frame.by(request)
    names, depths = people_queries.names_of(shown), sight.depths(actor, shown)
    opens = actor.may_somewhere(Right.SEE_CONTACTS)
    return [
        {
            "person": person,
            "name": sight.shown_name(names[person.id], depths.get(person.id, Depth.FIRST_NAME)),
            "href": reverse("office:person", args=[person.id]) if opens else "",
            "country": countries.name(person.country) if person.country else "",
        }
        for person in shown
    ]


# --- check a person ------------------------------------------------------------------------------


def _checked(request: HouseRequest, form: CheckForm, asked: Question | None) -> dict[str, Any]:
    """Row by row why somebody is in or out; the first few who fit what was typed."""
    if asked is None or not form.is_bound or not form.is_valid() or not form.cleaned_data["who"]:
        return {}
    actor = frame.by(request)
    shown = list(finding.find(form.cleaned_data["who"], by=actor)[:FOUND_MOST])
    try:
        looking.note_seen(person_ids=[person.id for person in shown], by=actor)
    except looking.EnoughForToday as refusal:
        looking.note_enough(by=actor)
        return {"enough": str(refusal)}
    told = wording.sentences(asked.rows, actor)
    found: list[dict[str, Any]] = []
    for row in _named(request, shown):
        answers = counting.why(asked, row["person"].id)
        if answers is not None:
            pairs = list(zip(told, answers, strict=True))
            found.append({**row, "answers": pairs, "is_in": answers[-1].is_in})
    return {"checked": found, "is_checked": True}


urlpatterns = [
    path("segments/add/", add, name="segment_add"),
    path("segments/new/", new, name="segment_new"),
    path("segments/<id:segment_id>/", segment, name="segment"),
]
