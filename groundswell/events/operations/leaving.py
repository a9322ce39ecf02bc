"""What an erasure does in this room, before the person is gone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.accounts.operations import links
from groundswell.events.models import Event, HostDraft, HostMessage, Report, Rsvp
from groundswell.events.operations import forgetting, hosting, rsvps
from groundswell.events.policy import RUNNING
from groundswell.events.queries import drafts as draft_queries
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.people import contacts, queries
from groundswell.people.models import Contact
from groundswell.site import vault


def held_to_come(person_id: int, now: datetime) -> QuerySet[Event]:
    """Events that somebody still holds."""
    return Event.objects.filter(host_id=person_id, state__in=RUNNING, ends_at__gt=now)


def sign_ups_to_come(person_id: int, now: datetime) -> QuerySet[Rsvp]:
    """Sign-ups that still stand for something that is not over."""
    standing = Rsvp.objects.filter(person_id=person_id, event__ends_at__gt=now)
    return standing.filter(state__in=[Rsvp.State.GOING, Rsvp.State.WAITING])


def leave(person_id: int) -> None:
    """Call off what they hold, give their seats back, cut them off from what was, and delete what
    they wrote; in the caller's transaction."""
    now = clock.now()
    for event in held_to_come(person_id, now):
        with translation.override(event.language):
            words = _("The host had to step down, so this event cannot take place. We are sorry.")
        hosting.cancel_event(event_id=event.id, words=words, by=SYSTEM)
    for rsvp_id in sign_ups_to_come(person_id, now).values_list("id", flat=True):
        rsvps.cancel_rsvp(rsvp_id=rsvp_id, by=SYSTEM)
    forgetting.unlink(list(Rsvp.objects.filter(person_id=person_id)))
    _forget_drafts(drafts_of(person_id))
    for event in Event.objects.filter(host_id=person_id):
        _forget_words(event)


def drafts_of(person_id: int) -> list[HostDraft]:
    """Drafts that lead to their events, and those in which somebody typed their address.

    A draft belongs to nobody yet, so each is opened; none is older than two weeks.
    """
    own = Contact.objects.filter(person_id=person_id, kind=Contact.Kind.EMAIL)
    try:
        addresses = {queries.address_of(contact) for contact in own}
    except vault.KeyIsGone:  # erased before, and back with a restored backup: nothing opens
        addresses = set()
    hosted = set(Event.objects.filter(host_id=person_id).values_list("id", flat=True))
    return [
        draft
        for draft in HostDraft.objects.order_by("id").iterator(chunk_size=500)
        if draft.event_id in hosted or _typed_address(draft) in addresses
    ]


def _typed_address(draft: HostDraft) -> str:
    try:
        return contacts.normalised_email(str(draft_queries.answers(draft).get("email", "")))
    except contacts.NotAnEmail:
        return ""


def _forget_drafts(drafts: Collection[HostDraft]) -> None:
    ids = [draft.id for draft in drafts]
    HostDraft.objects.filter(id__in=ids).delete()
    links.delete_links_to("wizard", ids)


def _forget_words(event: Event) -> None:
    """That an event took place, when, in which town and with how many stays; their words go.

    Of an event that they had to call off a moment ago the last words stay until everybody has
    read them: they are ours.
    """
    HostMessage.objects.filter(event=event).delete()
    Report.objects.filter(event=event).update(sentence="")
    with translation.override(event.language):
        title = _("Event in {town}").format(town=event.town)
    words = event.words if event.state == Event.State.CANCELLED else ""
    is_to_come = event.ends_at > clock.now()
    Event.objects.filter(id=event.id).update(
        host=None,
        title=title[:120],
        description="",
        venue="",
        venue_sealed=b"",
        words=words if is_to_come else "",
        review_words="",
    )
