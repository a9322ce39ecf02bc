"""The kit editor: moments, checklist, suggested words, event types; each text in each language.

Works with buttons alone. Every button saves what was typed first, so nothing is ever lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.campaigns import kit_draft
from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.campaign import parts
from groundswell.web import guards
from groundswell.web.forms import Choice, Line, Paragraphs, PlainForm, WholeNumber
from groundswell.web.requests import HouseRequest

SECTION_WORDS: dict[str, tuple[Promise, Promise]] = {
    "types": (
        gettext_lazy("Event types"),
        gettext_lazy("What hosts choose from: three to six kinds of event."),
    ),
    "moments": (
        gettext_lazy("What happens on the day"),
        gettext_lazy("Minute by minute, so that a host who never did this can do it."),
    ),
    "tasks": (
        gettext_lazy("The host’s checklist"),
        gettext_lazy("What a host does before and after, each with the day it is due."),
    ),
    "words": (
        gettext_lazy("Suggested words"),
        gettext_lazy("Posts, texts and short speeches that hosts may use as they are."),
    ),
}
TEXT_WORDS: dict[str, Promise] = {
    "title": gettext_lazy("Title"),
    "name": gettext_lazy("Name"),
    "line": gettext_lazy("One line of explanation"),
    "text": gettext_lazy("Text"),
    "why": gettext_lazy("Why it matters"),
}
NUMBER_WORDS: dict[str, tuple[Promise, Promise]] = {
    "minutes": (gettext_lazy("Usual length in minutes"), gettext_lazy("For example 60")),
    "minute": (
        gettext_lazy("Minute"),
        gettext_lazy("Counted from the start; -30 is half an hour before"),
    ),
    "due_days": (
        gettext_lazy("Due, in days"),
        gettext_lazy("Counted from the event; -7 is a week before, 1 the day after"),
    ),
}
ICON_WORDS: dict[str, Promise] = {
    "users": gettext_lazy("People"),
    "megaphone": gettext_lazy("Megaphone"),
    "bus": gettext_lazy("Bus"),
    "coffee": gettext_lazy("Cup"),
    "house": gettext_lazy("House"),
    "hand-heart": gettext_lazy("Helping hand"),
    "book-open": gettext_lazy("Book"),
    "utensils": gettext_lazy("Meal"),
}


class Unfinished(Line):
    """A text that hosts need, and that may be missing until the kit is published."""

    def validate(self, value: Any) -> None:
        """The check list asks for it, not this form: half a kit can be saved."""


class SectionForm(PlainForm):
    """Every line of one section in one language; field names end with the line's key."""

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        section: kit_draft.Section,
        rows: list[dict[str, Any]],
        code: str,
        first: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.section, self.rows = section, rows
        for row in rows:
            for name in section.texts:
                self._add_text(row, name, code, first)
            if section.number:
                self._add_number(row)
            if section.name == "types":
                self.fields[f"icon-{row['key']}"] = Choice(
                    label=_("Picture"), choices=list(ICON_WORDS.items()), initial=row["icon"]
                )

    def _add_text(self, row: dict[str, Any], name: str, code: str, first: str) -> None:
        is_long = name in (self.section.lines_of or {})
        is_needed = code == first and name == self.section.texts[0]
        maker: type[Line] = Paragraphs if is_long else Unfinished if is_needed else Line
        more: dict[str, Any] = {"rows": 3} if is_long else {}
        fallback = row[name].get(first, "")
        field = maker(
            label=TEXT_WORDS[name],
            required=is_needed,
            initial=row[name].get(code, ""),
            max_length=self.section.longest(name),
            help_text=_("Where this is empty, people read: {words}").format(words=fallback[:120])
            if code != first and fallback
            else "",
            **more,
        )
        field.widget.attrs.update({"lang": code, "dir": formats.direction(code)})
        self.fields[f"{name}-{row['key']}"] = field

    def _add_number(self, row: dict[str, Any]) -> None:
        label, hint = NUMBER_WORDS[self.section.number]
        self.fields[f"{self.section.number}-{row['key']}"] = WholeNumber(
            label=label,
            help_text=hint,
            initial=row[self.section.number],
            min_value=self.section.least,
            max_value=self.section.most,
        )

    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """The fields of each line, with its key."""
        names = [*self.section.texts]
        names += [self.section.number] if self.section.number else []
        names += ["icon"] if self.section.name == "types" else []
        return [(row["key"], [self[f"{name}-{row['key']}"] for name in names]) for row in self.rows]

    def typed(self) -> dict[str, dict[str, Any]]:
        """What was typed, by the key of the line."""
        found: dict[str, dict[str, Any]] = {}
        for name, value in self.cleaned_data.items():
            part, _dash, key = name.partition("-")
            found.setdefault(key, {})[part] = value
        return found


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section on the kit's own page."""

    title: Promise
    why: Promise
    href: str
    count: int


