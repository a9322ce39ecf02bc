"""What is going to be replayed: the file judged, the options taken, and the name of it all."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from groundswell.cli.replay import columns, files, mending, survey, timeline, words
from groundswell.cli.replay.files import CannotReplay
from groundswell.cli.replay.gatherings import Gathering, Note
from groundswell.kernel.text import clean_line

Progress = Callable[[str, int, int], None]

ROWS_MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """What the command was given."""

    title: str = ""
    slug: str = ""
    action_on: date | None = None
    scale: float | None = None
    languages: tuple[str, ...] = words.LANGUAGES
    limit: int | None = None

    def told(self) -> str:
        """The options as one text, the same for the same options."""
        return json.dumps(
            [
                self.title,
                self.slug,
                str(self.action_on),
                self.scale,
                list(self.languages),
                self.limit,
            ]
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """A judged file, ready to be replayed. It holds one small value for each event, no person."""

    path: Path
    name: str  # of this replay: the file's hash and the options; in every invented address
    title: str
    options: Options
    action_on: date
    day_from: str
    scale: float
    has_counts: bool
    encoding: str
    separator: str
    row_count: int
    gatherings: list[Gathering] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    mended_rows: int = 0
    refused_rows: int = 0

    @property
    def bookmark(self) -> str:
        """The name of the cursor in the ledger."""
        return f"replay:{self.name}"

    @property
    def sign_up_count(self) -> int:
        return sum(timeline.sign_ups(each.best, self.scale) for each in self.gatherings)

    @property
    def opens_at(self) -> datetime:
        """When the campaign begins: before the first host can publish."""
        return min(map(timeline.opens_at, self.gatherings))

    @property
    def ends_at(self) -> datetime:
        """When everything is told."""
        return max(map(timeline.ends_at, self.gatherings))


def make(
    path: Path,
    options: Options,
    *,
    today: date,
    progress: Progress,
    kept_day: Callable[[str], date | None] = lambda _bookmark: None,
) -> Plan:
    """Read and judge the whole file; nothing is written. Raises CannotReplay.

    ``kept_day``: the action day of an earlier, interrupted run by the name of its bookmark. A
    file without dates must not change its day because the run goes on after midnight.
    """
    _check(options)
    table = files.open_table(path)
    known = columns.understand(table.header, path.name)
    told = f"{timeline.VERSION}:{table.digest}:{options.told()}"
    name = hashlib.sha256(told.encode()).hexdigest()[:12]
    found = survey.survey(
        table,
        known,
        today=today,
        action_on=options.action_on or kept_day(f"replay:{name}"),
        limit=options.limit,
    )
    outcomes = mending.mend_all(
        table, known, found, languages=options.languages, limit=options.limit
    )
    gatherings, notes, mended, refused = _judged(outcomes, found.row_count, progress)
    if not gatherings:
        raise CannotReplay(
            f"Of {found.row_count:,} rows in {path.name}, none can stand. The first one: "
            f"{notes[0].what.value}"
        )
    counts = [each.best for each in gatherings if each.best is not None]
    scale = options.scale if options.scale is not None else timeline.scale_for(counts)
    return Plan(
        path=path,
        name=name,
        title=clean_line(options.title)[:80] or _title(path),
        options=options,
        action_on=found.usual.action_on,
        day_from=found.day_from,
        scale=scale,
        has_counts=bool(counts),
        encoding=table.encoding,
        separator=table.separator,
        row_count=found.row_count,
        gatherings=gatherings,
        notes=notes,
        mended_rows=mended,
        refused_rows=refused,
    )


def _judged(
    outcomes: Iterable[mending.Outcome], row_count: int, progress: Progress
) -> tuple[list[Gathering], list[Note], int, int]:
    """What stands, what there is to say, and how many rows were mended and refused."""
    gatherings: list[Gathering] = []
    notes: list[Note] = []
    mended = refused = 0
    for place, (_row, gathering, said) in enumerate(outcomes, start=1):
        notes += said
        if gathering is None:
            refused += 1
        else:
            gatherings.append(gathering)
            mended += bool(said)
        if place % 100 == 0 or place == row_count:
            progress("Reading rows", place, row_count)
    return gatherings, notes, mended, refused


def _check(options: Options) -> None:
    unknown = [code for code in options.languages if code not in words.LANGUAGES]
    if unknown or not options.languages:
        raise CannotReplay(
            f"A replayed campaign speaks {', '.join(words.LANGUAGES)}; "
            f"choose --languages from these, not “{', '.join(unknown)}”."
        )
    if options.scale is not None and not 0 < options.scale <= 1:
        raise CannotReplay(
            "The scale is the number of invented people for each counted one: more than 0, and 1 "
            "at most."
        )
    if options.limit is not None and not 1 <= options.limit <= ROWS_MOST:
        raise CannotReplay(f"The limit is a number of rows: 1 to {ROWS_MOST:,}.")
    if options.action_on is not None and not 1900 <= options.action_on.year <= 2200:
        raise CannotReplay("The action day lies in a year from 1900 to 2200.")


def _title(path: Path) -> str:
    """ "womens_march_2017_world" as "Womens march 2017 world"."""
    plain = clean_line(re.sub(r"[_\W]+", " ", path.stem))[:80]
    return plain[:1].upper() + plain[1:] or "Replay"


def span_of_days(plan: Plan) -> tuple[date, date]:
    """First and last day of the campaign."""
    days = [each.day for each in plan.gatherings] + [plan.action_on]
    return min(days), max(days)


def start_of_run(plan: Plan) -> datetime:
    """A day before anything happens, when the office sets the campaign up."""
    return plan.opens_at - timedelta(days=1)
