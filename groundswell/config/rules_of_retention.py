"""Every timed retention rule with the question that its purge asks (kernel/retention.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from groundswell.accounts.operations import codes, links, second_factors, sessions
from groundswell.events.operations import concerns, holding
from groundswell.events.operations import forgetting as events
from groundswell.events.queries import drafts
from groundswell.kernel.retention import Rule, rules
from groundswell.ledger import operations as ledger
from groundswell.outreach.operations import hooks, outbox
from groundswell.outreach.operations import relay_tidying as relay
from groundswell.people.operations import (
    bulk,
    export_files,
    leads,
    looking,
    new_address,
    segments,
    thinning,
)
from groundswell.people.operations import forgetting as people
from groundswell.people.operations.imports import waiting

ALL = (
    Rule(
        label="people.bulkact",
        what=_("What was done to many people at once"),
        rule=_("7 days; until then it can be undone"),
        due=bulk.acts_due,
        by="tidy lists",
    ),
    Rule(
        label="events.rsvp",
        what=_("Sign-ups, cut off from their people"),
        rule=_("30 days after the event"),
        due=events.sign_ups_due,
        by="forget after events",
    ),
    Rule(
        label="events.event",
        what=_("Events, cut off from their hosts"),
        rule=_("90 days after the event"),
        due=events.hosts_due,
        by="forget after events",
    ),
    Rule(
        label="events.hostmessage",
        what=_("Messages of hosts"),
        rule=_("90 days after they were written"),
        due=events.messages_due,
        by="forget after events",
    ),
    Rule(
        label="events.hostdraft",
        what=_("Events that nobody finished writing"),
        rule=_("14 days after the last answer"),
        due=drafts.drafts_due,
        by="tidy hosting",
    ),
    Rule(
        label="events.held",
        what=_("Sign-ups and events in quarantine"),
        rule=_("7 days when nobody confirms them; an event 30 days"),
        due=holding.held_due,
        by="tidy the quarantine",
    ),
    Rule(
        label="people.segment",
        what=_("Segments that somebody deleted"),
        rule=_("30 days, in which they can be brought back"),
        due=segments.segments_due,
        by="tidy segments",
    ),
    Rule(
        label="events.concern",
        what=_("What visitors reported about events"),
        rule=_("90 days"),
        due=concerns.concerns_due,
        by="tidy the quarantine",
    ),
    Rule(
        label="people.person:names",
        what=_("Names and phone numbers of supporters"),
        rule=_("90 days after their last event"),
        due=thinning.names_due,
        by="thin people",
    ),
    Rule(
        label="people.person",
        what=_("Whole people"),
        rule=_("24 months after they last took part, and a month after a notice"),
        due=people.people_due,
        by="forget people",
    ),
    Rule(
        label="people.export",
        what=_("What is known about exports, and the trace of their files"),
        rule=_("Three years"),
        due=export_files.exports_due,
        by="tidy exports",
    ),
    Rule(
        label="people.import",
        what=_("What is known about imports: who, when, how many"),
        rule=_("Three years; the rows of a file, and what takes them back, seven days"),
        due=waiting.imports_due,
        by="tidy imports",
    ),
    Rule(
        label="outreach.passedon",
        what=_("Mails to stand-in addresses"),
        rule=_("14 days"),
        due=relay.passed_on_due,
        by="tidy the relay",
    ),
    Rule(
        label="people.look",
        what=_("That somebody of the team saw a name"),
        rule=_("Two days"),
        due=looking.looks_due,
        by="forget looks",
    ),
    Rule(
        label="people.newaddress",
        what=_("New addresses that nobody proved"),
        rule=_("One day"),
        due=new_address.new_addresses_due,
        by="tidy people",
    ),
    Rule(
        label="outreach.message",
        what=_("That a message was sent"),
        rule=_("90 days; about an event, 30 days after it"),
        due=outbox.messages_due,
        by="tidy the outbox",
    ),
    Rule(
        label="outreach.shownmail",
        what=_("Mails that a demonstration shows"),
        rule=_("7 days"),
        due=outbox.shown_due,
        by="tidy the outbox",
    ),
    Rule(
        label="outreach.conversation",
        what=_("What hosts and people wrote to each other"),
        rule=_("30 days after the event; 90 when it was reported"),
        due=relay.conversations_due,
        by="tidy the relay",
    ),
    Rule(
        label="outreach.line",
        what=_("Words written to each other long before an event"),
        rule=_("90 days after they were written"),
        due=relay.lines_due,
        by="tidy the relay",
    ),
    Rule(
        label="outreach.inbound",
        what=_("Mails that came to a random address"),
        rule=_("14 days; their words go at once"),
        due=relay.mails_due,
        by="tidy the relay",
    ),
    Rule(
        label="outreach.hookpost",
        what=_("What was posted to other programs"),
        rule=_("14 days"),
        due=hooks.posts_due,
        by="tidy other programs",
    ),
    Rule(
        label="ledger.entry",
        what=_("Lines of what happened"),
        rule=_("As each kind says, two years at most"),
        due=ledger.expired,
        by="tidy the ledger",
    ),
    Rule(
        label="accounts.link",
        what=_("Links of mails"),
        rule=_("30 days after they end"),
        due=links.links_due,
        by="tidy accounts",
    ),
    Rule(
        label="accounts.session",
        what=_("Devices that were signed in"),
        rule=_("When their time is over"),
        due=sessions.sessions_due,
        by="tidy accounts",
    ),
    Rule(
        label="accounts.pendingcode",
        what=_("Codes to sign in"),
        rule=_("One day after they end"),
        due=codes.codes_due,
        by="tidy accounts",
    ),
    Rule(
        label="accounts.usedcode",
        what=_("That a code of an app was used"),
        rule=_("One day"),
        due=second_factors.used_codes_due,
        by="tidy accounts",
    ),
    Rule(
        label="people.leadpost",
        what=_("Leads of ad services as they came"),
        rule=_("30 days after they came"),
        due=leads.posts_due,
        by="tidy leads",
    ),
)


def plug_all() -> None:
    """Fill the socket once (config/wiring.py)."""
    for rule in ALL:
        rules.plug(rule.label, rule)
