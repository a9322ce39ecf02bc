"""A million people and ten million facts about them, written by the database itself.

Every value follows from the person's number by arithmetic, so both databases hold the same crowd.
Sealed columns hold as many bytes that cannot be compressed as real ones would.
"""

from __future__ import annotations

import time
from typing import Any

from bench.rig import ground

PEOPLE = 1_000_000
TAGS, SOURCES, EVENTS, CAMPAIGNS = 200, 100, 2_000, 20
FIRST_ID = 2**57
STEP = 16_384
_PRIME = 1_000_003

# Ids of what the questions name.
FIELD_TRADE, FIELD_AGE = 1, 2


def build() -> None:
    """Fill the tables; some minutes."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        _few(cursor)
        cursor.execute("CREATE TABLE bench_n (n BIGINT PRIMARY KEY)")
        cursor.execute(
            "INSERT INTO bench_n WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c "
            f"WHERE n < {PEOPLE}) SELECT n FROM c"
        )
        for statement in _statements(connection.vendor):
            started = time.perf_counter()
            cursor.execute(statement)
            table, took = statement.split()[2], time.perf_counter() - started
            ground.say(f"{cursor.rowcount:,} rows of {table} in {took:.0f} s")
        cursor.execute("DROP TABLE bench_n")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def lot(salt: int, below: int, *, n: str = "n") -> str:
    """A number below ``below`` that looks drawn for each ``n``, and another for each salt."""
    factor = 7919 * (2 * salt + 1) % _PRIME
    mixed = f"(({n} % {_PRIME}) * {factor} + {salt * 104_729}) % {_PRIME}"
    return f"((({mixed}) * ({mixed}) % {_PRIME}) % {below})"


def _few(cursor: Any) -> None:
    """Tags, sources, fields, campaigns and events: a few thousand rows by the models."""
    from datetime import date, timedelta

    from groundswell.campaigns.models import Campaign
    from groundswell.events.models import Event
    from groundswell.kernel import clock
    from groundswell.people.models import Field, SourceCode, Tag

    now = clock.now()
    Tag.objects.bulk_create(
        [Tag(id=n, name=f"tag {n}", folded=f"tag {n}", created_at=now) for n in range(1, TAGS + 1)]
    )
    SourceCode.objects.bulk_create(
        [SourceCode(id=n, code=f"source{n}", created_at=now) for n in range(1, SOURCES + 1)]
    )
    choices = [{"key": f"t{n}", "labels": {"en": f"Trade {n}"}} for n in range(10)]
    for number, key, kind in ((FIELD_TRADE, "trade", "one"), (FIELD_AGE, "age", "number")):
        Field.objects.create(
            id=number, key=key, labels={"en": key}, kind=kind, choices=choices,
            sees="see_names", writes="see_all", created_at=now,
        )  # fmt: skip
    day = date(2026, 3, 21)
    Campaign.objects.bulk_create([
        Campaign(
            id=n, slug=f"c{n}", state="live", organisation="Bench", action_on=day,
            starts_on=day, ends_on=day, created_at=now,
        )
        for n in range(1, CAMPAIGNS + 1)
    ])  # fmt: skip
    Event.objects.bulk_create([
        Event(
            id=n, slug=f"e{n}", campaign_id=n % CAMPAIGNS + 1, state="listed", kind="meeting",
            title="Meeting", language="en", starts_at=now - timedelta(days=n % 25 + 1),
            ends_at=now - timedelta(days=n % 25, hours=22), starts_wall="2026-03-21T11:00",
            ends_wall="2026-03-21T12:00", zone="UTC", town="Town", country="GB",
            latitude=50 + n % 90 / 10, longitude=-5 + n % 70 / 10, created_at=now,
        )
        for n in range(1, EVENTS + 1)
    ], batch_size=200)  # fmt: skip


class Words:
    """How this database says what the rows are made of."""

    def __init__(self, vendor: str) -> None:
        self.is_sqlite = vendor == "sqlite"
        self.yes, self.no = ("1", "0") if self.is_sqlite else ("true", "false")
        self.blank = "x''" if self.is_sqlite else "''::bytea"

    def noise(self, count: int) -> str:
        if self.is_sqlite:
            return f"randomblob({count})"
        whole = " || ".join("md5(random()::text)" for _part in range(-(-count // 16)))
        return f"decode({whole}, 'hex')"

    def days_ago(self, days: str) -> str:
        if self.is_sqlite:
            return f"datetime('now', '-' || ({days}) || ' days')"
        return f"now() - ({days}) * interval '1 day'"

    def day_ago(self, days: str) -> str:
        if self.is_sqlite:
            return f"date('now', '-' || ({days}) || ' days')"
        return f"current_date - ({days})::int"


def person(n: str = "n") -> str:
    """The id of a person, or of a row that is numbered like one."""
    return f"{FIRST_ID} + {n} * {STEP}"


def many(times: int) -> str:
    """Each person's number a few times: ``n`` with ``k`` from 1, and ``m`` for both."""
    again = f"(SELECT n AS k FROM bench_n WHERE n <= {times}) t"
    return f"(SELECT n, k, n * 10 + k AS m FROM bench_n, {again}) x"


def share(salt: int, *parts: tuple[int, str], rest: str) -> str:
    """One of some values, each for so many in a hundred, counted up."""
    whens = " ".join(f"WHEN {lot(salt, 100)} < {below} THEN {what}" for below, what in parts)
    return f"CASE {whens} ELSE {rest} END"


Made = tuple[str, str, dict[str, str]]  # table, where its rows come from, columns


def _statements(vendor: str) -> list[str]:
    words = Words(vendor)
    return [
        f"INSERT INTO {table} ({', '.join(made)}) SELECT {', '.join(made.values())} "
        f"FROM {source} WHERE true ON CONFLICT DO NOTHING"
        for table, source, made in (*_who(words), *_names(), *_what(words))
    ]


