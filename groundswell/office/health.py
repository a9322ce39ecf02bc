"""The installation: queues, failed jobs, settings that deserve a look, and what happened."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.kernel import clock, formats
from groundswell.ledger import queries as ledger_queries
from groundswell.office import frame, states
from groundswell.outreach import queries as outreach_queries
from groundswell.web import guards
from groundswell.web.requests import HouseRequest

LATE_SECONDS = 120  # a worker that runs takes a job within seconds


@dataclass(frozen=True, slots=True)
class State:
    """One line of the page: a sentence, whether it is well, and what to do where it is not."""

    sentence: str
    is_well: bool
    hint: str = ""
    href: str = ""
    verb: str = ""


@guards.owner()
def health(request: HouseRequest) -> HttpResponse:
    """How the installation is doing, in sentences."""
    lines = [_jobs(), _failed(), _mail_queue(), _held(), *_settings()]
    context = {
        "lines": lines,
        "is_well": all(line.is_well for line in lines),
        "failed_jobs": ledger_queries.failed_jobs(),
    }
    return frame.page(request, "office/health/health.html", context, current="health")


def _jobs() -> State:
    waiting = ledger_queries.jobs_waiting()
    if waiting.oldest_at is None:
        return State(_("No job waits."), is_well=True)
    late = (clock.now() - waiting.oldest_at).total_seconds()
    words = ngettext("{number} job waits.", "{number} jobs wait.", waiting.ready)
    sentence = words.format(number=formats.number(waiting.ready))
    if late < LATE_SECONDS:
        return State(sentence, is_well=True)
    return State(
        _("{jobs} The oldest should have run {ago}.").format(
            jobs=sentence, ago=states.ago(waiting.oldest_at)
        ),
        is_well=False,
        hint=_("Is a worker running? Start one with: groundswell worker"),
    )


def _failed() -> State:
    failed = ledger_queries.jobs_waiting().failed
    if not failed:
        return State(_("No job has failed."), is_well=True)
    words = ngettext("{number} job was given up.", "{number} jobs were given up.", failed)
    return State(
        words.format(number=formats.number(failed)),
        is_well=False,
        hint=_("They are listed below, with the place in the code where each one failed."),
    )


def _mail_queue() -> State:
    queue = outreach_queries.queue_state()
    words = ngettext("{number} message waits.", "{number} messages wait.", queue.ready)
    sentence = words.format(number=formats.number(queue.ready))
    if not queue.has_sender:
        return State(
            sentence,
            is_well=False,
            hint=_("No mail server is set, so nothing leaves. Set GROUNDSWELL_SMTP_URL."),
        )
    if queue.waits_seconds < LATE_SECONDS or queue.oldest_due_at is None:
        return State(sentence, is_well=True)
    return State(
        _("{messages} The oldest should have left {ago}.").format(
            messages=sentence, ago=states.ago(queue.oldest_due_at)
        ),
        is_well=False,
        hint=_("Look whether the mail server answers: groundswell doctor"),
    )


def _held() -> State:
    queue = outreach_queries.queue_state()
    count = queue.unknown + queue.failed
    if not count:
        return State(_("No message needs a decision."), is_well=True)
    words = ngettext(
        "{number} message needs a decision.", "{number} messages need a decision.", count
    )
    return State(
        words.format(number=formats.number(count)),
        is_well=False,
        hint=_("They may have arrived, or were refused."),
        href=reverse("office:held"),
        verb=_("Decide"),
    )


def _settings() -> list[State]:
    """Settings that are fine to try out and not to run a campaign with."""
    found = []
    if settings.GROUNDSWELL_MODE == "demo":
        found.append(
            State(
                _("This is a demonstration. Its master key lies beside its data."),
                is_well=False,
                hint=_("Never put real people in. Start for real with: groundswell init"),
            )
        )
    is_live = settings.GROUNDSWELL_MODE == "live"
    if is_live and not settings.GROUNDSWELL_ORIGIN.startswith("https://"):
        found.append(
            State(
                _("The address begins with http://, so passwords and links travel in the clear."),
                is_well=False,
                hint=_("Put a proxy with a certificate in front and set GROUNDSWELL_ORIGIN."),
            )
        )
    if settings.GROUNDSWELL_HIGH_RISK:
        found.append(
            State(_("High risk is on: names cannot be searched, by intention."), is_well=True)
        )
    return found


@guards.office()
def more(request: HouseRequest) -> HttpResponse:
    """What the bar under the thumb has no room for."""
    actor = frame.by(request)
    pages = [*frame.house_pages(actor), *frame.rarer_pages(actor)]
    return frame.page(request, "office/more.html", {"pages": pages}, current="more")


@guards.office()
def help_page(request: HouseRequest) -> HttpResponse:
    """How each page of the office works, in a few sentences."""
    return frame.page(request, "office/how_it_works.html", {}, current="more")


urlpatterns = [
    path("health/", health, name="health"),
    path("more/", more, name="more"),
    path("help/", help_page, name="help"),
]
