"""A number that is told fast is told as the library tells it."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.people import contacts, numbering

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
MOBILE, FIXED = phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE


def example(region: str, kind: int) -> str:
    number = phonenumbers.example_number_for_type(region, kind)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else ""


def by_library(text: str) -> str:
    try:
        return contacts.normalised_phone(text)
    except contacts.NotAPhone:
        return ""


@pytest.mark.parametrize("kind", [MOBILE, FIXED])
def test_numbers_of_every_country_are_told_alike(kind: int) -> None:
    numbers = {region: number for region in REGIONS if (number := example(region, kind))}
    told = {region: numbering.certain(number) for region, number in numbers.items()}

    assert {region: fast for region, fast in told.items() if fast} == {
        region: by_library(number) for region, number in numbers.items() if told[region]
    }
    assert sum(map(bool, told.values())) > 150  # the fast way is no dead code


@given(
    st.sampled_from([number for region in REGIONS if (number := example(region, MOBILE))]),
    st.text("0123456789", min_size=1, max_size=7),
    st.sampled_from(["", " ", "-", "(", ")", "."]),
)
def test_any_number_that_is_told_fast_is_what_the_library_says(
    number: str, digits: str, mark: str
) -> None:
    text = number[: -len(digits)] + mark + digits
    fast = numbering.certain(text)

    assert fast in {"", by_library(text)}


@pytest.mark.parametrize(
    "text",
    [
        "", "+", "+0", "0044 7700 900123", "07700 900123", "+44 (0)7911 123456", "+44", "+999123",
        "+447911 12345６", "+44 7911 123456 x 12", "=447911123456", "+7 916 123-45-67",
    ],
)  # fmt: skip
def test_what_only_the_library_knows_is_left_to_it(text: str) -> None:
    assert numbering.certain(text) == ""
