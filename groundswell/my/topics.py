"""The switches of a person's messages, with the names of what they are about."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.campaigns import queries as campaign_queries
from groundswell.events.queries import finding
from groundswell.people import fields, wordings
from groundswell.people import queries as people_queries
from groundswell.people.models import Consent, Topic


@dataclass(frozen=True, slots=True)
class Switch:
    """One line of the list: what it is, and its switch."""

    topic: people_queries.Topic
    what: str
    about: str
    channel: str


def of_person(person_id: int) -> list[Switch]:
    """Newest first; two queries for the names however many there are."""
    found = people_queries.topics(person_id)
    purpose = Consent.Purpose
    of_events = {purpose.EVENT, purpose.HOSTING}
    events = finding.events_by_id([t.about_id for t in found if t.purpose in of_events])
    asked = {t.about_id for t in found if t.purpose == purpose.CAMPAIGN}
    campaigns = campaign_queries.by_ids(asked) if asked else {}
    titles = campaign_queries.titles(campaigns.values(), get_language() or "en")
    about = {(each, event.id): event.title for event in events for each in of_events}
    about |= {(purpose.CAMPAIGN, campaign_id): title for campaign_id, title in titles.items()}
    about |= {(purpose.NEWS, row.id): fields.in_language(row.names) for row in Topic.objects.all()}
    return [
        Switch(
            topic,
            _what(topic),
            about.get((purpose(topic.purpose), topic.about_id), ""),
            _channel(topic.channel),
        )
        for topic in found
    ]


@dataclass(frozen=True, slots=True)
class Offered:
    """Something the person could hear about, with the words they would agree to."""

    topic_id: int
    about: str
    channel: str
    channel_words: str
    words: str


def offered(person_id: int) -> list[Offered]:
    """Every open topic by every channel that reaches them and that they never asked for."""
    return [
        Offered(
            offer.topic.id,
            fields.in_language(offer.topic.names),
            offer.channel,
            _channel(offer.channel),
            str(wordings.WORDINGS[f"topic-{offer.channel}-1"]),
        )
        for offer in people_queries.offers(person_id)
    ]


def _channel(channel: str) -> str:
    return _("By text message") if channel == Consent.Channel.TEXT else _("By e-mail")


def _what(topic: people_queries.Topic) -> str:
    if topic.purpose == Consent.Purpose.CAMPAIGN:
        return _("News and invitations of a campaign")
    if topic.purpose == Consent.Purpose.HOSTING:
        return _("What you need to hold an event")
    if topic.purpose == Consent.Purpose.NEWS:
        return _("News of this organisation")
    return _("About an event: confirmation, reminders, changes")
