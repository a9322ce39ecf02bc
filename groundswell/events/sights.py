"""Whom somebody sees because of events: who signed up and who hosts where they look after them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from groundswell.events import scopes
from groundswell.events.models import Event, Held, Rsvp
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.scopes import EVERYWHERE
from groundswell.people import known
from groundswell.people.models import FormEntry
from groundswell.people.sight import DEPTHS
from groundswell.people.sockets import Depth, Sight

_COMING = _("They signed up for an event that you look after.")
_HOSTING = _("They host an event that you look after.")
_YOUR_EVENT = _("They signed up for your event.")


def of_events(actor: Actor) -> list[Sight]:
    """People of the events over which the actor holds something; a host's own event."""
    if actor.kind == ActorKind.PERSON:
        return _of_host(actor)
    found = []
    for right, depth in DEPTHS.items():
        held = actor.scopes_of(right)
        if not held or EVERYWHERE in held:  # the people room says so itself
            continue
        signed_up = Rsvp.objects.filter(scopes.carried(actor, right, to_event="event__"))
        signed_up = signed_up.exclude(state=Rsvp.State.HELD)  # in quarantine nobody is anybody yet
        hosting = Event.objects.filter(scopes.carried(actor, right), host__isnull=False)
        found += [
            Sight(Q(id__in=signed_up.values("person_id")), depth, _COMING),
            Sight(Q(id__in=hosting.values("host_id")), depth, _HOSTING),
        ]
    return found


def in_quarantine() -> Q:
    """Everything we have of them is a sign-up in quarantine: perhaps a program typed a name."""
    # By the ids of what is held, which are few: joined, SQLite goes through all the sign-ups.
    waiting = Held.objects.filter(rsvp__isnull=False).values("rsvp_id")
    if not waiting.exists():  # nearly always, and putting the question below takes longer
        return Q(pk__in=[])
    others = Rsvp.objects.filter(person=OuterRef("person")).exclude(state=Rsvp.State.HELD)
    hosting = Event.objects.filter(host=OuterRef("person"))
    forms = FormEntry.objects.filter(person=OuterRef("person"), state=FormEntry.State.IN)
    held = Rsvp.objects.filter(
        ~Exists(others),
        ~Exists(hosting),
        ~Exists(forms),
        ~known.otherwise(),
        id__in=waiting,
        state=Rsvp.State.HELD,
        person__isnull=False,
    )
    return Q(id__in=held.values("person_id"))


def _of_host(actor: Actor) -> list[Sight]:
    """A host sees first names and initials of their own event, by its link."""
    if actor.event_id is None or actor.id is None:
        return []
    signed_up = Rsvp.objects.filter(event_id=actor.event_id, event__host_id=actor.id)
    coming = signed_up.filter(state__in=[Rsvp.State.GOING, Rsvp.State.WAITING])
    return [Sight(Q(id__in=coming.values("person_id")), Depth.FIRST_NAME, _YOUR_EVENT)]
