"""The questions an installation asks beyond what everybody is asked: their words and answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.kernel import formats
from groundswell.people.models import Field, FieldValue
from groundswell.site import vault


def in_language(texts: dict[str, str]) -> str:
    """The text in the reader's language, else in English, else in any."""
    language = (get_language() or "en").split("-")[0]
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def label(field: Field) -> str:
    """What the field is called, in the reader's language."""
    return in_language(field.labels) or field.key


def choice_label(field: Field, key: str) -> str:
    """What one of the field's choices is called; the key itself once the choice is gone."""
    found: dict[str, str] = next(
        (each["labels"] for each in field.choices if each["key"] == key), {}
    )
    return in_language(found) or key


def shown(value: FieldValue) -> str:
    """An answer as it is read. Opens the answer to a private field."""
    field = value.field
    told: Any = vault.open_(value, "value_sealed") if field.is_private else _plain(value)
    match field.kind:
        case Field.Kind.ONE | Field.Kind.MANY:
            return choice_label(field, str(told))
        case Field.Kind.YES:
            return _("Yes") if told == "yes" else _("No")
        case Field.Kind.DATE:
            day = date.fromisoformat(told) if isinstance(told, str) else told
            return formats.day_and_year(day)
        case Field.Kind.NUMBER:
            return f"{float(told):.15g}"
    return str(told)


def typed(value: FieldValue) -> str:
    """An answer as a form takes it: keys of choices, ISO days, plain numbers."""
    told: Any = vault.open_(value, "value_sealed") if value.field.is_private else _plain(value)
    if value.field.kind == Field.Kind.NUMBER:
        return f"{float(told):.15g}"
    return str(told)


def _plain(value: FieldValue) -> Any:
    match value.field.kind:
        case Field.Kind.NUMBER:
            return value.number
        case Field.Kind.DATE:
            return value.on
    return value.text
