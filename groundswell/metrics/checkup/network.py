"""What asks another machine and may take seconds: only the command asks it, never a page.

A page would keep one of few web processes waiting; its owner reads there whether mails leave, which
tells the same a few minutes later.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from groundswell.metrics.checkup.finding import Finding, unsafe, well
from groundswell.metrics.checkup.settings_of import is_this_machine

SECONDS = 5


def mail_server() -> Iterator[Finding]:
    """Does it greet, and does it offer encryption? Mails are handed over in the clear only to this
    very machine (``outreach/senders/smtp``)."""
    if not settings.GROUNDSWELL_SMTP_URL:
        return
    parts = urlsplit(settings.GROUNDSWELL_SMTP_URL)
    is_smtps, host = parts.scheme == "smtps", parts.hostname or ""
    port = parts.port or (465 if is_smtps else 587)
    name = {"server": f"{host}:{port}"}
    try:
        with (smtplib.SMTP_SSL if is_smtps else smtplib.SMTP)(
            host, port, timeout=SECONDS
        ) as server:
            server.ehlo()
            is_encrypted = is_smtps or server.has_extn("starttls")
    except (OSError, smtplib.SMTPException) as error:
        yield unsafe(
            _("The mail server {server} does not answer, so nothing leaves ({error}).").format(
                **name, error=error
            ),
            _("See whether it runs, and whether GROUNDSWELL_SMTP_URL is right."),
        )
        return
    if is_encrypted or is_this_machine(host):
        yield well(_("The mail server {server} answers.").format(**name))
    else:
        yield unsafe(
            _("The mail server {server} offers no encryption. Mails wait: they would cross the "
              "network in the clear.").format(**name),
            _("Use a server that offers STARTTLS, or an smtps:// address."),
        )  # fmt: skip
