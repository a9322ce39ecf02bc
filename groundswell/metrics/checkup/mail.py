"""Mail: can it leave, does it, and do answers come in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.kernel import clock, formats
from groundswell.metrics.checkup.finding import Finding, ago, unsafe, well
from groundswell.outreach import queries as outreach_queries

LATE = timedelta(minutes=5)


def leaving() -> Iterator[Finding]:
    queue = outreach_queries.queue_state()
    words = ngettext("{number} message waits.", "{number} messages wait.", queue.ready)
    sentence = words.format(number=formats.number(queue.ready))
    if not queue.ready:
        sentence = _("No message waits.")
    if not queue.has_sender:
        yield unsafe(
            _("{messages} No mail server is set, so nothing leaves, not even codes to sign in.")
            .format(messages=sentence),
            _("Set GROUNDSWELL_SMTP_URL and GROUNDSWELL_MAIL_FROM."),
        )  # fmt: skip
    elif queue.oldest_due_at is not None and clock.now() - queue.oldest_due_at > LATE:
        yield unsafe(
            _("{messages} The oldest should have left {ago}.").format(
                messages=sentence, ago=ago(queue.oldest_due_at)
            ),
            _("Look whether a worker runs and the mail server answers: groundswell doctor"),
        )
    else:
        yield well(sentence)


def undecided() -> Iterator[Finding]:
    queue = outreach_queries.queue_state()
    count = queue.unknown + queue.failed
    if not count:
        yield well(_("No message needs a decision."))
        return
    words = ngettext(
        "{number} message needs a decision.", "{number} messages need a decision.", count
    )
    yield unsafe(
        words.format(number=formats.number(count)),
        _("They may have arrived, or were refused."),
        "held", _("Decide"),
    )  # fmt: skip


def answers() -> Iterator[Finding]:
    """Whether answers to hosts and their people can come in."""
    domain = settings.GROUNDSWELL_RELAY_DOMAIN
    if not domain:
        yield well(_("People answer their host on the web."))
        return
    seen_at = outreach_queries.listener_seen_at()
    if seen_at is not None and clock.now() - seen_at < LATE:
        yield well(_("Answers to {domain} are taken by SMTP.").format(domain=domain))
    elif settings.GROUNDSWELL_INBOUND_SECRETS:
        came_at = outreach_queries.mail_came_at()
        if came_at is None:
            yield well(
                _("Answers to {domain} are taken by HTTP; none has come for 14 days.").format(
                    domain=domain
                ),
                _("If people do answer, look at how the mail server hands them over."),
            )
        else:
            yield well(
                _("Answers to {domain} are taken by HTTP; the last came {ago}.").format(
                    domain=domain, ago=ago(came_at)
                )
            )
    else:
        yield unsafe(
            _("Mails carry addresses at {domain}, and nobody takes the answers: people write to "
              "their host and hear nothing.").format(domain=domain),
            _("Run groundswell inbound, or set GROUNDSWELL_INBOUND_SECRETS "
              "(docs/operate/inbound-mail.md)."),
        )  # fmt: skip


QUESTIONS = (leaving, undecided, answers)
