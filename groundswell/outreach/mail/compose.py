"""Puts a mail together at the gate: the links it needs, its values, its calendar file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation

from groundswell.accounts import queries as account_queries
from groundswell.accounts.models import Link
from groundswell.accounts.operations.accounts import INVITATION_LASTS
from groundswell.accounts.operations.links import NewLink
from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.queries import CampaignWords
from groundswell.events.calendar_file import Method, Organiser, calendar_file
from groundswell.events.models import Event
from groundswell.kernel import clock, links
from groundswell.kernel.text import clean_line
from groundswell.outreach import stopping
from groundswell.outreach.kinds import Reader
from groundswell.outreach.mail import compiled, values
from groundswell.outreach.mail.mime import Mail
from groundswell.outreach.weighing import Weighed
from groundswell.people import queries as people_queries
from groundswell.people.models import Consent
from groundswell.site.models import Installation

RSVP_LINK_LASTS = timedelta(days=30)  # after the event, as the sign-up itself
HOST_LINK_LASTS = timedelta(days=90)  # after the event
_WITHOUT_LINK = frozenset({"event_cancelled", "rsvp_cancelled", "host_declined", "host_cancelled"})
_WITH_CALENDAR = {
    "rsvp_going": Method.PUBLISH,
    "seat_promoted": Method.PUBLISH,
    "event_changed": Method.PUBLISH,
    "event_cancelled": Method.CANCEL,
}
SUBJECT_MOST = 150


@dataclass(slots=True)
class Desk:
    """What the mails of one round share, read once."""

    installation: Installation | None = field(
        default_factory=lambda: Installation.objects.filter(id=1).first()
    )
    words: dict[tuple[int, str], CampaignWords] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.installation.name if self.installation else "Groundswell"

    def words_of(self, event: Event, language: str) -> CampaignWords:
        """The campaign's words in a language, one query for each campaign and language."""
        key = (event.campaign_id, language)
        if key not in self.words:
            self.words[key] = campaign_queries.words(event.campaign, language)
        return self.words[key]


def links_needed(weighed: Weighed) -> list[NewLink]:
    """The links that this mail must carry; their tokens are drawn in the gate's own commit."""
    message = weighed.message
    if message.kind == "account_invited":
        return [
            NewLink(
                purpose=Link.Purpose.SIGN_IN,
                person_id=None,
                object_id=message.account_id,
                expires_at=message.created_at + INVITATION_LASTS,
            )
        ]
    if weighed.event is None or message.kind in _WITHOUT_LINK:
        return []
    ends_at = weighed.event.ends_at
    if weighed.kind.reader == Reader.HOST:
        purpose, about, expires_at = Link.Purpose.HOST, message.event_id, ends_at + HOST_LINK_LASTS
    else:
        purpose, about, expires_at = Link.Purpose.RSVP, message.rsvp_id, ends_at + RSVP_LINK_LASTS
    return [
        NewLink(
            purpose=purpose, person_id=message.person_id, object_id=about, expires_at=expires_at
        )
    ]


def compose(weighed: Weighed, tokens: list[str], desk: Desk) -> Mail:
    """The finished mail in the reader's language."""
    message = weighed.message
    language = known_language(message.language)
    with translation.override(language):
        if weighed.event is None:
            told = values.for_account(weighed, tokens, desk.name)
            from_name = desk.name
        else:
            words = desk.words_of(weighed.event, language)
            told = values.for_event(weighed, tokens, words)
            from_name = weighed.event.campaign.organisation or desk.name
        headers = _headers(weighed, told)
        template = compiled.template(message.kind, language, frozenset(told.flags))
        subject, text, html = template.fill(told.texts)
    method = _WITH_CALENDAR.get(message.kind, Method.NONE)
    return Mail(
        provider_ref=message.provider_ref,
        kind=message.kind,
        language=language,
        person_id=message.person_id,
        from_name=clean_line(from_name)[:80],
        from_address=from_address(),
        to_address=_address_of(weighed),
        subject=clean_line(subject)[:SUBJECT_MOST],
        text=text,
        html=html,
        sent_at=clock.now(),
        headers=headers,
        calendar=_calendar(weighed, method, told.texts) if method else b"",
        calendar_method=method.value,
    )


def known_language(language: str) -> str:
    """A language that we have: the one asked for, its base language, or the default."""
    known = dict(settings.LANGUAGES)
    for wanted in (language, language.split("-")[0]):
        if wanted in known:
            return wanted
    return settings.LANGUAGE_CODE


def from_address() -> str:
    """The address that mails come from; in a demonstration one that can never be answered."""
    host = urlsplit(settings.GROUNDSWELL_ORIGIN).hostname or "localhost"
    return settings.GROUNDSWELL_MAIL_FROM or f"no-reply@{host}"


def _address_of(weighed: Weighed) -> str:
    if weighed.contact is not None:
        return people_queries.address_of(weighed.contact)
    assert weighed.message.account_id is not None
    return account_queries.email_of(weighed.message.account_id) or ""


def _headers(weighed: Weighed, told: values.Values) -> dict[str, str]:
    """Machine-made (RFC 3834), and one-click stopping for what can be stopped (RFC 8058)."""
    headers = {"Auto-Submitted": "auto-generated"}
    message = weighed.message
    if message.purpose and weighed.person is not None and message.about_id is not None:
        stop = stopping.Stop(weighed.person.id, Consent.Purpose(message.purpose), message.about_id)
        address = links.url("stop", signed=stopping.sign(stop))
        told.texts["stop_url"] = address
        told.flags.add("stop")
        headers["List-Unsubscribe"] = f"<{address}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _calendar(weighed: Weighed, method: Method, texts: dict[str, str]) -> bytes:
    event = weighed.event
    assert event is not None
    return calendar_file(
        event,
        url=links.url("event", slug=event.slug),
        location=texts["calendar_place"],
        method=method,
        organiser=Organiser(event.campaign.organisation, from_address()),
    )
