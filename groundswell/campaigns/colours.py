"""Brand colours, checked for contrast before they are saved (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from groundswell.kernel.refusal import Refusal

INK, WHITE = "#0F2A2C", "#FFFFFF"
TEXT_LEAST = 4.5
_HEX = re.compile(r"#[0-9A-F]{6}")


class NotAColour(Refusal):
    sentence = _("Write the colour as # and six characters, for example #0E3A3B.")


class PosterTooLight(Refusal):
    sentence = _("White words on this colour are hard to read. Choose a darker colour.")
    field = "poster_colour"


class CallTooDark(Refusal):
    sentence = _("Dark words on this colour are hard to read. Choose a lighter colour.")
    field = "call_colour"


class ColoursTooClose(Refusal):
    sentence = _("The button would be lost on the poster. Choose colours that differ more.")
    field = "call_colour"


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""

    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two ``#RRGGBB`` colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def checked(poster: str, call: str) -> tuple[str, str]:
    """Both colours in upper case. Raises a refusal that says which one to change, and how."""
    poster, call = poster.strip().upper(), call.strip().upper()
    for colour, field in ((poster, "poster_colour"), (call, "call_colour")):
        if not _HEX.fullmatch(colour):
            raise NotAColour(field=field)
    if contrast(poster, WHITE) < TEXT_LEAST:
        raise PosterTooLight
    if contrast(call, INK) < TEXT_LEAST:
        raise CallTooDark
    if contrast(poster, call) < 3:
        raise ColoursTooClose
    return poster, call
