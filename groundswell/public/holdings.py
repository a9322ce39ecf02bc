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
        _("Until 24 months after you last took part."),
        ("people.person", "people.searchname"),
    ),
    Holding(
        _("Your e-mail address and, if you gave it, your phone number"),
        _("As long as your name. Sealed."),
        ("people.contact",),
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
        _("Cut off from you 30 days after the event; only the counts stay."),
        ("events.rsvp",),
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
        _("The links in our mails: that one was made for you, and whether it was used"),
        _("30 days after the link ends."),
        ("accounts.link",),
    ),
    Holding(
        _("That we wrote to you, what kind of message it was, and whether it arrived"),
        _("90 days. The text of the mail is not kept."),
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
        ),
    ),
)
# Tables that hold nothing about anybody who visits: keys, and the outbox page of a demonstration.
NOT_ABOUT_PEOPLE = ("site.datakey", "outreach.shownmail")
