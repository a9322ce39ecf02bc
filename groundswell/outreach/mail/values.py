"""The values of a mail: everything in it that differs from one reader to the next.

Called with the reader's language active. Texts are plain; ``compiled`` escapes them for HTML.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from groundswell.accounts import queries as account_queries
from groundswell.campaigns.queries import CampaignWords
from groundswell.events.models import Event, HostMessage
from groundswell.events.queries import people as event_people
from groundswell.kernel import formats, links
from groundswell.kernel.text import clean_line
from groundswell.outreach import talking
from groundswell.outreach.kinds import BETWEEN_PEOPLE, Reader
from groundswell.outreach.models import PassedOn
from groundswell.outreach.weighing import Weighed
from groundswell.people import form_queries as people_forms
from groundswell.people import queries as people_queries
from groundswell.people.operations.forgetting import KEPT
from groundswell.site import vault

_POSTER, _CALL = "#0E3A3B", "#FFB81C"  # the colours of a campaign that chose none


@dataclass(slots=True)
class Values:
    """Texts by name, and the conditions that hold."""

    texts: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)


def for_account(weighed: Weighed, tokens: list[str], installation: str) -> Values:
    """Sign-in and security mail."""
    message = weighed.message
    told = Values({"organisation": installation, "poster_colour": _POSTER, "call_colour": _CALL})
    if message.kind == "sign_in_code":
        told.texts["code"] = _spaced(account_queries.pending_code(message.args["code_id"]) or "")
    if message.kind == "account_invited":
        told.texts["sign_in_url"] = links.url("sign_in", token=tokens[0])
    if message.kind in {"new_device", "panic_lock", "owner_notice", "export_notice"}:
        told.flags.add(message.args["what"])
    if message.kind == "owner_notice":
        told.texts["programs_url"] = links.url("programs")
    if message.kind == "panic_lock":
        told.texts["unlock_url"] = links.url("unlock")
    if message.kind == "export_notice":
        told.texts["exports_url"] = links.url("exports")
        told.texts["lock_url"] = links.url("lock")
    return told


def for_person(weighed: Weighed, tokens: list[str], installation: str) -> Values:
    """About what we hold about somebody; no event and no campaign is named."""
    told = Values({"organisation": installation, "poster_colour": _POSTER, "call_colour": _CALL})
    if weighed.message.kind == "new_address":
        told.texts["prove_url"] = links.url("prove_address", token=tokens[0])
        return told
    if weighed.message.kind == "form_thanks":
        _form(weighed, tokens, told, is_named=installation != neutral_name())
        return told
    if weighed.message.kind == "passed_on":
        _passed_on(weighed, told)
        return told
    told.texts["data_url"] = links.url("data", token=tokens[0])
    if weighed.message.kind == "forgotten_soon" and weighed.person is not None:
        gone_on = weighed.person.last_active_on + KEPT
        told.texts["last_day"] = formats.day_and_year(gone_on)
    return told


def _form(weighed: Weighed, tokens: list[str], told: Values, *, is_named: bool) -> None:
    """Thanks for a form; where nothing may be named, only that there is a page."""
    told.texts["confirm_url"] = links.url("form_confirm", token=tokens[0])
    entry = people_forms.entry(weighed.message.args["form_entry_id"])
    if entry is None or not is_named:
        return
    texts = people_forms.texts_of(entry)
    told.texts |= {"form_title": texts.title, "thanks": texts.thanks}
    told.flags |= {"named"} | ({"thanks"} if texts.thanks else set())


def _passed_on(weighed: Weighed, told: Values) -> None:
    """A mail to a stand-in: its own subject and words."""
    row = PassedOn.objects.filter(id=weighed.message.args["passed_id"]).first()
    words = json.loads(vault.open_(row, "words_sealed")) if row else {"subject": "", "body": ""}
    told.texts["subject"] = words["subject"] or _("A message for you")
    told.texts["words"] = words["body"]


def _spaced(code: str) -> str:
    """``1234 5678``: read and typed in two halves."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}".strip()


