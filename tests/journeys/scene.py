"""Sets the stage for pages that need time or trouble: run as a program on a demonstration.

Three campaigns beside the demonstration's own: one that is over, one that happens right now, and
one to come whose events are in every state. Prints one line of JSON: the parts of addresses that
tests/journeys/pages.py fills in.
"""

from __future__ import annotations

import json
import os
from datetime import date, datetime, time, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundswell.config.settings")
django.setup()

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.doubts import Doubt, Look
from groundswell.accounts.operations import links
from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns.models import Campaign
from groundswell.cli.demo import words
from groundswell.events.models import Event, Held, HostDraft, Rsvp
from groundswell.events.operations import (
    attendance,
    concerns,
    drafts,
    holding,
    hosting,
    messages,
    proving,
    publishing,
    reviewing,
    rsvps,
)
from groundswell.kernel import actor as actors
from groundswell.kernel import clock, scopes
from groundswell.kernel.actor import SYSTEM, VISITOR, Role
from groundswell.kernel.ids import new_id, new_slug
from groundswell.kernel.scopes import EVERYWHERE
from groundswell.ledger import worker
from groundswell.outreach import stopping
from groundswell.outreach.hooks import telling
from groundswell.outreach.models import Hook, HookPost, Message, ShownMail
from groundswell.outreach.operations import conversations, hooks
from groundswell.people.exports.wishes import Wish
from groundswell.people.models import Canary, Consent, Contact, Export, NewAddress
from groundswell.people.operations import blocking, building, new_address, segments
from groundswell.people.operations.persons import Typed
from groundswell.people.segments import reading
from groundswell.places import operations as place_ops
from groundswell.site import demonstration, vault
from tests.factories import campaigns, events, forms, profiles
from tests.factories import links as link_makers
from tests.factories.imports import a_checked_list, a_list, a_list_taken_in

NAMES = ("Amina", "سلمى", "Zoë", "Bartholomew-Christopher", "Ng", "José", "Дарья", "李", "Noor")
NOW = clock.now()
TODAY = NOW.date()
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def _campaign(title: str, day: date, **plan: Any) -> Campaign:
    window = {"starts_on": day - timedelta(days=3), "ends_on": day + timedelta(days=3)}
    return campaigns.live_campaign(
        title, action_on=day, **{**window, "languages": ["en", "ar"], **plan}
    )


def _people(event: Event, count: int, **sign_up: Any) -> list[Any]:
    made = []
    for number in range(count):
        rsvp = events.signed_up(event, given=NAMES[number % len(NAMES)], family="Khan", **sign_up)
        if number % 4 != 3 and rsvp.person_id is not None:
            proving.prove_rsvps(person_id=rsvp.person_id, by=events.supporter_of(rsvp))
            rsvp.refresh_from_db()
        made.append(rsvp)
    return made


def _over() -> dict[str, str]:
    """A campaign of ten days ago: one event with a report, one without."""
    day = TODAY - timedelta(days=10)
    with clock.at(NOW - timedelta(days=24)):
        campaign = _campaign("The day that was", day, goal_people=30)
        told = events.listed_event(campaign, day=day, host="told@example.org")
        untold = events.listed_event(campaign, day=day, host="untold@example.org", title="Rain")
        going = _people(told, 14)
        _people(untold, 3)
        campaign_ops.write_words(
            campaign=campaign,
            language="en",
            words={**words.CAMPAIGN["en"], "title": "The day that was", "outcome": "**We won.**"},
            by=SYSTEM,
        )
    with clock.at(told.starts_at + timedelta(minutes=20)):
        for rsvp in going[:11]:
            attendance.check_in(rsvp_id=rsvp.id, here=True, by=events.host_of(told))
    with clock.at(told.ends_at + timedelta(hours=2)):
        attendance.file_report(
            event_id=told.id, low=20, best=25, high=30, sentence="It rained and nobody left.",
            by=events.host_of(told),
        )  # fmt: skip
    return {
        "over": campaign.slug,
        "over_event": told.slug,
        "over_host": link_makers.host_token(told),
        "untold_host": link_makers.host_token(untold),
        "over_rsvp": link_makers.rsvp_token(going[13]),
        "came_rsvp": link_makers.rsvp_token(going[0]),
    }


