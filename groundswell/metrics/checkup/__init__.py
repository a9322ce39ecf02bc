"""Everything that the doctor asks about an installation: one list for the command and the page.

Each file is about one noun and each question yields findings: a sentence, and what to do. They read
and never write, know no page but its name, and answer with counts, never with anybody's name.
``network`` holds what asks another machine; only the command asks it.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from groundswell.metrics.checkup import (
    abuse,
    backups,
    databases,
    keys,
    log,
    machine,
    mail,
    network,
    settings_of,
    team,
    work,
)
from groundswell.metrics.checkup.finding import Finding, Topic

TOPICS = (
    Topic("settings", _("Address and settings"), settings_of.QUESTIONS),
    Topic("machine", _("The machine"), machine.QUESTIONS),
    Topic("databases", _("Databases"), databases.QUESTIONS),
    Topic("choices", _("What owners chose"), settings_of.CHOICES),
    Topic("keys", _("Keys and the lock"), keys.QUESTIONS),
    Topic("backups", _("Backups"), backups.QUESTIONS),
    Topic("log", _("The log"), log.QUESTIONS),
    Topic("work", _("Background work"), work.QUESTIONS),
    Topic("mail", _("Mail"), mail.QUESTIONS),
    Topic("team", _("Who may sign in"), team.QUESTIONS),
    Topic("abuse", _("What waits for a decision"), abuse.QUESTIONS),
)
NEEDS_NO_DATABASE = {"settings", "machine", "databases"}


def found(*, with_network: bool = False) -> Iterator[tuple[Topic, list[Finding]]]:
    """Every topic with its findings. While a database does not answer, or waits for a migration,
    only what needs none. ``with_network``: also ask the mail server, for up to five seconds."""
    is_ready = True
    for topic in TOPICS:
        if topic.key not in NEEDS_NO_DATABASE and not is_ready:
            continue
        findings = list(topic.findings())
        if topic.key == "databases":
            is_ready = databases.can_be_asked()
        if topic.key == "mail" and with_network:
            findings += network.mail_server()
        yield topic, findings


def findings(*, with_network: bool = False) -> Iterator[Finding]:
    """The same without the headings."""
    for _topic, told in found(with_network=with_network):
        yield from told
