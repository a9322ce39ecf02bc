"""A segment as a file for another installation, and back (docs/how-to/share-a-segment.md).

Nothing in a file is an id of ours: tags, sources, campaigns and the like go by name, segments
inside of it come along. Reading a file changes nothing; what it asks for and is not here is told
row by row (``Missing``), for a person to decide (``operations/segment_files.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.people.models import Segment
from groundswell.people.segments import compiling, reading, shelf, wording
from groundswell.people.segments.criterion import Criterion
from groundswell.people.segments.parameters import ManyOf, NotThereAnyMore, OneOf
from groundswell.people.segments.reading import NAMED

FORMAT, VERSION = "groundswell-segment", 1
UNKNOWN = "?"
CHARACTERS_MOST = 200_000
BYTES_MOST = 4 * CHARACTERS_MOST
SEGMENTS_MOST = 20
NAME_MOST, SAYS_MOST = 120, 400


class NoSegmentFile(Refusal):
    sentence = gettext_lazy(
        "This is not a segment of Groundswell. Choose the file that “As a file” of a segment gave."
    )
    field = "file"


class FileIsNewer(Refusal):
    sentence = gettext_lazy(
        "A newer Groundswell wrote this file, and this one cannot read it. Ask for it as a text."
    )
    field = "file"


class FileIsTooLong(Refusal):
    sentence = gettext_lazy("This file is too long for a segment.")
    field = "file"


@dataclass(frozen=True, slots=True)
class Missing:
    """What a row asks for and is not here. ``is_whole``: the row cannot be asked without it."""

    segment: str  # the name of the one that the row is of
    says: str
    why: str
    is_whole: bool


@dataclass(slots=True)
class Part:
    """One segment of a file. Its ``rows`` are what can be asked here, as ``reading.read_row``
    takes them, but segments of the same file stand in them by their ``key``."""

    key: str
    name: str
    rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it was understood: the innermost segment first, the one it is about last."""

    parts: tuple[Part, ...]
    missing: tuple[Missing, ...]

    @property
    def name(self) -> str:
        return self.parts[-1].name


# --- out -----------------------------------------------------------------------------------------


def told(segment: Segment, by: Actor) -> dict[str, Any]:
    """The segment and those that it is made of, as JSON. What the reader may not see stands there
    as “?”, and will be missing wherever the file is read. Raises GoesInCircles."""
    inside: dict[int, dict[str, Any]] = {}
    rows = _rows(segment, by, inside, (segment.id,))
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": segment.name,
        "rows": rows,
        "segments": list(inside.values()),
    }


def as_text(segment: Segment, by: Actor) -> str:
    """What :func:`told` tells, as the text of a file."""
    return json.dumps(told(segment, by), ensure_ascii=False, indent=1) + "\n"


def _rows(
    segment: Segment, by: Actor, inside: dict[int, dict[str, Any]], above: tuple[int, ...]
) -> list[dict[str, Any]]:
    found = []
    for stored in segment.rows:
        criterion = reading.criterion_of(str(stored.get("criterion", "")))
        if criterion is None or not by.may_somewhere(criterion.needs):
            says = str(reading.NoSuchCriterion.sentence)
            found.append({"verb": stored.get("verb"), "criterion": UNKNOWN, "says": says})
            continue
        given = _outside(stored, criterion, by)
        if criterion.name == NAMED:
            given = {"segment": _inside(stored["with"]["segment"], by, inside, above)}
        row = {**stored, "with": given} if given else stored
        found.append({**row, "says": _sentence(stored, by)})
    return found


def _inside(
    named: str, by: Actor, inside: dict[int, dict[str, Any]], above: tuple[int, ...]
) -> str:
    """The key of a segment inside of another one, which comes before it in the file."""
    found = shelf.visible_to(by).filter(id=int(named)).first()
    if found is None:
        return UNKNOWN
    segment_id = found.id
    if segment_id in above or len(above) >= compiling.DEEPEST:
        raise compiling.GoesInCircles
    if segment_id not in inside:
        rows = _rows(found, by, inside, (*above, segment_id))
        inside[segment_id] = {"key": str(len(inside) + 1), "name": found.name, "rows": rows}
    return str(inside[segment_id]["key"])


def _sentence(stored: Mapping[str, Any], by: Actor) -> str:
    try:
        return wording.sentence(reading.read_row(stored, by=by), by)
    except Refusal as refusal:
        return str(refusal)


def _outside(stored: Mapping[str, Any], criterion: Criterion, by: Actor) -> dict[str, Any]:
    """What a row is given, with names for our ids."""
    given = dict(stored.get("with", {}))
    for one in criterion.parameters:
        value = given.get(one.name)
        if value is None or not isinstance(one, OneOf | ManyOf) or one.names is None:
            continue
        names = dict(one.names(by))
        if isinstance(one, ManyOf):
            given[one.name] = [names.get(key, UNKNOWN) for key in value]
        else:
            given[one.name] = names.get(value, UNKNOWN)
    return given


# --- in ------------------------------------------------------------------------------------------


def text_of(data: bytes) -> str:
    """The text of a file, of which a reader need not take more than BYTES_MOST and one more.

    Raises NoSegmentFile, FileIsTooLong.
    """
    if len(data) > BYTES_MOST:
        raise FileIsTooLong
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise NoSegmentFile from wrong


