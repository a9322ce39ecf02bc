"""What the people room itself holds about a person."""

from __future__ import annotations

from typing import Any

from groundswell.accounts.operations import links
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger import queries as ledger_queries
from groundswell.people import queries
from groundswell.people.models import Consent, Contact, Person, SearchName


class PeopleShelf:
    """Contacts, consents, the search name, and what the rooms below hold about a person."""

    models: tuple[str, ...] = (
        "people.contact",
        "people.consent",
        "people.searchname",
        "accounts.link",
        "ledger.entry",
    )

    def export(self, person_id: int) -> dict[str, Any]:
        person = Person.objects.get(id=person_id)
        name = queries.name_of(person)
        return {
            "name": {"given": name.given, "family": name.family},
            "language": person.language,
            "country": person.country,
            "since": person.created_at.isoformat(),
            "contacts": [
                {
                    "kind": contact.kind,
                    "value": queries.address_of(contact),
                    "proven_at": contact.proven_at and contact.proven_at.isoformat(),
                }
                for contact in person.contacts.order_by("id")
            ],
            "consents": list(
                person.consents.order_by("at").values(
                    "channel", "purpose", "is_given", "wording", "source", "at"
                )
            ),
            "recorded": [
                {"at": entry.at.isoformat(), "what": entry.kind}
                for entry in ledger_queries.timeline_of_person(person_id)
            ],
        }

    def merge(self, kept_id: int, gone_id: int) -> None:
        Contact.objects.filter(person_id=gone_id).update(person_id=kept_id)
        Consent.objects.filter(person_id=gone_id).update(person_id=kept_id)
        SearchName.objects.filter(person_id=gone_id).delete()
        links.move_links(kept_id, gone_id)
        # Entries of the ledger are never rewritten: its timelines read through an alias.

    def erase(self, person_id: int) -> None:
        SearchName.objects.filter(person_id=person_id).delete()
        Contact.objects.filter(person_id=person_id).delete()
        Consent.objects.filter(person_id=person_id).delete()
        links.delete_links_of(person_id)
        ledger_ops.remove_entries_of(person_id, because="erasure")
