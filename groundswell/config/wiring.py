"""Who hears what: every socket of the house, filled in one place (docs/map.md)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse  # noqa: TID251 - here the names become addresses

from groundswell.accounts import facts as accounts
from groundswell.accounts.operations import sweeping as account_sweeping
from groundswell.campaigns import facts as campaigns
from groundswell.events import facts as events
from groundswell.events.operations import forgetting as event_forgetting
from groundswell.events.operations import hosting, rsvps, zone_rules
from groundswell.events.shelves import EventsShelf
from groundswell.kernel import links
from groundswell.ledger import chain, tidying, wires
from groundswell.ledger import facts as ledger
from groundswell.metrics import operations as metrics_ops
from groundswell.outreach import delivery
from groundswell.outreach import facts as outreach
from groundswell.outreach import reactions as told
from groundswell.outreach.kinds import Priority
from groundswell.outreach.operations import outbox, reminders
from groundswell.outreach.shelves import OutreachShelf
from groundswell.people import facts as people
from groundswell.people.operations import forgetting as people_forgetting
from groundswell.people.operations import keys
from groundswell.people.shelves import PeopleShelf
from groundswell.people.sockets import shelves
from groundswell.places import facts as places


def plug_all() -> None:
    """Fill every socket once, after the rooms are loaded."""
    _what_people_are_told()
    _what_only_the_log_tells()
    _what_is_held_about_a_person()
    _pages_that_mails_name()
    _work_of_the_worker()
    _what_runs_by_the_clock()


def _what_people_are_told() -> None:
    sign_in, confirm, change = Priority.SIGN_IN, Priority.CONFIRMATION, Priority.CHANGE
    hear = wires.plug_reaction
    hear(accounts.SignInCodeAsked, told.sign_in_code_asked, priority=sign_in)
    hear(accounts.AccountInvited, told.account_invited, priority=sign_in)
    hear(accounts.SecondFactorAdded, told.way_in_changed, priority=sign_in)
    hear(accounts.SecondFactorRemoved, told.way_in_changed, priority=sign_in)
    hear(accounts.RecoveryCodeUsed, told.way_in_changed, priority=sign_in)
    hear(people.EmailProved, told.email_proved, priority=confirm)
    hear(events.RsvpMade, told.rsvp_made, priority=confirm)
    hear(events.RsvpRepeated, told.rsvp_repeated, priority=confirm)
    hear(events.SeatPromoted, told.seat_promoted, priority=confirm)
    hear(events.RsvpCancelled, told.rsvp_cancelled, priority=confirm)
    hear(events.EventHosted, told.event_hosted, priority=confirm)
    hear(events.EventListed, told.event_listed, priority=confirm)
    hear(events.HostAsked, told.host_asked, priority=confirm)
    hear(events.EventDeclined, told.event_declined, priority=change)
    hear(events.EventCancelled, told.event_cancelled, priority=change)
    hear(events.EventLapsed, told.event_lapsed, priority=change)
    hear(events.EventChanged, told.event_changed, priority=change)
    hear(events.HostMessaged, told.host_messaged)
    wires.plug_fact(ledger.EntriesRemoved)
    wires.plug_fact(places.PostcodesLoaded)
    wires.plug_fact(outreach.MessageSentAgain)
    wires.plug_fact(outreach.MessageGivenUp)
    wires.plug_fact(outreach.MessagesWantedAgain)


def _what_only_the_log_tells() -> None:
    """Facts that nobody reacts to; the log and the timelines of the office read their sentences."""
    for fact in (
        accounts.AccountClosed,
        accounts.AccountCreated,
        accounts.ProfileChanged,
        accounts.RecoveryCodesMade,
        accounts.RoleEnded,
        accounts.RoleGranted,
        accounts.SessionEnded,
        accounts.SignedIn,
        accounts.SignedOutEverywhere,
        campaigns.CampaignChanged,
        campaigns.CampaignClosed,
        campaigns.CampaignPublished,
        campaigns.CampaignStarted,
        campaigns.KitPublished,
        events.AttendanceTold,
        events.CheckInUndone,
        events.CheckedIn,
        events.EventProven,
        events.ReportFiled,
        events.RsvpChanged,
        events.RsvpConfirmed,
        events.RsvpLapsed,
        events.RsvpProven,
        people.ConsentGiven,
        people.ConsentWithdrawn,
        people.PeopleForgotten,
    ):
        wires.plug_fact(fact)


def _what_is_held_about_a_person() -> None:
    shelves.plug("people", PeopleShelf())
    shelves.plug("events", EventsShelf())
    shelves.plug("outreach", OutreachShelf())


def _pages_that_mails_name() -> None:
    """Names that a mail or a calendar file uses, and the addresses of the doors behind them."""
    pages = {
        "campaign": "campaign",
        "event": "event",
        "event_ics": "event_ics",
        "rsvp": "my_rsvp",
        "host": "my_host",
        "host_report": "my_host_report",
        "stop": "stop",
        "sign_in": "sign_in_link",
        "office.home": "office:home",
    }
    for name, route in pages.items():
        links.plug(name, _page(route))


def _page(route: str) -> Callable[..., str]:
    def path(**parts: object) -> str:
        return reverse(route, kwargs=parts)

    return path


def _work_of_the_worker() -> None:
    wires.plug_round(delivery.deliver_round)
    wires.plug_round(chain.chain_more)
    wires.plug_round(metrics_ops.fold_more)  # counts what the chain has put in order


def _what_runs_by_the_clock() -> None:
    minute = timedelta(minutes=1)
    wires.plug_schedule("lapse unproven seats", minute, rsvps.lapse_unproven_seats)
    wires.plug_schedule("reminders", minute, reminders.send_due_reminders)
    wires.plug_schedule("tidy hosting", 10 * minute, hosting.tidy_hosting)
    day = timedelta(days=1)
    wires.plug_schedule("tidy keys", day, keys.tidy_keys)
    wires.plug_schedule("follow zone rules", day, zone_rules.follow_zone_rules)
    wires.plug_schedule("tidy accounts", 10 * minute, account_sweeping.tidy_accounts)
    wires.plug_schedule("tidy the outbox", 60 * minute, outbox.sweep)
    wires.plug_schedule("tidy the ledger", 60 * minute, tidying.tidy_ledger)
    wires.plug_schedule("forget after events", 60 * minute, event_forgetting.forget_after_events)
    wires.plug_schedule("forget people", 60 * minute, people_forgetting.forget_people)
