"""Forms of the builder: a criterion's parameters as fields, and a row as a form of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.office.segments.area import AreaMap
from groundswell.people.operations.segments import NameIt
from groundswell.people.segments import reading, wording
from groundswell.people.segments.criterion import Criterion, Family
from groundswell.people.segments.parameters import (
    AREA_MOST,
    Area,
    Day,
    ManyOf,
    Number,
    OneOf,
    Parameter,
    Place,
)
from groundswell.people.segments.reading import Row, Verb
from groundswell.places import areas
from groundswell.web import forms as house
from groundswell.web.forms import Choice, Line, Paragraphs, PlainForm, Yes

TICKS_MOST = 8  # more choices than these are a list to choose from

FAMILIES = {
    Family.PERSON: gettext_lazy("Who they are"),
    Family.WHERE: gettext_lazy("Where they are"),
    Family.DID: gettext_lazy("What they did"),
    Family.CAME_BY: gettext_lazy("How they came"),
    Family.CONTACT: gettext_lazy("How to reach them"),
    Family.SEGMENT: gettext_lazy("Segments and samples"),
}


def field_of(parameter: Parameter, by: Actor) -> forms.Field:
    """The field for one parameter. The parameter itself checks what is typed."""
    told: dict[str, Any] = {"label": parameter.label, "required": not parameter.is_optional}
    match parameter:
        case OneOf():
            choices = [(key, word) for key, word in parameter.choices(by)]
            if parameter.is_optional:
                choices = [("", _("any")), *choices]
            return Choice(choices=choices, **told)
        case ManyOf():
            choices = list(parameter.choices(by))
            few = len(choices) <= TICKS_MOST
            widget = forms.CheckboxSelectMultiple() if few else forms.SelectMultiple({"size": 6})
            return forms.MultipleChoiceField(
                choices=choices, widget=widget, error_messages=house.CHOOSE, **told
            )
        case Day():
            return house.Day(**told)
        case Area():
            told["error_messages"] = {"required": areas.DrawAnArea.sentence}
            return Paragraphs(widget=AreaMap(by), rows=4, max_length=AREA_MOST, **told)
        case Number():
            digits = forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"})
            return Line(max_length=20, widget=digits, **told)
        case Place():
            return Line(max_length=120, **told)
    return Line(max_length=200, **told)


def initial_of(parameter: Parameter, value: Any) -> Any:
    """A kept value as its field shows it."""
    if isinstance(parameter, Place) and value:
        return parameter.shown(value, reading.NOBODY)
    if isinstance(parameter, Area):
        return value.replace("; ", "\n")  # a corner on each line
    return parameter.default if value == "" else value


class RowForm(PlainForm):
    """One sentence: what it does with the people so far, and whom it is about."""

    def __init__(self, *args: Any, criterion: Criterion, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criterion, self.by = criterion, by
        self.row: Row | None = None
        if criterion.name != reading.EVERYONE:
            self.fields["verb"] = Choice(
                label=_("What this row does"), choices=list(wording.VERBS.items())
            )
            if criterion.name == reading.SAMPLE:
                self.fields["verb"].choices = [(Verb.KEEP, wording.VERBS[Verb.KEEP])]  # type: ignore[attr-defined]  # a choice field
        for parameter in criterion.parameters:
            self.fields[parameter.name] = field_of(parameter, by)
        if criterion.can_be_not:
            self.fields["is_not"] = Yes(label=_("The other way round: who do not"))

    def told(self) -> dict[str, Any]:
        """The row as JSON, as far as the fields could be read."""
        given = self.cleaned_data
        values = {one.name: _plain(given.get(one.name, "")) for one in self.criterion.parameters}
        is_start = self.criterion.name == reading.EVERYONE
        return {
            "verb": str(Verb.START) if is_start else given.get("verb", ""),
            "criterion": self.criterion.name,
            "with": values,
            "not": given.get("is_not", False),
        }

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.row = reading.read_row(self.told(), by=self.by)
            except Refusal as refusal:
                self.refuse(refusal)
        return found


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def initial_of_row(told: Mapping[str, Any], criterion: Criterion) -> dict[str, Any]:
    """What the fields of a stored row show."""
    given = told.get("with", {})
    values = {one.name: initial_of(one, given.get(one.name, "")) for one in criterion.parameters}
    return {**values, "verb": told.get("verb", Verb.KEEP), "is_not": told.get("not", False)}


def gallery(by: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every criterion that the reader may ask, in its group."""
    found: dict[Family, list[tuple[str, str]]] = {}
    for one in reading.offered():
        if one.name != reading.EVERYONE and by.may_somewhere(one.needs):
            found.setdefault(one.family, []).append((one.name, str(one.title)))
    return [(str(FAMILIES[family]), choices) for family, choices in found.items()]


class AddForm(PlainForm):
    """Another row."""

    add_verb = Choice(label=gettext_lazy("Add a row"), choices=list(wording.VERBS.items()))
    add = Choice(label=gettext_lazy("Whom it is about"))

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["add"].choices = gallery(by)  # type: ignore[attr-defined]  # a choice field


class KeepForm(PlainForm):
    """What the segment is called, and who sees it."""

    name = Line(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": NameIt.sentence},
    )
    folder = Line(label=gettext_lazy("Folder"), max_length=60, required=False)
    is_shared = Yes(label=gettext_lazy("Others who may ask about people can use it too"))


class CheckForm(PlainForm):
    """Somebody to ask about."""

    who = Line(
        label=gettext_lazy("Name, e-mail or phone"),
        max_length=120,
    )
