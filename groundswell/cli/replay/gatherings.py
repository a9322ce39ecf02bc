"""What a row becomes, and what was said about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from groundswell.events import times


class Mended(StrEnum):
    """What was done to a row so that it can stand. The value is the sentence of the report."""

    COUNTRY_BY_POINT = "The coordinates and the town lie in another country than the text says."
    COUNTRY_FILLED = "The country was empty or unknown: that of the place was taken."
    POINT_BY_TOWN = "The coordinates lie elsewhere: those of the town were taken."
    POINT_BY_COUNTRY = (
        "No town, and coordinates in another country: the country's largest town was taken."
    )
    POINT_FILLED = "No usable coordinates: those of the town were taken."
    TOWN_FILLED = "No town: named after the nearest one to the coordinates."
    TOWN_TIDIED = "The town held more than its name: the name was taken, the rest kept as venue."
    IS_ONLINE = "Held online: shown as such, and the country and town of its point are not claimed."
    COUNTS_SWAPPED = "The low count was above the high one: they were exchanged."
    COUNT_WIDENED = "The best count lay outside low and high: the range was widened to hold it."
    COUNT_UNREADABLE = "A count could not be read and was left out."
    BEST_FILLED = "No best count: the middle of low and high was taken."
    DATE_SWAPPED = "Day and month were swapped: the other order falls on the file's weekday."
    DATE_FILLED = "No date: the action day was taken."
    DATE_UNREADABLE = "The date could not be read: the action day was taken."
    DATE_TOO_FAR = "The date is more than a year away, or not past: the action day was taken."
    TIME_FILLED = "No time: the most frequent start of the file was taken, or noon."
    TIME_UNREADABLE = "The time names no hour: the most frequent start of the file was taken."
    TIME_OF_SEVERAL = "Several times were joined: the first was taken."
    TIME_ALL_DAY = "All day: 9:00 to 17:00 was taken."
    TIME_OF_DAY = "Only a part of the day was named: an hour in it was taken."
    TIME_AFTERNOON = "A small hour without a.m. or p.m.: the afternoon was taken."
    END_DROPPED = "The end is not after the start: the usual length was taken."
    CLOCKS_SKIP = "The clocks skip this hour on that day: the next one was taken."
    ZONE_BY_POINT = "The time zone is unknown or far from the place: that of the place was taken."
    CELLS_DROPPED = "The row has more cells than the header: the rest was left out."


class Refused(StrEnum):
    """Why a row cannot stand."""

    NO_PLACE = "No place: neither usable coordinates nor a town that we know."
    AT_SEA = "The coordinates lie on open water, and the town is unknown."
    SAME_AS_ANOTHER = "The same, cell by cell, as an earlier row."


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the report: a row, what was done or refused, and the values before and after."""

    row: int
    what: Mended | Refused
    was: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Gathering:
    """A row that can be replayed."""

    row: int
    town: str
    country: str
    lat: float
    lon: float
    slot: times.Slot
    kind: str
    language: str
    venue: str = ""
    title: str = ""
    organisation: str = ""
    is_online: bool = False
    low: int | None = None
    best: int | None = None
    high: int | None = None

    @property
    def day(self) -> date:
        """The day on the wall there."""
        return datetime.strptime(self.slot.starts_wall, times.WALL).date()  # noqa: DTZ007 - a wall


@dataclass(frozen=True, slots=True)
class Usual:
    """What the file says as a whole, for rows that do not say it themselves."""

    action_on: date
    starts: time
    last_day: date  # nothing later can be replayed: it has not happened yet
    has_times: bool = False  # some rows name an hour
    weekday: int | None = None  # on which most dated rows fall, Monday is 0
