"""People with a number, a home, tags and answers, who agreed to be texted; and files of them."""

from __future__ import annotations

from collections.abc import Callable

from groundswell.events.models import Event
from groundswell.kernel.actor import SYSTEM, Actor, Role
from groundswell.people.exports.wishes import Tool, Wish
from groundswell.people.models import Consent, Export, Person
from groundswell.people.operations import (
    answers,
    consents,
    details,
    export_files,
    exports,
    tagging,
)
from tests.factories.exports import WRITER, agreeing, member
from tests.factories.fields import field_of

LINES = ["Flat 2", "12 Mill Lane"]


def agree_to_texts(person: Person, purpose: str = "news", about_id: int = 0) -> None:
    """They say yes to texts."""
    agreement = consents.Agreement(
        Consent.Purpose(purpose), about_id, "topic-text-1", channel=Consent.Channel.TEXT
    )
    consents.give(person_id=person.id, agreements=[agreement], source="test", by=SYSTEM)


def profiled(event: Event, count: int) -> list[Person]:
    """So many people with everything on their profile, who agreed to e-mail of the campaign and to
    texts with news."""
    field_of(key="branch")
    field_of(key="zip")  # means something else to the tools
    people = agreeing(event, count)
    for number, person in enumerate(people):
        phone = f"+4474001234{number:02}"
        details.add_contact(person_id=person.id, kind="phone", value=phone, by=SYSTEM)
        lines = "\n".join([*LINES[:-1], f"{number + 12} Mill Lane"])
        home = details.Home(lines, f"LS{number + 1} 4DY", "Leeds", "Yorkshire", "GB")
        details.put_home(person_id=person.id, home=home, by=SYSTEM)
        tagging.tag(person_id=person.id, name="Drives a van, or two", by=SYSTEM)
        tagging.tag(person_id=person.id, name="Baker", by=SYSTEM)
        told = {"branch": f"Leeds {number}", "zip": "own"}
        answers.answer(person_id=person.id, told=told, by=SYSTEM)
        agree_to_texts(person)
    return people


def asked(
    event: Event | None, tool: str, *columns: str, kind: str = "csv", **wish: object
) -> exports.Asked:
    """What somebody types into the form of a tool."""
    about = event.campaign_id if event else None
    return exports.Asked(
        wish=Wish(campaign_id=about, layout=tool, kind=kind, **wish),  # type: ignore[arg-type]  # of a test
        columns=columns,
        reason="Load them into the tool we text with",
        writes_from=WRITER,
    )


def taken(told: exports.Asked, by: Actor, work: Callable[[], int]) -> Export:
    """The export, agreed to by an owner where somebody must, made and fetched."""
    export = exports.ask(told, by=by)
    if export.state == Export.State.ASKED:
        boss = member(f"boss{export.slug}@example.org", Role.OWNER)
        exports.agree(export_id=export.id, by=boss)
    work()
    return export_files.fetch(export_id=export.id, by=by)


def table(export: Export) -> list[dict[str, str]]:
    """The file as the tool is given it, by the names of its columns."""
    dress = export_files.dress(export)
    head = dress.head()
    assert len(set(head)) == len(head)
    rows = dress.lines(export_files.lines(export))
    return [dict(zip(head, row, strict=True)) for row in rows]


ALL_TOOLS = (Tool.OURS, Tool.ACTION_NETWORK, Tool.NATIONBUILDER, Tool.SPOKE)
