"""What happened to places, in codes and counts only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcodesLoaded(Fact):
    sentence: ClassVar[str | Promise] = _("Loaded a country’s postcodes.")
    country: str
    place_count: int
