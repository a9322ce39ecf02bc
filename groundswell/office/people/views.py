"""Saved views of the table of people: their columns, their folders, whom they are shared with."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import RIGHTS, Right, Role
from groundswell.office import frame
from groundswell.people.lists import columns as list_columns
from groundswell.people.lists import wishes
from groundswell.people.models import View
from groundswell.people.operations import views
from groundswell.web import guards, roles
from groundswell.web.forms import Line, PlainForm
from groundswell.web.requests import HouseRequest


class ColumnsForm(PlainForm):
    """Which columns the table has; the order is that of the list."""

    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        help_text=gettext_lazy("Twelve at most. On a phone each person is a card."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = offered  # type: ignore[attr-defined]  # a choice field


class ViewForm(ColumnsForm):
    """A name, a folder, and who else sees it."""

    name = Line(
        label=gettext_lazy("Name of the list"),
        max_length=80,
        error_messages={"required": views.NameTheList.sentence},
    )
    folder = Line(
        label=gettext_lazy("Folder"),
        help_text=gettext_lazy("Lists of one folder stand together."),
        max_length=80,
        required=False,
    )
    shared_with = forms.MultipleChoiceField(
        label=gettext_lazy("Who else sees it?"),
        help_text=gettext_lazy("Each of them sees on it only people whom they see anyway."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["name", "folder", "shared_with", "columns"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may = [role for role in Role if Right.SEE_CONTACTS in RIGHTS[role]]
        self.fields["shared_with"].choices = [(r.value, roles.ROLE_WORDS[r]) for r in may]  # type: ignore[attr-defined]  # a choice field


def _offered(request: HouseRequest) -> list[tuple[str, str]]:
    found = list_columns.offered(frame.by(request))
    return [(column.key, str(column.label)) for column in found]


def _asked(request: HouseRequest) -> dict[str, str]:
    """What the table behind this page shows: its wish, view and columns."""
    told = wishes.read(request.GET).query()
    for name in ("view", "columns"):
        if name in request.GET:
            told[name] = request.GET[name][:400]
    return told


@guards.office(Right.SEE_CONTACTS)
def choose_columns(request: HouseRequest) -> HttpResponse:
    """Choose the columns of the table; nothing is saved by it."""
    asked = _asked(request)
    if "chosen" in request.GET:
        keys = [each for each in request.GET.getlist("chosen") if len(each) <= 60]
        known = [key for key, _label in _offered(request) if key in keys]
        told = {**asked, "columns": ",".join(known[: list_columns.MOST])}
        return HttpResponseRedirect(f"{reverse('office:people')}?{urlencode(told)}")
    current = asked.get("columns", "").split(",") if asked.get("columns") else list_columns.FIRST
    context = {
        "offered": [(key, label, key in current) for key, label in _offered(request)],
        "hidden": {k: v for k, v in asked.items() if k != "columns"},
        "back": f"{reverse('office:people')}?{urlencode(asked)}",
    }
    return frame.page(request, "office/people/columns.html", context, current="people")


@guards.office(Right.SEE_CONTACTS, post=True)
def save(request: HouseRequest) -> HttpResponse:
    """Save the table as it stands under a name, or begin a hand-picked list (``picked``)."""
    is_picked = "picked" in request.GET
    asked = _asked(request)
    keys = asked["columns"].split(",") if asked.get("columns") else list(list_columns.FIRST)
    posted = request.POST if request.method == "POST" else None
    form = ViewForm(posted, offered=_offered(request), initial={"columns": keys})
    if posted is not None and form.is_valid():
        try:
            saved = views.save_view(
                wish=wishes.read(request.GET),
                is_picked=is_picked,
                by=frame.by(request),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved as “{name}”.").format(name=saved.name))
            return HttpResponseRedirect(f"{reverse('office:people')}?view={saved.id}")
    heading = _("Begin a list by hand") if is_picked else _("Save this list")
    return _page(request, form, heading)


def _page(request: HouseRequest, form: PlainForm, heading: str, **more: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "heading": heading, **more}
    return frame.page(request, "office/people/view.html", context, current="people", status=status)


@guards.office(Right.SEE_CONTACTS, post=True)
def change(request: HouseRequest, view_id: int) -> HttpResponse:
    """Change a view, remove it (``do=remove``) or put it back (``do=back``)."""
    by = frame.by(request)
    if request.method == "POST" and request.POST.get("do") in {"remove", "back"}:
        return _removed(request, view_id, is_back=request.POST["do"] == "back")
    view = next((each for each in views.visible(by) if each.id == view_id), None)
    if view is None or not views.can_change(view, by):
        raise Http404
    known = {
        "name": view.name,
        "folder": view.folder,
        "shared_with": view.shared_with,
        "columns": view.columns or list(list_columns.FIRST),
    }
    posted = request.POST if request.method == "POST" else None
    form = ViewForm(posted, offered=_offered(request), initial=known)
    if posted is not None and form.is_valid():
        try:
            wish = wishes.from_json(view.wish)
            views.save_view(view_id=view.id, wish=wish, by=by, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(f"{reverse('office:people')}?view={view.id}")
    return _page(request, form, view.name, view=view)


def _removed(request: HouseRequest, view_id: int, *, is_back: bool) -> HttpResponse:
    by = frame.by(request)
    try:
        if is_back:
            view = views.put_back(view_id=view_id, by=by)
            messages.success(request, _("“{name}” is back.").format(name=view.name))
            return HttpResponseRedirect(f"{reverse('office:people')}?view={view.id}")
        view = views.remove_view(view_id=view_id, by=by)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("office:people"))
    sentence = _("“{name}” is removed. The people stay, and for seven days so does the way back.")
    messages.success(request, sentence.format(name=view.name))
    return HttpResponseRedirect(reverse("office:people_removed"))


@guards.office(Right.SEE_CONTACTS)
def removed(request: HouseRequest) -> HttpResponse:
    """Views that can be put back."""
    rows: list[View] = list(views.removed(frame.by(request))[:100])
    return frame.page(request, "office/people/removed.html", {"rows": rows}, current="people")


urlpatterns = [
    path("people/columns/", choose_columns, name="people_columns"),
    path("people/save/", save, name="people_save"),
    path("people/lists/removed/", removed, name="people_removed"),
    path("people/lists/<id:view_id>/", change, name="people_view"),
]
