"""The language menu: links that keep the page and change only its language."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language

from groundswell.kernel import formats


@dataclass(frozen=True)
class LanguageChoice:
    """One entry of the menu. ``url`` is absolute, for ``<link rel="alternate">``."""

    code: str
    name: str
    direction: str
    href: str
    url: str
    is_current: bool


def choices(request: HttpRequest, codes: list[str] | None = None) -> list[LanguageChoice]:
    """Each language's own name and this very page in it. ``codes``: only those of a campaign."""
    current = get_language()
    found = []
    for code, name in settings.LANGUAGES:
        if codes is not None and code not in codes:
            continue
        href = translate_url(request.get_full_path(), code)
        found.append(
            LanguageChoice(
                code=code,
                name=str(name),
                direction=formats.direction(code),
                href=href,
                url=settings.GROUNDSWELL_ORIGIN
                + translate_url(escape_leading_slashes(request.path), code),
                is_current=code == current,
            )
        )
    return found
