"""Discreet mode: where a phone is searched, what we send names no movement, campaign or event.

Its countries are chosen by an owner (site.operations). An event's country decides; for a mail
without an event, the countries of whatever the person takes part in, or the person's own.
"""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from groundswell.events.calendar_file import Discreet
from groundswell.events.models import Event
from groundswell.people.models import Person
from groundswell.site import vault


def is_discreet_for(person: Person, countries: Collection[str]) -> bool:
    """Whether mails to this person name nothing; no query where no country is chosen."""
    if not countries:
        return False
    if person.country in countries:
        return True
    theirs = Event.objects.filter(country__in=countries)
    return theirs.filter(host=person).exists() or theirs.filter(rsvps__person=person).exists()


def for_calendar(event: Event) -> Discreet:
    """A neutral word, in the active language, and a number that stays the same for this event."""
    number = vault.blind("calendar", event.slug).hex()
    return Discreet(_("Appointment"), number)
