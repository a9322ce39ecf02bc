"""Who hears what: every socket of the house, filled in one place (docs/map.md)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse  # noqa: TID251 - here the names become addresses

from groundswell.accounts import facts as accounts
from groundswell.accounts import reactions as account_reactions
from groundswell.accounts.operations import sweeping as account_sweeping
from groundswell.accounts.sockets import scope_books
from groundswell.campaigns import criteria as campaign_criteria
from groundswell.campaigns import facts as campaigns
from groundswell.campaigns.scopes import CampaignBook
from groundswell.config import rules_of_retention
from groundswell.events import criteria as event_criteria
from groundswell.events import facts as events
from groundswell.events import sights as event_sights
from groundswell.events.operations import forgetting as event_forgetting
from groundswell.events.operations import holding, hosting, lapsing, zone_rules
from groundswell.events.scopes import EventBook
from groundswell.events.shelves import EventsShelf
from groundswell.kernel import links
from groundswell.kernel.scopes import ScopeKind
from groundswell.ledger import chain, tidying, wires
from groundswell.ledger import facts as ledger
from groundswell.metrics import operations as metrics_ops
from groundswell.outreach import criteria as outreach_criteria
from groundswell.outreach import delivery
from groundswell.outreach import facts as outreach
from groundswell.outreach import reactions as told
from groundswell.outreach.hooks import posting, telling
from groundswell.outreach.kinds import Priority
from groundswell.outreach.operations import hooks, outbox, relay_tidying, reminders
from groundswell.outreach.shelves import OutreachShelf
from groundswell.people import criteria as people_criteria
from groundswell.people import facts as people
from groundswell.people import facts_of_duplicates as duplicates
from groundswell.people import facts_of_lists as lists
from groundswell.people import facts_of_profiles as profiles
from groundswell.people import form_facts, source_facts
from groundswell.people import reactions as people_reactions
from groundswell.people import sight as people_sight
from groundswell.people.forms_shelf import FormsShelf
from groundswell.people.operations import (
    bulk,
    export_files,
    keys,
    leads,
    lookalikes,
    looking,
    new_address,
    reach,
    segments,
    sorting,
    thinning,
)
from groundswell.people.operations import forgetting as people_forgetting
from groundswell.people.operations import indexes as people_indexes
from groundswell.people.operations.imports import checking as import_checking
from groundswell.people.operations.imports import waiting as import_waiting
from groundswell.people.profile_shelf import ProfileShelf
from groundswell.people.shelves import PeopleShelf
from groundswell.people.sockets import criteria, not_yet, shelves, sight
from groundswell.places import facts as places
from groundswell.places.scopes import CountryBook, RegionBook
from groundswell.site import anchors, auditing
from groundswell.site import facts as site
from groundswell.site import queries as site_queries


def plug_all() -> None:
    """Fill every socket once, after the rooms are loaded."""
    _what_people_are_told()
    _what_other_programs_are_told()
    _what_only_the_log_tells()
    _what_only_the_log_tells_of_coming_in()
    _what_becomes_of_lookalikes()
    _what_the_team_did_to_profiles()
    _what_a_role_can_be_held_over()
    _whom_somebody_sees()
    _how_people_are_chosen()
    _what_is_held_about_a_person()
    _pages_that_mails_name()
    _work_of_the_worker()
    _what_runs_by_the_clock()
    rules_of_retention.plug_all()


def _what_people_are_told() -> None:
    sign_in, confirm, change = Priority.SIGN_IN, Priority.CONFIRMATION, Priority.CHANGE
    hear = wires.plug_reaction
    hear(accounts.SignInCodeAsked, told.sign_in_code_asked, priority=sign_in)
    hear(accounts.AccountInvited, told.account_invited, priority=sign_in)
    hear(accounts.SecondFactorAdded, told.way_in_changed, priority=sign_in)
    hear(accounts.SecondFactorRemoved, told.way_in_changed, priority=sign_in)
    hear(accounts.RecoveryCodeUsed, told.way_in_changed, priority=sign_in)
    hear(accounts.SignedInOnNewDevice, told.way_in_changed, priority=sign_in)
    hear(people.DataAsked, told.data_asked, priority=sign_in)
    hear(people.NewAddressAsked, told.new_address_asked, priority=sign_in)
    hear(people.ForgettingNear, told.forgetting_near)
    hear(events.PeopleCutOff, told.people_cut_off)
    hear(events.HostCutOff, told.host_cut_off)
    hear(people.LookedAtTooMany, told.owners_told, priority=sign_in)
    hear(people.ExportAsked, told.export_asked, priority=sign_in)
    hear(people.ExportAgreed, told.export_agreed, priority=sign_in)
    hear(people.ExportFetched, told.export_fetched, priority=sign_in)
    hear(people.ExportLeaked, told.export_leaked, priority=sign_in)
    hear(site.LogFoundBroken, told.owners_told, priority=sign_in)
    for locked in (
        accounts.EverythingLocked,
        accounts.UnlockBegun,
        accounts.EverythingUnlocked,
        accounts.AccountLocked,
        accounts.AccountUnlocked,
    ):
        hear(locked, told.panic_lock, priority=sign_in)
    hear(form_facts.FormFilled, told.form_filled, priority=confirm)
    hear(people.EmailProved, told.email_proved, priority=confirm)
    hear(events.RsvpMade, told.rsvp_made, priority=confirm)
    hear(events.RsvpHeld, told.rsvp_held, priority=confirm)
    hear(events.EventLetIn, told.event_let_in, priority=confirm)
    hear(events.ConcernsSettled, told.concerns_settled)
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
    wires.plug_fact(places.RegionChanged)
    hear(places.RegionRemoved, account_reactions.scope_removed)
    wires.plug_fact(outreach.MessageSentAgain)
    wires.plug_fact(outreach.MessageGivenUp)
    wires.plug_fact(outreach.MessagesWantedAgain)


def _what_other_programs_are_told() -> None:
    for public in telling.OF_FACTS:
        wires.plug_reaction(public, told.programs_told)
    wires.plug_reaction(outreach.HookGaveUp, told.owners_told, priority=Priority.SIGN_IN)
    wires.plug_fact(outreach.HookAdded)
    wires.plug_fact(outreach.HookChanged)
    wires.plug_fact(outreach.HookRemoved)


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
        campaigns.CampaignStarted,
        campaigns.KitPublished,
        events.AttendanceTold,
        events.CheckInUndone,
        events.CheckedIn,
        events.EventHeld,
        events.EventProven,
        events.EventReported,
        events.HeldDeleted,
        events.HeldTakenBack,
        events.MessagesPaused,
        events.ReportFiled,
        events.RsvpChanged,
        events.RsvpConfirmed,
        events.RsvpLapsed,
        events.RsvpProven,
        site.DiscreetCountriesChosen,
        outreach.ConversationClosed,
        outreach.ConversationRead,
        outreach.ConversationReported,
        outreach.ConversationResumed,
        outreach.HeldLineDropped,
        outreach.HeldLinePassedOn,
        outreach.LineHeld,
        outreach.LinePassedOn,
        outreach.WriterHeardAgain,
        outreach.WriterSilenced,
        people.AddressBlocked,
        people.AddressUnblocked,
        people.ConsentGiven,
        people.ConsentWithdrawn,
        people.ContactsOpened,
        people.ExportStopped,
        people.PeopleForgotten,
        people.PeopleThinned,
        people.PersonCorrected,
        people.PersonErased,
        site.BackupMade,
        site.BackupRestored,
        site.IndexesMadeAnew,
        site.MasterKeyRotated,
        site.SafeguardsChanged,
    ):
        wires.plug_fact(fact)


def _what_only_the_log_tells_of_coming_in() -> None:
    for fact in (
        source_facts.SourceAdded,
        source_facts.SourceNamed,
        source_facts.SpendNoted,
        source_facts.SpendRemoved,
        source_facts.LeadSourceAdded,
        source_facts.LeadSourceClosed,
        source_facts.LeadTaken,
        form_facts.FormChanged,
        form_facts.FormPublished,
        form_facts.FormClosed,
        form_facts.FormLetIn,
        form_facts.FormEntriesDeleted,
        form_facts.FormEntriesTakenBack,
    ):
        wires.plug_fact(fact)


def _what_the_team_did_to_profiles() -> None:
    """More of these: a person's page reads them."""
    for fact in (
        lists.ManyChanged,
        lists.ManyChangedBack,
        lists.ViewRemoved,
        lists.ViewSaved,
        profiles.AnswersChanged,
        profiles.ContactAdded,
        profiles.ContactRemoved,
        profiles.DetailsChanged,
        profiles.FieldAdded,
        profiles.FieldChanged,
        profiles.HomeChanged,
        profiles.NoteRemoved,
        profiles.NoteWritten,
        profiles.PointPersonChosen,
        profiles.Tagged,
        profiles.TieEnded,
        profiles.TieMade,
        profiles.TopicChanged,
        profiles.Untagged,
        people.ImportDropped,
        people.ImportStarted,
        people.ImportUndone,
    ):
        wires.plug_fact(fact)


