"""Languages that an event may be held in: the campaign's first, then those of its countries."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.languages import get_official_languages
from django.conf import settings
from django.utils.translation import gettext as _

from groundswell.campaigns.models import Campaign
from groundswell.kernel import formats

Choices = list[tuple[str, str | list[tuple[str, str]]]]


@cache
def _official(countries: tuple[str, ...]) -> tuple[str, ...]:
    """Official languages (CLDR) of the countries, or of all countries when none are named."""
    places = countries or tuple(
        str(code) for code in Locale("en").territories if len(str(code)) == 2
    )
    found = {
        language.split("_")[0]
        for place in places
        for language in get_official_languages(place, regional=True, de_facto=True)
    }
    return tuple(sorted(code for code in found if _is_known(code)))


def _is_known(code: str) -> bool:
    """Whether we can write the language's own name."""
    try:
        return Locale.parse(code).get_language_name() is not None
    except (UnknownLocaleError, ValueError):
        return False


def choices(campaign: Campaign) -> Choices:
    """For a select: the campaign's languages, and below them the others by their own names."""
    first = list(dict.fromkeys([*campaign.languages, *dict(settings.LANGUAGES)]))
    others = [code for code in _official(tuple(campaign.countries)) if code not in first]
    named = sorted(((code, formats.endonym(code)) for code in others), key=lambda each: each[1])
    top: Choices = [(code, formats.endonym(code)) for code in first]
    return [*top, (_("Other languages"), named)] if named else top