@guards.office(Right.EDIT_CAMPAIGN, post=True)
def kit(request: HouseRequest, slug: str) -> HttpResponse:
    """What the kit holds; a post publishes what stands in the draft."""
    campaign = frame.campaign_or_404(request, slug, Right.EDIT_CAMPAIGN)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = campaign_ops.publish_kit_draft(campaign=campaign, by=frame.by(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            words = _("Version {number} of the kit is published. Hosts see it at once.")
            messages.success(request, words.format(number=formats.number(made.version)))
            return HttpResponseRedirect(request.path)
    content = campaign_queries.kit_draft(campaign)
    first = campaign.fallback_language
    context = {
        "form": form,
        "sections": [
            SectionRow(title, why, _section_href(campaign, name, first), len(content[name]))
            for name, (title, why) in SECTION_WORDS.items()
        ],
        "version": campaign_queries.current_kit(campaign, first).version,
        "has_draft": campaign_queries.has_kit_draft(campaign),
        "missing": [
            (formats.endonym(code), many)
            for code in campaign.languages
            if (many := kit_draft.missing_words(content, code))
        ],
    }
    return parts.page(request, campaign, "kit", context, status=422 if form.errors else 200)


def _section_href(campaign: Campaign, name: str, code: str) -> str:
    return reverse("office:kit_section", args=[campaign.slug, name, code])


@guards.office(Right.EDIT_CAMPAIGN, post=True)
def lines(request: HouseRequest, slug: str, section: str, code: str) -> HttpResponse:
    """The lines of one section in one language."""
    name = section
    campaign = frame.campaign_or_404(request, slug, Right.EDIT_CAMPAIGN)
    if name not in kit_draft.SECTIONS or code not in campaign.languages:
        raise Http404
    content = campaign_queries.kit_draft(campaign)
    made: dict[str, Any] = {
        "section": kit_draft.section(name),
        "rows": content[name],
        "code": code,
        "first": campaign.fallback_language,
    }
    form = SectionForm(request.POST if request.method == "POST" else None, **made)
    if request.method == "POST" and form.is_valid():
        do, _colon, key = request.POST.get("do", "save").partition(":")
        try:
            content = _done(kit_draft.written(content, name, code, form.typed()), name, do, key)
            campaign_ops.save_kit_draft(campaign=campaign, content=content, by=frame.by(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(_next(request, campaign, content[name], do, key))
    title, why = SECTION_WORDS[name]
    missing = {each: _missing_in(content[name], name, each) for each in campaign.languages}
    context = {
        "form": form,
        "title": title,
        "why": why,
        "groups": form.groups(),
        "tabs": parts.tabs(
            campaign, code, name="office:kit_section", missing=missing, section=name
        ),
        "kit_href": reverse("office:kit", args=[campaign.slug]),
        "is_full": len(content[name]) >= kit_draft.ROWS_MOST,
    }
    return parts.page(request, campaign, "kit_section", context, status=422 if form.errors else 200)


def _missing_in(rows: list[dict[str, Any]], name: str, code: str) -> int:
    first = kit_draft.section(name).texts[0]
    return sum(not row[first].get(code) for row in rows)


def _done(content: kit_draft.Content, name: str, do: str, key: str) -> kit_draft.Content:
    """The content after the button that was pressed; an unknown button only saves."""
    if do == "add":
        return kit_draft.added(content, name)
    if do == "remove":
        return kit_draft.removed(content, name, key)
    if do in {"up", "down"}:
        return kit_draft.moved(content, name, key, -1 if do == "up" else 1)
    return content


def _next(
    request: HouseRequest, campaign: Campaign, rows: list[dict[str, Any]], do: str, key: str
) -> str:
    """Back to the line that was worked on; after saving, to the kit."""
    if do == "save":
        messages.success(request, _("Saved. Hosts see it once you publish the kit."))
        return reverse("office:kit", args=[campaign.slug])
    target = rows[-1]["key"] if do == "add" else key if do in {"up", "down"} else "lines"
    return f"{request.path}#line-{target}"


urlpatterns = [
    path("c/<slug:slug>/campaign/kit/", kit, name="kit"),
    path("c/<slug:slug>/campaign/kit/<slug:section>/<slug:code>/", lines, name="kit_section"),
]