def _now() -> dict[str, str]:
    """An event that began twenty minutes ago, with somebody ticked in."""
    starts = (NOW - timedelta(minutes=20)).replace(second=0, microsecond=0)
    ends = starts + timedelta(hours=2)
    with clock.at(NOW - timedelta(days=5)):
        campaign = _campaign("Right now", starts.date())
        event = events.listed_event(
            campaign, day=starts.date(), starts=_clock(starts), ends=_clock(ends), zone="UTC",
            host="now@example.org",
        )  # fmt: skip
        going = _people(event, 9, party=2)
    attendance.check_in(rsvp_id=going[0].id, here=True, by=events.host_of(event))
    return {"now_host": link_makers.host_token(event), "now_event": event.slug}


def _clock(instant: datetime) -> time:
    return instant.time().replace(tzinfo=None)


def _to_come() -> dict[str, str]:
    """Events in every state, and sign-ups in every state."""
    day = TODAY + timedelta(days=20)
    campaign = _campaign("Sing for the river", day, goal_events=40)
    given: dict[str, str] = {"river": campaign.slug}

    def kept(name: str, event: Event) -> Event:
        given[f"{name}_event"] = event.slug
        given[f"{name}_host"] = link_makers.host_token(event)
        return event

    def of(name: str, **others: Any) -> dict[str, Any]:
        return {"day": day, "host": f"{name}@example.org", **others}

    kept("unproven", events.unproven_event(campaign, **of("unproven")))
    kept("waiting", events.waiting_event(campaign, **of("waiting", starts=time(3), ends=time(4))))
    asked = kept("asked", events.waiting_event(campaign, **of("asked", title="Choir " * 19)))
    reviewing.ask_host(event_id=asked.id, words="Where exactly?", by=SYSTEM)
    declined = kept("declined", events.waiting_event(campaign, **of("declined")))
    reviewing.decline(event_id=declined.id, words="Another campaign.", by=SYSTEM)
    off = kept("off", events.listed_event(campaign, **of("off", description="- Bring\n- Cups")))
    off_rsvp = _people(off, 2)[0]
    hosting.cancel_event(event_id=off.id, words="The hall flooded.", by=events.host_of(off))
    home = events.leeds(publicity=Event.Publicity.GOING, venue="7 Elm Row")
    kept("home", events.listed_event(campaign, **of("home", place=home)))
    room = events.leeds(publicity=Event.Publicity.ONLINE, venue="https://meet.example.org/r")
    kept("online", events.listed_event(campaign, **of("online", place=room)))
    full = kept(
        "full", events.listed_event(campaign, **of("full", capacity=3, title="مساء \u202eabc"))
    )
    going = _people(full, 6)
    rsvps.confirm_rsvp(rsvp_id=going[0].id, by=events.supporter_of(going[0]))
    rsvps.cancel_rsvp(rsvp_id=going[1].id, by=events.supporter_of(going[1]))
    messages.message_people(event_id=full.id, body="Bring a cup.", by=events.host_of(full))
    given |= _conversations(full, going)
    names = ("confirmed", "cancelled", "going", "unproven", "queued")
    chosen = (going[0], going[1], going[2], going[3], going[5])
    for name, rsvp in zip(names, chosen, strict=True):
        given[f"{name}_rsvp"] = link_makers.rsvp_token(rsvp)
    given["off_rsvp"] = link_makers.rsvp_token(off_rsvp)
    stop = stopping.Stop(going[0].person_id, Consent.Purpose.EVENT, full.id)
    given["stop"] = stopping.sign(stop)
    given["data"] = link_makers.data_token(going[2].person_id)
    given["host_data"] = link_makers.data_token(full.host_id)
    given["new_address"] = _new_address(going[2].person_id)
    stop = stopping.Stop(going[0].person_id, Consent.Purpose.CAMPAIGN, campaign.id)
    given["stop_news"] = stopping.sign(stop)
    return given


def _new_address(person_id: int) -> str:
    """The link in a mail to an address that somebody wants in place of theirs."""
    new_address.ask_new_address(
        person_id=person_id, email="new@example.org", by=actors.person(person_id)
    )
    waiting = NewAddress.objects.values_list("id", flat=True).get(person_id=person_id)
    return links.make_link(
        purpose="prove",
        person_id=person_id,
        object_id=waiting,
        expires_at=NOW + timedelta(days=1),
    )


