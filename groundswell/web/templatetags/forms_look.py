"""What the field template asks of a field."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms.boundfield import BoundField, BoundWidget

from groundswell.web import form_guard
from groundswell.web.forms import Card

register = template.Library()


@register.filter
def is_cards(field: BoundField) -> bool:
    """Whether its choices are shown as cards (``web.forms.CardSelect``)."""
    return bool(getattr(field.field.widget, "is_cards", False))


@register.filter
def choice_words(option: BoundWidget) -> tuple[str, str]:
    """A choice's title and its line of explanation, which may be empty."""
    label: object = option.choice_label
    if isinstance(label, Card):
        return str(label.title), str(label.hint)
    return str(label), ""


@register.inclusion_tag("web/components/quiet_fields.html", takes_context=True)
def quiet_fields(context: dict[str, Any], about: str, which: str = "") -> dict[str, Any]:
    """The fields that tell people from programs, for the form ``about`` ``which`` thing."""
    asks = bool(context.get("asks_for_work"))
    name = f"{about}:{which}" if which else about
    return {"quiet": form_guard.fields(context["request"], name, asks=asks)}
