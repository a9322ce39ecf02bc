"""Puts a mail together at the gate: the links it needs, its values, its calendar file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.accounts import queries as account_queries
from groundswell.accounts.models import Link
from groundswell.accounts.operations.accounts import INVITATION_LASTS
from groundswell.accounts.operations.links import NewLink
from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.queries import CampaignWords
from groundswell.events import discretion
from groundswell.events.calendar_file import Method, Organiser, calendar_file
from groundswell.events.models import Event
from groundswell.kernel import clock, links
from groundswell.kernel.text import clean_line
from groundswell.outreach import stopping
from groundswell.outreach.kinds import BETWEEN_PEOPLE, Reader
from groundswell.outreach.mail import compiled, values
from groundswell.outreach.mail.mime import Mail
from groundswell.outreach.weighing import Weighed
from groundswell.people import queries as people_queries
from groundswell.people.models import Consent
from groundswell.people.operations.forgetting import WARNED_BEFORE
from groundswell.people.operations.new_address import PROVE_WITHIN
from groundswell.site import vault
from groundswell.site.models import Installation

RSVP_LINK_LASTS = timedelta(days=30)  # after the event, as the sign-up itself
HOST_LINK_LASTS = timedelta(days=90)  # after the event
FORM_LINK_LASTS = timedelta(days=30)
DATA_LINK_LASTS = timedelta(hours=24)  # it opens everything, so it is short-lived
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
    def discreet_countries(self) -> frozenset[str]:
        return frozenset(self.installation.discreet_countries if self.installation else ())

    def is_discreet(self, weighed: Weighed) -> bool:
        """Whether this mail must name nothing (events/discretion.py)."""
        if weighed.event is not None:
            return weighed.event.country in self.discreet_countries
        person = weighed.person
        return person is not None and discretion.is_discreet_for(person, self.discreet_countries)

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
    if weighed.kind.reader == Reader.PERSON:
        return [] if message.kind == "passed_on" else [_own_link(weighed)]
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


def _own_link(weighed: Weighed) -> NewLink:
    """The link to everything we hold, or the one that proves a new address."""
    message = weighed.message
    if message.kind == "new_address":
        purpose, about = Link.Purpose.PROVE, message.args["new_address_id"]
        expires_at = message.created_at + PROVE_WITHIN
    elif message.kind == "form_thanks":
        purpose, about = Link.Purpose.FORM, message.args["form_entry_id"]
        expires_at = clock.now() + FORM_LINK_LASTS
    else:
        purpose, about = Link.Purpose.DATA, None
        lasts = WARNED_BEFORE if message.kind == "forgotten_soon" else DATA_LINK_LASTS
        expires_at = clock.now() + lasts
    return NewLink(
        purpose=purpose, person_id=message.person_id, object_id=about, expires_at=expires_at
    )


def compose(weighed: Weighed, tokens: list[str], desk: Desk, *, answers_to: str = "") -> Mail:
    """The finished mail in the reader's language.

    ``answers_to``: the alias that the reader may write to; such a mail comes from it.
    """
    message = weighed.message
    language = known_language(message.language)
    method = _WITH_CALENDAR.get(message.kind, Method.NONE)
    is_discreet, name = desk.is_discreet(weighed), message.kind
    with translation.override(language):
        if weighed.kind.reader == Reader.PERSON:
            from_name = values.neutral_name() if is_discreet else desk.name
            told = values.for_person(weighed, tokens, from_name)
        elif is_discreet:
            told, name = values.for_discreet(weighed, tokens), "discreet"
            from_name = values.neutral_name()
        elif weighed.event is None:
            told = values.for_account(weighed, tokens, desk.name)
            from_name = desk.name
        else:
            words = desk.words_of(weighed.event, language)
            told = values.for_event(weighed, tokens, words)
            from_name = weighed.event.campaign.organisation or desk.name
        if message.kind in BETWEEN_PEOPLE and not is_discreet:
            from_name = _via(told.texts["writer_name"], desk.name)
        headers = _headers(weighed, told)
        if is_discreet:  # the alias would name our domain, and the page takes answers too
            answers_to = ""
        if answers_to:
            told.flags.add("answerable")
            headers["References"] = f"<{answers_to.replace('@', '.all@')}>"  # one thread
        template = compiled.template(name, language, frozenset(told.flags))
        subject, text, html = template.fill(told.texts)
        calendar = _calendar(weighed, method, told.texts, is_discreet) if method else b""
    return Mail(
        provider_ref=message.provider_ref,
        kind=message.kind,
        language=language,
        person_id=message.person_id,
        from_name=clean_line(from_name)[:80],
        from_address=answers_to or from_address(),
        envelope_from=from_address(),
        to_address=_address_of(weighed),
        subject=clean_line(subject)[:SUBJECT_MOST],
        text=text,
        html=html,
        sent_at=clock.now(),
        headers=headers,
        calendar=calendar,
        calendar_method=method.value,
    )


def _via(name: str, installation: str) -> str:
    """``Dolores via Bus Users``: the display name of words that we pass on."""
    if not name:
        return installation
    return _("{name} via {installation}").format(name=name, installation=installation)


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
    if weighed.message.kind == "new_address":
        waiting = people_queries.new_address(weighed.message.args["new_address_id"])
        return vault.open_(waiting, "value_sealed") if waiting else ""
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
        signed = stopping.sign(stop)
        address = links.url("stop", signed=signed)
        told.texts["stop_url"] = address
        told.texts["data_url"] = links.url("your_data", signed=signed)
        told.flags.add("stop")
        headers["List-Unsubscribe"] = f"<{address}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _calendar(weighed: Weighed, method: Method, texts: dict[str, str], is_discreet: bool) -> bytes:
    event = weighed.event
    assert event is not None
    if is_discreet:
        nobody = Organiser(values.neutral_name(), from_address())
        bare = discretion.for_calendar(event)
        return calendar_file(
            event, url="", location="", method=method, organiser=nobody, discreet=bare
        )
    return calendar_file(
        event,
        url=links.url("event", slug=event.slug),
        location=texts["calendar_place"],
        method=method,
        organiser=Organiser(event.campaign.organisation, from_address()),
    )
