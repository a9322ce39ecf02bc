"""The first rows of a file as they will be kept."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django_countries import countries

from groundswell.kernel import formats
from groundswell.people.imports.cleaning import Clean
from groundswell.people.imports.reasons import REASONS
from groundswell.people.models import Import
from groundswell.people.operations.imports import checking

NOTE_SHOWN = 80  # letters of a note


def shown(found: Import, *, is_checked: bool) -> dict[str, Any]:
    """The context of the table; nothing before the dry run, or after it became an import."""
    told = _rows(found) if is_checked else []
    return {"preview": told, "has_more": any(row["also"] for row in told)}


def _rows(found: Import) -> list[dict[str, Any]]:
    """The first rows as they will be kept."""
    told = []
    words = {"new": _("New"), "known": _("Known"), "failed": _("Left out")}
    for row, verdict in checking.preview(found):
        clean = row.clean
        told.append(
            {
                "number": clean.number,
                "name": f"{clean.given} {clean.family}".strip(),
                "contacts": [*clean.emails, *clean.phones],
                "place": _place(clean),
                "tags": ", ".join(dict.fromkeys(clean.tags)),
                "also": _also(clean, found.head),
                "what": words[verdict.kind],
                "why": str(REASONS.get(verdict.reason, "")),
            }
        )
    return told


def _place(clean: Clean) -> list[str]:
    country = str(countries.name(clean.country)) if clean.country else ""
    parts = [*clean.street, clean.postcode, clean.town, clean.region, country]
    return [part for part in parts if part]


def _also(clean: Clean, head: list[str]) -> list[str]:
    """What a row says beyond the columns of the preview, each in the words of the file."""
    languages = [code for code in (clean.language, clean.other_language) if code]
    told = [formats.endonym(code) for code in languages]
    told += [_told_in(head[place], cell) for place, cell in clean.answers.values()]
    return [*told, *filter(None, [clean.source, clean.note[:NOTE_SHOWN]])]


def _told_in(column: str, cell: str) -> str:
    return _("{column}: {value}").format(column=column, value=cell)