def _conversations(event: Event, going: list[Any]) -> dict[str, str]:
    """One that goes on, one that was reported, one in which a message is held."""
    talks = {}
    for name, rsvp in (("talk", going[0]), ("reported", going[2]), ("held", going[4])):
        by = events.supporter_of(rsvp)
        asked = "هل هناك مصعد؟" if name == "talk" else "Is there a lift for my chair?"
        line = conversations.write_to_host(rsvp_id=rsvp.id, body=asked, by=by)
        talks[name] = line.conversation_id
        conversations.answer(
            conversation_id=line.conversation_id,
            body="Yes: by door 3, ring the bell.\n\nSee you there!",
            by=events.host_of(event),
        )
    reporter = events.supporter_of(going[2])
    conversations.report(conversation_id=talks["reported"], by=reporter)
    conversations.stop(writer_id=event.host_id, by=reporter)
    conversations.keep(
        conversation_id=talks["held"],
        side="person",
        words=conversations.Words("I write from my other mailbox.", conversations.UNKNOWN_SENDER),
        by=events.supporter_of(going[4]),
    )
    found = {f"{name}_id": str(talk_id) for name, talk_id in talks.items()}
    return {**found, "talk_rsvp": link_makers.rsvp_token(going[0])}


def _guarded() -> dict[str, str]:
    """Sign-ups and an event in quarantine, some deleted, an event reported, somebody blocked."""
    day = TODAY + timedelta(days=25)
    campaign = _campaign("Held back", day)
    event = events.listed_event(campaign, day=day, host="heldback@example.org")
    for number, doubt in enumerate((Doubt.TRAP, Doubt.FAST, Doubt.SURGE, Doubt.SURGE)):
        made = rsvps.make_rsvp(
            event=event,
            typed=Typed(given=NAMES[number], email=f"held{number}@example.org"),
            sign_up=rsvps.SignUp(),
            by=VISITOR,
            look=Look(doubt=doubt),
        )
    last = Held.objects.latest("id")
    holding.discard(held_ids=[last.id], by=SYSTEM)
    publishing.publish(
        campaign=campaign,
        plan=events.plan(day=day, title="Win at www.example.com"),
        host=Typed(given="Max", email="max@example.org"),
        look=Look(),
        by=VISITOR,
    )
    for number in range(3):
        concerns.report(
            event=event, kind="danger", words="The address is a trap.\nI went there.",
            network=f"net{number}", by=VISITOR,
        )  # fmt: skip
    blocking.block_email(email="troll@example.org", reason="threats", by=SYSTEM)
    held = Rsvp.objects.filter(event=event, state=Rsvp.State.HELD).earliest("id")
    assert made.shown == Rsvp.State.HELD
    return {"held_rsvp": link_makers.rsvp_token(held)}


def _wizards() -> dict[str, str]:
    """A draft with its first page answered, one with all, and one that is published."""
    campaign = Campaign.objects.get(slug=words.SLUG)
    place = {"label": "Leeds, England", "town": "Leeds", "country": "GB", "zone": "Europe/London",
             "latitude": 53.8, "longitude": -1.55}  # fmt: skip
    answers = {
        "kind": "stop", "title": "Stop H", "day": campaign.action_on.isoformat(),
        "starts": "11:00", "ends": "12:00", "town": "Leeds", "place": place, "venue": "Stop H",
        "publicity": "everyone", "language": "en", "capacity": 20, "given": "Noor",
        "family": "Reed", "email": "noor@example.org", "phone": "+44 113 496 0000",
    }  # fmt: skip
    return {
        "wizard": drafts.begin(campaign=campaign, answers={"kind": "stop"}, by=VISITOR),
        "wizard_full": drafts.begin(campaign=campaign, answers=answers, by=VISITOR),
        "wizard_done": _published(),
        "wizard_gone": links.make_link(
            purpose="wizard", person_id=None, object_id=1, expires_at=NOW - timedelta(days=1)
        ),
    }


def _published() -> str:
    campaign = _campaign("Live at once", TODAY + timedelta(days=30))
    token = drafts.begin(campaign=campaign, answers={"kind": "meeting"}, by=VISITOR)
    hosting.publish_event(
        campaign=campaign,
        plan=events.plan(day=campaign.action_on),
        host=Typed(given="Dora", email="dora@example.org"),
        draft=HostDraft.objects.latest("id"),
        by=VISITOR,
    )
    return token


