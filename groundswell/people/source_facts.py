"""What happened to sources and their costs, in ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAdded(Fact):
    """``is_found``: it came with a link, and nobody made it."""

    sentence: ClassVar[str | Promise] = _("Added a source that people come by.")
    source_id: int
    is_found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNamed(Fact):
    sentence: ClassVar[str | Promise] = _("Named a source that people come by.")
    source_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendNoted(Fact):
    sentence: ClassVar[str | Promise] = _("Wrote down what sources cost.")
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendRemoved(Fact):
    sentence: ClassVar[str | Promise] = _("Took out what a source cost.")
    spend_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadSourceAdded(Fact):
    sentence: ClassVar[str | Promise] = _("Began to take in leads of an ad service.")
    lead_source_id: int
    form_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadSourceClosed(Fact):
    sentence: ClassVar[str | Promise] = _("Stopped taking in leads of an ad service.")
    lead_source_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTaken(Fact):
    """The form that it went into records its own fact (form_facts.FormFilled)."""

    sentence: ClassVar[str | Promise] = _("Came in as a lead of an ad service.")
    person_id: int
    lead_source_id: int
    form_id: int