def _who(words: Words) -> list[Made]:
    return [
        ("people_person", "bench_n", {
            "id": person(), "key_id": "n", "name_sealed": words.noise(90),
            "language": share(2, (60, "'en'"), (80, "'es'"), rest="'fr'"),
            "other_languages": "'[]'",
            "country": share(1, (50, "'GB'"), (70, "'FR'"), (80, "'ES'"), rest="'US'"),
            "time_zone": "'Europe/London'", "zone_from": "'country'",
            "reach": share(3, (62, "1"), (80, "3"), (82, "2"), rest="0"),
            "first_source_id": f"1 + {lot(4, SOURCES)}", "last_source_id": f"1 + {lot(5, SOURCES)}",
            "is_synthetic": words.no, "created_at": words.days_ago(lot(6, 1500)),
            "last_active_on": words.day_ago(lot(7, 720)), "going_count": lot(8, 6),
            "attended_count": lot(9, 6), "has_hosted": words.no, "is_thin": words.no,
        }),
        ("people_contact", "bench_n", {
            "id": person(), "person_id": person(), "kind": "'email'",
            "value_sealed": words.noise(64),
            "blind": words.noise(16),
            "proven_at": share(10, (90, words.days_ago("10")), rest="NULL"),
            "problem": share(3, (98, "''"), rest="'asked'"),
            "created_at": words.days_ago("20"),
        }),
        ("people_postaladdress", "bench_n", {
            "id": person(), "person_id": person(), "kind": "'home'",
            "street_sealed": words.noise(80),
            "town": "'Town'", "region": "''", "country": "'GB'",
            "cell_lat": f"500 + {lot(11, 90)}", "cell_lon": f"-50 + {lot(12, 70)}",
            "created_at": words.days_ago("20"),
        }),
    ]  # fmt: skip


# Words of two or three of these syllables: as many names as there are in a large country, the
# short beginnings common and whole words rare. One in ten is written in another script.
_LATIN = "ma,ri,a,jo,se,an,na,li,sa,mi,ka,el,le,no,ra,to,da,vi,be,ku,sha,han,pe,ru,dri,gar,lo,wen"
_ARABIC = "مح,مد,عل,فا,طم,ال,حس,نو,را,سم,ين,كر"


def _syllable(salt: int) -> str:
    cases = []
    for script in (_LATIN, _ARABIC):
        parts = script.split(",")
        whens = " ".join(f"WHEN {at} THEN '{part}'" for at, part in enumerate(parts))
        cases.append(f"CASE {lot(salt, len(parts))} {whens} END")
    return f"(CASE WHEN n % 10 = 0 THEN {cases[1]} ELSE {cases[0]} END)"


def _names() -> list[Made]:
    given = f"{_syllable(31)} || {_syllable(32)}"
    family = f"{_syllable(33)} || {_syllable(34)} || {_syllable(35)}"
    return [
        ("people_searchname", "bench_n", {
            "person_id": person(), "folded": f"{given} || ' ' || {family}",
        }),
        ("people_searchword", "bench_n", {
            "id": person(), "name_id": person(), "folded": f"{family} || ' ' || {given}",
        }),
    ]  # fmt: skip


def _what(words: Words) -> list[Made]:
    event = f"1 + {lot(22, EVENTS)}"
    often, rare = lot(13, TAGS, n="(m * 31 + k)"), lot(14, TAGS, n="(m * 17 + k)")
    return [
        ("people_tagging", many(3), {
            "id": person("m"), "tag_id": f"1 + ({often} * {rare}) / {TAGS}",
            "person_id": person(), "at": words.days_ago(lot(15, 700, n="m")),
        }),
        ("people_fieldvalue", many(2), {
            "id": person("m"), "field_id": "k", "person_id": person(),
            "text": f"CASE WHEN k = 1 THEN 't' || {lot(16, 10)} ELSE '' END",
            "number": f"CASE WHEN k = 2 THEN 16 + {lot(17, 70)} END",
            "value_sealed": words.blank, "at": words.days_ago("30"),
        }),
        ("people_touch", many(2), {
            "id": person("m"), "person_id": person(),
            "source_id": f"1 + {lot(18, SOURCES, n='(m * 13 + k)')}", "what": "'rsvp'",
            "about_id": "1", "utm": "'{}'", "at": words.days_ago(lot(19, 700, n="m")),
        }),
        ("people_consent", many(2), {
            "id": person("m"), "person_id": person(), "channel": "'email'",
            "purpose": "CASE WHEN k = 1 THEN 'campaign' ELSE 'news' END",
            "about_id": f"CASE WHEN k = 1 THEN 1 + {lot(20, CAMPAIGNS)} ELSE 0 END",
            "is_given": words.yes, "is_current": words.yes, "needs_proof": words.no,
            "organisation": "''",
            "wording": "'w'", "source": "'public.rsvp'", "proof": "''",
            "at": words.days_ago(lot(21, 700, n="m")),
        }),
        ("events_rsvp", "bench_n", {
            "id": person(), "event_id": event, "campaign_id": f"1 + ({event}) % {CAMPAIGNS}",
            "person_id": person(), "state": "'going'", "party": "1", "is_proven": words.yes,
            "wants_reminder": words.yes, "can_help": words.no, "is_first": words.yes,
            "name_sealed": words.noise(60),
            "phone_sealed": words.blank, "language": "'en'", "source": "''", "utm": "'{}'",
            "created_at": words.days_ago(lot(23, 60)), "created_on": words.day_ago(lot(23, 60)),
            "came": share(24, (60, words.yes), (80, words.no), rest="NULL"),
        }),
    ]  # fmt: skip
