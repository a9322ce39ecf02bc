"""4, 6 and half of 8: facts have sentences and a place in the docs, reactions are wired once, every
link to a person has a shelf, every page that a room names exists."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import types
import typing
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps
from django.utils.functional import Promise

from groundswell.kernel import links
from groundswell.kernel.facts import INDEXED_IDS, Fact
from groundswell.ledger import wires
from groundswell.people.models import Person
from groundswell.people.sockets import shelves
from tests.house import routes, source
from tools import facts_page

# --- facts -------------------------------------------------------------------------------------

# Fields of facts that hold a small code of a closed list. Everything else is an id or a count.
CODES = {
    "state", "role", "language", "country", "method", "factor", "part", "was", "purpose", "because",
    "fingerprint", "scope", "reason",
}  # fmt: skip


def poor_facts(found: Iterable[type[Fact]]) -> Iterator[str]:
    """Facts without a translatable sentence of their own, unfrozen, or that say more than ids."""
    for cls in found:
        sentence = vars(cls).get("sentence")
        if not isinstance(sentence, Promise) or not str(sentence).strip():
            yield f"{cls.kind()} has no translatable sentence"
        if not cls.__dataclass_params__.frozen:
            yield f"{cls.kind()} can be changed"
        hints = typing.get_type_hints(cls, localns={"Any": Any})
        for field in dataclasses.fields(cls):
            hint = hints[field.name]
            is_either = typing.get_origin(hint) in {typing.Union, types.UnionType}
            kinds = set(typing.get_args(hint) if is_either else [hint]) - {type(None)}
            if str in kinds and field.name not in CODES:
                yield f"{cls.kind()}.{field.name} is text: a fact holds ids, codes and counts"
            if kinds - {str, int, bool}:
                yield f"{cls.kind()}.{field.name} is no id, code or count"


def test_every_fact_has_a_sentence_and_holds_ids_only() -> None:
    assert len(facts_page.all_facts()) > 20
    assert list(poor_facts(facts_page.all_facts())) == []


def test_no_two_facts_share_a_kind() -> None:
    kinds = Counter(cls.kind() for cls in facts_page.all_facts())

    assert [kind for kind, count in kinds.items() if count > 1] == []


def test_a_fact_that_says_too_much_is_found() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class NameTold(Fact):
        sentence: ClassVar[str] = "Told a name."
        person_id: int
        name: str
        data: dict[str, Any]

    NameTold.__module__ = "groundswell.people.facts"

    assert list(poor_facts([NameTold])) == [
        "people.NameTold has no translatable sentence",
        "people.NameTold.name is text: a fact holds ids, codes and counts",
        "people.NameTold.data is no id, code or count",
    ]


def test_ids_that_are_indexed_exist_in_the_ledger() -> None:
    columns = {field.name for field in apps.get_model("ledger", "Entry")._meta.get_fields()}

    assert set(INDEXED_IDS) - columns == set()


def test_the_page_about_facts_is_up_to_date() -> None:
    page = source.ROOT / "docs" / "facts.md"

    assert page.read_text(encoding="utf-8") == facts_page.text(facts_page.all_facts()), (
        "run: python tools/facts_page.py"
    )


# --- reactions ---------------------------------------------------------------------------------


def reactions_of(module: ModuleType) -> Iterator[str]:
    """Functions of a reactions module that take a Happening; the leading underscore hides none."""
    for name, function in vars(module).items():
        if not inspect.isfunction(function) or function.__module__ != module.__name__:
            continue
        hints = typing.get_type_hints(function)
        hints.pop("return", None)
        if list(hints.values()) == [wires.Happening]:
            yield f"{module.__name__.removeprefix('groundswell.')}.{name}"


def _all_reactions() -> set[str]:
    found: set[str] = set()
    for path in source.python("groundswell"):
        if "reactions" in {path.stem, path.parent.name} and source.room(path):
            parts = path.relative_to(source.ROOT).with_suffix("").parts
            module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            names = reactions_of(importlib.import_module(module))
            found |= {name for name in names if not name.rpartition(".")[2].startswith("_")}
    return found


def plugged_twice(tree: ast.Module) -> list[str]:
    """Pairs of fact and reaction that wiring.py writes more than once."""
    pairs = Counter(
        " hears ".join(reversed([source.dotted(argument) for argument in node.args[:2]]))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and source.dotted(node.func) in {"hear", "wires.plug_reaction", "plug_reaction"}
    )
    return [pair for pair, count in pairs.items() if count > 1]


def test_every_reaction_is_wired_and_nothing_else_is() -> None:
    assert _all_reactions() == set(wires.reactions)
    assert set(wires.reactions) == {name for names in wires.hears.values() for name in names}


def test_no_reaction_hears_a_fact_twice() -> None:
    wiring = source.tree(source.PACKAGE / "config" / "wiring.py")

    assert plugged_twice(wiring) == []


def test_a_reaction_wired_twice_is_found() -> None:
    sample = ast.parse(
        "hear(events.RsvpMade, told.rsvp_made)\nhear(events.RsvpMade, told.rsvp_made)"
    )

    assert plugged_twice(sample) == ["told.rsvp_made hears events.RsvpMade"]


def test_a_reaction_that_nobody_wired_is_found() -> None:
    module = ModuleType("groundswell.outreach.reactions")

    def forgotten(happening: wires.Happening) -> None: ...

    forgotten.__module__ = module.__name__
    module.forgotten = forgotten  # type: ignore[attr-defined]  # a module made for this test

    assert list(reactions_of(module)) == ["outreach.reactions.forgotten"]


# --- shelves -----------------------------------------------------------------------------------

# Tables with a person's id that no shelf answers for, and what does instead.
ANSWERED_ELSEWHERE: dict[str, str] = {}


# Numbers that may be a person's, whatever their column is called by the room that adds it.
NAMES_OF_PEOPLE = {
    "host_id", "co_host_id", "supporter_id", "texter_id", "lead_id", "coach_id", "learner_id",
    "trainer_id", "recipient_id", "sender_id", "actor_id", "member_id",
}  # fmt: skip


def links_to_people(found: Iterable[type[models.Model]]) -> Iterator[tuple[str, str]]:
    """Table and column of every foreign key to Person, and of every number that names one."""
    for model in found:
        if model is Person:
            continue
        for field in model._meta.concrete_fields:
            is_key = field.is_relation and field.related_model is Person
            is_number = not field.is_relation and field.name in NAMES_OF_PEOPLE
            if is_key or is_number or field.name.endswith("person_id"):
                yield model._meta.label_lower, field.name


def _shelved() -> set[str]:
    return {label for _name, shelf in shelves for label in shelf.models}


def without_shelf(found: Iterable[type[models.Model]], shelved: set[str]) -> list[str]:
    return [
        f"{label}.{column}"
        for label, column in links_to_people(found)
        if label not in shelved and label not in ANSWERED_ELSEWHERE
    ]


def test_every_link_to_a_person_has_a_shelf() -> None:
    assert without_shelf(apps.get_models(), _shelved()) == []


def test_every_shelf_answers_for_tables_that_exist() -> None:
    assert _shelved() - {model._meta.label_lower for model in apps.get_models()} == set()


@isolate_apps("groundswell.events")
def test_a_link_without_a_shelf_is_found() -> None:
    class Lift(models.Model):
        driver = models.ForeignKey(Person, models.CASCADE, related_name="+")
        rider_person_id = models.BigIntegerField()
        coach_id = models.BigIntegerField()

        class Meta:
            app_label = "events"

    assert without_shelf([Lift], set()) == [
        "events.lift.driver",
        "events.lift.rider_person_id",
        "events.lift.coach_id",
    ]


# --- named links -------------------------------------------------------------------------------


def names_used() -> set[str]:
    """Names of pages that rooms ask ``kernel.links`` for."""
    found = set()
    for path in source.python("groundswell"):
        for node in ast.walk(source.tree(path)):
            if (
                isinstance(node, ast.Call)
                and source.dotted(node.func) in {"links.path", "links.url"}
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
    return found


def _parts_of(route: str) -> dict[str, object]:
    """An example value for each part of the address with this name."""
    (found,) = (one for one in routes.all_routes() if one.name == route)
    is_number = {
        name: kind in {"IntConverter", "IdConverter"} for name, kind in found.parts.items()
    }
    return {name: 7 if yes else "x" for name, yes in is_number.items()}


def test_every_named_page_resolves() -> None:
    wired = _wired_routes()
    assert set(wired) == set(links.names())

    for name, route in wired.items():
        assert links.path(name, **_parts_of(route)).startswith("/"), name


def test_every_page_that_a_room_names_is_wired() -> None:
    assert names_used() - set(links.names()) == set()


def _wired_routes() -> dict[str, str]:
    """The table of names and routes in wiring.py, as it is written there."""
    for node in ast.walk(source.tree(source.PACKAGE / "config" / "wiring.py")):
        if isinstance(node, ast.FunctionDef) and node.name == "_pages_that_mails_name":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Dict):
                    return dict(ast.literal_eval(inner))
    raise AssertionError("config/wiring.py holds no table of pages")


def test_a_page_that_nobody_wired_is_refused() -> None:
    with pytest.raises(links.UnknownLink, match="no such page"):
        links.path("no such page")
