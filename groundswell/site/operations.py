"""Setting up and renaming this installation."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.site import queries
from groundswell.site.models import Installation


class OnlyOwners(Refusal):
    sentence = _("Only an owner can change this installation.")


@transaction.atomic
def set_up(*, name: str, language: str, zone: str, by: Actor, contact: str = "") -> Installation:
    """Write the one row about this installation; again, it is changed."""
    if not by.is_owner:
        raise OnlyOwners
    values = {
        "name": clean_line(name)[:120] or "Groundswell",
        "language": language,
        "zone": zone,
        "contact": clean_line(contact)[:200],
    }
    row, _new = Installation.objects.update_or_create(
        id=1, defaults=values, create_defaults={**values, "created_at": clock.now()}
    )
    queries.forget_name()
    return row
