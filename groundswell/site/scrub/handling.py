"""What becomes of each column in a scrubbed copy, from its privacy class.

Public and internal columns stay. Of the others, relations, closed lists, yes and no stay; moments
lose their clock time, days become the Monday of their week; secrets are blanked. Any other column
about a person must be named in ``MADE_UP``: a new one that is not stops the copy, and a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BooleanField, DateField, DateTimeField, Field, Model
from django.db.models.fields.related import ForeignKey

from groundswell.kernel import sealing
from groundswell.kernel.columns import SealedColumn
from groundswell.kernel.privacy import INTERNAL, PUBLIC, SECRET
from groundswell.site.backups import tables

# Tables that a copy does without, and why.
LEFT_OUT = {
    "ledger.entry": "what people did; it says so in its own words",
    "ledger.digest": "belongs to the entries",
    "ledger.job": "a copy must do nothing by itself",
    "ledger.schedulemark": "a copy begins anew",
    "metrics.foldmark": "belongs to the entries",
    "outreach.message": "a copy must never send anything",
    "outreach.reminderplan": "a copy must never send anything",
    "outreach.shownmail": "mails to people",
    "outreach.hook": "a copy must never post anything",
    "outreach.hookpost": "a copy must never post anything",
    "people.suppression": "hashes of addresses that cannot be made up",
    "events.hostdraft": "half-written answers of hosts",
    "accounts.link": "opens something for somebody",
    "mfa.authenticator": "second factors",
    "site.lock": "a copy is open",
    "people.newaddress": "addresses that wait to be proven",
    "people.block": "hashes of addresses that cannot be made up",
    "people.look": "who looked at whom",
    "people.export": "who took people out",
    "people.exportpart": "rows of files about people",
    "people.import": "who took which file in",
    "people.importpart": "rows of files about people",
    "people.canary": "hashes of addresses in files that are out there",
    "outreach.passedon": "mails of people",
    "events.concern": "words of visitors",
    "events.held": "what waits in quarantine",
    "outreach.conversation": "who wrote with whom",
    "outreach.alias": "opens a conversation",
    "outreach.line": "words of people",
    "outreach.silence": "who stopped whom",
    "outreach.inbound": "mails of people",
    "people.postaladdress": "where people live",
    "people.tagging": "what the team keeps people under",
    "people.fieldvalue": "answers of people, in columns that nobody can make up",
    "people.note": "words about people",
    "people.relation": "who belongs with whom",
    "people.touch": "what people came by",
    "people.viewmember": "who is on whose list",
    "people.bulkact": "what was done to whom",
    "people.bulkpart": "what was done to whom",
    "people.segment": "questions about people, perhaps with words about them",
    "people.segmentversion": "belongs to the segments",
    "people.formentry": "answers of people",
    "people.leadsource": "secrets that sign posts",
    "people.leadpost": "leads as they came",
    "people.lookalike": "who looks like whom",
    "people.likenesskey": "hashes of what cannot be made up",
    "people.merge": "rows of people as they were",
}

_GIVEN = (
    "Ada",
    "Ben",
    "Chidi",
    "Dina",
    "Elif",
    "Farid",
    "Gwen",
    "Hana",
    "Ivo",
    "Jun",
    "Kim",
    "Lou",
)
_FAMILY = ("Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Rowan")
_COUNTRIES = ("GB", "ES", "FR", "MA")
_LANGUAGES = ("en", "es", "fr", "ar")
SENTENCE = "These words were made up for a scrubbed copy. "


class UnhandledColumn(TypeError):
    """A column about people that nobody has said anything about: see ``MADE_UP``."""


@dataclass(slots=True)
class Fresh:
    """What a copy makes up, and the keys that it seals with: nothing of the source."""

    master: bytes = field(default_factory=sealing.new_key)
    root: bytes = field(default_factory=sealing.new_key)
    keys: dict[int, bytes] = field(default_factory=dict)

    def seal(self, row: Model, column: str, key_id: int, text: str) -> bytes:
        """``text`` sealed for the copy, under a new data key of the same number."""
        key = self.keys.setdefault(key_id, sealing.new_key())
        where = sealing.place(row._meta.db_table, column, row.pk)
        return sealing.seal(text.encode(), key=key, key_id=key_id, place=where)

    def blind(self, purpose: str, value: str) -> bytes:
        return sealing.blind_index(sealing.derive(self.root, f"blind:{purpose}"), value)


def given(row: int) -> str:
    """The same person has the same made-up name everywhere."""
    return _GIVEN[row % len(_GIVEN)]


def family(row: int) -> str:
    return _FAMILY[row // 7 % len(_FAMILY)]


def address(row: int, kind: str = "email") -> str:
    """A made-up address (RFC 2606: never resolves) or number (999 is no country)."""
    return f"{given(row).lower()}.{row}@people.invalid" if kind == "email" else f"+999{row % 10**9}"


Maker = Callable[[Any, Fresh], Any]


def _sealed(column: str, text: Callable[[Any], str]) -> Maker:
    """Seal made-up words where there were words; the data key keeps its number."""

    def make(row: Any, fresh: Fresh) -> bytes:
        was = bytes(getattr(row, column) or b"")
        if not was:
            return b""
        return fresh.seal(row, column, sealing.key_id_of(was), text(row))

    return make


def _named(row: Any) -> str:
    return f'{{"given": "{given(row.pk)}", "family": "{family(row.pk)}"}}'


def _synthetic(row: Any, fresh: Fresh) -> str:
    return f"{fresh.blind('account.email', address(row.pk)).hex()}@blind.invalid"


# By table and column: what stands there in the copy.
MADE_UP: dict[str, Maker] = {
    "accounts.account.email": _synthetic,
    "accounts.account.email_sealed": _sealed("email_sealed", lambda row: address(row.pk)),
    "accounts.account.name_sealed": _sealed(
        "name_sealed", lambda row: f"{given(row.pk)} {family(row.pk)}"
    ),
    "accounts.account.language": lambda row, fresh: _LANGUAGES[row.pk % 4],
    "accounts.account.zone": lambda row, fresh: "UTC",
    "people.person.name_sealed": _sealed("name_sealed", _named),
    "people.person.language": lambda row, fresh: _LANGUAGES[row.pk % 4],
    "people.person.other_languages": lambda row, fresh: [],
    "people.person.country": lambda row, fresh: _COUNTRIES[row.pk % 4],
    "people.person.going_count": lambda row, fresh: row.pk % 6,
    "people.person.attended_count": lambda row, fresh: row.pk % 3,
    "people.person.time_zone": lambda row, fresh: "UTC" if row.time_zone else "",
    "people.person.reach": lambda row, fresh: row.reach,  # a number that tells of nobody
    "people.contact.value_sealed": _sealed("value_sealed", lambda row: address(row.pk, row.kind)),
    "people.contact.blind": lambda row, fresh: fresh.blind(row.kind, address(row.pk, row.kind)),
    "people.contact.problem": lambda row, fresh: "bounced" if row.problem else "",
    "people.consent.wording": lambda row, fresh: "scrubbed",
    "people.consent.source": lambda row, fresh: "scrubbed",
    "people.consent.organisation": lambda row, fresh: "",
    "people.consent.proof": lambda row, fresh: "",
    "events.event.venue_sealed": _sealed("venue_sealed", lambda row: "1 Made-up Street"),
    "events.rsvp.name_sealed": _sealed(
        "name_sealed", lambda row: f"{given(row.person_id or 0)} {family(row.person_id or 0)}"
    ),
    "events.rsvp.phone_sealed": _sealed("phone_sealed", lambda row: address(row.pk, "phone")),
    "events.rsvp.language": lambda row, fresh: _LANGUAGES[row.pk % 4],
    "events.rsvp.party": lambda row, fresh: row.party,  # seats are counted from it
    "events.hostmessage.body_sealed": _sealed("body_sealed", lambda row: SENTENCE * 3),
}


def models() -> list[type[Model]]:
    """The tables that are copied."""
    return [model for model in tables.models_of("main") if model._meta.label_lower not in LEFT_OUT]


def maker_of(model: type[Model], column: Field[Any, Any]) -> Maker | None:
    """What stands in a column of the copy; None: what stands there now. Raises UnhandledColumn."""
    label, privacy = f"{model._meta.label_lower}.{column.name}", getattr(model, "Privacy", None)
    told = getattr(privacy, column.name, None)
    if label in MADE_UP:
        return MADE_UP[label]
    if told in {PUBLIC, INTERNAL} or column.primary_key:
        return None
    if told == SECRET and not column.unique:
        return lambda row, fresh: b"" if isinstance(column, SealedColumn) else ""
    is_link = isinstance(column, ForeignKey) or column.name.endswith("_id")
    if is_link or column.choices or isinstance(column, BooleanField):
        return None
    if isinstance(column, DateTimeField):
        return lambda row, fresh: _day_of(getattr(row, column.attname))
    if isinstance(column, DateField):
        return lambda row, fresh: _monday_of(getattr(row, column.attname))
    raise UnhandledColumn(f"{label} is {told}: say in MADE_UP what stands there in a copy")


def _day_of(moment: datetime | None) -> datetime | None:
    return moment and moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _monday_of(day: date | None) -> date | None:
    return day and day - timedelta(days=day.weekday())
