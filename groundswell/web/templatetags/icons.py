"""Icons from the one sprite, by Lucide name: ``{% icon "clock" %}``."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_SPRITE = Path(__file__).resolve().parent.parent.parent / "static" / "icons.svg"
# Icons that point somewhere and therefore turn round in right-to-left pages.
_POINTING = frozenset(
    "arrow-left arrow-right chevron-left chevron-right external-link list-checks log-out megaphone "
    "send trending-down trending-up undo-2".split()
)


class UnknownIcon(LookupError):
    """A template named an icon that is not in the sprite: add it in tools/vendor.py."""


@functools.cache
def icon_names() -> frozenset[str]:
    """The icons that exist."""
    return frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', _SPRITE.read_text()))


@register.simple_tag
def icon(name: str, label: str = "", is_compass: bool = False) -> SafeString:
    """One icon, the size of the text beside it. Without a label it is hidden from screen readers.

    ``is_compass``: an arrow on a map, where west stays west in every script.
    """
    if name not in icon_names():
        raise UnknownIcon(name)
    sprite = static("icons.svg")
    css = "i flip" if name in _POINTING and not is_compass else "i"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>',
            css,
            label,
            sprite,
            name,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, sprite, name
    )
