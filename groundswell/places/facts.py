"""What happened to places, in codes and counts only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import scopes
from groundswell.kernel.facts import Fact
from groundswell.kernel.scopes import Scope, ScopeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcodesLoaded(Fact):
    sentence: ClassVar[str | Promise] = _("Loaded a country’s postcodes.")
    country: str
    place_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionChanged(Fact):
    sentence: ClassVar[str | Promise] = _("Said which countries make up a region.")
    region_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRemoved(Fact):
    """Heard above: roles over it end."""

    sentence: ClassVar[str | Promise] = _("Removed a region; roles over it ended.")
    region_id: int

    @property
    def scope(self) -> Scope:
        return scopes.of(ScopeKind.REGION, self.region_id)
