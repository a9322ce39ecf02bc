"""Setting up and renaming this installation."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
from groundswell.site import anchors, queries
from groundswell.site.facts import (
    BackupMade,
    BackupRestored,
    DiscreetCountriesChosen,
    IndexesMadeAnew,
    SafeguardsChanged,
)
from groundswell.site.models import Installation, Safeguards


class OnlyOwners(Refusal):
    sentence = _("Only an owner can change this installation.")


class NoSuchCountry(Refusal):
    sentence = _("Write each country by its name or its two letters.")
    field = "countries"


_CODE = re.compile("[A-Z]{2}")


@transaction.atomic
def set_discreet_countries(*, countries: Collection[str], by: Actor) -> None:
    """Choose the countries (ISO 3166) where mails and calendars name nothing.

    Raises OnlyOwners, NoSuchCountry.
    """
    if not by.is_owner:
        raise OnlyOwners
    if any(not _CODE.fullmatch(code) for code in countries):
        raise NoSuchCountry
    now = clock.now()
    Installation.objects.update_or_create(
        id=1,
        defaults={"discreet_countries": sorted(set(countries))},
        create_defaults={"discreet_countries": sorted(set(countries)), "created_at": now},
    )
    ledger_ops.record(DiscreetCountriesChosen(count=len(set(countries))), by=by)


@transaction.atomic
def set_up(*, name: str, language: str, zone: str, by: Actor, contact: str = "") -> Installation:
    """Write the one row about this installation; again, it is changed."""
    if not by.is_owner:
        raise OnlyOwners
    values = {
        "name": clean_line(name)[:120] or "Groundswell",
        "language": language,
        "zone": zone,
        "contact": clean_line(contact)[:200],
    }
    row, _new = Installation.objects.update_or_create(
        id=1, defaults=values, create_defaults={**values, "created_at": clock.now()}
    )
    queries.forget_name()
    return row


BACKUP, DRILL, RESTORING = "backup", "drill", "restoring"  # bookmarks of the ledger


@transaction.atomic
def note_backup(*, rows: int, by: Actor) -> None:
    """A backup was written to the end: the doctor tells its age."""
    if not by.is_owner:
        raise OnlyOwners
    ledger_ops.keep_place(BACKUP, {"at": clock.now().isoformat(), "rows": rows})
    ledger_ops.record(BackupMade(count=rows), by=by)


@transaction.atomic
def note_drill(*, is_well: bool, by: Actor) -> None:
    """A drill was held: the doctor tells when."""
    if not by.is_owner:
        raise OnlyOwners
    ledger_ops.keep_place(DRILL, {"at": clock.now().isoformat(), "is_well": is_well})


@transaction.atomic
def note_restored(*, rows: int, by: Actor) -> None:
    """A backup was restored, and everything was made anew that is left out of backups."""
    if not by.is_owner:
        raise OnlyOwners
    ledger_ops.keep_place(RESTORING, {"is_over": True})
    ledger_ops.record(BackupRestored(count=rows), by=by)
    anchors.keep(is_after_restore=True)  # the log ends earlier than anchors may say


@transaction.atomic
def note_indexes(*, count: int, by: Actor) -> None:
    """The blind indexes were made anew."""
    if not by.is_owner:
        raise OnlyOwners
    ledger_ops.record(IndexesMadeAnew(count=count), by=by)


class ContactIsNoAddress(Refusal):
    sentence = _("Write an e-mail address or an address that begins with https://")
    field = "security_contact"


class PolicyIsNoPage(Refusal):
    sentence = _("Write the whole address of the page, beginning with https://")
    field = "security_policy"


@transaction.atomic
def set_safeguards(
    *, forms: str, security_contact: str, security_policy: str, by: Actor
) -> Safeguards:
    """How public forms are protected, and what security.txt says. Owners only.

    Raises OnlyOwners, ContactIsNoAddress, PolicyIsNoPage.
    """
    if not by.is_owner:
        raise OnlyOwners
    contact, policy = clean_line(security_contact), clean_line(security_policy)
    is_page = contact.startswith("https://")
    if contact and not is_page and ("@" not in contact or " " in contact):
        raise ContactIsNoAddress
    if policy and not policy.startswith("https://"):
        raise PolicyIsNoPage
    row, _new = Safeguards.objects.update_or_create(
        id=1,
        defaults={
            "forms": Safeguards.Forms(forms),
            "security_contact": contact[:200],
            "security_policy": policy[:200],
            "changed_at": clock.now(),
        },
    )
    ledger_ops.record(SafeguardsChanged(state=row.forms), by=by)
    queries.forget_name()
    return row
