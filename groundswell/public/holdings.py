"""What we hold about people, table by table, in words; a test compares it with the schema."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Holding:
    """One line of the privacy page; ``models`` are the tables that it speaks for."""

    what: str | Promise
    kept: str | Promise
    models: tuple[str, ...]


ALL = (
    Holding(
        _("Your name, languages and country"),
        _("The name until 90 days after your last event; the rest until 24 months after it."),
        ("people.person", "people.searchname", "people.searchword", "people.nameblind"),
    ),
    Holding(
        _(
            "That two records of ours look like one person or were put together, and keyed sums by "
            "which we find such records"
        ),
        _("Until 24 months after you last took part. The sums tell nobody anything."),
        ("people.lookalike", "people.merge", "people.likenesskey"),
    ),
    Holding(
        _("Your e-mail address and, if you gave it, your phone number"),
        _(
            "The address until 24 months after you last took part, the number until 90 days after "
            "your last event. Sealed."
        ),
        ("people.contact", "people.newaddress"),
    ),
    Holding(
        _("Where you live, if you gave it: the town in the clear, street and postcode sealed"),
        _("Until 24 months after you last took part."),
        ("people.postaladdress",),
    ),
    Holding(
        _("Words and lists the team keeps you under, your answers to its questions, its notes"),
        _("Until 24 months after you last took part. Notes are sealed."),
        ("people.tagging", "people.viewmember", "people.fieldvalue", "people.note"),
    ),
    Holding(
        _("That a change of many people at once included you, so that it can be undone"),
        _("Seven days."),
        ("people.bulkact", "people.bulkpart"),
    ),
    Holding(
        _("Whom you live with, who brought you in, and which link or poster you came by"),
        _("Until 24 months after you last took part."),
        ("people.relation", "people.touch"),
    ),
    Holding(
        _("Forms that you filled in, and your answers"),
        _("Until 24 months after you last took part. Sealed."),
        ("people.formentry",),
    ),
    Holding(
        _("What an ad service sent us when you filled in a form there"),
        _("Until it is in our own form, a moment later; 30 days at most. Sealed."),
        ("people.leadpost",),
    ),
    Holding(
        _("What you agreed to, in which words, and when"),
        _("As long as your name; it is never changed afterwards."),
        ("people.consent",),
    ),
    Holding(
        _("A fingerprint of an address that must not be written to any more"),
        _("Until you ask to hear from us again. Nobody can read the address from it."),
        ("people.suppression",),
    ),
    Holding(
        _("Which events you signed up for, with how many people, and whether you came"),
        _(
            "Cut off from you 30 days after the event; only the counts stay, and how often you "
            "took part: 0, 1, 2–4 or 5 times and more."
        ),
        ("events.rsvp",),
    ),
    Holding(
        _("That a sign-up waits for your word, and why we asked"),
        _("Until you open the link in our mail; a week at most, then all of it goes."),
        ("events.held",),
    ),
    Holding(
        _("What somebody reported about an event; never who"),
        _("90 days. Sealed."),
        ("events.concern",),
    ),
    Holding(
        _("A fingerprint of an address that organisers have blocked"),
        _("Until they unblock it. Nobody can read the address from it."),
        ("people.block",),
    ),
    Holding(
        _("The event that you hold, and what you answered on the way there"),
        _(
            "The event: 24 months after its end; your link ends 90 days after it. "
            "Answers that you did not publish: 14 days."
        ),
        ("events.event", "events.hostdraft"),
    ),
    Holding(
        _("Messages from a host to the people who are coming"),
        _("90 days. Sealed."),
        ("events.hostmessage",),
    ),
    Holding(
        _("What you and a host write to each other through us"),
        _("30 days after the event. Sealed; the mails themselves go at once."),
        (
            "outreach.conversation",
            "outreach.line",
            "outreach.alias",
            "outreach.inbound",
            "outreach.silence",
        ),
    ),
    Holding(
        _("Mail to you from somebody whom our team gave a stand-in address of yours"),
        _("14 days. Sealed."),
        ("outreach.passedon",),
    ),
    Holding(
        _("A file with people in it that somebody of the team asked for, until it is fetched"),
        _("At most a day, sealed. That it was made, by whom and what for: three years."),
        ("people.export", "people.exportpart", "people.canary"),
    ),
    Holding(
        _("A list of people that somebody of the team takes in"),
        _("Its rows, and what takes them back: seven days, sealed. That it was: three years."),
        ("people.import", "people.importpart"),
    ),
    Holding(
        _("A sign-up that looks like the work of a program, and what visitors report"),
        _("7 days when nobody confirms it; reports, without a sender, for 90 days."),
        ("events.held", "events.concern"),
    ),
    Holding(
        _("A fingerprint of an address whose owner may not come, because of what happened"),
        _("Until an organiser lifts it. Nobody can read the address from it."),
        ("people.block",),
    ),
    Holding(
        _("That somebody of the team saw your name, so that nobody copies the list"),
        _("Two days."),
        ("people.look",),
    ),
    Holding(
        _("The links in our mails: that one was made for you, and whether it was used"),
        _("30 days after the link ends."),
        ("accounts.link",),
    ),
    Holding(
        _("That we wrote to you, what kind of message it was, and whether it arrived"),
        _("90 days; about an event, 30 days after it. The text of the mail is not kept."),
        ("outreach.message",),
    ),
    Holding(
        _("The log of what happened, such as “a sign-up was made”, with numbers for names"),
        _("Two years at most, less for most entries."),
        ("ledger.entry",),
    ),
    Holding(
        _("For organisers who sign in: name, e-mail address, roles, devices and one-time codes"),
        _("Until an owner removes the account; devices until they sign out; codes for one day."),
        (
            "accounts.account",
            "accounts.grant",
            "accounts.session",
            "accounts.pendingcode",
            "accounts.usedcode",
            "site.lock",
        ),
    ),
)
# Tables that hold nothing about anybody who visits: keys, the outbox page of a demonstration, the
# programs that hear what is public, services that send leads, the team's questions about people.
NOT_ABOUT_PEOPLE = (
    "site.datakey",
    "outreach.shownmail",
    "outreach.hook",
    "people.leadsource",
    "people.segment",
    "people.segmentversion",
)
