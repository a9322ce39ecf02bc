"""The way to choose people that this room offers: who had mail from us lately.

What somebody wrote to somebody else through us is theirs: nobody is chosen by it.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy

from groundswell.outreach.models import Message
from groundswell.people.criteria.choices import fixed, moment_before
from groundswell.people.models import Consent
from groundswell.people.segments.criterion import Asking, Criterion, Family, Given, Rows
from groundswell.people.segments.parameters import Number, OneOf

KEPT_DAYS = 90  # as long as the outbox remembers

_PURPOSES = {
    "any": Q(),
    "news": Q(purpose__in=(Consent.Purpose.CAMPAIGN, Consent.Purpose.NEWS)),
    "events": Q(purpose__in=(Consent.Purpose.EVENT, Consent.Purpose.HOSTING)),
}


def _mailed(given: Given, asking: Asking) -> Rows:
    sent = Message.objects.filter(
        _PURPOSES[given["about"]],
        state=Message.State.SENT,
        person__isnull=False,
        done_at__gte=moment_before(asking, given["days"]),
    )
    return Rows(sent)


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        name="outreach.mailed",
        family=Family.CONTACT,
        title=gettext_lazy("had mail from us lately"),
        hint=gettext_lazy("We remember for 90 days who had mail."),
        parameters=(
            OneOf(
                name="about",
                label=gettext_lazy("What it was about"),
                default="any",
                choices=fixed(
                    ("any", gettext_lazy("anything")),
                    ("news", gettext_lazy("news and invitations")),
                    ("events", gettext_lazy("their events")),
                ),
            ),
            Number(
                name="days",
                label=gettext_lazy("In the last how many days"),
                most=KEPT_DAYS,
                default=7,
            ),
        ),
        fits=_mailed,
        says=gettext_lazy("had mail from us about {about} in the last {days} days"),
        says_not=gettext_lazy("had no mail from us about {about} in the last {days} days"),
    ),
)
