"""What stands in each column of a file: for up to 500 people at once, with a few questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from groundswell.kernel.actor import Actor
from groundswell.kernel.roles import Right
from groundswell.people import fields, queries, sight, stand_ins
from groundswell.people.exports import wishes
from groundswell.people.models import (
    Contact,
    Export,
    FieldValue,
    Person,
    PostalAddress,
    SourceCode,
    Tagging,
)
from groundswell.people.operations.details import street_of
from groundswell.people.stand_ins import StandIn
from groundswell.site import vault

Column = Mapping[int, str]  # by the person's id; who has nothing in it may be left out
People = Sequence[Person]
Emails = Mapping[int, Contact]

BETWEEN = ", "  # several things in one cell


def columns_of(export: Export, people: People, emails: Emails, asker: Actor) -> dict[str, Column]:
    """The columns of an export for these people. ``emails``: their proven addresses."""
    found: dict[str, Column] = {}
    wanted = set(export.columns)
    for codes, read in _READERS.items():
        if wanted.intersection(codes):
            found |= read(export, people)
    if "email" in wanted:
        found["email"] = _addresses(emails)
    if "stand_in" in wanted:
        found["stand_in"] = {one: stand_ins.address(StandIn(export.id, one)) for one in emails}
    answered = [code for code in export.columns if code.startswith(wishes.OF_A_FIELD)]
    return found | _answers(answered, people, asker)


def _names(export: Export, people: People) -> dict[str, Column]:
    names = queries.names_of(people)
    return {
        "given_name": {one: name.given for one, name in names.items()},
        "family_name": {one: name.family for one, name in names.items()},
    }


def _plain(export: Export, people: People) -> dict[str, Column]:
    """What stands on the person."""
    return {
        "country": {one.id: one.country for one in people},
        "language": {one.id: one.language for one in people},
        "other_languages": {one.id: BETWEEN.join(one.other_languages) for one in people},
        "time_zone": {one.id: one.time_zone for one in people},
        "since": {one.id: f"{one.created_at:%Y-%m}" for one in people},
        "last_active": {one.id: f"{one.last_active_on:%Y-%m}" for one in people},
        "came": {one.id: queries.bucket(one.attended_count) for one in people},
        "has_hosted": {one.id: "1" if one.has_hosted else "0" for one in people},
        "code": {one.id: stand_ins.code(StandIn(export.id, one.id)) for one in people},
    }


def _phones(export: Export, people: People) -> dict[str, Column]:
    """Numbers of those who agreed to texts; a proven one first, then the newest."""
    wish = wishes.Wish.of_json(export.wish)
    ids = [one.id for one in people]
    agreed = Person.objects.filter(wishes.agreed_to_texts(wish), id__in=ids)
    held = Contact.objects.filter(person__in=agreed, kind=Contact.Kind.PHONE, problem="")
    rows = sorted(held, key=lambda row: (row.proven_at is None, -row.id))
    closed = queries.suppressed_among(rows)
    best: dict[int, Contact] = {}
    for row in rows:
        if row.id not in closed:
            best.setdefault(row.person_id, row)
    return {"phone": _addresses(best)}


def _addresses(held: Mapping[int, Contact]) -> Column:
    opened = queries.addresses_of(held.values())
    return {one: opened[row.id] for one, row in held.items() if row.id in opened}


def _homes(export: Export, people: People) -> dict[str, Column]:
    rows = PostalAddress.objects.filter(
        person__in=[one.id for one in people], kind=PostalAddress.Kind.HOME
    ).order_by("id")
    homes = {row.person_id: row for row in rows}
    found: dict[str, Column] = {
        "town": {one: row.town for one, row in homes.items()},
        "region": {one: row.region for one, row in homes.items()},
    }
    if {"street", "postcode"}.intersection(export.columns):
        vault.load_keys_of(homes.values(), "street_sealed")
        streets = {one: street_of(row) for one, row in homes.items()}
        found["street"] = {one: "\n".join(told["lines"]) for one, told in streets.items()}
        found["postcode"] = {one: str(told["postcode"]) for one, told in streets.items()}
    return found


def _tags(export: Export, people: People) -> dict[str, Column]:
    """Tags in the order of their names. A comma within one would cut it in two."""
    held: dict[int, list[str]] = defaultdict(list)
    rows = Tagging.objects.filter(person__in=[one.id for one in people]).order_by("tag__folded")
    for person_id, name in rows.values_list("person_id", "tag__name"):
        held[person_id].append(" ".join(name.replace(",", " ").split()))
    return {"tags": {one: BETWEEN.join(names) for one, names in held.items()}}


def _sources(export: Export, people: People) -> dict[str, Column]:
    ids = {one.first_source_id for one in people} | {one.last_source_id for one in people}
    codes = dict(SourceCode.objects.filter(id__in=ids - {None}).values_list("id", "code"))
    return {
        "first_source": {one.id: codes.get(one.first_source_id or 0, "") for one in people},
        "last_source": {one.id: codes.get(one.last_source_id or 0, "") for one in people},
    }


_READERS: Mapping[tuple[str, ...], Callable[[Export, People], dict[str, Column]]] = {
    ("given_name", "family_name"): _names,
    ("country", "language", "other_languages", "time_zone", "since", "last_active", "came",
     "has_hosted", "code"): _plain,
    ("phone",): _phones,
    ("street", "postcode", "town", "region"): _homes,
    ("tags",): _tags,
    ("first_source", "last_source"): _sources,
}  # fmt: skip


def _answers(codes: Sequence[str], people: People, asker: Actor) -> dict[str, Column]:
    """Answers as an import reads them again: keys of choices, ISO days, plain numbers. Only of
    people whom the asker sees as deep as the question wants."""
    if not codes:
        return {}
    depths = sight.depths(wishes.exporter(asker), people)
    keys = [code.removeprefix(wishes.OF_A_FIELD) for code in codes]
    held: dict[str, dict[int, list[str]]] = {code: defaultdict(list) for code in codes}
    rows = FieldValue.objects.filter(
        field__key__in=keys, field__is_private=False, person__in=[one.id for one in people]
    ).select_related("field")
    for row in rows.order_by("id"):
        depth = depths.get(row.person_id)
        if depth is not None and depth >= sight.DEPTHS[Right(row.field.sees)]:
            held[wishes.code_of(row.field)][row.person_id].append(fields.typed(row))
    return {
        code: {one: BETWEEN.join(told) for one, told in found.items()}
        for code, found in held.items()
    }
