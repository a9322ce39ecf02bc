"""What a person changes about themselves, by the link that opens everything we hold."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
from groundswell.people import contacts, policy, queries
from groundswell.people.facts import PersonCorrected
from groundswell.people.models import Consent, Contact, Person, Topic
from groundswell.people.operations import consents as consent_ops
from groundswell.people.operations import persons, reach
from groundswell.people.queries import topics
from groundswell.site import vault

SOURCE = "my.data"


class NotAboutYou(Refusal):
    sentence = _("This link opens somebody else's data. Ask for a link of your own.")


class NameIsEmpty(Refusal):
    sentence = _("Write the name that we shall use for you.")
    field = "given"


class NoSuchLanguage(Refusal):
    sentence = _("Choose one of the languages shown.")
    field = "language"


class NothingToSwitch(Refusal):
    sentence = _("There is no such message any more. Open this page again and look at the list.")


def person_for(person_id: int, by: Actor) -> Person:
    """The person, locked, if this actor may act for them. Raises NotAboutYou."""
    person = Person.objects.select_for_update().filter(id=person_id).first()
    if person is None or not policy.can_act_for(by, person_id):
        raise NotAboutYou
    return person


@transaction.atomic
def correct(*, person_id: int, given: str, family: str, language: str, by: Actor) -> None:
    """Put name and language right. Raises NotAboutYou, NameIsEmpty, NoSuchLanguage."""
    person = person_for(person_id, by)
    if not clean_line(given):
        raise NameIsEmpty
    if language not in dict(settings.LANGUAGES):
        raise NoSuchLanguage
    is_family_first = queries.name_of(person).is_family_first
    persons.write_name(person, given, family, is_family_first=is_family_first)
    Person.objects.filter(id=person.id).update(language=language)
    _record(person, by)


@transaction.atomic
def set_phone(*, person_id: int, phone: str, by: Actor) -> None:
    """Put one number in place of whatever we hold; an empty one takes it away.

    Raises NotAboutYou, contacts.NotAPhone.
    """
    person = person_for(person_id, by)
    number = contacts.normalised_phone(phone, country=person.country) if clean_line(phone) else ""
    held = Contact.objects.filter(person=person, kind=Contact.Kind.PHONE)
    blind = vault.blind("phone", number) if number else b""
    held.exclude(blind=blind).delete()
    if number and not held.exists():
        contact = Contact(
            id=new_id(),
            person=person,
            kind=Contact.Kind.PHONE,
            blind=blind,
            created_at=clock.now(),
        )
        contact.value_sealed = vault.seal(contact, "value_sealed", number, key_id=person.key_id)
        contact.save(force_insert=True)
    reach.follow([person.id])
    _record(person, by)


@transaction.atomic
def stay(*, person_id: int, by: Actor) -> None:
    """Keep me: the two years begin anew today."""
    persons.seen(person_for(person_id, by).id)


@transaction.atomic
def switch(*, person_id: int, key: str, is_on: bool, by: Actor) -> None:
    """Turn one kind of message on or off; ``key`` is that of a ``queries.Topic``.

    Turning on brings back what was agreed to before, in its own words, and nothing else.
    Raises NotAboutYou, NothingToSwitch.
    """
    person = person_for(person_id, by)
    topic = next((topic for topic in topics(person.id) if topic.key == key), None)
    if topic is None:
        raise NothingToSwitch
    if topic.is_on == is_on:
        return
    change = consent_ops.give_back if is_on else consent_ops.withdraw
    change(
        person_id=person.id,
        purpose=topic.purpose,
        about_id=topic.about_id,
        channel=topic.channel,
        source=SOURCE,
        by=by,
    )


@transaction.atomic
def hear_about(
    *, person_id: int, topic_id: int, channel: str, by: Actor, source: str = SOURCE
) -> None:
    """Agree to news of one topic by one channel, in the words that stand beside the button.

    The link that opened the page came to the person's own mailbox: that is the proof. A number
    needs one to be there. Raises NotAboutYou, NothingToSwitch.
    """
    person = person_for(person_id, by)
    topic = Topic.objects.filter(id=topic_id, is_closed=False).first()
    if topic is None or channel not in queries.open_channels(person.id):
        raise NothingToSwitch
    agreed = consent_ops.Agreement(
        Consent.Purpose.NEWS,
        topic.id,
        f"topic-{channel}-1",
        channel=Consent.Channel(channel),
        proof="link",
    )
    consent_ops.give(person_id=person.id, agreements=[agreed], source=source, by=by)
    persons.seen(person.id)


@transaction.atomic
def stop_everything(*, person_id: int, by: Actor) -> None:
    """No message about anything by any channel. Each can be turned on again by itself."""
    person = person_for(person_id, by)
    for topic in topics(person.id):
        if topic.is_on:
            consent_ops.withdraw(
                person_id=person.id,
                purpose=topic.purpose,
                about_id=topic.about_id,
                channel=topic.channel,
                source=SOURCE,
                by=by,
            )


def _record(person: Person, by: Actor) -> None:
    persons.look_again(person.id)
    persons.seen(person.id)
    ledger_ops.record(PersonCorrected(person_id=person.id), by=by)
