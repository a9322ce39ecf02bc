"""Tables and calendar files with hostile words in them, read again as other programs read them."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from bench.attack.asking import Answer, Ground
from bench.attack.corpus import Supply
from groundswell.events import calendar_file
from groundswell.events.calendar_file import Method, Organiser
from groundswell.events.models import Event
from groundswell.office import csv_file
from groundswell.people.operations import persons

_CELLS, _FILES, _DOWNLOADS = 400, 2_500, 30  # tables, calendar files, downloads of a whole run
_ROWS, _COLUMNS = 8, 5
# What makes a spreadsheet begin to reckon; blanks, marks and controls before it are passed over.
_RUNS = re.compile(r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
_PARAMETER = r";([A-Za-z0-9-]+)=(?:\"[^\"]*\"|[^\";:,]*)"
_ICS_LINE = re.compile(rf"([A-Za-z0-9-]+)((?:{_PARAMETER})*):")


def attack(ground: Ground) -> None:
    """Cells, whole downloads, calendar files, downloaded calendar files."""
    _cells(ground)
    _downloads(ground)
    _calendars(ground)


# --- tables ------------------------------------------------------------------------------------


def wrong_cells(text: str, columns: int, rows: int) -> list[str]:
    """What is wrong with a table: other lines or columns than were written, cells that run."""
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    found = [f"a line of {len(line)} cells" for line in read if len(line) != columns]
    if len(read) != rows:
        found.append(f"{len(read)} lines instead of {rows}")
    return found + [f"runs: {cell[:40]!r}" for line in read for cell in line if _RUNS.match(cell)]


def _cells(ground: Ground) -> None:
    supply = Supply(ground.dice)
    for _turn in range(ground.share(_CELLS)):
        rows = [[supply.next().text for _c in range(_COLUMNS)] for _r in range(_ROWS)]
        rows = [[cell.replace("\x00", "") for cell in row] for row in rows]  # no database holds it
        text = "".join(csv_file.lines(rows[0], rows[1:]))
        ground.tally.count("csv", _ROWS * _COLUMNS)
        for fault in wrong_cells(text, _COLUMNS, _ROWS)[:1]:
            ground.tally.got_through("csv", fault, repr(rows))


def _downloads(ground: Ground) -> None:
    """The files that the office downloads, with hostile names and titles in the tables."""
    owner, campaign = ground.asker("owner"), ground.world.campaigns[0]
    supply, event = Supply(ground.dice), ground.world.events[0]
    paths = [
        path
        for route in ground.routes
        if route.name.endswith("_csv")
        for path in ground.paths(route)
    ]
    for path in paths:
        with ground.visit(owner):
            plain = ground.ask("csv", owner, "GET", path)
        for _turn in range(ground.share(_DOWNLOADS)):
            texts = [supply.short(120).text.replace("\x00", "") for _each in range(4)]
            texts = [text.encode("utf-8", "replace").decode() for text in texts]
            with ground.visit(owner):
                Event.objects.filter(id=event.id).update(title=texts[0], venue=texts[1])
                type(campaign).objects.filter(id=campaign.id).update(organisation=texts[2][:80])
                if event.host is not None:
                    persons.write_name(event.host, texts[3], "")
                answer = ground.ask("csv", owner, "GET", path)
            ground.tally.count("csv", len(texts))
            _compare(ground, plain, answer, texts)


def _compare(ground: Ground, plain: Answer, answer: Answer, texts: list[str]) -> None:
    was = list(csv.reader(io.StringIO(plain.text.removeprefix("\ufeff"), newline="")))
    if not was or answer.status >= 400:
        return
    for fault in wrong_cells(answer.text, len(was[0]), len(was))[:1]:
        ground.tally.got_through("csv", fault, f"{answer.again} after {texts!r}")


# --- calendars ---------------------------------------------------------------------------------


def bones(content: bytes) -> list[str]:
    """The names of a calendar's lines in order, begins and ends with what they begin.

    Raises ValueError for what RFC 5545 section 3.1 forbids: bare line ends, lines over 75 bytes.
    """
    if not content.endswith(b"\r\n"):
        raise ValueError("the last line has no end")
    found: list[str] = []
    for line in content.removesuffix(b"\r\n").split(b"\r\n"):
        if b"\r" in line or b"\n" in line:
            raise ValueError(f"a bare line end in {line[:60]!r}")
        if len(line) > 75:
            raise ValueError(f"a line of {len(line)} bytes")
        if line.startswith((b" ", b"\t")):
            found[-1] += line[1:].decode("utf-8", "surrogateescape")
        else:
            found.append(line.decode("utf-8", "surrogateescape"))
    return [_named(line) for line in found]


def _named(line: str) -> str:
    matched = _ICS_LINE.match(line)
    if matched is None:
        raise ValueError(f"no line of a calendar: {line[:60]!r}")
    if any(ord(letter) < 32 and letter != "\t" for letter in line):
        raise ValueError(f"a control in {line[:60]!r}")
    name = matched.group(1)
    parameters = ";".join(re.findall(_PARAMETER, matched.group(2)))
    return line if name in {"BEGIN", "END"} else f"{name};{parameters}"


def _calendars(ground: Ground) -> None:
    supply = Supply(ground.dice)
    for number in range(ground.share(_FILES)):
        method = (Method.NONE, Method.PUBLISH, Method.CANCEL)[number % 3]
        texts = [_storable(supply.next().text) for _each in range(4)]
        ground.tally.count("ics", len(texts))
        try:
            wanted = bones(_calendar(ground, method, ["Plain words"] * 4))
            found = bones(_calendar(ground, method, texts))
        except ValueError as wrong:
            ground.tally.got_through("ics", str(wrong), repr(texts))
            continue
        if found != wanted:
            what = f"other lines: {sorted(set(found) ^ set(wanted))[:3]}"
            ground.tally.got_through("ics", what, repr(texts))
    _served(ground, supply)


def _storable(text: str) -> str:
    """As the forms leave it: a line without controls (kernel.text)."""
    from groundswell.kernel.text import clean_line

    return clean_line(text) or "x"


def _calendar(ground: Ground, method: Method, texts: list[str]) -> bytes:
    event = ground.world.events[0]
    kept: dict[str, Any] = {"title": event.title, "description": event.description}
    event.title, event.description = texts[0], f"{texts[1]}\n\n{texts[1]}"
    try:
        return calendar_file.calendar_file(
            event,
            url="http://localhost:8000/en/e/x",
            location=texts[2],
            method=method,
            organiser=Organiser(texts[3], "hello@example.org") if method else None,
        )
    finally:
        for name, value in kept.items():
            setattr(event, name, value)


def _served(ground: Ground, supply: Supply) -> None:
    """Over the page, with what a database could hold by another way: controls are left in."""
    visitor, event = ground.asker("visitor"), ground.world.events[0]
    path = f"/e/{event.slug}.ics"
    with ground.visit(visitor):
        wanted = bones(ground.ask("ics", visitor, "GET", path).body)
    for _turn in range(ground.share(_DOWNLOADS * 4)):
        texts = [_storable(supply.short(120).text)[:120] for _each in range(2)]
        with ground.visit(visitor):
            Event.objects.filter(id=event.id).update(title=texts[0], venue=texts[1])
            answer = ground.ask("ics", visitor, "GET", path)
        ground.tally.count("ics", 2)
        try:
            is_same = bones(answer.body) == wanted
        except ValueError:
            is_same = False
        if not is_same:
            ground.tally.got_through("ics", "a served calendar with other lines", repr(texts))
