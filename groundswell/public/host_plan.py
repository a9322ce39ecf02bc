"""From the answers of the wizard to the plan of an event, and to the list that is checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from groundswell.campaigns.kit import KitText
from groundswell.campaigns.models import Campaign
from groundswell.events import times
from groundswell.events.models import Event
from groundswell.events.operations import hosting
from groundswell.kernel import formats
from groundswell.people.operations.persons import Typed
from groundswell.places import zones
from groundswell.public.frame import page_language

NEEDED = {
    "kind": ("kind",),
    "when": ("day", "starts", "ends"),
    "where": ("place", "venue", "publicity", "language"),
    "you": ("given", "email"),
}
USUAL_START = "11:00"


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the list to check, with the link that changes it."""

    question: str
    answer: str
    href: str
    is_direction_left: bool = False  # an address or number: always written left to right


def missing_step(answers: dict[str, Any]) -> str | None:
    """The first page whose answers are not all there yet."""
    return next(
        (step for step, names in NEEDED.items() if any(not answers.get(name) for name in names)),
        None,
    )


def first_guess(
    campaign: Campaign, kit: KitText, answers: dict[str, Any], start: str
) -> dict[str, Any]:
    """What the forms show before anybody answered: the action day, the usual time and length."""
    begins = time.fromisoformat(start or USUAL_START)
    kind = kit.type(str(answers.get("kind", "")))
    minutes = begins.hour * 60 + begins.minute + (kind.minutes if kind else 60)
    return {
        "day": campaign.action_on,
        "starts": begins,
        "ends": time(minutes // 60 % 24, minutes % 60),
        "publicity": Event.Publicity.EVERYONE,
        "language": page_language(),
        **({"kind": kit.types[0].key} if len(kit.types) == 1 else {}),
        **answers,
    }


def slot(answers: dict[str, Any]) -> times.Slot:
    """The time in the zone of the place. Raises the refusals of ``events.times``."""
    return times.slot(
        date.fromisoformat(answers["day"]),
        time.fromisoformat(answers["starts"]),
        time.fromisoformat(answers["ends"]),
        answers["place"]["zone"],
    )


def title(answers: dict[str, Any], kit: KitText) -> str:
    """The host's name for it, or what it is and where."""
    kind = kit.type(answers["kind"])
    what = kind.name if kind else _("Event")
    given: str = answers.get("title") or _("{kind} in {town}").format(
        kind=what, town=answers["place"]["town"]
    )
    return given[:120]


def plan(answers: dict[str, Any], kit: KitText) -> hosting.HostPlan:
    """Everything that publishing needs."""
    place = answers["place"]
    return hosting.HostPlan(
        kind=answers["kind"],
        title=title(answers, kit),
        slot=slot(answers),
        place=hosting.Place(
            town=place["town"],
            country=place["country"],
            latitude=place["latitude"],
            longitude=place["longitude"],
            venue=answers["venue"],
            publicity=Event.Publicity(answers["publicity"]),
        ),
        language=answers["language"],
        description=answers.get("description", ""),
        capacity=answers.get("capacity"),
        is_flexible=bool(answers.get("is_flexible")),
        is_step_free=bool(answers.get("is_step_free")),
        has_hearing_loop=bool(answers.get("has_hearing_loop")),
        is_for_children=bool(answers.get("is_for_children")),
    )


def typed(answers: dict[str, Any]) -> Typed:
    """What the host typed about themselves."""
    return Typed(
        given=answers["given"],
        family=answers.get("family", ""),
        email=answers["email"],
        language=page_language(),
        country=answers["place"]["country"],
    )


def clock_notice(chosen: times.Slot) -> str:
    """What clocks do to the start on that day, or ""."""
    sentence = zones.FIT_SENTENCES.get(chosen.fit)
    return str(sentence).format(time=chosen.starts_wall[11:]) if sentence else ""


def _access(answers: dict[str, Any]) -> str:
    said = {
        "is_step_free": _("Step-free"),
        "has_hearing_loop": _("Hearing loop"),
        "is_for_children": _("Children welcome"),
    }
    return formats.listing([words for name, words in said.items() if answers.get(name)]) or _("–")


def to_check(answers: dict[str, Any], kit: KitText, token: str) -> list[Answer]:
    """The list of all answers, each with the page that changes it."""
    kind, chosen = kit.type(answers["kind"]), slot(answers)
    publicity = {
        Event.Publicity.EVERYONE: _("Everyone"),
        Event.Publicity.GOING: _("Only people who are going"),
        Event.Publicity.ONLINE: _("Online: the link goes to people who sign up"),
    }
    lines = [
        ("kind", _("What"), kind.name if kind else ""),
        ("kind", _("Its name"), title(answers, kit)),
        ("when", _("When"), formats.span(chosen.starts_at, chosen.ends_at, chosen.zone)),
        ("where", _("Town"), answers["place"]["label"]),
        ("where", _("Where people meet"), answers["venue"]),
        ("where", _("Who sees the place"), publicity[Event.Publicity(answers["publicity"])]),
        ("where", _("Access"), _access(answers)),
        ("where", _("Language"), formats.endonym(answers["language"])),
        ("you", _("You"), f"{answers['given']} {answers.get('family', '')}".strip()),
    ]
    if answers.get("capacity"):
        lines.insert(6, ("where", _("Places"), formats.number(answers["capacity"])))
    if answers.get("description"):
        lines.insert(2, ("kind", _("What people should know"), answers["description"]))

    def href(step: str) -> str:
        return reverse("host_step", args=[token, step])

    listed = [Answer(question, answer, href(step)) for step, question, answer in lines]
    listed.append(Answer(_("E-mail"), answers["email"], href("you"), is_direction_left=True))
    if answers.get("phone"):
        listed.append(Answer(_("Phone"), answers["phone"], href("you"), is_direction_left=True))
    return listed
