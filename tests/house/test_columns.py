"""5: every column says how much harm it can do; every table about people says when it forgets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from groundswell.kernel import privacy
from groundswell.kernel.columns import SealedColumn
from groundswell.kernel.privacy import PrivacyClass, Retention
from groundswell.ledger import wires

RULE = "retention"
ABOUT_PEOPLE = {PrivacyClass.PERSONAL, PrivacyClass.SENSITIVE}
NEVER_STORED = {"ip", "ip_address", "remote_addr", "user_agent", "agent", "fingerprint"}


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("groundswell.")]


def _declared(model: type[models.Model]) -> dict[str, object]:
    found = vars(getattr(model, "Privacy", object))
    return {name: value for name, value in found.items() if not name.startswith("_")}


def untold_columns(found: Iterable[type[models.Model]]) -> Iterator[str]:
    """Columns without a privacy class, names without a column, classes that do not fit."""
    for model in found:
        label, told = model._meta.label, _declared(model)
        told.pop(RULE, None)
        fields = {
            field.name: field for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        }
        yield from (f"{label}.{name} has no privacy class" for name in fields.keys() - told.keys())
        yield from (f"{label}.Privacy.{name} is no column" for name in told.keys() - fields.keys())
        for name, value in told.items():
            if not isinstance(value, PrivacyClass):
                yield f"{label}.Privacy.{name} is no privacy class"
            elif name.endswith("_sealed") and not (
                isinstance(fields.get(name), SealedColumn)
                and value in {privacy.SENSITIVE, privacy.SECRET}
            ):
                yield f"{label}.{name} is called sealed and is not"


def untimed_tables(found: Iterable[type[models.Model]]) -> Iterator[str]:
    """Tables about people without a rule when their rows go, or whose rule nothing carries out."""
    for model in found:
        told = _declared(model)
        rule = told.pop(RULE, None)
        if rule is None:
            if ABOUT_PEOPLE & set(told.values()):
                yield f"{model._meta.label} is about people and has no retention rule"
        elif not isinstance(rule, Retention):
            yield f"{model._meta.label}.Privacy.retention is no Retention"
        elif (fault := _fault(model, rule)) is not None:
            yield f"{model._meta.label}: {fault}"


def _fault(model: type[models.Model], rule: Retention) -> str | None:
    if rule.with_ is not None:
        owner = next(
            (field for field in model._meta.concrete_fields if field.name == rule.with_), None
        )
        if owner is None or owner.remote_field is None:
            return f"there is no relation {rule.with_!r} to go with"
        if owner.remote_field.on_delete is not models.CASCADE:
            return f"rows stay when their {rule.with_} goes"
        return None
    if rule.by is None:
        return None  # until a person decides, and ``after`` says who
    return None if rule.by in _runs_by_itself() else f"nothing runs {rule.by!r}"


def _runs_by_itself() -> set[str]:
    """Names of the schedule lines, and of what an owner or a person does by hand."""
    return {line.name for line in wires.schedules}


def test_every_column_has_a_privacy_class() -> None:
    assert len(own_models()) > 25
    assert list(untold_columns(own_models())) == []


def test_every_table_about_people_forgets() -> None:
    assert list(untimed_tables(own_models())) == []


def test_no_table_stores_where_somebody_came_from() -> None:
    columns = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name in NEVER_STORED or isinstance(field, models.GenericIPAddressField)
    ]

    assert columns == []


@isolate_apps("groundswell.people")
def test_an_untold_column_and_a_table_that_never_forgets_are_found() -> None:
    class Guest(models.Model):
        shoe_size = models.IntegerField()
        note_sealed = models.TextField()

        class Meta:
            app_label = "people"

        class Privacy:
            id = privacy.INTERNAL
            hat_size = privacy.PERSONAL
            note_sealed = privacy.SENSITIVE

    assert sorted(untold_columns([Guest])) == [
        "people.Guest.Privacy.hat_size is no column",
        "people.Guest.note_sealed is called sealed and is not",
        "people.Guest.shoe_size has no privacy class",
    ]
    assert list(untimed_tables([Guest])) == [
        "people.Guest is about people and has no retention rule"
    ]


@pytest.mark.parametrize(
    ("rule", "finding"),
    [
        (Retention(days=30, after="it is over", by="no such line"), "nothing runs 'no such line'"),
        (Retention(with_="owner"), "there is no relation 'owner' to go with"),
        (Retention(with_="kept"), "rows stay when their kept goes"),
        (Retention(with_="host"), None),
    ],
)
@isolate_apps("groundswell.people")
def test_a_rule_that_nothing_carries_out_is_found(rule: Retention, finding: str | None) -> None:
    class Host(models.Model):
        class Meta:
            app_label = "people"

    class Guest(models.Model):
        host = models.ForeignKey(Host, models.CASCADE, related_name="+")
        kept = models.ForeignKey(Host, models.PROTECT, related_name="+")

        class Meta:
            app_label = "people"

        class Privacy:
            retention: ClassVar[Retention] = rule

    found = list(untimed_tables([Guest]))

    assert found == ([f"people.Guest: {finding}"] if finding else [])
