"""Whom somebody belongs with: relations, the household, who of the team looks after them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.accounts import queries as account_queries
from groundswell.kernel import formats
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.people.details import back_to, form_page
from groundswell.office.people.one import enough, person_or_404
from groundswell.office.people.profile import RELATION_WORDS
from groundswell.people import finding, sight
from groundswell.people import queries as people_queries
from groundswell.people.models import Person
from groundswell.people.operations import looking, ties
from groundswell.people.sockets import Depth
from groundswell.web import guards
from groundswell.web.forms import Card, Choice, Line, OneOf, PlainForm
from groundswell.web.requests import HouseRequest

FOUND_MOST = 8
TOGETHER = "household"


class FindForm(PlainForm):
    """Whom to look for."""

    q = Line(
        label=gettext_lazy("Name, e-mail or phone of the other person"),
        max_length=120,
        error_messages={"required": gettext_lazy("Write whom to look for.")},
    )


class TieForm(PlainForm):
    """Who it is, and what they are to each other."""

    other = OneOf(label=gettext_lazy("Who is it?"))
    kind = OneOf(label="")  # with the name of the person in it

    def __init__(
        self, *args: Any, others: list[tuple[str, Card]], name: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].label = _("What is that person to {name}?").format(name=name)
        kinds = [(kind.value, words[0]) for kind, words in RELATION_WORDS.items()]
        self.fields["other"].choices = others  # type: ignore[attr-defined]  # a choice field
        self.fields["kind"].choices = [(TOGETHER, _("They live together")), *kinds]  # type: ignore[attr-defined]  # as above


class PointForm(PlainForm):
    """Who of the team looks after somebody."""

    account = Choice(label=gettext_lazy("Who looks after them?"), required=False)

    def __init__(self, *args: Any, team: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = [("", _("Nobody in particular")), *team]  # type: ignore[attr-defined]  # a choice field


@guards.office(Right.SEE_CONTACTS, post=True)
def tie_add(request: HouseRequest, person_id: int) -> HttpResponse:
    """Find the other person, then say what they are to each other: two steps on one page."""
    found, depth = person_or_404(request, person_id, at_least=Depth.CONTACT)
    words = request.POST.get("q", "") if request.method == "POST" else request.GET.get("q", "")
    heading = _("Somebody they belong with")
    if not words.strip():
        form: PlainForm = FindForm(request.GET if "q" in request.GET else None)
        return form_page(request, found, depth, form, heading, is_search=True, verb=_("Find"))
    try:
        others = _others(request, found, words)
    except looking.EnoughForToday as refusal:
        return enough(request, refusal)
    if not others:
        form = FindForm({"q": words})
        form.add_error(
            "q", _("Nobody here fits. Check how the name is written, or try their e-mail.")
        )
        return form_page(request, found, depth, form, heading, is_search=True, verb=_("Find"))
    posted = request.POST if request.method == "POST" else None
    name = sight.shown_name(people_queries.name_of(found), depth)
    tie = TieForm(posted, others=others, name=name)
    if posted is not None and tie.is_valid():
        try:
            _tie(found, tie.cleaned_data, request)
        except Refusal as refusal:
            tie.refuse(refusal)
        else:
            messages.success(request, _("Noted."))
            return back_to(found.id, "belongs")
    return form_page(request, found, depth, tie, heading, hidden={"q": words})


def _others(request: HouseRequest, found: Person, words: str) -> list[tuple[str, Card]]:
    """Who fits, each with what tells two of one name apart."""
    by = frame.by(request)
    people = list(finding.find(words[:120], by=by).exclude(id=found.id)[:FOUND_MOST])
    looking.note_seen(person_ids=[person.id for person in people], by=by)
    names, depths = people_queries.names_of(people), sight.depths(by, people)
    towns = people_queries.towns_of(people)
    return [
        (
            str(p.id),
            Card(
                sight.shown_name(names[p.id], depths.get(p.id, Depth.FIRST_NAME)),
                " · ".join(filter(None, [towns.get(p.id, ""), _since(p)])),
            ),
        )
        for p in people
    ]


def _since(person: Person) -> str:
    day = formats.day_and_year(person.created_at.date())
    return _("With us since {day}").format(day=day)


def _tie(found: Person, chosen: dict[str, str], request: HouseRequest) -> None:
    other_id, by = int(chosen["other"]), frame.by(request)
    if chosen["kind"] == TOGETHER:
        ties.live_together(person_id=found.id, other_id=other_id, by=by)
        return
    ties.relate(person_id=found.id, other_id=other_id, kind=chosen["kind"], by=by)


@guards.office(Right.SEE_CONTACTS, post=True)
def tie_end(request: HouseRequest, person_id: int) -> HttpResponse:
    """End a relation (``relation``: its id), or take them out of their household."""
    found, _depth = person_or_404(request, person_id, at_least=Depth.CONTACT)
    if request.method == "POST":
        relation_id = read_id(request.POST.get("relation", ""))
        try:
            if relation_id is not None:
                ties.unrelate(person_id=found.id, relation_id=relation_id, by=frame.by(request))
            else:
                ties.move_out(person_id=found.id, by=frame.by(request))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Noted."))
    return back_to(found.id, "belongs")


@guards.office(Right.SEE_CONTACTS, post=True)
def point(request: HouseRequest, person_id: int) -> HttpResponse:
    """Choose who of the team looks after them."""
    found, depth = person_or_404(request, person_id, at_least=Depth.CONTACT)
    team = [(str(each.account.id), each.name) for each in account_queries.team(frame.by(request))]
    own = frame.by(request).id
    if own is not None and str(own) not in dict(team):
        team.insert(0, (str(own), account_queries.names_of([own]).get(own, "")))
    posted = request.POST if request.method == "POST" else None
    known = {"account": str(found.point_person_id or "")}
    form = PointForm(posted, team=team, initial=known)
    if posted is not None and form.is_valid():
        chosen = read_id(form.cleaned_data["account"])
        try:
            ties.choose_point_person(person_id=found.id, account_id=chosen, by=frame.by(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return back_to(found.id, "known")
    return form_page(request, found, depth, form, _("Who looks after them"))


urlpatterns = [
    path("people/<id:person_id>/belongs/", tie_add, name="person_tie_add"),
    path("people/<id:person_id>/belongs/end/", tie_end, name="person_tie_end"),
    path("people/<id:person_id>/point/", point, name="person_point"),
]