def neutral_name() -> str:
    """Who writes, where nothing may be named."""
    return _("Notices")


# What a discreet mail says happened: one of these flags for each kind.
_NEWS = {
    "rsvp_going": "going",
    "seat_promoted": "going",
    "rsvp_waiting": "waiting",
    "rsvp_cancelled": "off",
    "event_cancelled": "off",
    "event_changed": "changed",
    "reminder_day_before": "reminder",
    "reminder_day": "reminder",
    "did_you_make_it": "after",
    "host_report": "after",
}


def for_discreet(weighed: Weighed, tokens: list[str]) -> Values:
    """When it is, and the page where the rest stands: nothing that gives anybody away."""
    event = weighed.event
    assert event is not None
    told = Values(
        {
            "organisation": neutral_name(),
            "poster_colour": _POSTER,
            "call_colour": _CALL,
            "event_day": formats.day(event.starts_at, event.zone),
            "event_time": formats.span(event.starts_at, event.ends_at, event.zone),
        },
        {_NEWS.get(weighed.message.kind, "news")},
    )
    is_host = weighed.kind.reader == Reader.HOST
    if is_host and weighed.person is not None:
        told.texts["first_name"] = people_queries.name_of(weighed.person).first
    elif weighed.rsvp is not None:
        told.texts["first_name"] = event_people.first_name(weighed.rsvp)
        if not weighed.rsvp.is_proven:
            told.flags.add("unproven")
    if tokens:
        told.texts["page_url"] = links.url("host" if is_host else "rsvp", token=tokens[0])
        told.flags.add("page")
    return told


def for_event(weighed: Weighed, tokens: list[str], campaign: CampaignWords) -> Values:
    """Everything about an event, to whoever is coming or to its host."""
    event = weighed.event
    assert event is not None
    told = Values(
        {
            "organisation": event.campaign.organisation,
            "campaign_title": campaign.title,
            "poster_colour": event.campaign.poster_colour,
            "call_colour": event.campaign.call_colour,
            "campaign_url": links.url("campaign", slug=event.campaign.slug),
            "event_url": links.url("event", slug=event.slug),
            "event_title": event.title,
            "event_day": formats.day(event.starts_at, event.zone),
            "event_clock": formats.clock(event.starts_at, event.zone),
            "event_time": _time_of(event),
        },
        {"campaign"},
    )
    if weighed.kind.reader == Reader.HOST:
        _for_host(weighed, tokens, told)
    else:
        _for_supporter(weighed, tokens, told)
    _place(event, weighed, told)
    if weighed.kind.name in BETWEEN_PEOPLE:
        _between_people(weighed, tokens, told)
    words = _words(weighed)
    if words:
        told.texts["words"] = words
        told.texts["who_writes"] = _who_writes(weighed, told.texts.get("writer_name", ""))
        told.flags.add("words")
    return told


def _for_supporter(weighed: Weighed, tokens: list[str], told: Values) -> None:
    rsvp = weighed.rsvp
    assert rsvp is not None
    told.texts["first_name"] = event_people.first_name(rsvp)
    if not rsvp.is_proven:
        told.flags.add("unproven")
        if rsvp.hold_until is not None:
            told.flags.add("lapses")
    if tokens:
        page = links.url("rsvp", token=tokens[0])
        told.texts["rsvp_url"] = page
        # The page shows the button for this answer first; opening it changes nothing.
        for answer in ("coming", "cannot", "made_it", "missed_it"):
            told.texts[f"{answer}_url"] = f"{page}?answer={answer}"


def _for_host(weighed: Weighed, tokens: list[str], told: Values) -> None:
    assert weighed.person is not None
    told.texts["first_name"] = people_queries.name_of(weighed.person).first
    told.flags.add("may_know_place")
    if tokens:
        told.texts["host_url"] = links.url("host", token=tokens[0])
        if weighed.message.kind == "host_report":
            told.texts["report_url"] = links.url("host_report", token=tokens[0])


