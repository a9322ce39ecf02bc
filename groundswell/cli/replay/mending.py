"""From a row to a gathering: mend where the evidence is good, refuse what has no place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from groundswell.cli.replay import clocks, places, values, words
from groundswell.cli.replay.columns import Columns
from groundswell.cli.replay.files import Table
from groundswell.cli.replay.gatherings import Gathering, Mended, Note, Refused, Usual
from groundswell.cli.replay.places import Where
from groundswell.cli.replay.survey import Survey, some_rows
from groundswell.events import times
from groundswell.places import gazetteer, zones

_FARTHEST = timedelta(days=366)
_SUN_OFF_HOURS = 4.0  # as far as political zones stray from the sun (events.oddities)
Outcome = tuple[int, Gathering | None, list[Note]]


def mend_all(
    table: Table, columns: Columns, found: Survey, *, languages: Sequence[str], limit: int | None
) -> Iterator[Outcome]:
    """Each row's number, the gathering or None, and what was said about it."""
    seen: dict[bytes, int] = {}
    for row, cells in some_rows(table, limit):
        notes: list[Note] = []
        fields = columns.read(cells)
        told = hashlib.blake2b("\x1f".join(fields.values()).encode(), digest_size=16).digest()
        if told in seen:
            yield row, None, [Note(row, Refused.SAME_AS_ANOTHER, now=f"row {seen[told]}")]
            continue
        seen[told] = row
        if any(cell.strip() for cell in cells[columns.width :]):
            notes.append(Note(row, Mended.CELLS_DROPPED))
        where = places.place_of(row, fields, notes)
        if isinstance(where, Refused):
            yield row, None, [Note(row, where, was=_shown(fields))]
            continue
        yield row, _gathering(row, fields, where, found, notes, languages), notes


def _shown(fields: dict[str, str]) -> str:
    told = (fields[name] for name in ("town", "state", "country", "lat", "lon"))
    return ", ".join(text for text in told if text)


def _gathering(
    row: int,
    fields: dict[str, str],
    where: Where,
    found: Survey,
    notes: list[Note],
    languages: Sequence[str],
) -> Gathering:
    language = words.language_of(where.country, languages)
    kind = "online" if where.is_online else words.kind_of(fields["type"])
    day = _day(row, fields, found, notes)
    span = _span(row, fields, found.usual, notes)
    zone = _zone(row, fields["zone"], where, notes)
    slot = _slot(row, day, span, zone, kind, notes)
    low, best, high = _counts(row, fields, notes)
    address = places.given(fields["address"])
    return Gathering(
        row=row,
        town=where.town or words.kind_name(kind, language),
        country=where.country,
        lat=where.lat,
        lon=where.lon,
        slot=slot,
        kind=kind,
        language=language,
        venue=", ".join(part for part in (address, where.rest) if part),
        title=places.given(fields["title"]) or ("" if where.town else where.rest),
        organisation=places.given(fields["organisation"]),
        is_online=where.is_online,
        low=low,
        best=best,
        high=high,
    )


# ---- when


def _day(row: int, fields: dict[str, str], found: Survey, notes: list[Note]) -> date:
    usual, text = found.usual, fields["date"]
    if not text:
        if found.day_from == "dates":  # a file that never says the day needs no note for each row
            notes.append(Note(row, Mended.DATE_FILLED, "", str(usual.action_on)))
        return usual.action_on
    day = found.order.read(text)
    if day is None:
        notes.append(Note(row, Mended.DATE_UNREADABLE, text, str(usual.action_on)))
        return usual.action_on
    other = values.swapped(day)
    if (
        other is not None
        and usual.weekday is not None
        and day.weekday() != usual.weekday == other.weekday()
    ):
        notes.append(Note(row, Mended.DATE_SWAPPED, str(day), str(other)))
        day = other
    if day > usual.last_day or abs(day - usual.action_on) > _FARTHEST:
        notes.append(Note(row, Mended.DATE_TOO_FAR, str(day), str(usual.action_on)))
        return usual.action_on
    return day


_HOWS = {
    "several": Mended.TIME_OF_SEVERAL,
    "all_day": Mended.TIME_ALL_DAY,
    "part_of_day": Mended.TIME_OF_DAY,
    "afternoon": Mended.TIME_AFTERNOON,
}


