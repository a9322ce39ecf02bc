"""Times, distances and numbers as people read them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from groundswell.kernel import formats

AT = dt.datetime(2026, 12, 5, 11, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Sat 5 Dec, 11:00 to 12:00"),
        ("de", "Sa., 5. Dez., 11:00 to 12:00"),
    ],
)
def test_a_span_within_a_day_names_it_once(language: str, words: str) -> None:
    with translation.override(language):
        assert formats.span(AT, AT + HOUR, "Europe/London") == words


def test_a_span_past_midnight_names_both_days() -> None:
    late = AT + 12 * HOUR
    assert (
        formats.span(late, late + 3 * HOUR, "Europe/London")
        == "Sat 5 Dec, 23:00 to Sun 6 Dec, 02:00"
    )


def test_the_readers_time_stands_beside_the_events_where_it_differs() -> None:
    assert formats.reader_moment(AT, "Europe/London", "Africa/Accra") == "Sat 5 Dec, 11:00"
    assert (
        formats.reader_moment(AT, "Europe/London", "Asia/Kathmandu")
        == "Sat 5 Dec, 11:00 London time (16:45 for you)"
    )
    assert (
        formats.reader_moment(AT, "Europe/London", "Pacific/Auckland")
        == "Sat 5 Dec, 11:00 London time (Sun 6 Dec, 00:00 for you)"
    )


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        formats.moment(AT.replace(tzinfo=None), "Europe/London")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Saturday 5 December"),
        ("es", "sábado, 5 de diciembre"),
        ("fr", "samedi 5 décembre"),
        ("ar", "السبت، 5 ديسمبر"),
    ],
)
def test_a_long_day_is_written_out_in_the_languages_own_order(language: str, words: str) -> None:
    with translation.override(language):
        assert formats.long_day(AT) == words
        assert formats.long_day(AT.date()) == words


@pytest.mark.parametrize(
    ("kilometres", "country", "words"),
    [
        (0.96, "GB", "0.6 miles"),
        (40.0, "US", "25 miles"),
        (0.3, "FR", "300 m"),
        (0.04, "FR", "50 m"),
        (1.0, "FR", "1 km"),
        (33.4, "DE", "33 km"),
    ],
)
def test_distances_follow_the_countrys_road_signs(
    kilometres: float, country: str, words: str
) -> None:
    assert formats.distance(kilometres, country) == words


def test_a_language_without_the_word_for_mile_gets_its_sign() -> None:
    with translation.override("fa"):
        assert "length-mile" not in formats.distance(1.0, "GB")


def test_arabic_keeps_latin_digits() -> None:
    with translation.override("ar"):
        assert formats.number(11480) == "11,480"


def test_percent_of_nothing_is_nothing() -> None:
    assert formats.percent(0, 0) == "0%"
    assert formats.percent(6940, 11480) == "60%"


def test_date_words_are_those_of_the_place() -> None:
    late = dt.datetime(2026, 12, 5, 23, 30, tzinfo=dt.UTC)
    assert formats.date_words(late, "Europe/London") == ("Sat", "5", "Dec")
    assert formats.date_words(late, "Asia/Kolkata") == ("Sun", "6", "Dec")