def _between_people(weighed: Weighed, tokens: list[str], told: Values) -> None:
    """Who writes, by first name; and the page where the reader answers, reports or stops."""
    event, line = weighed.event, weighed.line
    assert event is not None
    token = tokens[0]
    if weighed.kind.reader == Reader.SUPPORTER:
        told.texts["writer_name"] = clean_line(talking.host_first_name(event)) or _("Your host")
        told.texts["answer_url"] = links.url("rsvp_conversation", token=token)
    else:
        assert line is not None
        name = talking.names_for_hosts(event, [line.conversation.person_id])
        told.texts["writer_name"] = name.get(line.conversation.person_id, "") or _("Somebody")
        told.texts["answer_url"] = links.url(
            "host_conversation", token=token, conversation_id=line.conversation_id
        )
    if line is not None and line.has_lost:
        told.flags.add("lost")


def _time_of(event: Event) -> str:
    """The event's own time; online the zone is named, because everybody is somewhere else."""
    span = formats.span(event.starts_at, event.ends_at, event.zone)
    if event.publicity != Event.Publicity.ONLINE:
        return span
    return _("{span} ({city} time)").format(span=span, city=formats.zone_city(event.zone))


def _place(event: Event, weighed: Weighed, told: Values) -> None:
    """What this reader may know of the place.

    A private place goes only to the host and to people with a seat whose address is proven: a
    stranger whose address somebody else typed must not learn where a host lives.
    """
    told.texts["town"] = event.town
    rsvp = weighed.rsvp
    has_seat = rsvp is not None and rsvp.state in weighed.going and rsvp.is_proven
    may_know = "may_know_place" in told.flags or has_seat
    told.flags.discard("may_know_place")
    venue = event.venue
    if event.publicity != Event.Publicity.EVERYONE and may_know:
        venue = vault.open_(event, "venue_sealed")
    is_online = event.publicity == Event.Publicity.ONLINE
    if is_online:
        told.flags.add("online")
    whole = ", ".join(part for part in (venue, "" if is_online else event.town) if part)
    if venue:
        told.texts["place"] = whole
        told.flags.add("place")
    elif weighed.kind.reader == Reader.SUPPORTER and weighed.kind.name in _PLACE_MATTERS:
        told.flags.add("place_later")
    told.texts["calendar_place"] = whole


_PLACE_MATTERS = frozenset({"rsvp_going", "seat_promoted", "event_changed", "reminder_day"})


def _words(weighed: Weighed) -> str:
    """What a person wrote for this mail: the host to everybody, or the organisers to the host."""
    event, message = weighed.event, weighed.message
    assert event is not None
    if weighed.line is not None:
        return vault.open_(weighed.line, "body_sealed")
    if message.kind == "host_message":
        sent = HostMessage.objects.filter(id=message.args["message_id"]).first()
        return vault.open_(sent, "body_sealed") if sent else ""
    if message.kind in {"host_listed", "host_asked", "host_declined"}:
        return event.review_words
    if message.kind in {"event_changed", "event_cancelled", "host_cancelled"}:
        # A declined event may carry the host's words about an earlier change: not these.
        is_declined = event.state in {Event.State.DECLINED, Event.State.LAPSED}
        return "" if is_declined else event.words
    return ""


def _who_writes(weighed: Weighed, writer: str) -> str:
    if weighed.kind.name in BETWEEN_PEOPLE:
        return _("{name} writes:").format(name=writer)
    if weighed.kind.reader == Reader.HOST:
        return _("The organisers write:")
    host = weighed.event.host if weighed.event else None
    name = people_queries.name_of(host).first if host else ""
    if not name:
        return _("Your host writes:")
    return _("{name} writes:").format(name=clean_line(name))
