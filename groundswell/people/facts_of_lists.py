"""What was saved of tables of people, and done to many at once, in ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSaved(Fact):
    sentence: ClassVar[str | Promise] = _("Saved a list of people.")
    view_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewRemoved(Fact):
    sentence: ClassVar[str | Promise] = _("Removed a list of people; the people stay.")
    view_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyChanged(Fact):
    """``what``: a kind of ``BulkAct``."""

    sentence: ClassVar[str | Promise] = _("Changed many people at once.")
    act_id: int
    what: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyChangedBack(Fact):
    sentence: ClassVar[str | Promise] = _("Took back a change of many people.")
    act_id: int
    count: int
