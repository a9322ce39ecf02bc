"""What happened to people, in ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import KEEP_NINETY_DAYS, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailProved(Fact):
    sentence: ClassVar[str | Promise] = _("Opened the link in a mail, which proved the address.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsOpened(Fact):
    """``reason``: a code of ``people.operations.looking``."""

    sentence: ClassVar[str | Promise] = _("Opened somebody’s address and number.")
    person_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAtTooMany(Fact):
    """Heard above: the owners are told."""

    sentence: ClassVar[str | Promise] = _("Wanted to see more people in a day than a role needs.")
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAsked(Fact):
    """Heard above: a mail with the link to everything held about them."""

    sentence: ClassVar[str | Promise] = _("Asked for the link to what we hold about them.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCorrected(Fact):
    sentence: ClassVar[str | Promise] = _("Corrected what we hold about them.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAddressAsked(Fact):
    """Heard above: a mail to the new address, whose link proves it."""

    sentence: ClassVar[str | Promise] = _("Asked to use another e-mail address.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    person_id: int
    new_address_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChanged(Fact):
    sentence: ClassVar[str | Promise] = _("Uses another e-mail address now.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErased(Fact):
    """An erasure that somebody asked for. It names nobody: that is what was asked."""

    sentence: ClassVar[str | Promise] = _("Erased everything about somebody who asked for it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgettingNear(Fact):
    """Heard above: one mail, thirty days before somebody is forgotten."""

    sentence: ClassVar[str | Promise] = _("Will be forgotten in thirty days unless they stay.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleThinned(Fact):
    sentence: ClassVar[str | Promise] = _("Let go of names and numbers of people long not seen.")
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressBlocked(Fact):
    sentence: ClassVar[str | Promise] = _("Blocked an address: no sign-ups, no events.")
    person_id: int | None
    block_id: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressUnblocked(Fact):
    sentence: ClassVar[str | Promise] = _("Unblocked an address.")
    block_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAsked(Fact):
    """Heard above: whoever may agree is told. ``is_alone``: there is nobody else who could."""

    sentence: ClassVar[str | Promise] = _("Asked to take people out of the installation.")
    export_id: int
    count: int
    is_alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAgreed(Fact):
    """Heard above: whoever asked is told."""

    sentence: ClassVar[str | Promise] = _("Agreed that people are taken out.")
    export_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportStopped(Fact):
    """Refused by somebody else, withdrawn by whoever asked, or its stand-in addresses ended."""

    sentence: ClassVar[str | Promise] = _("Stopped an export.")
    export_id: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFetched(Fact):
    """Heard above: the owners are told."""

    sentence: ClassVar[str | Promise] = _("Took people out of the installation.")
    export_id: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLeaked(Fact):
    """Heard above: the owners are told. Somebody wrote to an address of an export who was not
    told to have it."""

    sentence: ClassVar[str | Promise] = _("Mail came to an address that only an export held.")
    export_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSaved(Fact):
    """``version``: the number of the version from now on; a new name makes none."""

    sentence: ClassVar[str | Promise] = _("Saved a segment.")
    segment_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentDeleted(Fact):
    sentence: ClassVar[str | Promise] = _("Deleted a segment.")
    segment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentBroughtBack(Fact):
    sentence: ClassVar[str | Promise] = _("Brought a deleted segment back.")
    segment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStarted(Fact):
    sentence: ClassVar[str | Promise] = _("Began to take a list of people in.")
    import_id: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDone(Fact):
    """``known_count``: rows about people who were here; ``barred_count``: rows whose address must
    not be written to."""

    sentence: ClassVar[str | Promise] = _("Took a list of people in.")
    import_id: int
    new_count: int
    known_count: int
    failed_count: int
    barred_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndone(Fact):
    """``kept_count``: people who came with it and stay, because they did something since."""

    sentence: ClassVar[str | Promise] = _("Took back a list of people.")
    import_id: int
    count: int
    kept_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDropped(Fact):
    sentence: ClassVar[str | Promise] = _("Threw a list away before it was taken in.")
    import_id: int
    count: int