def _accounts() -> dict[str, Any]:
    """Somebody invited who has no second step yet, and two who have an app."""
    given: dict[str, Any] = {"secret": SECRET}
    before = NOW - timedelta(minutes=5)  # the codes of the tests are still unused
    roles = {
        "invited": (Role.ORGANISER, EVERYWHERE),
        "half": (Role.ORGANISER, EVERYWHERE),
        "guarded": (Role.ORGANISER, EVERYWHERE),
        "far": (Role.REGIONAL_ORGANISER, scopes.country("NZ")),
        "far_walker": (Role.REGIONAL_ORGANISER, scopes.country("NZ")),  # each link opens once
        "texter": (Role.TEXTER, EVERYWHERE),
    }
    for name, (role, scope) in roles.items():
        email = f"{name}@example.org"
        account = accounts_ops.invite(email=email, name="Jo", role=role, scope=scope, by=SYSTEM)
        given[name] = accounts_ops.sign_in_link(account_id=account.id, by=SYSTEM)
        if name == "invited":
            continue
        code = format_hotp_value(hotp_value(SECRET, int(before.timestamp()) // 30))
        own = actors.account(account.id, frozenset())
        with clock.at(before):
            accounts_ops.add_app(account_id=account.id, secret=SECRET, code=code, by=own)
        if name == "half":
            given[name] = [
                accounts_ops.sign_in_link(account_id=account.id, by=SYSTEM) for _ in range(8)
            ]
    return given


def _team() -> dict[str, str]:
    """A colleague whose role has a last day, a region, somebody to look up."""
    account = accounts_ops.invite(
        email="tomas@example.org",
        name="Tomás",
        role=Role.COACH,
        scope=scopes.country("GB"),
        ends_at=NOW + timedelta(days=60),
        by=SYSTEM,
    )
    region = place_ops.put_region(name="Islands", countries=["GB", "IE"], by=SYSTEM)
    rsvp = Rsvp.objects.exclude(person=None).order_by("id")[0]
    friend = Rsvp.objects.exclude(person=None).exclude(person=rsvp.person_id).order_by("id")[0]
    known = profiles.known(rsvp.person_id or 0, friend_id=friend.person_id)
    return {
        "member": str(account.id),
        "region": str(region.id),
        "person": str(rsvp.person_id),
        "contact": str(known.contact_id),
        "note": str(known.note_id),
        "question": str(known.field_id),
        "topic": str(known.topic_id),
        "view": str(known.view_id),
        "act": str(known.act_id),
    }


def _forms() -> dict[str, str]:
    """A petition that people sign, one that is being written, and somebody's link to confirm."""
    form = forms.open_form("Safe staffing")
    for number in range(12):
        forms.entry(form, f"signer{number}@example.org")
    waits = forms.entry(form, "waiting@example.org", look=Look(doubt=Doubt.TRAP))
    draft = building.add(title="A survey", kind="survey", languages=["en"], by=SYSTEM)
    token = links.make_link(
        purpose="form",
        person_id=waits.person_id,
        object_id=waits.id,
        expires_at=NOW + timedelta(days=30),
    )
    lead_source = forms.lead_source(form)
    told = {"leads": lead_source.key}
    return {**told, "form": form.slug, "form_draft": draft.slug, "form_token": token}


def _lists() -> dict[str, str]:
    """One whose columns nobody has looked at, one after its dry run, one that was taken in."""
    return {
        "list_columns": a_list().slug,
        "list_checked": a_checked_list().slug,
        "list_done": a_list_taken_in().slug,
    }


def _segments() -> dict[str, str]:
    """One with a row of each verb."""
    team = accounts_queries.team(SYSTEM)
    owner = next(one.account.id for one in team if Role.OWNER in one.roles)
    came = {"criterion": "events.took_part", "with": {"what": "came", "days": 90, "count": 1}}
    lately = {"criterion": "people.new", "with": {"days": 30}}
    by = actors.account(owner, [Role.OWNER])
    told = [
        *reading.as_json([reading.start(reading.Whom.EMAIL)]),
        {"verb": "keep", **came},
        {"verb": "add", **lately},
        {"verb": "leave", "criterion": "people.recruited"},
    ]
    kept = segments.Kept(name="Came lately", folder="Autumn")
    made = segments.begin(kept=kept, rows=reading.read(told, by=by), by=by)
    area = {"verb": "keep", "criterion": "people.area",
            "with": {"area": "53.2,-3.1; 54.3,-3.0; 54.6,-1.3; 53.3,-0.9"}}  # fmt: skip
    rows = reading.read([reading.start(reading.Whom.LOOK).as_json(), area], by=by)
    drawn = segments.begin(kept=segments.Kept(name="Drawn"), rows=rows, by=by)
    return {"segment": str(made.id), "segment_area": str(drawn.id)}


def _exports() -> dict[str, str]:
    """One that waits for a word, one that the owner can fetch, one that leaked."""
    team = accounts_queries.team(SYSTEM)
    owner = next(one.account.id for one in team if Role.OWNER in one.roles)
    other = next(one.account.id for one in team if Role.OWNER not in one.roles)
    state = Export.State
    given = {
        "export_asked": _export(other, state.ASKED),
        "export_ready": _export(owner, state.READY, ready_at=NOW),
        "export_leaked": _export(other, state.FETCHED, ready_at=NOW, fetched_at=NOW),
    }
    leaked = Export.objects.get(slug=given["export_leaked"])
    Canary.objects.create(export=leaked, local_hash=b"1" * 32, heard_at=NOW)
    return given


def _export(account_id: int, state: str, **told: Any) -> str:
    row = Export(
        id=new_id(),
        slug=new_slug(),
        account_id=account_id,
        columns=["given_name", "family_name", "stand_in", "country"],
        wish=Wish(country="GB").as_json(),
        has_addresses=False,
        writes_from=b"",
        people_count=1240,
        row_count=1240,
        state=state,
        asked_at=NOW,
        **told,
    )
    reason = "Badges for the weekend in Leeds, which a print shop makes."
    row.reason_sealed = vault.seal(row, "reason_sealed", reason, key_id=vault.house_key_id())
    row.save(force_insert=True)
    return row.slug


def _programs() -> dict[str, str]:
    """One that hears, with posts in every state; one that stopped listening."""
    event = Event.objects.filter(state=Event.State.LISTED).order_by("id")[0]
    hears, address = list(telling.KINDS), "https://hooks.example.org/groundswell"
    hook, _secret = hooks.add(name="Our website", address=address, hears=hears, by=SYSTEM)
    paused, _secret = hooks.add(
        name="Chat of the press team", address="https://chat.example.net/in/x", hears=hears,
        by=SYSTEM,
    )  # fmt: skip
    Hook.objects.filter(id=paused.id).update(state=Hook.State.PAUSED, because=Hook.Because.FAILING)
    state = HookPost.State
    rows = [
        (hook, telling.TRY_OUT, state.FAILED, "tls", 1),
        (hook, "event.listed", state.TAKEN, "", 1),
        (hook, "event.changed", state.WAITING, "http_503", 3),
        (hook, "event.cancelled", state.LEFT_OUT, "", 1),
        (hook, "campaign.opened", state.KEPT, "", 0),
        (paused, "event.listed", state.WAITING, "http_302", 8),
    ]
    for number, (of, kind, became, code, attempts) in enumerate(rows):
        HookPost.objects.create(
            hook=of,
            post_id=f"post_{number}",
            kind=kind,
            event_id=event.id if kind.startswith("event") else None,
            campaign_id=event.campaign_id if kind != telling.TRY_OUT else None,
            happened_at=NOW - timedelta(hours=number),
            state=became,
            attempts=attempts,
            not_before=NOW + timedelta(minutes=30),
            code=code,
        )
    return {"program": hook.slug, "program_paused": paused.slug}


def _drafted() -> dict[str, str]:
    """A campaign that nobody sees yet: the office's empty pages."""
    day = TODAY + timedelta(days=60)
    plan = campaign_ops.Plan("Bus Users Together", day, day, day, languages=["en", "ar"])
    draft = campaign_ops.start_campaign(plan=plan, title="Nothing yet", by=SYSTEM)
    return {"draft": draft.slug, "empty": _campaign("Empty so far", day).slug}


def _secrets() -> list[str]:
    """Every address and number of everybody, and every private place, as they would be leaked."""
    held = list(Contact.objects.all())
    vault.load_keys_of(held, "value_sealed")
    told = {vault.open_(contact, "value_sealed") for contact in held}
    for event in Event.objects.exclude(publicity__in=["everyone", "online"]):
        told.add(vault.open_(event, "venue_sealed"))
    return sorted(told - {""})


def main() -> None:
    """Build it all, keep it as the pristine copy, and tell what was made."""
    told = {
        **_over(),
        **_now(),
        **_to_come(),
        **_guarded(),
        **_wizards(),
        **_accounts(),
        **_exports(),
        **_segments(),
        **_forms(),
        **_lists(),
        **_drafted(),
        **_programs(),
    }
    told |= _team()
    worker.run_until_idle()
    some = Message.objects.order_by("-id").values_list("id", flat=True)[:2]
    Message.objects.filter(id__in=list(some)).update(state=Message.State.UNKNOWN)
    told["mail"] = str(ShownMail.objects.order_by("-id").values_list("id", flat=True)[0])
    told["slug"] = words.SLUG
    told["secrets"] = _secrets()
    demonstration.keep()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
