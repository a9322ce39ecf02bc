"""What the people room itself holds about a person, and what the rooms below hold for it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from groundswell.accounts import queries as account_queries
from groundswell.accounts.operations import links
from groundswell.kernel import formats
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger import queries as ledger_queries
from groundswell.people import agreed, aliases, merging_persons, queries, search_names
from groundswell.people.models import (
    Consent,
    Contact,
    LikenessKey,
    Look,
    Merge,
    NameBlind,
    NewAddress,
    Person,
    SearchName,
    SearchWord,
    Suppression,
)
from groundswell.people.moving import Moves, Parting
from groundswell.people.operations import export_files
from groundswell.people.operations.imports import waiting
from groundswell.people.sockets import Fate, Rows, Told
from groundswell.site import vault


class PeopleShelf:
    """Contacts, consents, the search name, and what the rooms below hold about a person."""

    models: tuple[str, ...] = (
        "people.contact",
        "people.consent",
        "people.searchname",
        "people.searchword",
        "people.look",
        "people.newaddress",
        "people.nameblind",
        "people.likenesskey",
        "people.merge",
        "accounts.link",
        "ledger.entry",
    )

    def rows(self, person_id: int) -> list[Rows]:
        return [
            Rows(SearchName.objects.filter(person_id=person_id)),
            Rows(SearchWord.objects.filter(name_id=person_id).order_by("id")),
            Rows(NameBlind.objects.filter(person_id=person_id)),
            Rows(LikenessKey.objects.filter(person_id=person_id).order_by("id")),
            Rows(Look.objects.filter(person_id=person_id).order_by("on")),
            Rows(Contact.objects.filter(person_id=person_id).order_by("id")),
            Rows(NewAddress.objects.filter(person_id=person_id)),
            Rows(Consent.objects.filter(person_id=person_id).order_by("at", "id"), _words_read),
            Rows(account_queries.links_of(person_id)),
            Rows(ledger_queries.entries_naming(*aliases.ids_of(person_id))),
            Rows(Merge.objects.filter(Q(kept_id=person_id) | Q(gone_id=person_id))),
        ]

    def tell(self, person_id: int) -> list[Told]:
        person = Person.objects.get(id=person_id)
        told = [_name(person), *_contacts(person), *_new_address(person), *_consents(person)]
        return [*told, *_events_that_were(person), *_records(person), *_what_stays(person)]

    def keeps(self, person_ids: Collection[int]) -> set[int]:
        return set()

    def merge(self, moves: Moves) -> None:
        merging_persons.merge(moves)
        # Entries of the ledger are never rewritten: its timelines read through ``aliases``.

    def part(self, parting: Parting) -> None:
        merging_persons.part(parting)

    def erase(self, person_id: int) -> None:
        search_names.forget([person_id])
        Look.objects.filter(person_id=person_id).delete()
        NewAddress.objects.filter(person_id=person_id).delete()
        waiting.take_out(person_id)
        Contact.objects.filter(person_id=person_id).delete()
        Consent.objects.filter(person_id=person_id).delete()
        links.delete_links_of(person_id)
        LikenessKey.objects.filter(person_id=person_id).delete()
        for each in aliases.ids_of(person_id):
            export_files.take_out(each)
            ledger_ops.remove_entries_of(each, because="erasure")
        # What is left of merges that were undone names them by number only; that goes too.
        Merge.objects.filter(Q(kept_id=person_id) | Q(gone_id=person_id)).delete()


def _words_read(consent: Consent) -> dict[str, Any]:
    """What the person read, beside the key that the row holds."""
    return {"words": agreed.words(consent.wording)}


# --- in sentences ------------------------------------------------------------------------------


def _as_long_as_you() -> str:
    return _("Until 24 months after you last took part, or until you erase it.")


def _name(person: Person) -> Told:
    name = queries.name_of(person).full
    lines = [name] if name else [_("We have let go of your name.")]
    lines.append(_("Language: {language}").format(language=formats.endonym(person.language)))
    if person.country:
        lines.append(_("Country: {country}").format(country=person.country))
    return Told(
        what=_("Your name and language"),
        lines=tuple(lines),
        since=person.created_at,
        why=_("To greet you, in your language. The name goes 90 days after your last event."),
        until=_as_long_as_you(),
    )


def _contacts(person: Person) -> list[Told]:
    told = []
    for contact in person.contacts.order_by("id"):
        is_email = contact.kind == Contact.Kind.EMAIL
        lines = [queries.address_of(contact)]
        if is_email and contact.proven_at is None:
            lines.append(_("Nobody has opened a link in our mails to it yet."))
        if contact.problem:
            lines.append(_("Mails to it came back, so we write to it no more."))
        told.append(
            Told(
                what=_("Your e-mail address") if is_email else _("Your phone number"),
                lines=tuple(lines),
                since=contact.created_at,
                why=_("To write to you about what you signed up for.")
                if is_email
                else _("For a text if plans change at the last minute."),
                until=_as_long_as_you()
                if is_email
                else _("Until 90 days after your last event, or until you take it away."),
            )
        )
    return told


def _new_address(person: Person) -> list[Told]:
    row = NewAddress.objects.filter(person=person).first()
    if row is None:
        return []
    return [
        Told(
            what=_("A new e-mail address that waits"),
            lines=(vault.open_(row, "value_sealed"),),
            since=row.created_at,
            why=_("You asked to use it. It becomes yours when you open the mail we sent there."),
            until=_("One day."),
        )
    ]


def _consents(person: Person) -> list[Told]:
    topics = queries.topics(person.id)
    if not topics:
        return []
    words = dict.fromkeys(agreed.words(topic.wording) for topic in topics)
    return [
        Told(
            what=_("What you agreed to, in which words, and when"),
            lines=tuple(word for word in words if word),
            since=min(topic.at for topic in topics),
            why=_("Without it we may send you nothing, and it proves what you were told."),
            until=_as_long_as_you(),
        )
    ]


def _events_that_were(person: Person) -> list[Told]:
    if not (person.going_count or person.attended_count or person.has_hosted):
        return []
    lines = [
        _("Signed up: {bucket}").format(bucket=queries.bucket(person.going_count)),
        _("Was there: {bucket}").format(bucket=queries.bucket(person.attended_count)),
    ]
    if person.has_hosted:
        lines.append(_("Has held an event."))
    return [
        Told(
            what=_("How often you took part, and not where"),
            lines=tuple(lines),
            why=_("To offer you what fits. Which events they were is cut off after 30 days."),
            until=_as_long_as_you(),
        )
    ]


def _records(person: Person) -> list[Told]:
    told = []
    entries = ledger_queries.entries_naming(*aliases.ids_of(person.id))
    first = entries.first()
    if first is not None:
        told.append(
            Told(
                what=_("Lines in the log of what happened, with a number in place of your name"),
                since=first.at,
                why=_("So that nobody can change what happened without it being seen."),
                until=_("Two years at most; what names an event, until 30 days after it."),
                fate=Fate.GOES,
                afterwards=_("A check sum of each line stays. It says nothing about you."),
            )
        )
    link = account_queries.links_of(person.id).first()
    if link is not None:
        told.append(
            Told(
                what=_("The links in our mails to you, as check sums"),
                since=link.created_at,
                why=_("So that they open what is yours, and nothing else."),
                until=_("30 days after each link ends."),
            )
        )
    return told


def _what_stays(person: Person) -> list[Told]:
    """What an erasure cannot take along, and why."""
    told = []
    blinds = queries.lasting_blinds(person.contacts.all()).values()
    row = Suppression.objects.filter(blind__in=list(blinds)).first()
    if row is not None:
        told.append(
            Told(
                what=_("A fingerprint of your address on the list of who is never written to"),
                since=row.at,
                why=_("So that no mail of ours reaches you, even if somebody adds you again."),
                until=_("Until you ask to hear from us again."),
                fate=Fate.STAYS,
                afterwards=_("It stays, because it keeps mails away. Nobody can read it back."),
            )
        )
    emails = [
        queries.address_of(contact)
        for contact in person.contacts.filter(kind=Contact.Kind.EMAIL, proven_at__isnull=False)
    ]
    if any(account_queries.account_by_email(email) for email in emails):
        told.append(
            Told(
                what=_("Your account of the coordinating team"),
                why=_("You sign in with it. It is kept apart from everything on this page."),
                until=_("Until an owner closes it."),
                fate=Fate.STAYS,
                afterwards=_("It stays. Ask an owner to close it."),
            )
        )
    return told
