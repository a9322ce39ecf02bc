"""What happened to forms that bring people in, in ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import KEEP_NINETY_DAYS, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChanged(Fact):
    sentence: ClassVar[str | Promise] = _("Worked on a form.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    form_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPublished(Fact):
    sentence: ClassVar[str | Promise] = _("Published a form.")
    form_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormClosed(Fact):
    sentence: ClassVar[str | Promise] = _("Closed a form.")
    form_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFilled(Fact):
    """Heard above: a mail whose link proves the address. ``because``: why it is held, or ""."""

    sentence: ClassVar[str | Promise] = _("Filled in a form.")
    person_id: int
    campaign_id: int | None
    form_id: int
    entry_id: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLetIn(Fact):
    """A form that was held counts now: by its own link, or by an organiser."""

    sentence: ClassVar[str | Promise] = _("A form that waited counts now.")
    person_id: int
    form_id: int
    entry_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormEntriesDeleted(Fact):
    sentence: ClassVar[str | Promise] = _("Deleted forms that waited.")
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormEntriesTakenBack(Fact):
    sentence: ClassVar[str | Promise] = _("Took deleted forms back.")
    count: int
