"""Doing one thing to many people: what it would do first, then the button, then the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.accounts import queries as account_queries
from groundswell.kernel import formats
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame, progress
from groundswell.people.lists import wishes
from groundswell.people.models import BulkAct, Tag, View
from groundswell.people.operations import bulk, views
from groundswell.web import guards
from groundswell.web.forms import Choice, PlainForm
from groundswell.web.requests import HouseRequest

HEADINGS = {
    bulk.Kind.TAG: lambda: _("Put a tag on"),
    bulk.Kind.UNTAG: lambda: _("Take a tag off"),
    bulk.Kind.POINT: lambda: _("Choose who looks after them"),
    bulk.Kind.PICK: lambda: _("Put on a list"),
    bulk.Kind.UNPICK: lambda: _("Take off a list"),
}
LABELS = {
    bulk.Kind.TAG: lambda: _("Which tag?"),
    bulk.Kind.UNTAG: lambda: _("Which tag?"),
    bulk.Kind.POINT: lambda: _("Who looks after them?"),
    bulk.Kind.PICK: lambda: _("Which list?"),
    bulk.Kind.UNPICK: lambda: _("Which list?"),
}


class AboutForm(PlainForm):
    """Which tag, list or colleague."""

    about = Choice()

    def __init__(self, *args: Any, kind: bulk.Kind, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].label = LABELS[kind]()
        self.fields["about"].choices = _choices(kind, by)  # type: ignore[attr-defined]  # a choice field


def _choices(kind: bulk.Kind, by: Actor) -> list[tuple[str, str]]:
    if kind in {bulk.Kind.TAG, bulk.Kind.UNTAG}:
        return [(str(tag.id), tag.name) for tag in Tag.objects.order_by("folded")]
    if kind is bulk.Kind.POINT:
        team = [(str(each.account.id), each.name) for each in account_queries.team(by)]
        return [("0", _("Nobody in particular")), *team]
    found = [view for view in views.visible(by) if view.is_picked and views.can_change(view, by)]
    return [(str(view.id), view.name) for view in found]


def _kind(request: HouseRequest) -> bulk.Kind:
    """What to do. Raises NoSuchButton."""
    told = request.POST.get("act", "")
    if told not in set(bulk.Kind):
        raise frame.NoSuchButton
    return bulk.Kind(told)


def _wish(request: HouseRequest) -> wishes.Wish:
    """Those who are ticked; with ``all``, everybody who fits."""
    ticked = [] if request.POST.get("all") else request.POST.getlist("who")
    return wishes.read(request.POST, ticked)


@guards.office(Right.SEE_CONTACTS, post=True)
def many(request: HouseRequest) -> HttpResponse:
    """The page between the ticks and the act: it says exactly what would change."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("office:people"))
    wish, by = _wish(request), frame.by(request)
    try:
        kind = _kind(request)
        if not wish.ids and not request.POST.get("all"):
            raise bulk.NobodyChosen
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("office:people"))
    asked = request.POST if "about" in request.POST else None
    form = AboutForm(asked, kind=kind, by=by)
    preview = None
    if asked is not None and form.is_valid():
        about_id = read_id(form.cleaned_data["about"]) or 0
        try:
            if request.POST.get("do") == "now":
                act = bulk.start(kind=kind, about_id=about_id, wish=wish, by=by)
                return HttpResponseRedirect(reverse("office:people_act", args=[act.id]))
            preview = bulk.preview(kind=kind, about_id=about_id, wish=wish, by=by)
        except Refusal as refusal:
            form.refuse(refusal)
    context = {
        "form": form,
        "heading": HEADINGS[kind](),
        "act": kind.value,
        "count": bulk.whom(wish, by).count(),
        "preview": _preview_words(preview) if preview else "",
        "can_go_on": preview is not None and preview.changed > 0,
        "has_choices": bool(form.fields["about"].choices),  # type: ignore[attr-defined]  # a choice field
        "is_all": bool(request.POST.get("all")),
        "hidden": wish.query(),
        "ids": wish.ids,
    }
    status = 422 if form.errors else 200
    return frame.page(request, "office/people/many.html", context, current="people", status=status)


def _preview_words(found: bulk.Preview) -> str:
    same = found.wanted - found.changed
    changes = ngettext(
        "It changes {number} person.", "It changes {number} people.", found.changed
    ).format(number=formats.number(found.changed))
    if not same:
        return changes
    stays = ngettext(
        "{number} stays as it is, because it is so already.",
        "{number} stay as they are, because it is so already.",
        same,
    ).format(number=formats.number(same))
    return f"{changes} {stays}"


def about_words(act: BulkAct) -> str:
    """What an act was about: the tag's, the list's or the colleague's name."""
    if act.kind in {bulk.Kind.TAG, bulk.Kind.UNTAG}:
        return str(Tag.objects.filter(id=act.about_id).first() or "")
    if act.kind in {bulk.Kind.PICK, bulk.Kind.UNPICK}:
        return str(View.objects.filter(id=act.about_id).first() or "")
    return account_queries.names_of([act.about_id]).get(act.about_id, "") or _(
        "Nobody in particular"
    )


def _told(act: BulkAct, by: Actor) -> dict[str, Any]:
    return {
        "act": act,
        "what": HEADINGS[bulk.Kind(act.kind)](),
        "about": about_words(act),
        "is_running": act.state in {bulk.State.RUNNING, bulk.State.UNDOING},
        "is_undone": act.state == bulk.State.UNDONE,
        "can_undo": bulk.can_undo(act, by) and act.state == bulk.State.DONE,
    }


@guards.office(Right.SEE_CONTACTS)
def acts(request: HouseRequest) -> HttpResponse:
    """What was done to many people in the last seven days; data managers see everybody's."""
    by = frame.by(request)
    found = BulkAct.objects.order_by("-at", "-id")
    if not by.may(Right.EXPORT):
        found = found.filter(account_id=by.id or 0)
    rows = [_told(act, by) for act in found[:50]]
    return frame.page(request, "office/people/acts.html", {"rows": rows}, current="people")


@guards.office(Right.SEE_CONTACTS, post=True)
def act(request: HouseRequest, act_id: int) -> HttpResponse:
    """One change of many people: how far it is, and the way back."""
    by = frame.by(request)
    found = BulkAct.objects.filter(id=act_id).first()
    if found is None or not bulk.can_undo(found, by):
        raise Http404
    if request.method == "POST":
        try:
            bulk.undo(act_id=found.id, by=by)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Taken back."))
        return HttpResponseRedirect(reverse("office:people_act", args=[act_id]))
    told = _told(found, by)
    done, whole = found.changed_count, found.wanted_count
    if progress.is_asked(request):
        return progress.answer(done, whole, is_over=not told["is_running"])
    context = {**told, "progress": progress.rows(done, whole)}
    return frame.page(request, "office/people/act.html", context, current="people")


urlpatterns = [
    path("people/many/", many, name="people_many"),
    path("people/acts/", acts, name="people_acts"),
    path("people/acts/<id:act_id>/", act, name="people_act"),
]
