"""Fields that no form has: every column of every table, put into every post.

The rows that a good post writes are compared with those of the same post with the extra fields.
What differs from one good post to the next (ids, sealed bytes, digests) is looked at for the very
values that were put in.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from bench.attack.asking import Ground
from bench.attack.forms import Form, Found, send

KIND = "mass"
_TURNS = 2  # with other values each
_OURS = "groundswell."
_GUESSED = (
    "is_owner", "is_admin", "is_staff", "is_superuser", "role", "roles", "owner", "admin", "user",
    "user_id", "actor", "by", "owner_id", "permissions", "groups", "_method", "created", "pk",
    "uuid",
)  # fmt: skip
_THEN = "1999-09-09T09:09:09+00:00"
_BOUND = frozenset({"accounts_session", "accounts_limit"})  # changes with every request


@cache
def tables() -> dict[str, type[models.Model]]:
    """Our tables by name."""
    return {
        model._meta.db_table: model
        for model in apps.get_models()
        if model.__module__.startswith(_OURS)
    }


@cache
def columns() -> dict[str, models.Field[Any, Any]]:
    """Every column's name, and one field that has it."""
    found: dict[str, models.Field[Any, Any]] = {}
    for model in tables().values():
        for field in model._meta.concrete_fields:
            found.setdefault(field.name, field)
            found.setdefault(field.attname, field)
    return found


def extra(ground: Ground, turn: int) -> dict[str, str]:
    """A value for each name: somebody else's thing, a time long ago, yes, another state."""
    foreign = ground.world.event_elsewhere
    ids = [foreign.id, foreign.campaign_id, foreign.host_id or 0, ground.world.person_ids[1]]
    said = dict.fromkeys(_GUESSED, "true" if turn % 2 else "owner")
    for name, field in columns().items():
        if isinstance(field, models.BooleanField):
            said[name] = "true" if turn % 2 else "on"
        elif isinstance(field, models.DateTimeField):
            said[name] = _THEN
        elif isinstance(field, models.DateField):
            said[name] = "1999-09-09"
        elif field.choices:
            values = [str(value) for value, _label in field.flatchoices]
            said[name] = values[turn % len(values)]
        elif isinstance(field, models.IntegerField | models.ForeignKey):
            said[name] = str(ids[turn % len(ids)])
        else:
            said[name] = f"zqxmass{turn}"
    return said


def attack(ground: Ground, found: Found) -> None:
    """Each form that is taken with good values, several times with other values."""
    known: dict[str, set[str]] = {}  # what the forms of one address have between them
    for form in found.forms:
        names = known.setdefault(form.path, set())
        names |= {one.name for one in form.fields} | set(form.also)
    for form in found.forms:
        if form.method != "POST" or not form.takes:
            continue
        once, twice = _after(ground, form, {}), _after(ground, form, {})
        steady = _steady(once, twice)
        for turn in range(ground.share(_TURNS)):
            given = {
                name: value
                for name, value in extra(ground, turn).items()
                if name not in known[form.path]
            }
            ground.tally.count(KIND, len(given))
            _compare(ground, form, (once, twice), steady, given)


Rows = dict[str, list[dict[str, Any]]]


def _after(ground: Ground, form: Form, given: dict[str, str]) -> Rows:
    """The rows of every table that the post touched, as they stand after it."""
    with ground.visit(form.asker) as changed:
        before = len(changed)
        send(ground, KIND, form, [*form.filled(), *given.items()])
        names = {name for name in changed[before:] if name in tables()} - _BOUND
        return {name: list(tables()[name]._base_manager.values()) for name in sorted(names)}


def _steady(once: Rows, twice: Rows) -> dict[str, set[str]]:
    """Columns whose values are the same after the same post, as a whole."""
    found: dict[str, set[str]] = {}
    for table, rows in once.items():
        others = twice.get(table, [])
        names = set(rows[0]) if rows else set()
        found[table] = {name for name in names if _values(rows, name) == _values(others, name)}
    return found


def _values(rows: list[dict[str, Any]], name: str) -> Counter[str]:
    return Counter(repr(row[name]) for row in rows)


def _compare(
    ground: Ground,
    form: Form,
    good: tuple[Rows, Rows],
    steady: dict[str, set[str]],
    given: dict[str, str],
) -> None:
    after = _after(ground, form, given)
    again = f"POST {form.path} by {form.asker.name} with {form.filled()!r} and {given!r}"
    for table in sorted(set(after) ^ set(good[0])):
        ground.tally.got_through(KIND, f"{form.route}: {table} was written or not", again)
    for table in sorted(set(after) & set(good[0])):
        rows = after[table]
        for name in sorted(steady[table]):
            was, now = _values(good[0][table], name), _values(rows, name)
            if was != now:
                what = f"{form.route}: {table}.{name} became {list(now - was)[:2]}"
                ground.tally.got_through(KIND, what, again)
        for name in sorted(set(rows[0] if rows else ()) - steady[table]):
            _planted(ground, form, table, name, (good[0][table], rows), given, again)


def _planted(
    ground: Ground,
    form: Form,
    table: str,
    name: str,
    rows: tuple[list[dict[str, Any]], list[dict[str, Any]]],
    given: dict[str, str],
    again: str,
) -> None:
    """A column that is new each time must not hold what was put in."""
    wanted = given.get(name)
    if wanted is None:
        return
    was, now = ({_plain(row[name]) for row in each} for each in rows)
    if wanted in now - was:
        ground.tally.got_through(KIND, f"{form.route}: {table}.{name} took {wanted}", again)


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
