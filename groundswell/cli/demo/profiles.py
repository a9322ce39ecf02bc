"""What the team of the demonstration knows of some people: homes, tags, answers, notes, ties."""

from __future__ import annotations

import random
from typing import NamedTuple

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.cli.demo import costs, doubles, people
from groundswell.kernel import actor
from groundswell.kernel.actor import SYSTEM, Actor, Role
from groundswell.people import queries as people_queries
from groundswell.people.models import Field, Person, Topic
from groundswell.people.operations import (
    answers,
    correcting,
    details,
    notes,
    questions,
    tagging,
    ties,
)
from groundswell.site import demonstration

KNOWN, EVERY = 24, 10  # so many people have a profile: one in ten of the first
NUMBERS = 14  # of them may be texted; numbers that are given to nobody

# People who live abroad write their names in the letters of other countries.
ABROAD = (
    ("Олена", "Коваль", "Łódź", "PL", "en"),
    ("さくら", "田中", "Paris", "FR", "fr"),
    ("Ελένη", "Παππά", "Berlin", "DE", "en"),
    ("סיוון", "לוי", "Barcelona", "ES", "es"),
    ("नेहा", "शर्मा", "London", "GB", "en"),
)
STREETS = {
    "en": ("Mill Lane", "Station Road", "Chapel Street", "Victoria Terrace"),
    "es": ("Calle Mayor", "Calle del Río", "Paseo del Prado"),
    "fr": ("rue de la Gare", "rue Victor-Hugo", "place du Marché"),
    "ar": ("شارع الحرية", "شارع النيل", "زنقة السوق"),
}
TAGS = (
    "Bus driver",
    "Speaks Polish",
    "Has a van",
    "Parents’ council",
    "Takes photos",
    "Would host",
)
NOTES = (
    "Rang about the cut of line 97. Would speak at the council if somebody goes with them.",
    "Prefers a call after six; works shifts.",
    "Knows the editor of the local paper.",
)
SKILLS = (
    {"en": "Designs posters", "es": "Diseña carteles", "fr": "Crée des affiches",
     "ar": "تصميم الملصقات"},
    {"en": "Speaks in public", "es": "Habla en público", "fr": "Parle en public",
     "ar": "التحدث أمام الجمهور"},
    {"en": "Cooks for many", "es": "Cocina para mucha gente", "fr": "Cuisine pour la foule",
     "ar": "الطبخ لعدد كبير"},
    {"en": "Fixes sound", "es": "Se ocupa del sonido", "fr": "S’occupe de la sono",
     "ar": "تجهيز الصوت"},
)  # fmt: skip


class _Set(NamedTuple):
    """What the installation asks beyond what everybody is asked."""

    line: Field
    skill: Field
    access: Field
    topics: list[Topic]


def data_manager() -> Actor:
    """The account behind the seat."""
    account = accounts_ops.create_account(
        email=demonstration.DATA_MANAGER,
        name="Tomasz Nowak",
        roles=[Role.DATA_MANAGER],
        by=SYSTEM,
        zone="Europe/London",
    )
    return accounts_queries.actor_of(account)


def give(draw: random.Random) -> None:
    """Give some of the people a profile, by the verbs of the office."""
    by = data_manager()
    asked = _asked(by)
    rows = list(Person.objects.filter(is_synthetic=True).order_by("id")[: KNOWN * EVERY : EVERY])
    amina = people_queries.person_of_email(demonstration.SUPPORTER)
    known = [amina, *rows] if amina else rows
    for number, person in enumerate(known):
        if number and number <= len(ABROAD):
            _moved(person, number - 1, by)
        else:
            _at_home(person, number, draw, by)
        _noted(person, number, asked, draw, by)
        _agreed(person, number, asked.topics, draw)
    _belonging(known, by)
    costs.give(by)
    doubles.give(by)


