"""What became of people who look alike, in ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleMerged(Fact):
    """``because``: people.models.Merge.Because. From now on ``gone_id`` means ``person_id``."""

    sentence: ClassVar[str | Promise] = _("Put two records of one person together.")
    person_id: int
    gone_id: int
    merge_id: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeUndone(Fact):
    sentence: ClassVar[str | Promise] = _("Took two people apart again who had been put together.")
    person_id: int
    gone_id: int
    merge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LookalikesJudged(Fact):
    """``state``: people.models.Lookalike.State."""

    sentence: ClassVar[str | Promise] = _("Said that two people who look alike are not one.")
    person_id: int
    other_id: int
    state: str
