"""A small world to ask questions about, and random segments over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts.models import Account
from groundswell.events.models import Event, Rsvp
from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, Actor, Held, Role
from groundswell.kernel.ids import new_id
from groundswell.people.models import (
    Consent,
    Contact,
    Field,
    FieldValue,
    Household,
    Note,
    Person,
    PostalAddress,
    SourceCode,
    Tag,
    Tagging,
    Touch,
)
from groundswell.people.operations import consents, reach
from groundswell.people.segments import reading
from groundswell.people.segments.reading import Row
from tests.factories import campaigns
from tests.factories import events as make

ORGANISER = actors.account(7, [Held(Role.ORGANISER)])
PEOPLE = 14
START = {"verb": "start", "criterion": "people.everyone", "with": {"whom": "look"}}


@dataclass
class World:
    """Everybody in it, by name of table where a test needs them."""

    people: list[Person] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    sources: list[SourceCode] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    suppressed: set[int] = field(default_factory=set)

    def rows(self, *told: dict[str, Any], by: Actor = SYSTEM) -> list[Row]:
        """Rows from short JSON: ``tags`` and the like name things by their number here."""
        return reading.read([self._named(one) for one in told], by=by)

    def _named(self, one: dict[str, Any]) -> dict[str, Any]:
        told = {**one, "with": dict(one.get("with", {}))}
        given = told["with"]
        if "tags" in given:
            given["tags"] = [str(self.tags[number].id) for number in given["tags"]]
        if "sources" in given:
            given["sources"] = [str(self.sources[number].id) for number in given["sources"]]
        if isinstance(given.get("by"), int):
            given["by"] = str(self.accounts[given["by"]].id)
        if isinstance(given.get("event"), int):
            given["event"] = self.events[given["event"]].slug
        if isinstance(given.get("campaign"), int):
            given["campaign"] = str(self.events[given["campaign"]].campaign_id)
        return told


def world() -> World:
    """Fourteen people of two events, with a little of everything; two must not be contacted."""
    found = World()
    campaign = campaigns.live_campaign()
    found.events = [
        make.listed_event(campaign, host="h1@example.org"),
        make.listed_event(campaign, host="h2@example.org", title="Otro"),
    ]
    Event.objects.filter(id=found.events[1].id).update(country="CL")
    now = clock.now()
    found.tags = [
        Tag.objects.create(id=new_id(), name=f"tag {n}", folded=f"tag {n}", created_at=now)
        for n in range(3)
    ]
    found.sources = [
        SourceCode.objects.create(id=new_id(), code=f"code{n}", created_at=now) for n in range(2)
    ]
    found.accounts = [
        accounts_ops.create_account(email=f"a{n}@example.org", name=f"Ana {n}", roles=(), by=SYSTEM)
        for n in range(2)
    ]
    asked = _fields(now)
    for number in range(PEOPLE):
        event = found.events[number % 3 % 2]
        rsvp = make.signed_up(
            event, email=f"p{number}@example.org", wants_campaign_mail=number % 4 != 0
        )
        assert rsvp.person is not None
        _fill_in(found, rsvp, rsvp.person, number, asked)
        found.people.append(rsvp.person)
    for number in (1, 5):
        person = found.people[number]
        for contact in Contact.objects.filter(person=person):
            consents.suppress(contact_id=contact.id, reason="asked", by=SYSTEM)
        found.suppressed.add(person.id)
    reach.follow([person.id for person in Person.objects.all()])
    return found


def _fields(now: Any) -> list[Field]:
    kinds = ("one", "number", "date", "text", "yes")
    choices = [{"key": key, "labels": {"en": key}} for key in ("a", "b")]
    return [
        Field.objects.create(
            id=new_id(), key=f"f-{kind}", labels={"en": kind}, kind=kind, sees="see_names",
            writes="see_all", choices=choices if kind == "one" else [], created_at=now,
        )
        for kind in kinds
    ]  # fmt: skip


def _fill_in(found: World, rsvp: Rsvp, person: Person, number: int, asked: list[Field]) -> None:
    now = clock.now()
    for at, tag in enumerate(found.tags):
        if number % (at + 2) == 0:
            days = timedelta(days=number * 3)
            Tagging.objects.create(id=new_id(), tag=tag, person=person, at=now - days)
    values: dict[str, dict[str, Any]] = {
        "one": {"text": "ab"[number % 2]},
        "number": {"number": number},
        "date": {"on": now.date() - timedelta(days=number)},
        "text": {"text": "Leeds" if number % 3 else "Hull"},
        "yes": {"text": "yes" if number % 2 else "no"},
    }
    for one in asked[: 1 + number % 5]:
        FieldValue.objects.create(id=new_id(), field=one, person=person, at=now, **values[one.kind])
    if number % 2:
        Touch.objects.create(
            id=new_id(), person=person, source=found.sources[number % 4 // 2], what="rsvp", at=now
        )
    PostalAddress.objects.create(
        id=new_id(), person=person, country="GB", cell_lat=535 + number, cell_lon=-16 + number % 3,
        region=("Yorkshire", "Kent", "")[number % 3], created_at=now,
    )  # fmt: skip
    if number % 3 == 1:
        sees = ("see_all", "see_names", "see_contacts")[number % 4 % 3]
        Note.objects.create(
            id=new_id(), person=person, sees=sees, is_sensitive=sees == "see_all",
            at=now - timedelta(days=number * 9), body_sealed=b"",
        )  # fmt: skip
    if number % 5 == 0:
        Contact.objects.create(
            id=new_id(), person=person, kind="phone", blind=bytes([number]) * 16, created_at=now,
            proven_at=now if number else None, value_sealed=b"",
        )  # fmt: skip
        consents.give(
            person_id=person.id, source="public.rsvp", by=SYSTEM,
            agreements=[
                consents.Agreement(
                    Consent.Purpose.NEWS, 0, "campaign", channel=Consent.Channel.TEXT
                )
            ],
        )  # fmt: skip
    if number > 9:
        Rsvp.objects.filter(id=rsvp.id).update(state=Rsvp.State.CANCELLED)
    others: dict[str, Any] = {
        "country": ("GB", "CL", "")[number % 3],
        "language": ("en", "es")[number % 2],
        "last_active_on": now.date() - timedelta(days=number * 40),
        "created_at": now - timedelta(days=number * 20),
        "first_source": found.sources[0] if number % 3 == 0 else None,
        "last_source": found.sources[1] if number % 4 == 0 else None,
        "recruiter": found.people[0] if number in {3, 4} else None,
        "household": _household(now) if number == 6 else None,
        "point_person": (*found.accounts, None)[number % 3],
        "attended_count": number % 6,
        "has_hosted": number == 7,
    }
    Person.objects.filter(id=person.id).update(**others)


def _household(now: Any) -> Household:
    return Household.objects.create(id=new_id(), created_at=now)


# --- random segments -----------------------------------------------------------------------------


def _some(most: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, most - 1), min_size=1, max_size=most, unique=True)


def _row(name: str, **given: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    can_be_not = name != "people.sample"
    return st.fixed_dictionaries({
        "verb": st.sampled_from(["keep", "add", "leave"]) if can_be_not else st.just("keep"),
        "criterion": st.just(name),
        "with": st.fixed_dictionaries(given),
        "not": st.booleans() if can_be_not else st.just(value=False),
    })  # fmt: skip


_days = st.integers(1, 400)
_maybe_days = st.one_of(st.just(""), _days)
ROWS: Sequence[st.SearchStrategy[dict[str, Any]]] = (
    _row("people.tag", tags=_some(3), days=_maybe_days),
    _row("people.language", languages=st.sampled_from([["en"], ["es"], ["en", "ar"]])),
    _row("people.country", countries=st.sampled_from([["GB"], ["CL"], ["GB", "CL"]])),
    _row("people.near", place=st.sampled_from(["Leeds", "53.55, -1.55"]), km=st.integers(1, 90)),
    _row("people.area", area=st.sampled_from([
        "53.4,-1.8; 54.2,-1.8; 54.2,-1.4; 53.4,-1.4",
        "53.2,-1.7; 54.9,-1.2; 53.9,-1.5; 54.9,-1.9",
        "60,178; 60,-178; -60,-178; -60,178",
    ])),
    _row("people.region", regions=st.sampled_from([["GB:Yorkshire"], ["GB:Kent"],
                                                   ["GB:Yorkshire", "GB:Kent"]])),
    _row("people.note", days=_maybe_days),
    _row("people.new", days=_days),
    _row("people.joined", since=st.sampled_from(["", "2025-12-01"]), until=st.just("2026-02-10")),
    _row("people.active", days=_days),
    _row(
        "people.past", what=st.sampled_from(["going", "attended", "hosted"]),
        count=st.integers(1, 5),
    ),
    _row("people.source", which=st.sampled_from(["first", "last", "any"]), sources=_some(2)),
    _row("people.news", topic=st.just("0"), channel=st.sampled_from(["email", "text"])),
    _row("people.reach", channel=st.sampled_from(["email", "text"])),
    _row(
        "people.has", kind=st.sampled_from(["email", "phone"]),
        how=st.sampled_from(["any", "proven"]),
    ),
    _row("people.point_person", by=st.sampled_from(["any", 0, 1])),
    _row("people.recruiter", count=st.integers(1, 3)),
    _row("people.recruited"),
    _row("people.household"),
    _row("people.choice", answer=st.sampled_from(["f-one:a", "f-yes:yes"])),
    _row("people.answered", field=st.sampled_from(["f-one", "f-number", "f-date"])),
    _row("people.text", field=st.just("f-text"), text=st.sampled_from(["le", "Hull"])),
    _row("people.number", field=st.just("f-number"), least=st.integers(0, 9), most=st.just("")),
    _row("people.date", field=st.just("f-date"), least=st.just("2026-02-26"), most=st.just("")),
    _row("people.sample", count=st.integers(1, 9), draw=st.integers(1, 5)),
    _row(
        "events.took_part", what=st.sampled_from(["going", "came", "missed", "cancelled"]),
        event=st.sampled_from(["", 0, 1]), campaign=st.sampled_from(["", 0]),
        days=_maybe_days, count=st.integers(1, 2),
    ),
    _row("events.hosted", days=_maybe_days, count=st.integers(1, 2)),
    _row("events.near", place=st.just("Leeds"), km=st.integers(1, 50), days=_maybe_days),
    _row("campaigns.news", campaign=st.just(0), channel=st.sampled_from(["email", "text"])),
    _row("outreach.mailed", about=st.sampled_from(["any", "news"]), days=st.integers(1, 90)),
)  # fmt: skip


@st.composite
def segments(
    draw: st.DrawFn, *, whom: Sequence[str] = ("email", "text", "look")
) -> list[dict[str, Any]]:
    """A start and up to eight rows, as ``World.rows`` reads them."""
    start = {**START, "with": {"whom": draw(st.sampled_from(whom))}}
    return [start, *draw(st.lists(st.one_of(*ROWS), max_size=8))]