def _what_becomes_of_lookalikes() -> None:
    """Whoever has just proven an address is compared at once, the others at night."""
    wires.plug_reaction(people.EmailProved, people_reactions.compared, priority=Priority.CHANGE)
    wires.plug_reaction(people.AddressChanged, people_reactions.compared)
    wires.plug_reaction(people.ImportDone, people_reactions.many_came)
    wires.plug_fact(duplicates.LookalikesJudged)
    wires.plug_fact(duplicates.MergeUndone)
    wires.plug_fact(duplicates.PeopleMerged)


def _what_a_role_can_be_held_over() -> None:
    scope_books.plug(ScopeKind.COUNTRY, CountryBook())
    scope_books.plug(ScopeKind.REGION, RegionBook())
    scope_books.plug(ScopeKind.CAMPAIGN, CampaignBook())
    scope_books.plug(ScopeKind.EVENT, EventBook())


def _whom_somebody_sees() -> None:
    sight.plug("people", people_sight.own_sights)
    sight.plug("events", event_sights.of_events)
    not_yet.plug("events", event_sights.in_quarantine)
    not_yet.plug("people.forms", sorting.not_yet)


def _how_people_are_chosen() -> None:
    for fact in (people.SegmentSaved, people.SegmentDeleted, people.SegmentBroughtBack):
        wires.plug_fact(fact)
    criteria.plug("people", people_criteria.CRITERIA)
    criteria.plug("campaigns", campaign_criteria.CRITERIA)
    criteria.plug("events", event_criteria.CRITERIA)
    criteria.plug("outreach", outreach_criteria.CRITERIA)


