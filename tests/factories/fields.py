"""Questions of an installation's own."""

from __future__ import annotations

from typing import Any

from groundswell.kernel import clock
from groundswell.kernel.roles import Right
from groundswell.people.models import Field


def field_of(*, key: str, kind: str = Field.Kind.TEXT, **given: Any) -> Field:
    given.setdefault("labels", {"en": key.capitalize()})
    given.setdefault("sees", Right.SEE_NAMES.value)
    given.setdefault("writes", Right.SEE_CONTACTS.value)
    given.setdefault("created_at", clock.now())
    field = Field(key=key, kind=kind, **given)
    field.save(force_insert=True)
    return field
