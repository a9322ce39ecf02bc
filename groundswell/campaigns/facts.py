"""What happened to campaigns, in ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignStarted(Fact):
    sentence: ClassVar[str | Promise] = _("Started a campaign.")
    campaign_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignChanged(Fact):
    sentence: ClassVar[str | Promise] = _("Changed a campaign.")
    campaign_id: int
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPublished(Fact):
    sentence: ClassVar[str | Promise] = _("Published a campaign.")
    campaign_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignClosed(Fact):
    sentence: ClassVar[str | Promise] = _("Closed a campaign.")
    campaign_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KitPublished(Fact):
    sentence: ClassVar[str | Promise] = _("Published a new version of the kit.")
    campaign_id: int
    version: int
