"""What somebody agrees to with a sign-up: mails about the event, and news where they asked."""

from __future__ import annotations

from groundswell.events.models import Rsvp
from groundswell.kernel.actor import Actor
from groundswell.people.models import Consent
from groundswell.people.operations import consents
from groundswell.people.operations.consents import Agreement

_NEWS = Consent.Purpose.CAMPAIGN


def agree(
    rsvp: Rsvp, source: str, by: Actor, *, wants_mail: bool = False, is_new: bool = False
) -> None:
    """Write the consents of a sign-up from a public page, in the caller's transaction.

    Who stopped news of the campaign gets none again by somebody who types their address.
    ``is_new``: nobody knew the person before.
    """
    assert rsvp.person_id is not None
    agreed = [Agreement(Consent.Purpose.EVENT, rsvp.event_id, "rsvp-event-1")]
    if wants_mail and (is_new or not _has_stopped(rsvp)):
        agreed.append(_news(rsvp))
    consents.give(person_id=rsvp.person_id, agreements=agreed, source=source, by=by, is_new=is_new)


def agree_late(rsvp: Rsvp, by: Actor, *, is_by_link: bool) -> None:
    """The same for a sign-up that waited, in the caller's transaction: the link in our mail says
    that it was the person, an organiser does not."""
    if is_by_link or not _has_stopped(rsvp):
        assert rsvp.person_id is not None
        consents.give(
            person_id=rsvp.person_id, agreements=[_news(rsvp)], source="public.rsvp", by=by
        )


def _news(rsvp: Rsvp) -> Agreement:
    return Agreement(_NEWS, rsvp.campaign_id, "rsvp-campaign-1")


def _has_stopped(rsvp: Rsvp) -> bool:
    assert rsvp.person_id is not None
    return consents.has_stopped(rsvp.person_id, purpose=_NEWS, about_id=rsvp.campaign_id)
