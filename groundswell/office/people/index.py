"""The table of people: a search, filters, saved views, and ticks for what is done to many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django_countries import countries

from groundswell.kernel import formats
from groundswell.kernel.actor import Actor
from groundswell.kernel.roles import Right
from groundswell.office import frame, listing
from groundswell.office.people.one import enough
from groundswell.people import policy, sight
from groundswell.people import queries as people_queries
from groundswell.people.lists import columns as list_columns
from groundswell.people.lists import wishes
from groundswell.people.lists.columns import Column
from groundswell.people.models import Person, Tag, View
from groundswell.people.operations import bulk, looking, views
from groundswell.people.segments import shelf
from groundswell.people.sockets import Depth
from groundswell.web import guards
from groundswell.web.requests import HouseRequest

PER_PAGE = 50
COUNTED, COUNTED_BY_NAME = 5_000, 500  # a search by name walks further to count
TAGS_MOST = 300
SEGMENTS_MOST = 300


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with how it is shown."""

    label: str
    kind: str
    value: Any

    @property
    def is_empty(self) -> bool:
        return self.value is None or self.value == ""


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the table."""

    id: int
    name: str
    href: str
    cells: tuple[Cell, ...]


@guards.office(Right.SEE_CONTACTS)
def people(request: HouseRequest) -> HttpResponse:
    """People whom the reader looks after, as a table."""
    actor = frame.by(request)
    view = _view(request, actor)
    wish = wishes.read(request.GET)
    if view is not None and not view.is_picked and wish.is_everybody:
        wish = wishes.from_json(view.wish)
    if view is not None and view.is_picked:
        wish = wishes.read({**wish.query(), "list": str(view.id)})
    columns = list_columns.chosen(_keys(request, view), actor)
    asked = {**wish.query(), **_of_view(view, columns)}
    most = COUNTED_BY_NAME if wish.words else COUNTED
    page = listing.with_links(
        listing.LongList(wishes.people(wish, by=actor), PER_PAGE, most=most).get_page(
            request.GET.get("page")
        ),
        lambda number: urlencode({**asked, "page": number}),
    )
    shown = list(page.object_list)
    try:
        looking.note_seen(person_ids=[person.id for person in shown], by=actor)
    except looking.EnoughForToday as refusal:
        return enough(request, refusal)
    context = {
        "rows": _rows(actor, shown, columns),
        "page": page,
        "count": page.paginator.count,
        "wish": wish,
        "heads": _heads(columns, wish, asked),
        "view": view,
        "can_change_view": view is not None and views.can_change(view, actor),
        "columns_href": f"{reverse('office:people_columns')}?{urlencode(asked)}",
        "save_href": f"{reverse('office:people_save')}?{urlencode(asked)}",
        "hidden": wish.query(),
        **_choices(actor, wish),
        "has_duplicates": actor.may_somewhere(Right.SEE_ALL),
    }
    return frame.page(request, "office/people/index.html", context, current="people")


def _view(request: HouseRequest, by: Actor) -> View | None:
    """The saved view that the address names; one that is gone is as if it were not there."""
    wanted = request.GET.get("view", "")
    return next((view for view in views.visible(by) if str(view.id) == wanted), None)


def _keys(request: HouseRequest, view: View | None) -> Sequence[str]:
    if "columns" in request.GET:
        return request.GET["columns"].split(",")
    return view.columns if view is not None and view.columns else list_columns.FIRST


def _of_view(view: View | None, columns: Sequence[Column]) -> dict[str, str]:
    told = {"view": str(view.id)} if view is not None else {}
    keys = [column.key for column in columns]
    usual = list(view.columns) if view is not None and view.columns else list(list_columns.FIRST)
    return {**told, **({"columns": ",".join(keys)} if keys != usual else {})}


def _rows(actor: Actor, shown: list[Person], columns: Sequence[Column]) -> list[Row]:
    """A few queries for the page, however many people stand on it."""
    names, depths = people_queries.names_of(shown), sight.depths(actor, shown)
    filled = [(column, column.fill(shown, actor)) for column in columns]
    return [
        Row(
            person.id,
            sight.shown_name(names[person.id], depths.get(person.id, Depth.FIRST_NAME)),
            reverse("office:person", args=[person.id]),
            tuple(Cell(str(c.label), c.kind, cells.get(person.id)) for c, cells in filled),
        )
        for person in shown
    ]


def _heads(
    columns: Sequence[Column], wish: wishes.Wish, asked: dict[str, str]
) -> list[dict[str, str]]:
    """The heads of the columns; one that an index can sort by is a link that turns it round."""
    found = []
    for column in columns:
        is_down = wish.sort == f"-{column.sort}"
        turned = column.sort if is_down else f"-{column.sort}"
        is_sorted = bool(column.sort) and wish.sort in {column.sort, f"-{column.sort}"}
        state = ("descending" if is_down else "ascending") if is_sorted else ""
        href = f"?{urlencode({**asked, 'sort': turned})}" if column.sort else ""
        found.append({"label": str(column.label), "href": href, "state": state})
    return found


def _choices(actor: Actor, wish: wishes.Wish) -> dict[str, Any]:
    saved = views.visible(actor)
    by_folder: dict[str, list[View]] = {}
    for view in saved:
        by_folder.setdefault(view.folder, []).append(view)
    return {
        "folders": by_folder.items(),
        "tags": list(Tag.objects.order_by("folded")[:TAGS_MOST]),
        "segments": list(shelf.visible_to(actor)[:SEGMENTS_MOST]) if policy.can_ask(actor) else [],
        "countries": sorted(countries, key=lambda pair: str(pair.name)),
        "languages": [(code, formats.endonym(code)) for code, _name in settings.LANGUAGES],
        "is_filtered": not wish.is_everybody,
        "reaches": [
            ("email", _("by e-mail")),
            ("text", _("by text message")),
            ("nobody", _("by neither")),
        ],
        "acts": [
            (bulk.Kind.TAG.value, _("Put a tag on")),
            (bulk.Kind.UNTAG.value, _("Take a tag off")),
            (bulk.Kind.POINT.value, _("Choose who looks after them")),
            (bulk.Kind.PICK.value, _("Put on a list")),
            (bulk.Kind.UNPICK.value, _("Take off a list")),
        ],
    }


urlpatterns = [path("people/", people, name="people")]
