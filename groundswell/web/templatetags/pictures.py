"""Small drawings inside a line of text."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from groundswell.web.charts import sparks

register = template.Library()


@register.simple_tag
def spark(numbers: Sequence[float]) -> SafeString | str:
    """The course of a number; hidden from screen readers, so say the change in words beside it."""
    drawn = sparks.draw(numbers)
    if drawn is None:
        return ""
    return format_html(
        '<svg class="spark" viewBox="0 0 96 30" aria-hidden="true"><polyline points="{}"/>'
        '<circle cx="{}" cy="{}" r="2.8"/></svg>',
        drawn.points,
        drawn.end_x,
        drawn.end_y,
    )