def _what_is_held_about_a_person() -> None:
    shelves.plug("people", PeopleShelf())
    shelves.plug("people.profile", ProfileShelf())
    shelves.plug("people.forms", FormsShelf())
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
        "rsvp_conversation": "my_rsvp_conversation",
        "host_conversation": "my_host_conversation",
        "stop": "stop",
        "your_data": "your_data_from_mail",
        "data": "my_data",
        "prove_address": "my_new_address",
        "form": "form",
        "form_confirm": "my_form",
        "sign_in": "sign_in_link",
        "unlock": "office:unlock",
        "exports": "office:exports",
        "lock": "office:lock",
        "programs": "office:programs",
        "office.home": "office:home",
    }
    for name, route in pages.items():
        links.plug(name, _page(route))


def _page(route: str) -> Callable[..., str]:
    def path(**parts: object) -> str:
        return reverse(route, kwargs=parts)

    return path


def _work_of_the_worker() -> None:
    wires.plug_pause(site_queries.is_locked)
    wires.plug_round(delivery.deliver_round, when_paused=True)
    wires.plug_round(posting.post_round)
    wires.plug_round(chain.chain_more)
    wires.plug_round(import_checking.check_round)
    wires.plug_round(metrics_ops.fold_more)  # counts what the chain has put in order


def _what_runs_by_the_clock() -> None:
    minute = timedelta(minutes=1)
    wires.plug_schedule("lapse unproven seats", minute, lapsing.lapse_unproven_seats)
    wires.plug_schedule("reminders", minute, reminders.send_due_reminders)
    wires.plug_schedule("tidy hosting", 10 * minute, hosting.tidy_hosting)
    wires.plug_schedule("follow high risk", 10 * minute, people_indexes.follow_high_risk)
    day = timedelta(days=1)
    wires.plug_schedule("tidy keys", day, keys.tidy_keys)
    wires.plug_schedule("anchor the log", 60 * minute, anchors.keep_anchor)
    wires.plug_schedule("look through the log", day, auditing.look_through)
    wires.plug_schedule("follow zone rules", day, zone_rules.follow_zone_rules)
    wires.plug_schedule("tidy accounts", 10 * minute, account_sweeping.tidy_accounts)
    wires.plug_schedule("tidy the outbox", 60 * minute, outbox.sweep)
    wires.plug_schedule("tidy other programs", 60 * minute, hooks.tidy_hooks)
    wires.plug_schedule("tidy the relay", 60 * minute, relay_tidying.tidy_relay)
    wires.plug_schedule("tidy the ledger", 60 * minute, tidying.tidy_ledger)
    wires.plug_schedule("tidy the quarantine", 60 * minute, holding.tidy_quarantine)
    wires.plug_schedule("forget after events", 60 * minute, event_forgetting.forget_after_events)
    wires.plug_schedule("forget looks", day, looking.forget_looks)
    wires.plug_schedule("tidy segments", day, segments.tidy_segments)
    wires.plug_schedule("thin people", 60 * minute, thinning.thin_people)
    wires.plug_schedule("tidy lists", 60 * minute, bulk.tidy_lists)
    wires.plug_schedule("find lookalikes", day, lookalikes.find_lookalikes)
    wires.plug_schedule("tidy exports", 10 * minute, export_files.tidy_exports)
    wires.plug_schedule("tidy forms", 60 * minute, sorting.tidy_forms)
    wires.plug_schedule("tidy leads", 60 * minute, leads.tidy_leads)
    wires.plug_schedule("tidy imports", 10 * minute, import_waiting.tidy_imports)
    wires.plug_schedule("follow consents that end", 10 * minute, reach.follow_ends)
    wires.plug_schedule("tidy people", 60 * minute, new_address.tidy_people)
    wires.plug_schedule("forget people", 60 * minute, people_forgetting.forget_people)
