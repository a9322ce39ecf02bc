"""The four pages of the host wizard as forms. Nine fields are required, all told."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.events import times
from groundswell.events.models import Event
from groundswell.events.operations import hosting
from groundswell.kernel.refusal import Refusal
from groundswell.people import contacts
from groundswell.places import gazetteer, geometry
from groundswell.public import spoken, whereabouts
from groundswell.public.frame import page_language
from groundswell.web.forms import (
    Card,
    Choice,
    ClockTime,
    Day,
    Email,
    FirstName,
    Line,
    OneOf,
    Paragraphs,
    Phone,
    PlainForm,
    WholeNumber,
    Yes,
)

_FAR_KM = 100


class StepForm(PlainForm):
    """One page. ``answers`` are those of all pages so far; what ``kept`` returns is saved."""

    def __init__(
        self, *args: Any, campaign: Campaign, answers: dict[str, Any], **kwargs: Any
    ) -> None:
        self.campaign, self.answers = campaign, answers
        super().__init__(*args, **kwargs)

    def kept(self) -> dict[str, Any]:
        """The answers in a form that JSON can hold."""
        return {
            name: value.isoformat("minutes") if hasattr(value, "hour") else value
            for name, value in self.cleaned_data.items()
        }


class KindForm(StepForm):
    kind = OneOf(
        label=_("What do you want to hold?"),
        error_messages={"required": hosting.UnknownKind.sentence},
    )
    title = Line(
        label=_("Its name"),
        help_text=_("Leave it empty, and we name it after what it is and where."),
        max_length=120,
        required=False,
    )
    description = Paragraphs(
        label=_("What should people know?"),
        help_text=_("Two or three sentences, for example what to bring."),
        max_length=2000,
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kit = campaign_queries.current_kit(self.campaign, page_language())
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(each.key, Card(each.name, each.line)) for each in kit.types]


class WhenForm(StepForm):
    day = Day(label=_("Day"))
    starts = ClockTime(label=_("Starts"))
    ends = ClockTime(label=_("Ends"))
    is_flexible = Yes(label=_("I am flexible: another time that day works too"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].widget.attrs.update(
            {
                "min": self.campaign.starts_on.isoformat(),
                "max": self.campaign.ends_on.isoformat(),
            }
        )

    def clean(self) -> dict[str, Any]:
        """The order of the times and the campaign's days, in the event's zone if it is known."""
        found = super().clean() or {}
        if not self.errors:
            place = self.answers.get("place") or {}
            try:
                slot = times.slot(
                    found["day"], found["starts"], found["ends"], place.get("zone", "UTC")
                )
                times.check_window(slot, self.campaign.starts_on, self.campaign.ends_on)
            except Refusal as refusal:
                self.refuse(refusal)
            except (ValueError, OverflowError):
                self.add_error("day", _now("Choose a day of this campaign."))
        return found

    def kept(self) -> dict[str, Any]:
        day: date = self.cleaned_data["day"]
        return {**super().kept(), "day": day.isoformat()}


_PUBLICITY = [
    (
        Event.Publicity.EVERYONE,
        Card(_("Everyone sees the place"), _("A square, a library, a café: best for most events.")),
    ),
    (
        Event.Publicity.GOING,
        Card(
            _("Only people who are going"),
            _("For homes. The page and the map show the area; the address goes out by e-mail."),
        ),
    ),
    (
        Event.Publicity.ONLINE,
        Card(_("Online only"), _("People get the link by e-mail when they sign up.")),
    ),
]


class WhereForm(StepForm):
    town = Line(
        label=_("Your town or postcode"),
        help_text=_("For an online event: the town you are in."),
        max_length=120,
        autocomplete="address-level2",
        error_messages={"required": _("Write the name of your town.")},
    )
    town_id = Choice(label=_("Which one?"), required=False, widget=forms.RadioSelect)
    venue = Line(
        label=_("Where do people meet?"),
        help_text=_("For example: Town library, main door. For an online event: the link to open."),
        max_length=160,
        error_messages={"required": hosting.PlaceIsMissing.sentence},
    )
    publicity = OneOf(label=_("Who sees the place?"), choices=_PUBLICITY, initial="everyone")
    capacity = WholeNumber(
        label=_("How many people fit in?"),
        help_text=_("Leave it empty if as many as like can come."),
        min_value=1,
        max_value=hosting.CAPACITY_MOST,
        required=False,
    )
    is_step_free = Yes(label=_("Step-free: a wheelchair gets in and to a toilet"))
    has_hearing_loop = Yes(label=_("There is a hearing loop"))
    is_for_children = Yes(label=_("Children are welcome"))
    language = Choice(label=_("Language people will speak"))
    point = Line(
        label=_("Exact spot on the map"),
        help_text=_("Latitude and longitude from a map on your phone, for example 53.8, -1.55."),
        max_length=60,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place: dict[str, Any] = {}
        self.fields["point"].widget.attrs["dir"] = "ltr"
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = spoken.choices(self.campaign)
        self._offer([])

    def _offer(self, suggestions: list[whereabouts.Suggestion]) -> None:
        """The radio buttons for towns that the typed name may mean; gone when there are none."""
        choices = [(str(each.town_id), each.label) for each in suggestions]
        chosen = self.data.get("town_id", "") if self.is_bound else ""
        if not choices and chosen and whereabouts.by_id(chosen):
            choices = [(chosen, whereabouts.by_id(chosen).label)]  # type: ignore[union-attr]  # it was offered
        field = self.fields["town_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        field.required = self.has_towns = bool(choices)

    def clean(self) -> dict[str, Any]:
        """Find the town, then the exact spot, and check that people can stand there."""
        found = super().clean() or {}
        where = self._where(found) if found.get("town") else None
        if where is not None:
            point = self._spot(found.get("point", ""), where)
            if point is not None:
                self._settle(where, point)
        return found

    def _where(self, found: dict[str, Any]) -> whereabouts.Where | None:
        chosen = whereabouts.by_id(found.get("town_id") or "")
        if chosen is not None:
            return chosen
        before = self.answers.get("place") or {}
        if before and found["town"] == self.answers.get("town"):
            names = ("label", "town", "latitude", "longitude", "zone", "country")
            return whereabouts.Where(**{name: before[name] for name in names})
        answer = whereabouts.by_text(
            found["town"], countries=self.campaign.countries, is_strict=True
        )
        if answer.where is None:
            self.add_error("town", answer.problem)
            self._offer(answer.suggestions)
        return answer.where

    def _spot(self, typed: str, where: whereabouts.Where) -> geometry.Point | None:
        if not typed:
            return geometry.Point(where.latitude, where.longitude)
        try:
            point = geometry.parse_point(typed)
        except geometry.NotOnTheEarth as refusal:
            self.add_error("point", str(refusal))
            return None
        if point is None:
            self.add_error("point", _now("Write two numbers, for example 53.8, -1.55."))
        elif gazetteer.is_at_sea(point.lat, point.lon):
            problem = _now("This place is in the sea. Correct the numbers, or leave them empty.")
            self.add_error("point", problem)
        elif _distance(point, where) > _FAR_KM:
            problem = _now("This spot is far from {town}. Correct the numbers or the town.")
            self.add_error("point", problem.format(town=where.town))
        else:
            return point
        return None

    def _settle(self, where: whereabouts.Where, point: geometry.Point) -> None:
        if self.campaign.countries and where.country not in self.campaign.countries:
            self.add_error("town", str(hosting.OutsideTheCountries()))
            return
        self.place = {
            "label": where.label,
            "town": where.town,
            "country": where.country,
            "zone": where.zone,
            "latitude": point.lat,
            "longitude": point.lon,
        }

    def kept(self) -> dict[str, Any]:
        town = (
            self.place["label"] if self.cleaned_data.get("town_id") else self.cleaned_data["town"]
        )
        return {**super().kept(), "town": town, "town_id": "", "place": self.place}


def _distance(point: geometry.Point, where: whereabouts.Where) -> float:
    return geometry.distance_km(point.lat, point.lon, where.latitude, where.longitude)


class YouForm(StepForm):
    given = FirstName(help_text=_("People see it on the event’s page."))
    family = Line(
        label=_("Family name"),
        help_text=_("Only organisers see it."),
        max_length=80,
        required=False,
        autocomplete="family-name",
    )
    email = Email(help_text=_("We send your link there. Nobody who signs up sees it."))
    phone = Phone(
        label=_("Phone"),
        help_text=_("So that somebody from the team can ring you. It is shown to nobody else."),
        required=False,
    )

    def clean_phone(self) -> str:
        """In one written form; read as a number of the event's country."""
        typed: str = self.cleaned_data["phone"]
        country = (self.answers.get("place") or {}).get("country", "")
        try:
            return contacts.normalised_phone(typed, country=country) if typed else ""
        except contacts.NotAPhone as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


STEPS: dict[str, type[StepForm]] = {
    "kind": KindForm,
    "when": WhenForm,
    "where": WhereForm,
    "you": YouForm,
}


def step_of(field: str | None) -> str:
    """The page on which a field is, so that a refusal leads there."""
    return next((step for step, form in STEPS.items() if field in form.base_fields), "kind")