def read(text: str, by: Actor) -> Taken:
    """A file as it can be asked here. Raises NoSegmentFile, FileIsNewer, FileIsTooLong."""
    held = _opened(text)
    inner = held.get("segments", [])
    if not isinstance(inner, list) or not all(isinstance(one, dict) for one in inner):
        raise NoSegmentFile
    if len(inner) > SEGMENTS_MOST:
        raise FileIsTooLong
    reader = _Reader(by)
    for one in inner:
        reader.part(str(one.get("key", "")), one)
    reader.part("", held)
    return Taken(tuple(reader.parts.values()), tuple(reader.missing))


def in_sentences(taken: Taken, by: Actor) -> list[tuple[str, list[str]]]:
    """Each segment of a file with its name and its rows as they would be asked here; the one that
    the file is about comes first."""
    names = {part.key: part.name for part in taken.parts}
    return [
        (part.name, [_asked_as(row, names, by) for row in part.rows])
        for part in reversed(taken.parts)
    ]


def _asked_as(row: dict[str, Any], names: Mapping[str, str], by: Actor) -> str:
    inner = names.get(str(row["with"].get("segment"))) if row["criterion"] == NAMED else None
    return wording.of_stored(row, by, inside=inner)


def _opened(text: str) -> dict[str, Any]:
    if len(text) > CHARACTERS_MOST:
        raise FileIsTooLong
    try:
        held = json.loads(text)
        # Half of a pair of UTF-16 is no letter, and no database or page could take it.
        json.dumps(held, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as broken:
        raise NoSegmentFile from broken
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        raise NoSegmentFile
    version = held.get("version")
    if not isinstance(version, int) or version < 1:
        raise NoSegmentFile
    if version > VERSION:
        raise FileIsNewer
    return held


class _Reader:
    """Carries what was read of a file so far: a segment is made only of those before it."""

    def __init__(self, by: Actor) -> None:
        self.by = by
        self.parts: dict[str, Part] = {}
        self.missing: list[Missing] = []

    def part(self, key: str, held: Mapping[str, Any]) -> None:
        name, rows = held.get("name"), held.get("rows")
        if not isinstance(name, str) or not isinstance(rows, list) or key in self.parts:
            raise NoSegmentFile
        if len(rows) > reading.ROWS_MOST:
            raise reading.TooManyRows(field="file")
        found = Part(key, clean_line(name)[:NAME_MOST])
        for row in rows:
            if not isinstance(row, dict):
                raise NoSegmentFile
            asked = self._row(row, found)
            if asked is not None:
                found.rows.append(asked)
        verbs = [row["verb"] for row in found.rows]
        if not verbs or verbs[0] != reading.Verb.START or verbs.count(reading.Verb.START) != 1:
            raise NoSegmentFile
        self.parts[key] = found

    def _row(self, row: dict[str, Any], part: Part) -> dict[str, Any] | None:
        """The row as it can be asked here; None where it cannot."""
        name = str(row.get("criterion", ""))
        criterion = reading.criterion_of(name)
        named = str(criterion.title) if criterion else clean_line(name)
        says = (clean_line(str(row.get("says", ""))) or named)[:SAYS_MOST]
        if criterion is None:
            why = _("“{name}” is not asked here.").format(name=clean_line(name)[:80])
            self.missing.append(Missing(part.name, says, why, is_whole=True))
            return None
        gone: list[str] = []
        try:
            asked = self._asked(row, criterion, gone)
        except Refusal as refusal:
            why = " ".join(gone) or str(refusal)
            self.missing.append(Missing(part.name, says, why, is_whole=True))
            return None
        self.missing += [Missing(part.name, says, why, is_whole=False) for why in gone]
        return asked

    def _asked(self, row: dict[str, Any], criterion: Criterion, gone: list[str]) -> dict[str, Any]:
        if criterion.name != NAMED:
            given = self._given(row.get("with"), criterion, gone)
            return reading.read_row({**row, "with": given}, by=self.by).as_json()
        _criterion, verb, is_not = reading.beginning(row, by=self.by)
        held = row.get("with")
        key = str(held.get("segment", "")) if isinstance(held, dict) else ""
        if key not in self.parts:
            raise compiling.SegmentIsGone
        return reading.Row(verb, NAMED, {"segment": key}, is_not).as_json()

    def _given(self, held: Any, criterion: Criterion, gone: list[str]) -> dict[str, Any]:
        """Names turned into our ids; each one that is not here is told in ``gone``. Raises
        NotThereAnyMore where nothing is left: a row must never ask for more than it did."""
        given = dict(held) if isinstance(held, dict) else {}
        for one in criterion.parameters:
            value = given.get(one.name)
            if not isinstance(one, OneOf | ManyOf) or one.names is None or value in (None, "", []):
                continue
            keys = {name: key for key, name in reversed(one.names(self.by))}
            names = [
                clean_line(str(each)) for each in (value if isinstance(value, list) else [value])
            ]
            known = [keys[name] for name in names if name in keys]
            gone += [
                _("“{name}” is not here ({what}).").format(name=name[:80], what=one.label)
                for name in names
                if name not in keys
            ]
            if not known:
                raise NotThereAnyMore
            given[one.name] = known if isinstance(one, ManyOf) else known[0]
        return given