def _asked(by: Actor) -> _Set:
    """Three questions, one of them sealed, and two topics."""
    line = questions.add_field(
        wanted=questions.Wanted(
            labels={"en": "Which line was cut?", "es": "¿Qué línea se suprimió?",
                    "fr": "Quelle ligne a été supprimée\u202f?", "ar": "أي خط أُلغي؟"},
            kind="text", sees="see_names", writes="see_names",
        ),
        by=by,
    )  # fmt: skip
    skill = questions.add_field(
        wanted=questions.Wanted(
            labels={"en": "What could you bring?", "es": "¿Qué puedes aportar?",
                    "fr": "Que pourriez-vous apporter\u202f?", "ar": "بماذا يمكنك أن تساهم؟"},
            kind="many", sees="see_names", writes="see_names", choices=SKILLS,
        ),
        by=by,
    )  # fmt: skip
    access = questions.add_field(
        wanted=questions.Wanted(
            labels={"en": "What do you need to take part?", "es": "¿Qué necesitas para venir?",
                    "fr": "De quoi avez-vous besoin pour venir\u202f?",
                    "ar": "ماذا تحتاج كي تشارك؟"},
            kind="text", sees="see_contacts", writes="see_contacts", is_private=True,
        ),
        by=by,
    )  # fmt: skip
    names = (
        {"en": "Buses", "es": "Autobuses", "fr": "Bus", "ar": "الحافلات"},
        {"en": "Climate and jobs", "es": "Clima y empleo", "fr": "Climat et emploi",
         "ar": "المناخ والعمل"},
    )  # fmt: skip
    topics = [
        questions.put_topic(topic_id=None, names=name, is_closed=False, by=by) for name in names
    ]
    return _Set(line, skill, access, topics)


def _moved(person: Person, number: int, by: Actor) -> None:
    given, family, town, country, language = ABROAD[number]
    told = details.Details(
        given=given, family=family, language=language, country=country,
        other_languages=("en",) if language != "en" else ("es",), is_family_first=country == "FR",
    )  # fmt: skip
    details.change_details(person_id=person.id, details=told, by=by)
    home = details.Home(f"{number * 7 + 3} {STREETS[language][0]}", "", town, "", country)
    details.put_home(person_id=person.id, home=home, by=by)


def _at_home(person: Person, number: int, draw: random.Random, by: Actor) -> None:
    country = person.country or "GB"
    towns = [(town, tongue) for town, land, tongue in people.TOWNS if land == country]
    town, language = draw.choice(towns)
    street = f"{draw.randrange(1, 140)} {draw.choice(STREETS[language])}"
    home = details.Home(street if number % 3 else "", "", town, "", country)
    details.put_home(person_id=person.id, home=home, by=by)


def _noted(person: Person, number: int, asked: _Set, draw: random.Random, by: Actor) -> None:
    for name in draw.sample(TAGS, 1 + number % 3):
        tagging.tag(person_id=person.id, name=name, by=by)
    told: dict[str, str | list[str]] = {asked.line.key: str(draw.choice([8, 12, 31, 97]))}
    if number % 2:
        keys = [str(each["key"]) for each in asked.skill.choices]
        told[asked.skill.key] = draw.sample(keys, 1 + number % 2)
    if number % 6 == 0:
        told[asked.access.key] = "A chair, and no stairs."
    answers.answer(person_id=person.id, told=told, by=by)
    if number % 5 == 0:
        body = NOTES[number // 5 % len(NOTES)]
        sees = "see_all" if number % 10 else "see_contacts"
        notes.write_note(person_id=person.id, body=body, sees=sees, by=by)


def _agreed(person: Person, number: int, topics: list[Topic], draw: random.Random) -> None:
    """News by e-mail for most, and texts for some: by a number of those kept for films."""
    own, topic = actor.person(person.id), draw.choice(topics)
    channels = ["email"]
    if number < NUMBERS:
        phone = f"+12025550{100 + number}"
        details.add_contact(person_id=person.id, kind="phone", value=phone, by=SYSTEM)
        channels.append("text")
    for channel in channels if number % 4 != 3 else []:
        correcting.hear_about(
            person_id=person.id, topic_id=topic.id, channel=channel, by=own, source="demo"
        )


def _belonging(known: list[Person], by: Actor) -> None:
    """Two who live together, two friends, and whom Priya looks after."""
    ties.live_together(person_id=known[0].id, other_id=known[-1].id, by=by)
    ties.relate(person_id=known[0].id, other_id=known[-1].id, kind="partner", by=by)
    ties.relate(person_id=known[0].id, other_id=known[6].id, kind="friend", by=by)
    priya = accounts_queries.account_by_email(demonstration.ORGANISER)
    for person in known[:3]:
        ties.choose_point_person(person_id=person.id, account_id=priya.id if priya else None, by=by)
