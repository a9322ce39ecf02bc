"""Markdown (CommonMark) to HTML that cannot do harm: no raw HTML, and an allow-list behind it."""

from __future__ import annotations

import functools

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS = set("p br strong em ul ol li a h2 h3 h4 blockquote hr code".split())
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = {"https", "http", "mailto", "tel"}
# A page has its own first heading, so the writer's headings begin one level below.
_LOWERED = {"h1": "h2", "h2": "h3", "h3": "h4", "h5": "h4", "h6": "h4"}


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


@functools.lru_cache(maxsize=512)
def as_html(text: str) -> SafeString:
    """The text as HTML of a few harmless elements; links open nothing but http, mail and phone."""
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        token.tag = _LOWERED.get(token.tag, token.tag)
    rendered = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        rendered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener nofollow",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned against the allow-list above
