"""The switches of a person's messages, with the names of what they are about."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.campaigns import queries as campaign_queries
from groundswell.events.queries import finding
from groundswell.people import queries as people_queries
from groundswell.people.models import Consent
from groundswell.people.queries import Topic


@dataclass(frozen=True, slots=True)
class Switch:
    """One line of the list: what it is, and its switch."""

    topic: Topic
    what: str
    about: str
    channel: str


def of_person(person_id: int) -> list[Switch]:
    """Newest first; two queries for the names however many there are."""
    found = people_queries.topics(person_id)
    news = Consent.Purpose.CAMPAIGN
    events = finding.events_by_id([t.about_id for t in found if t.purpose != news])
    campaigns = campaign_queries.by_ids({t.about_id for t in found if t.purpose == news})
    titles = campaign_queries.titles(campaigns.values(), get_language() or "en")
    about = {(False, event.id): event.title for event in events}
    about |= {(True, campaign_id): title for campaign_id, title in titles.items()}
    return [
        Switch(
            topic,
            _what(topic),
            about.get((topic.purpose == news, topic.about_id), ""),
            _("By text message") if topic.channel == Consent.Channel.TEXT else _("By e-mail"),
        )
        for topic in found
    ]


def _what(topic: Topic) -> str:
    if topic.purpose == Consent.Purpose.CAMPAIGN:
        return _("News and invitations of a campaign")
    if topic.purpose == Consent.Purpose.HOSTING:
        return _("What you need to hold an event")
    return _("About an event: confirmation, reminders, changes")
