"""Puts a mail on the shelf, sealed."""

from __future__ import annotations

import json

from groundswell.kernel import clock
from groundswell.outreach.mail.mime import Mail
from groundswell.outreach.models import ShownMail
from groundswell.outreach.senders.contract import Outcome, Result
from groundswell.people.models import Person
from groundswell.site import vault


class ShelfSender:
    """Keeps each mail once by its reference, so handing it over again changes nothing."""

    name = "shelf"
    is_idempotent = True
    is_askable = False

    def send(self, mail: Mail, content: bytes) -> Outcome:
        """Keep the mail, sealed under its person's key."""
        row = ShownMail(
            provider_ref=mail.provider_ref,
            kind=mail.kind,
            person_id=mail.person_id,
            language=mail.language,
            shown_at=clock.now(),
        )
        told = {
            "to": mail.to_address,
            "sender": mail.from_name,
            "subject": mail.subject,
            "text": mail.text,
            "html": mail.html,
            "calendar": mail.calendar.decode(),
            "headers": mail.headers,
        }
        sealed_by = _key_of(mail.person_id)
        row.mail_sealed = vault.seal(
            row, "mail_sealed", json.dumps(told, ensure_ascii=False), key_id=sealed_by
        )
        ShownMail.objects.bulk_create([row], ignore_conflicts=True)
        return Outcome(Result.TAKEN)

    def ask(self, provider_ref: str) -> Result | None:
        """Never needed: the shelf is idempotent."""
        known = ShownMail.objects.filter(provider_ref=provider_ref).exists()
        return Result.TAKEN if known else None


def _key_of(person_id: int | None) -> int:
    if person_id is None:
        return vault.house_key_id()
    return Person.objects.values_list("key_id", flat=True).get(id=person_id)
