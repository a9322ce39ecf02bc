"""Somebody the team knows well: a number, a home, a tag, an answer, a note, a friend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.people.lists.wishes import Wish
from groundswell.people.models import Field, Topic, View
from groundswell.people.operations import (
    answers,
    bulk,
    details,
    notes,
    questions,
    tagging,
    ties,
    views,
)


@dataclass(frozen=True)
class Known:
    """Ids of what stands on the profile."""

    contact_id: int
    note_id: int
    field_id: int
    topic_id: int
    view_id: int
    act_id: int


BRANCH = {
    "en": "Union branch", "es": "Sección sindical", "fr": "Section syndicale",
    "ar": "الفرع النقابي",
}  # fmt: skip


def field(label: str = "Union branch", kind: str = Field.Kind.TEXT, choices: str = "") -> Field:
    wanted = questions.Wanted(
        labels=BRANCH if label == BRANCH["en"] else {"en": label}, kind=kind,
        sees="see_names", writes="see_contacts",
        choices=[{"en": line} for line in choices.splitlines()],
    )  # fmt: skip
    return questions.add_field(wanted=wanted, by=SYSTEM)


def topic(name: str = "Buses") -> Topic:
    return questions.put_topic(topic_id=None, names={"en": name}, is_closed=False, by=SYSTEM)


def known(person_id: int, friend_id: int | None = None) -> Known:
    """Give somebody a profile with everything on it."""
    home = details.Home(
        street="12 Mill Lane", postcode="LS1 4DY", town="Leeds", region="Yorkshire", country="GB"
    )
    number = details.add_contact(
        person_id=person_id, kind="phone", value="+44 7400 123459", by=SYSTEM
    )
    details.put_home(person_id=person_id, home=home, by=SYSTEM)
    tagging.tag(person_id=person_id, name="Drives a van", by=SYSTEM)
    asked = Field.objects.filter(key="union-branch").first() or field()
    answers.answer(person_id=person_id, told={asked.key: "Leeds 2"}, by=SYSTEM)
    note = notes.write_note(
        person_id=person_id, body="Prefers a call on weekdays.", sees="see_contacts", by=SYSTEM
    )
    if friend_id is not None:
        ties.relate(person_id=person_id, other_id=friend_id, kind="friend", by=SYSTEM)
        ties.live_together(person_id=person_id, other_id=friend_id, by=SYSTEM)
    picked = view("Van drivers", is_picked=True)
    act = bulk.start(
        kind="pick", about_id=picked.id, wish=Wish(ids=(person_id,)), by=SYSTEM
    )  # fmt: skip
    return Known(number.id, note.id, asked.id, topic().id, picked.id, act.id)


def view(name: str = "In Leeds", by: Actor = SYSTEM, **others: Any) -> View:
    told: dict[str, Any] = {
        "folder": "", "shared_with": [], "columns": ["country"], "wish": Wish(), **others
    }  # fmt: skip
    return views.save_view(name=name, by=by, **told)
