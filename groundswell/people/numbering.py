"""Which international numbers are certainly valid, told fast.

The library (phonenumbers) reads a number in a tenth of a millisecond, which a list of a million
waits two minutes for. Most numbers stand there in full and are of a mobile or a fixed line; for
those the library's own tables are asked here, and for every other the library.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

_MARKS = str.maketrans("", "", " -.()")


class _Plan(NamedTuple):
    """The lines of a country code's main country. ``prefix``: what is dialled before a number
    within the country, which the library takes off."""

    general: re.Pattern[str]
    lines: list[tuple[tuple[int, ...], re.Pattern[str]]]  # possible lengths, and digits
    prefix: re.Pattern[str]


def certain(text: str) -> str:
    """The E.164 form of a number that is written with its country code, such as
    ``+44 7700-900123``; "" where only the library knows."""
    digits = text.translate(_MARKS)
    if not (digits[:1] == "+" and digits[1:].isascii() and digits[1:].isdigit()):
        return ""
    code = next((n for n in (2, 3, 4) if int(digits[1:n]) in COUNTRY_CODE_TO_REGION_CODE), 0)
    plan = _plan(int(digits[1:code])) if code else None
    rest = digits[code:]
    if plan is None or rest[:1] in {"", "0"} or plan.prefix.match(rest):
        return ""
    is_line = any(len(rest) in lengths and line.fullmatch(rest) for lengths, line in plan.lines)
    return digits if is_line and plan.general.fullmatch(rest) else ""


@cache
def _plan(code: int) -> _Plan | None:
    found: Any = PhoneMetadata.metadata_for_region(COUNTRY_CODE_TO_REGION_CODE[code][0], None)
    # Where first digits tell countries with one code apart, the library decides.
    if found is None or found.leading_digits is not None:
        return None
    kinds = [found.general_desc, found.mobile, found.fixed_line]
    general, *lines = [kind for kind in kinds if kind and kind.national_number_pattern]
    return _Plan(
        re.compile(general.national_number_pattern),
        [
            (
                line.possible_length or general.possible_length,
                re.compile(line.national_number_pattern),
            )
            for line in lines
        ],
        re.compile(found.national_prefix_for_parsing or "(?!)"),
    )
