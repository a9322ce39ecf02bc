"""What the team did to what is known about somebody, in ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsChanged(Fact):
    sentence: ClassVar[str | Promise] = _("Changed the name, the languages or the time zone.")
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAdded(Fact):
    sentence: ClassVar[str | Promise] = _("Added an address or a number.")
    person_id: int
    contact_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRemoved(Fact):
    sentence: ClassVar[str | Promise] = _("Took away an address or a number.")
    person_id: int
    contact_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeChanged(Fact):
    sentence: ClassVar[str | Promise] = _("Changed where they live.")
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged(Fact):
    sentence: ClassVar[str | Promise] = _("Put a tag on them.")
    person_id: int
    tag_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Untagged(Fact):
    sentence: ClassVar[str | Promise] = _("Took a tag off them.")
    person_id: int
    tag_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersChanged(Fact):
    sentence: ClassVar[str | Promise] = _("Changed answers to the installation’s own questions.")
    person_id: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(Fact):
    sentence: ClassVar[str | Promise] = _("Wrote a note about them.")
    person_id: int
    note_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRemoved(Fact):
    sentence: ClassVar[str | Promise] = _("Removed a note about them.")
    person_id: int
    note_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TieMade(Fact):
    sentence: ClassVar[str | Promise] = _("Noted whom they belong with.")
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TieEnded(Fact):
    sentence: ClassVar[str | Promise] = _("Noted that they no longer belong with somebody.")
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PointPersonChosen(Fact):
    """``account_id``: who looks after them from now on; None: nobody in particular."""

    sentence: ClassVar[str | Promise] = _("Chose who of the team looks after them.")
    person_id: int
    account_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAdded(Fact):
    sentence: ClassVar[str | Promise] = _("Added a question of the installation’s own.")
    field_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChanged(Fact):
    sentence: ClassVar[str | Promise] = _("Changed a question of the installation’s own.")
    field_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicChanged(Fact):
    sentence: ClassVar[str | Promise] = _("Changed what people can ask to hear about.")
    topic_id: int
