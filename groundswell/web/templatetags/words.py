"""Numbers, distances and names in templates, in the language of the page."""

from __future__ import annotations

import zlib

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from groundswell.kernel import formats

register = template.Library()


@register.filter
def number(amount: float) -> str:
    """``11,480``."""
    return formats.number(amount)


@register.filter
def percent(fraction: float) -> str:
    """``60%`` of 0.6."""
    return formats.percent(fraction)


@register.filter
def percent_of(part: float, whole: float) -> str:
    """``{{ 6940|percent_of:11480 }}`` is ``60%``."""
    return formats.percent(part, whole)


@register.filter
def distance(kilometres: float, country: str = "") -> str:
    """Kilometres as ``0.6 miles`` or ``1 km``, by the country the event stands in (ISO 3166)."""
    return formats.distance(kilometres, country)


@register.filter
def name(text: str) -> SafeString:
    """A name of a person or place, isolated so that its direction disturbs nothing around it."""
    return format_html("<bdi>{}</bdi>", text)


@register.filter
def initials(text: str) -> str:
    """``PS`` of Priya Shah; one letter of a single name."""
    words = [word for word in text.split() if word[:1].isalpha()]
    chosen = [words[0], words[-1]] if len(words) > 1 else words[:1]
    return "".join(word[0].upper() for word in chosen)


@register.inclusion_tag("web/components/person.html")
def person(text: str, avatar_only: bool = False) -> dict[str, object]:
    """Initials in a disc and the name. The tone follows the name, so it stays the same."""
    return {"name": text, "tone": zlib.crc32(text.encode()) % 4, "avatar_only": avatar_only}


@register.inclusion_tag("web/components/meter.html")
def meter(done: float, whole: float) -> dict[str, object]:
    """How much of a whole is done. Say the numbers beside it: readers do not hear a bar."""
    share = min(max(done / whole, 0), 1) if whole else 0
    return {"width": round(share * 100, 1)}
