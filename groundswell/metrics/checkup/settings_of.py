"""The settings of the server, and what owners chose for the whole installation."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.utils.translation import gettext as _

from groundswell.accounts import doubts
from groundswell.kernel import clock, formats
from groundswell.metrics.checkup.finding import Finding, is_live, unsafe, well
from groundswell.places.gazetteer import building
from groundswell.site import queries as site_queries
from groundswell.site.models import Safeguards

# Until when each version of Python gets security fixes: PEP 664, 693, 719 and 745.
_PYTHON_ENDS = {
    (3, 11): date(2027, 10, 31),
    (3, 12): date(2028, 10, 31),
    (3, 13): date(2029, 10, 31),
    (3, 14): date(2030, 10, 31),
}
_NEAR_ITS_END = timedelta(days=180)
# Checks of config/checks.py that have a question of their own here, with their reason.
_ASKED_HERE = {
    f"groundswell.{name}" for name in ("E001", "E003", "W004", "W005", "E006", "W020", "W021")
}


def _host() -> str:
    return urlsplit(settings.GROUNDSWELL_ORIGIN).hostname or ""


def is_this_machine(host: str) -> bool:
    """Whether a host name or address never leaves this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def mode() -> Iterator[Finding]:
    if is_live():
        return
    if settings.GROUNDSWELL_MODE == "demo":
        yield unsafe(
            _("This is a demonstration. Its master key lies beside its data."),
            _("Never put real people in. Start for real with: groundswell init"),
        )
    if not is_this_machine(_host()):
        yield unsafe(
            _("A mode for trying things out answers at the public address {address}: its keys are "
              "known or lie beside the data, and it sends no mail.").format(
                address=settings.GROUNDSWELL_ORIGIN
            ),
            _("Take it off that address, or set GROUNDSWELL_MODE=live with a key of its own."),
        )  # fmt: skip


def address() -> Iterator[Finding]:
    origin, is_onion = settings.GROUNDSWELL_ORIGIN, _host().endswith(".onion")
    if not is_live():
        return
    if origin.startswith("https://") or is_onion:  # tor encrypts
        yield well(_("The address is {address}.").format(address=origin))
    else:
        yield unsafe(
            _("The address begins with http://, so passwords and links travel in the clear."),
            _("Put a proxy with a certificate in front and set GROUNDSWELL_ORIGIN."),
        )


def proxies() -> Iterator[Finding]:
    is_https = settings.GROUNDSWELL_ORIGIN.startswith("https://")
    if not is_live() or not is_https:
        return
    if not settings.GROUNDSWELL_PROXIES:
        yield unsafe(
            _("Nobody has said how many proxies stand in front, so one network can send public "
              "forms as often as it likes."),
            _("Set GROUNDSWELL_PROXIES, usually to 1."),
        )  # fmt: skip
    if timedelta(days=180).total_seconds() > settings.SECURE_HSTS_SECONDS:
        yield unsafe(
            _("Browsers do not remember to use https here, so a network on the way can lead people "
              "to an unencrypted copy."),
            _("Remove GROUNDSWELL_HSTS=no once the name stays."),
        )  # fmt: skip


def built_in_checks() -> Iterator[Finding]:
    """What every start of ``serve`` refuses: debugging, loose cookies, a loose content policy…"""
    for found in checks.run_checks(tags=[checks.Tags.security]):
        told = str(found.id)
        if told.startswith("groundswell.") and told not in _ASKED_HERE:
            hint = f" {found.hint}" if found.hint else ""
            yield unsafe(
                _("A safeguard of Groundswell itself is switched off. {sentence}").format(
                    sentence=found.msg
                ),
                _("Undo the change of the settings that did this.") + hint,
            )


def python() -> Iterator[Finding]:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    ends_on = _PYTHON_ENDS.get((sys.version_info[0], sys.version_info[1]))
    if ends_on is None:
        return
    if clock.now().date() + _NEAR_ITS_END < ends_on:
        yield well(_("Python {version} gets security fixes until {day}.").format(
            version=version, day=formats.day_and_year(ends_on)
        ))  # fmt: skip
    else:
        yield unsafe(
            _("Python {version} gets no security fixes after {day}: holes that are found then "
              "stay open.").format(version=version, day=formats.day_and_year(ends_on)),
            _("Install a newer Python and put Groundswell up with it again."),
        )  # fmt: skip


def high_risk() -> Iterator[Finding]:
    has_countries = bool(site_queries.discreet_countries())
    if settings.GROUNDSWELL_HIGH_RISK and not has_countries:
        yield unsafe(
            _("High risk is on, and no country is discreet: mails and calendars name events "
              "everywhere, and phones are searched."),
            _("Choose the countries where mails must name nothing."),
            "discreet", _("Choose"),
        )  # fmt: skip
    elif settings.GROUNDSWELL_HIGH_RISK:
        yield well(_("High risk is on: names cannot be searched, by intention."))
    elif has_countries:
        yield unsafe(
            _("Mails name nothing in some countries, yet names of people can be searched in the "
              "database: whoever takes it has a list."),
            _("Set GROUNDSWELL_HIGH_RISK=yes and start everything anew."),
        )  # fmt: skip


def security_contact() -> Iterator[Finding]:
    if not is_live():
        return
    if site_queries.safeguards().security_contact:
        yield well(_("Who finds a hole can tell you: security.txt names a contact."))
    else:
        yield unsafe(
            _("Who finds a hole here has nobody to tell: security.txt names no contact."),
            _("Write an address into the safeguards."),
            "safeguards", _("Write it"),
        )  # fmt: skip


def public_forms() -> Iterator[Finding]:
    if site_queries.safeguards().forms != Safeguards.Forms.NEVER:
        return
    if doubts.is_flood_now():
        yield unsafe(
            _("A flood of forms comes in, and the safeguard against floods is switched off: every "
              "one of them takes a seat and sends a mail."),
            _("Let public forms ask for work while a flood comes in."),
            "safeguards", _("Switch it on"),
        )  # fmt: skip
    else:
        yield well(
            _("The safeguard against floods is switched off, and there is none now."),
            _("Switch it on again once the crowd that you expect has come."),
        )


def name() -> Iterator[Finding]:
    row = site_queries.installation()
    if row is None:
        yield unsafe(
            _("This installation has no name yet, so nobody has set it up."),
            _("Run: groundswell init"),
        )
    else:
        yield well(_("It is called {name}.").format(name=row.name))


def gazetteer() -> Iterator[Finding]:
    if building.default_path().exists():
        yield well(_("The gazetteer of towns is unpacked."))
    else:
        yield well(_("The gazetteer of towns is unpacked when serve starts."))


QUESTIONS = (mode, address, proxies, built_in_checks, python)
CHOICES = (name, high_risk, security_contact, public_forms, gazetteer)
