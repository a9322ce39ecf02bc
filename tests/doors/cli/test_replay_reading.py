"""Tables of unknown make: encodings, separators, columns, and each defect's outcome."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from groundswell.cli.replay import clocks, columns, countries, files, plan, values
from groundswell.cli.replay.files import CannotReplay
from groundswell.cli.replay.gatherings import Gathering, Mended, Refused

TODAY = date(2026, 3, 4)
DAY = date(2017, 1, 21)


def write(folder: Path, text: str, *, encoding: str = "utf-8", name: str = "march.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def judged(folder: Path, text: str, **options: Any) -> plan.Plan:
    """The plan of a table with an action day of its own."""
    given = {"action_on": DAY, **options}
    return plan.make(
        write(folder, text), plan.Options(**given), today=TODAY, progress=lambda *_told: None
    )


def only(made: plan.Plan) -> Gathering:
    (one,) = made.gatherings
    return one


def codes(made: plan.Plan) -> list[Mended | Refused]:
    return [note.what for note in made.notes]


LEEDS = "Leeds,UK,53.8,-1.55"


# ---- files


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [
        ("utf-8", ","),
        ("utf-8-sig", ";"),
        ("utf-16", "\t"),
        ("utf-16-le", "\t"),
        ("cp1252", ";"),
    ],
)
def test_table_of_any_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    text = "Città;País;Latitude;LONGITUDE\nMálaga;España;36,72;-4,42\n"
    path = write(tmp_path, text.replace(";", separator), encoding=encoding)
    made = (
        plan.make(path, plan.Options(action_on=DAY), today=TODAY, progress=lambda *_told: None)
        if separator != ","
        else plan.make(
            write(
                tmp_path, text.replace(";", ",").replace("36,72", "36.72").replace("-4,42", "-4.42")
            ),
            plan.Options(action_on=DAY),
            today=TODAY,
            progress=lambda *_told: None,
        )
    )
    one = only(made)
    assert (one.town, one.country, one.lat, one.lon) == ("Málaga", "ES", 36.72, -4.42)
    assert codes(made) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it.csv is empty. Choose a CSV file with one row for each event."),
        (b"\n \n", "it.csv is empty. Choose a CSV file with one row for each event."),
        (
            b"PK\x03\x04abc",
            "it.csv is not a CSV file. Open it in a spreadsheet and save it as CSV.",
        ),
        (
            b"town,\x00\x01\x02\x03\x04\x05\x06\x07",
            "it.csv is not a CSV file: it holds bytes that are no text.",
        ),
        (b"town,lat,lon\n", "it.csv has a header and no rows. Add one row for each event."),
        (
            b"who,how many\nme,3\n",
            "it.csv needs a column for the place: “town”, or “lat” and “lon”. "
            "Its columns are: who, how many.",
        ),
        (
            b"lat,people\n3,3\n",
            "it.csv needs a column “lon” beside the other coordinate, or one for the town. "
            "Its columns are: lat, people.",
        ),
        (
            b"town,country\nXqzwvk,Nowhere\n",
            "Of 1 rows in it.csv, none can stand. The first one: No place: neither usable "
            "coordinates nor a town that we know.",
        ),
    ],
)
def test_file_that_does_not_do_is_one_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "it.csv"
    path.write_bytes(content)
    with pytest.raises(CannotReplay) as refused:
        plan.make(path, plan.Options(), today=TODAY, progress=lambda *_told: None)
    assert str(refused.value) == sentence


def test_missing_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "gone.csv"
    with pytest.raises(CannotReplay) as refused:
        files.open_table(path)
    assert str(refused.value) == f"{path} cannot be read: No such file or directory."


def test_columns_by_name_ignore_case_accents_and_signs() -> None:
    found = columns.understand(
        ["EST_Low", "Ciudad", "Est-High", "PAÍS", "Average ", "tz_derived", "Lng", "Latitud"], "x"
    )
    assert found.at == {
        "low": 0, "town": 1, "high": 2, "country": 3, "best": 4, "zone": 5, "lon": 6, "lat": 7,
    }  # fmt: skip


# ---- values


@pytest.mark.parametrize(
    ("text", "starts", "ends", "how"),
    [
        ("At 12.00-13.00 (noon to 1pm)", time(12), time(13), ""),
        ("ore 9:00", time(9), None, ""),
        ("12:00 Uhr", time(12), None, ""),
        ("17hs", time(17), None, ""),
        ("12.3", time(12, 30), None, ""),
        ("9u30", time(9, 30), None, ""),
        ("3-5pm", time(15), time(17), ""),
        ("11-2pm", time(11), time(14), ""),
        ("9am until midday", time(9), time(12), ""),
        ("1400 - 1600", time(14), time(16), ""),
        ("12 am", time(0), None, ""),
        ("9-12 am", time(9), time(12), ""),
        ("2:00-6:00", time(14), time(18), "afternoon"),
        ("All day|", time(9), time(17), "all_day"),
        ("Morning", time(10), None, "part_of_day"),
        ("11.00-14.00|ore 9:00", time(11), time(14), "several"),
        ("ore 9:00|ore 9:00", time(9), None, ""),
        ("۹:۳۰", time(9, 30), None, ""),
    ],
)
def test_time_as_hosts_write_it(text: str, starts: time, ends: time | None, how: str) -> None:
    assert clocks.read(text) == clocks.Span(starts, ends, how)


@pytest.mark.parametrize("text", ["secret", "tbd", "Lol", "99:99", "All friday, as it takes"])
def test_text_without_an_hour_is_no_time(text: str) -> None:
    assert clocks.read(text) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [("1e3", 1000), ("25.5", 26), ("1,000", 1000), ("1.000", 1000), ("1 000", 1000),
     ("~500", 500), ("500+", 500), ("3k", 3000), ("0", 0), ("?", None), ("-5", None),
     ("1e99", None), ("nan", None)],
)  # fmt: skip
def test_head_count(text: str, count: int | None) -> None:
    assert values.number(text) == count


@pytest.mark.parametrize(
    ("text", "code"),
    [("USA", "US"), ("UK", "GB"), ("Taiwan 950", "TW"), ("5300 Hungary", "HU"), ("Earth", ""),
     ("Dubai - United Arab Emirates", "AE"), ("Macedonia (FYROM)", "MK"), ("Scotland", "GB"),
     ("Svalbard and Jan Mayen", "SJ"), ("Deutschland", "DE"), ("مصر", "EG"), ("Jammu", "IN"),
     ("Famagusta", "CY"), ("", "")],
)  # fmt: skip
def test_country_as_people_write_it(text: str, code: str) -> None:
    assert countries.code_of(text) == code


def test_order_of_a_date_column_is_judged_by_its_days() -> None:
    assert values.order_of(["1/21/2017", "2/3/2017"]).read("2/3/2017") == date(2017, 2, 3)
    assert values.order_of(["21/1/2017", "2/3/2017"]).read("2/3/2017") == date(2017, 3, 2)
    assert values.order_of([]).read("21 de enero de 2017") == DAY
    assert values.order_of([]).read("99/99/2017") is None


# ---- places


@pytest.mark.parametrize(
    ("row", "stands", "said"),
    [
        (LEEDS, ("Leeds", "GB", 53.8, -1.55), []),
        # labelled with another country, town and coordinates agree
        ("Seoul,US,37.573,126.978", ("Seoul", "KR", 37.573, 126.978), [Mended.COUNTRY_BY_POINT]),
        ("Calgary,US,51.046,-114.06", ("Calgary", "CA", 51.046, -114.06),
         [Mended.COUNTRY_BY_POINT]),
        # an empty or unknown country
        ("Singapore,,1.352,103.82", ("Singapore", "SG", 1.352, 103.82), [Mended.COUNTRY_FILLED]),
        ("Leeds,Earth,53.8,-1.55", ("Leeds", "GB", 53.8, -1.55), [Mended.COUNTRY_FILLED]),
        # no coordinates, or those of a geocoder that found nothing
        ("Leeds,UK,,", ("Leeds", "GB", 53.7965, -1.5478), [Mended.POINT_FILLED]),
        ("Leeds,UK,0.0,0.0", ("Leeds", "GB", 53.7965, -1.5478), [Mended.POINT_FILLED]),
        ("Leeds,UK,91,500", ("Leeds", "GB", 53.7965, -1.5478), [Mended.POINT_FILLED]),
        ("Paris,,,", ("Paris", "FR", 48.8534, 2.3488),
         [Mended.POINT_FILLED, Mended.COUNTRY_FILLED]),
        # coordinates of a namesake: town and country agree
        ("Leeds,UK,40.7,-74.0", ("Leeds", "GB", 53.7965, -1.5478), [Mended.POINT_BY_TOWN]),
        # a town at a border, whose nearest known town lies across
        ("Clair,Canada,47.25,-68.6", ("Clair", "CA", 47.25, -68.6), []),
        # no town
        (",UK,53.8,-1.55", ("Leeds", "GB", 53.8, -1.55), [Mended.TOWN_FILLED]),
        (",Ireland,-23.9,29.469", ("Dublin", "IE", 53.3331, -6.2489),
         [Mended.POINT_BY_COUNTRY]),
        # an address in the town's cell
        ('"1 The Headrow, 12345 Leeds",UK,53.8,-1.55', ("Leeds", "GB", 53.8, -1.55),
         [Mended.TOWN_TIDIED]),
        ("99955 Kutzleben,Germany,51.14,10.81", ("Kutzleben", "DE", 51.14, 10.81), []),
    ],
)  # fmt: skip
def test_place_of_a_row(
    tmp_path: Path, row: str, stands: tuple[object, ...], said: list[Mended]
) -> None:
    made = judged(tmp_path, f"town,country,lat,lon\n{row}\n")
    one = only(made)
    assert ((one.town, one.country, one.lat, one.lon), codes(made)) == (stands, said)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",Earth,0.0,0.0", Refused.NO_PLACE),
        ("Xqzwvk,,,", Refused.NO_PLACE),
        ("Earth,,,", Refused.NO_PLACE),  # a village in Texas, but who says that it is meant?
        ("Xqzwvk,,-40,-120", Refused.AT_SEA),
        (LEEDS, Refused.SAME_AS_ANOTHER),
    ],
)
def test_row_that_cannot_stand(tmp_path: Path, row: str, why: Refused) -> None:
    made = judged(tmp_path, f"town,country,lat,lon\n{LEEDS}\n{row}\n")
    assert [(note.row, note.what) for note in made.notes] == [(3, why)]
    assert (len(made.gatherings), made.refused_rows) == (1, 1)


def test_online_event_claims_no_country_and_no_town(tmp_path: Path) -> None:
    made = judged(tmp_path, "city,country,lat,lon\nDisability (online),,33.97,-117.69\n")
    one = only(made)
    assert (one.is_online, one.kind, one.town, one.country, one.title) == (
        True, "online", "Online", "", "Disability (online)",
    )  # fmt: skip
    assert codes(made) == [Mended.IS_ONLINE]


# ---- when, where on the clock, how many


def test_dates_swapped_missing_unreadable_and_too_far(tmp_path: Path) -> None:
    rows = [
        *(f"Leeds,2019-06-28,{number}" for number in range(8)),  # Fridays
        "York,2019-12-04,",  # 12 April 2019 was a Friday
        "Hull,2019-06-29,",  # a Saturday with no other reading
        "Ripon,,",
        "Selby,soon,",
        "Derby,2024-01-05,",
    ]
    text = "town,date,people,country\n" + "".join(f"{row},UK\n" for row in rows)
    made = judged(tmp_path, text, action_on=None)
    assert made.action_on == date(2019, 6, 28)
    days = {each.town: each.day for each in made.gatherings}
    assert days == {
        "Leeds": date(2019, 6, 28),
        "York": date(2019, 4, 12),
        "Hull": date(2019, 6, 29),
        "Ripon": date(2019, 6, 28),
        "Selby": date(2019, 6, 28),
        "Derby": date(2019, 6, 28),
    }
    said = [what for what in codes(made) if what != Mended.POINT_FILLED]
    assert said == [
        Mended.DATE_SWAPPED, Mended.DATE_FILLED, Mended.DATE_UNREADABLE, Mended.DATE_TOO_FAR,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "walls", "said"),
    [
        ("10:00", ("10:00", "12:00"), []),
        ("18.00-22.00|9", ("18:00", "22:00"), [Mended.TIME_OF_SEVERAL]),
        ("", ("10:00", "12:00"), [Mended.TIME_FILLED]),
        ("secret", ("10:00", "12:00"), [Mended.TIME_UNREADABLE]),
        ("All day", ("09:00", "17:00"), [Mended.TIME_ALL_DAY]),
        ("afternoon", ("14:00", "16:00"), [Mended.TIME_OF_DAY]),
        ("3", ("15:00", "17:00"), [Mended.TIME_AFTERNOON]),
        ("20:00-17:00", ("20:00", "22:00"), [Mended.END_DROPPED]),
        ("22:00-1:00", ("22:00", "01:00"), []),
    ],
)
def test_time_of_a_row(
    tmp_path: Path, cell: str, walls: tuple[str, str], said: list[Mended]
) -> None:
    usual = "".join(f"York,UK,53.96,-1.08,10:00,{number}\n" for number in range(3))
    text = f"town,country,lat,lon,time,people\n{usual}{LEEDS},{cell},\n"
    made = judged(tmp_path, text)
    slot = made.gatherings[-1].slot
    assert ((slot.starts_wall[11:], slot.ends_wall[11:]), codes(made)) == (walls, said)


def test_hour_that_the_clocks_skip_moves_on(tmp_path: Path) -> None:
    made = judged(
        tmp_path, f"town,country,lat,lon,time\n{LEEDS},01:30\n", action_on=date(2017, 3, 26)
    )
    assert (only(made).slot.starts_wall[11:], codes(made)) == ("02:00", [Mended.CLOCKS_SKIP])


@pytest.mark.parametrize(
    ("zone", "stands", "said"),
    [
        ("Europe/London", "Europe/London", []),
        ("", "Europe/London", []),
        ("Etc/GMT", "Europe/London", [Mended.ZONE_BY_POINT]),
        ("Mars/Olympus", "Europe/London", [Mended.ZONE_BY_POINT]),
        ("Asia/Tokyo", "Europe/London", [Mended.ZONE_BY_POINT]),
    ],
)
def test_zone_of_a_row(tmp_path: Path, zone: str, stands: str, said: list[Mended]) -> None:
    made = judged(tmp_path, f"town,country,lat,lon,tz\n{LEEDS},{zone}\n")
    assert (only(made).slot.zone, codes(made)) == (stands, said)


@pytest.mark.parametrize(
    ("cells", "counts", "said"),
    [
        ("100,200,150", (100, 150, 200), []),
        (",,", (None, None, None), []),
        (",,1e3", (None, 1000, None), []),
        ("75000,10000,42500.0", (10000, 42500, 75000), [Mended.COUNTS_SWAPPED]),
        ("100,200,", (100, 150, 200), [Mended.BEST_FILLED]),
        ("50,50,", (50, 50, 50), []),
        (",100,50.0", (None, 50, 100), []),
        ("100,200,300", (100, 300, 300), [Mended.COUNT_WIDENED]),
        ("many,,20", (None, 20, None), [Mended.COUNT_UNREADABLE]),
        (",,500-700", (500, 600, 700), [Mended.BEST_FILLED]),
        (",,0", (None, 0, None), []),
    ],
)
def test_counts_of_a_row(
    tmp_path: Path, cells: str, counts: tuple[int | None, ...], said: list[Mended]
) -> None:
    made = judged(tmp_path, f"town,country,lat,lon,low,high,best\n{LEEDS},{cells}\n")
    one = only(made)
    assert ((one.low, one.best, one.high), codes(made)) == (counts, said)


def test_ragged_rows(tmp_path: Path) -> None:
    made = judged(tmp_path, f"town,country,lat,lon\n{LEEDS},more,cells\nYork,UK\n\n")
    assert [(each.town, each.row) for each in made.gatherings] == [("Leeds", 2), ("York", 3)]
    assert codes(made) == [Mended.CELLS_DROPPED, Mended.POINT_FILLED]


# ---- options


def test_action_day_without_any_date_is_a_recent_saturday(tmp_path: Path) -> None:
    made = judged(tmp_path, f"town,country,lat,lon\n{LEEDS}\n", action_on=None)
    assert (made.action_on, made.day_from) == (date(2026, 2, 14), "none")


def test_action_day_from_the_name_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, f"town,country,lat,lon\n{LEEDS}\n", name="march_2017-01-21.csv")
    made = plan.make(path, plan.Options(), today=TODAY, progress=lambda *_told: None)
    assert (made.action_on, made.day_from) == (DAY, "name")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"action_on": date(2026, 3, 1)},
            "The action day must lie at least 14 days back: a replay tells what happened. "
            "The latest possible one is 2026-02-18.",
        ),
        (
            {"languages": ("en", "xx")},
            "A replayed campaign speaks en, es, fr, ar; choose --languages from these, not “xx”.",
        ),
        (
            {"scale": 2.0},
            "The scale is the number of invented people for each counted one: more than 0, and "
            "1 at most.",
        ),
        ({"limit": 0}, "The limit is a number of rows: 1 to 10,000,000."),
        (
            {"action_on": date(1, 1, 1)},
            "The action day lies in a year from 1900 to 2200.",
        ),
    ],
)
def test_option_that_does_not_do(tmp_path: Path, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CannotReplay) as refused:
        judged(tmp_path, f"town,country,lat,lon\n{LEEDS}\n", **options)
    assert str(refused.value) == sentence


def test_scale_makes_about_twenty_thousand_and_one_for_each(tmp_path: Path) -> None:
    rows = "".join(f"Leeds,UK,53.8,-1.55,{count}\n" for count in [500_000, 100_000, *range(1, 40)])
    made = judged(tmp_path, f"town,country,lat,lon,people\n{rows}")
    assert made.scale == 0.0333
    assert made.sign_up_count == 20_019
    small = judged(tmp_path, f"town,country,lat,lon,people\n{LEEDS},3\n")
    assert (small.scale, small.sign_up_count) == (1.0, 3)
