"""How people can be reached, and what they agreed to."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel.actor import Actor
from groundswell.people import fields
from groundswell.people.criteria.choices import CHANNEL, fixed
from groundswell.people.models import Consent, Contact, Topic
from groundswell.people.operations import reach
from groundswell.people.segments.criterion import Asking, Criterion, Family, Given, Rows
from groundswell.people.segments.parameters import OneOf
from groundswell.people.segments.reading import EVERYONE, Whom

WHOM: tuple[tuple[str, Promise], ...] = (
    (Whom.EMAIL, gettext_lazy("everyone who may be e-mailed")),
    (Whom.TEXT, gettext_lazy("everyone who may be texted")),
    (Whom.LOOK, gettext_lazy("everybody, for looking only")),
)


def _topics(by: Actor) -> Sequence[tuple[str, str]]:
    every = [("0", _("anything new here"))]
    found = Topic.objects.order_by("position", "key")
    return every + [(str(one.id), fields.in_language(one.names) or one.key) for one in found]


def _keys_of_topics(by: Actor) -> Sequence[tuple[str, str]]:
    keys = Topic.objects.order_by("position", "key").values_list("id", "key")
    return [("0", "*"), *((str(topic_id), key) for topic_id, key in keys)]


def _everyone(given: Given, asking: Asking) -> Q:
    whom = Whom(given["whom"])
    if whom == Whom.LOOK:
        return Q()
    bit = reach.EMAIL if whom == Whom.EMAIL else reach.TEXT
    return reach.reached_by(bit)


def consents(purpose: str, about_id: int, channel: str, asking: Asking) -> Rows:
    """The consents that hold for something; what still waits for a proof is not among them."""
    in_time = Q(expires_at=None) | Q(expires_at__gt=asking.now)
    given = Consent.objects.filter(
        in_time,
        purpose=purpose,
        channel=channel,
        about_id=about_id,
        is_current=True,
        is_given=True,
    )
    return Rows(given)


def _agreed(given: Given, asking: Asking) -> Rows:
    return consents(Consent.Purpose.NEWS, int(given["topic"]), given["channel"], asking)


def _has(given: Given, asking: Asking) -> Rows:
    held = Contact.objects.filter(kind=given["kind"], problem="")
    return Rows(held.filter(proven_at__isnull=False) if given["how"] == "proven" else held)


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        name=EVERYONE,
        family=Family.CONTACT,
        title=gettext_lazy("are anybody"),
        parameters=(
            OneOf(
                name="whom",
                label=gettext_lazy("Start with"),
                choices=fixed(*WHOM),
                default=str(Whom.EMAIL),
            ),
        ),
        fits=_everyone,
        can_be_not=False,
    ),
    Criterion(
        name="people.news",
        family=Family.CONTACT,
        title=gettext_lazy("want to hear about a topic"),
        parameters=(
            OneOf(
                name="topic",
                label=gettext_lazy("Topic"),
                choices=_topics,
                names=_keys_of_topics,
                default="0",
            ),
            CHANNEL,
        ),
        fits=_agreed,
        says=gettext_lazy("agreed to hear about {topic} ({channel})"),
        says_not=gettext_lazy("did not agree to hear about {topic} ({channel})"),
    ),
    Criterion(
        name="people.reach",
        family=Family.CONTACT,
        title=gettext_lazy("may be e-mailed or texted"),
        parameters=(CHANNEL,),
        fits=lambda given, asking: _everyone({"whom": given["channel"]}, asking),
        says=gettext_lazy("may be reached ({channel})"),
        says_not=gettext_lazy("may not be reached ({channel})"),
    ),
    Criterion(
        name="people.has",
        family=Family.CONTACT,
        title=gettext_lazy("have an address or a number"),
        parameters=(
            OneOf(
                name="kind",
                label=gettext_lazy("What they have"),
                default="email",
                choices=fixed(
                    ("email", gettext_lazy("an e-mail address")),
                    ("phone", gettext_lazy("a phone number")),
                ),
            ),
            OneOf(
                name="how",
                label=gettext_lazy("How sure it is"),
                default="any",
                choices=fixed(
                    ("any", gettext_lazy("proven or not")), ("proven", gettext_lazy("proven"))
                ),
            ),
        ),
        fits=_has,
        says=gettext_lazy("have {kind} that works ({how})"),
        says_not=gettext_lazy("do not have {kind} that works ({how})"),
    ),
)
