"""How names are folded to keys and told apart by script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.places.gazetteer import names


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (("Saint-Étienne", "st etienne", "SAINT ETIENNE", "St. Étienne"), "stetienne"),
        (("القاهرة", "القاهره", "قاهرة", "الْقَاهِرَة", "القـاهرة"), "قاهره"),
        (("كراچی", "کراچي"), "كراچي"),
        (("’s-Hertogenbosch", "'s Hertogenbosch", "sHertogenbosch"), "shertogenbosch"),
        (("İstanbul", "ISTANBUL", "istanbul", "ıstanbul"), "istanbul"),
        (("Łódź", "LODZ"), "lodz"),
        (("東京", "東 京", "東京 "), "東京"),
        (("", " ", "\x00", "😀", "—"), ""),
    ],
)
def test_spellings_of_one_name_share_a_key(spellings, key):
    assert {names.key(spelling) for spelling in spellings} == {key}


def test_umlauts_and_cities_are_found_both_ways():
    assert names.keys("München") == {"munchen", "muenchen"}
    assert names.keys("横浜市") == {"横浜市", "横浜"}
    assert names.keys("!") == set()


@given(st.text(max_size=80))
def test_any_text_has_a_key_and_is_cut(text):
    assert names.key(text) == "".join(names.words(text))
    assert len(names.typed(text * 50)) <= names.LONGEST_TEXT


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("Leeds", "Latn"),
        ("Łódź", "Latn"),
        ("Αθήνα", "Grek"),
        ("Москва", "Cyrl"),
        ("القاهرة", "Arab"),
        ("תל אביב", "Hebr"),
        ("दिल्ली", "Deva"),
        ("東京", "Hani"),
        ("ニューヨーク", "Kana"),
        ("서울", "Hang"),
        ("አዲስ አበባ", "Ethi"),
        ("Ｌｅｅｄｓ", "Latn"),
    ],
)
def test_the_script_of_a_name(name, script):
    assert names.script(name) == script


@pytest.mark.parametrize(
    ("name", "script", "is_plain"),
    [
        ("القاهرة", "Arab", True),
        ("قاہرہ", "Arab", False),  # Urdu
        ("Москва", "Cyrl", True),
        ("Київ", "Cyrl", False),  # Ukrainian
        ("東京", "Hani", True),
    ],
)
def test_names_shown_are_of_the_scripts_main_language(name, script, is_plain):
    assert names.shows_language(name, script) is is_plain
