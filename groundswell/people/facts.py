"""What happened to people, in ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailProved(Fact):
    sentence: ClassVar[str | Promise] = _("Opened the link in a mail, which proved the address.")
    person_id: int
    contact_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleForgotten(Fact):
    sentence: ClassVar[str | Promise] = _("Forgot people who were not seen for two years.")
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(Fact):
    sentence: ClassVar[str | Promise] = _("Agreed to receive messages.")
    person_id: int
    consent_id: int
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Fact):
    sentence: ClassVar[str | Promise] = _("Asked for no more messages.")
    person_id: int
    consent_id: int
    purpose: str