def _span(row: int, fields: dict[str, str], usual: Usual, notes: list[Note]) -> clocks.Span:
    text = fields["time"] or values.wall_in(fields["date"])
    span = clocks.read(text) if text else None
    if span is None:
        if places.given(text):
            notes.append(Note(row, Mended.TIME_UNREADABLE, text, f"{usual.starts:%H:%M}"))
        elif usual.has_times:
            notes.append(Note(row, Mended.TIME_FILLED, "", f"{usual.starts:%H:%M}"))
        return clocks.Span(usual.starts)
    if span.how:
        notes.append(Note(row, _HOWS[span.how], text, f"{span.starts:%H:%M}"))
    end = clocks.read(fields["end"]) if fields["end"] else None
    return span if end is None else clocks.Span(span.starts, end.starts)


def _slot(
    row: int, day: date, span: clocks.Span, zone: str, kind: str, notes: list[Note]
) -> times.Slot:
    """The slot; without an end the event lasts as long as its kind usually does."""
    length = timedelta(minutes=words.minutes_of(kind))
    first = datetime.combine(day, span.starts)
    last = first + length
    if span.ends is not None:
        last = datetime.combine(day, span.ends)
        if last <= first and span.ends < time(6):  # it runs past midnight
            last += timedelta(days=1)
        if last <= first or last - first > timedelta(hours=16):
            notes.append(Note(row, Mended.END_DROPPED, f"{span.starts:%H:%M}-{span.ends:%H:%M}"))
            last = first + length
    if zones.to_utc(last, zone).instant <= zones.to_utc(first, zone).instant:
        last += length  # the clocks go back in between
    slot = times.of_walls(first, last, zone)
    if slot.fit == zones.Fit.GAP:
        notes.append(Note(row, Mended.CLOCKS_SKIP, f"{first:%H:%M}", slot.starts_wall[11:]))
    return slot


def _zone(row: int, text: str, where: Where, notes: list[Note]) -> str:
    """The file's zone if it is one, fits the sun, and the file's coordinates stand."""
    if text and where.has_own_point and zones.is_known(text) and not text.startswith("Etc/"):
        noon = datetime(2000, 1, 1, 12)  # noqa: DTZ001 - a wall time is naive
        offset = noon - zones.to_utc(noon, text).instant.replace(tzinfo=None)
        apart = abs(offset / timedelta(hours=1) - where.lon / 15) % 24
        if min(apart, 24 - apart) <= _SUN_OFF_HOURS:
            return text
    zone = gazetteer.zone_at(where.lat, where.lon)
    if text and zone != text:
        notes.append(Note(row, Mended.ZONE_BY_POINT, text, zone))
    return zone


# ---- how many


def _counts(
    row: int, fields: dict[str, str], notes: list[Note]
) -> tuple[int | None, int | None, int | None]:
    """Low, best and high as a report needs them: low ≤ best ≤ high, or best alone, or nothing."""
    read = {}
    for name in ("low", "best", "high"):
        read[name] = values.numbers(fields[name])
        if fields[name] and read[name][0] is None and places.given(fields[name]):
            notes.append(Note(row, Mended.COUNT_UNREADABLE, fields[name]))
    low, high = read["low"][0], read["high"][1]
    least, most = read["best"]
    if least is not None and most is not None and least != most:  # a range in one column
        low, high = (least if low is None else low), (most if high is None else high)
    best = least if least == most else None
    if low is not None and high is not None and low > high:
        notes.append(Note(row, Mended.COUNTS_SWAPPED, f"{low}, {high}", f"{high}, {low}"))
        low, high = high, low
    ends = [count for count in (low, high) if count is not None]
    if best is None:
        if not ends:
            return None, None, None
        best = (sum(ends) + 1) // 2 if len(ends) == 2 else ends[0]
        if low != high:
            notes.append(Note(row, Mended.BEST_FILLED, f"{low}, {high}", str(best)))
    if (low is not None and best < low) or (high is not None and best > high):
        notes.append(Note(row, Mended.COUNT_WIDENED, f"{low}, {best}, {high}"))
        low = min(best, low) if low is not None else None
        high = max(best, high) if high is not None else None
    return low, best, high
