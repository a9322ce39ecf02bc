"""Reading leads out of what ad services give: tables (CSV) and posts (JSON). Pure.

Meta: the CSV of a lead form, and ``leadgen`` posts that hold ``field_data``. Google: the CSV, and
the posts of a lead form (``user_column_data``). Anything else: one flat object for each lead.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line, fold

LEADS_MOST, FIELDS_MOST, VALUE_MOST = 500, 60, 1000
MOST_LETTERS = 1_000_000

_KNOWN = {
    "id": ("id", "lead_id", "leadgen_id"),
    "email": ("email", "e_mail", "work_email", "user_email", "email_address"),
    "full": ("full_name", "name"),
    "given": ("first_name", "given_name"),
    "family": ("last_name", "family_name", "surname"),
    "phone": ("phone_number", "phone", "user_phone", "work_phone"),
    "postcode": ("post_code", "postcode", "zip_code", "zip", "postal_code"),
    "utm_campaign": ("campaign_name",),
    "utm_content": ("ad_name",),
    "utm_medium": ("platform",),
    "test": ("is_test",),
}
_BY_NAME = {name: ours for ours, names in _KNOWN.items() for name in names}
# What services say about themselves; nobody answered it.
_OF_THE_SERVICE = frozenset(
    "created_time ad_id adset_id adset_name campaign_id form_id form_name is_organic page_id "
    "adgroup_id google_key gcl_id api_version lead_status creative_id lead_submit_time "
    "adgroup_name retailer_item_id vehicle leadgen_export_id".split()
)


class NoLeads(Refusal):
    sentence = _(
        "There is no lead in this. Its first row must name the columns, one of them email."
    )
    field = "table"


class TooManyLeads(Refusal):
    sentence = _("Take in at most 500 leads at a time. Cut the file in two.")
    field = "table"


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead in our words. ``others``: every other answer, by the question over there."""

    id: str
    email: str = ""
    given: str = ""
    family: str = ""
    phone: str = ""
    postcode: str = ""
    is_test: bool = False
    utm: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)


def of_table(text: str) -> list[Lead]:
    """The leads of a CSV file with commas, semicolons or tabs. Raises NoLeads, TooManyLeads."""
    clean = text[:MOST_LETTERS].removeprefix("\ufeff").replace("\x00", "").strip()
    mark = max(",;\t", key=clean.partition("\n")[0].count)
    try:
        rows = [dict(row) for row in csv.DictReader(io.StringIO(clean), delimiter=mark)]
    except csv.Error as wrong:
        raise NoLeads from wrong
    if len(rows) > LEADS_MOST:
        raise TooManyLeads
    found = [of_fields({str(k): str(v or "") for k, v in row.items() if k}) for row in rows]
    leads = [lead for lead in found if lead.email]
    if not leads:
        raise NoLeads
    return leads


def of_post(told: Any) -> list[Lead]:
    """The leads of a post's JSON; none where it holds nothing that we can read."""
    found = [of_fields(one) for one in _flat(told)]
    return [lead for lead in found if lead.email or lead.id][:LEADS_MOST]


def _flat(told: Any) -> Iterator[dict[str, str]]:
    """Each lead as one flat object."""
    if isinstance(told, list):
        for one in told[:LEADS_MOST]:
            yield from _flat(one)
        return
    if not isinstance(told, dict):
        return
    if isinstance(told.get("leads"), list):
        yield from _flat(told["leads"])
    elif isinstance(told.get("entry"), list):
        for entry in told["entry"][:LEADS_MOST]:
            changes = entry.get("changes") if isinstance(entry, dict) else None
            for change in changes if isinstance(changes, list) else []:
                if isinstance(change, dict):
                    yield from _flat(change.get("value"))
    else:
        plain = {
            str(name)[:200]: str(value)
            for name, value in list(told.items())[:FIELDS_MOST]
            if isinstance(value, str | int | float)
        }
        yield plain | dict(_pairs(told))


def _pairs(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The answers that Meta and Google put into a list."""
    for one in _dicts(told.get("field_data")):
        values = one.get("values")
        if isinstance(values, list) and isinstance(one.get("name"), str):
            yield one["name"], ", ".join(str(value) for value in values[:30])
    for one in _dicts(told.get("user_column_data")):
        name = one.get("column_id") or one.get("column_name")
        if isinstance(name, str):
            yield name, str(one.get("string_value", ""))


def _dicts(told: Any) -> list[dict[str, Any]]:
    rows = told if isinstance(told, list) else []
    return [one for one in rows[:FIELDS_MOST] if isinstance(one, dict)]


def of_fields(told: Mapping[str, str]) -> Lead:
    """A lead out of its fields by name. One without an id is known by all that it says."""
    ours: dict[str, str] = {}
    others: dict[str, str] = {}
    for pair in list(told.items())[:FIELDS_MOST]:
        name, text = (one.encode("utf-8", "replace").decode() for one in pair)
        value = clean_line(text)[:VALUE_MOST]
        key = _key(name)
        if key in _BY_NAME:
            ours.setdefault(_BY_NAME[key], value)
        elif value and key not in _OF_THE_SERVICE:
            others[clean_line(name)[:200]] = value
    given, family = ours.get("given", ""), ours.get("family", "")
    if not given:
        given, _space, rest = ours.get("full", "").partition(" ")
        family = family or rest
    # Meta's files write a letter in front, so that sheets keep all digits: "l:123", "p:+44…".
    email, number = ours.get("email", ""), ours.get("id", "").removeprefix("l:")
    whole = repr(sorted(told.items())).encode("utf-8", "replace")
    return Lead(
        id=number[:100] or sha256(whole).hexdigest(),
        email=email,
        given=given or email.partition("@")[0],
        family=family,
        phone=ours.get("phone", "").removeprefix("p:"),
        postcode=ours.get("postcode", "").removeprefix("z:"),
        is_test=ours.get("test", "").lower() in {"true", "1"},
        utm={name: ours[name] for name in ours if name.startswith("utm_") and ours[name]},
        others=others,
    )


def _key(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", fold(name)).strip("_")
