"""Markdown that organisers and hosts write, as safe HTML."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from groundswell.web import prose

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Paragraphs, lists, headings, links and emphasis; everything else stays text."""
    return prose.as_html(text)
