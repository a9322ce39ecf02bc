"""Quiet fields: what is said of a form by its trap, its stamp and its work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st

from groundswell.accounts.doubts import Doubt
from groundswell.web import form_guard

ABOUT = "sign-up:7h2kqm4x"


def posted(**fields: str) -> Any:
    return RequestFactory().post("/", fields)


def doubt(**fields: str) -> str:
    return form_guard.look(posted(**fields), ABOUT).doubt


def worked(stamp: str, email: str = "amina@example.org", bits: int = form_guard.WORK_BITS) -> str:
    """The number that a browser would find."""
    import hashlib

    base = form_guard.work_base(stamp, email)
    number = 0
    while True:
        digest = hashlib.sha256(f"{base}{number}".encode()).digest()
        if int.from_bytes(digest[:4]) >> (32 - bits) == 0:
            return str(number)
        number += 1


def test_a_form_of_ours_after_three_seconds_raises_no_doubt(still_clock: Any) -> None:
    stamp = form_guard.stamp(ABOUT)
    still_clock.shift(timedelta(seconds=2))
    assert doubt(stamp=stamp) == Doubt.FAST
    still_clock.shift(timedelta(seconds=1))
    assert doubt(stamp=stamp) == Doubt.NONE
    still_clock.shift(timedelta(hours=12))
    assert doubt(stamp=stamp) == Doubt.STALE


def test_the_trap_says_more_than_anything_else(still_clock: Any) -> None:
    stamp = form_guard.stamp(ABOUT)
    still_clock.shift(timedelta(seconds=60))

    assert doubt(stamp=stamp, homepage="https://x.example") == Doubt.TRAP
    assert doubt(stamp=stamp, homepage="") == Doubt.NONE  # control


def test_a_stamp_fits_one_form_only(still_clock: Any) -> None:
    other = form_guard.stamp("sign-up:another1")
    still_clock.shift(timedelta(seconds=60))

    assert doubt(stamp=other) == Doubt.UNSTAMPED
    assert doubt() == Doubt.UNSTAMPED


@given(st.text(max_size=60))
@rules(max_examples=200)
def test_no_text_is_a_stamp(text: str) -> None:
    assert form_guard._doubt("", text, ABOUT) == Doubt.UNSTAMPED


def test_a_stamp_with_one_other_letter_is_none() -> None:
    stamp = form_guard.stamp(ABOUT)
    changed = [
        stamp[:place] + ("1" if stamp[place] != "1" else "2") + stamp[place + 1 :]
        for place in range(len(stamp))
    ]

    assert {form_guard._made_at(each, ABOUT) for each in changed[:-1]} == {None}


def test_an_answer_with_errors_keeps_the_first_stamp(still_clock: Any) -> None:
    first = form_guard.stamp(ABOUT)
    still_clock.shift(timedelta(seconds=30))

    assert form_guard.fields(posted(stamp=first), ABOUT).stamp == first
    assert form_guard.fields(posted(stamp="1.forged"), ABOUT).stamp == form_guard.stamp(ABOUT)
    still_clock.shift(timedelta(hours=13))
    assert form_guard.fields(posted(stamp=first), ABOUT).stamp == form_guard.stamp(ABOUT)


def test_work_belongs_to_its_stamp_and_address_and_does_not_keep(still_clock: Any) -> None:
    stamp, email = form_guard.stamp(ABOUT), "amina@example.org"
    number = worked(stamp, email)

    def holds(**changes: str) -> bool:
        told = {"stamp": stamp, "about": ABOUT, "email": email, "work": number, **changes}
        return form_guard.is_worked(told["stamp"], told["about"], told["email"], told["work"])

    assert holds()
    assert holds(email=f" {email} ")
    assert not holds(email="bea@example.org")
    assert not holds(stamp=form_guard.stamp("sign-up:another1"))
    assert not holds(about="sign-up:another1")
    assert not holds(work=str(int(number) + 1))
    still_clock.shift(timedelta(hours=12, seconds=1))
    assert not holds()


@pytest.mark.parametrize("work", ["", "-1", "1e5", "٣", "9" * 21, "0x10", " 5"])
def test_nonsense_is_no_work(work: str) -> None:
    assert not form_guard.is_worked(form_guard.stamp(ABOUT), ABOUT, "a@example.org", work)


def test_work_of_fewer_bits_is_too_little() -> None:
    """The control of the amount: numbers that are found sooner do not hold."""
    stamp = form_guard.stamp(ABOUT)
    cheap = [worked(stamp, f"a{number}@example.org", bits=4) for number in range(40)]

    held = [
        form_guard.is_worked(stamp, ABOUT, f"a{number}@example.org", work)
        for number, work in enumerate(cheap)
    ]
    assert held == [False] * 40
