"""What happened to this installation as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscreetCountriesChosen(Fact):
    sentence: ClassVar[str | Promise] = _("Chose the countries where mails name nothing.")
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterKeyRotated(Fact):
    sentence: ClassVar[str | Promise] = _("Wrapped every data key by a new master key.")
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexesMadeAnew(Fact):
    sentence: ClassVar[str | Promise] = _("Made the blind indexes anew.")
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade(Fact):
    sentence: ClassVar[str | Promise] = _("Made a backup.")
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRestored(Fact):
    sentence: ClassVar[str | Promise] = _("Restored a backup.")
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeguardsChanged(Fact):
    sentence: ClassVar[str | Promise] = _("Changed how public forms are protected.")
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFoundBroken(Fact):
    """``reason``: what was done (``ledger.proof.What``), ``place``: where on the chain, and
    ``entry_id``: to which entry."""

    sentence: ClassVar[str | Promise] = _("Found that the log had been tampered with.")
    reason: str
    place: int
    entry_id: int
