"""What somebody agrees to with a sign-up: mails about the event, and news where they asked."""

from __future__ import annotations

from datetime import datetime

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
    if wants_mail and (is_new or _may_agree(rsvp)):
        agreed.append(_news(rsvp))
    consents.give(person_id=rsvp.person_id, agreements=agreed, source=source, by=by, is_new=is_new)


def agree_late(rsvp: Rsvp, by: Actor, *, is_by_link: bool) -> None:
    """The same for a sign-up that waited, in the caller's transaction: the link in our mail says
    that it was the person, an organiser does not. What was stopped since stays so."""
    if _may_agree(rsvp, asked_at=rsvp.created_at if is_by_link else None):
        assert rsvp.person_id is not None
        consents.give(
            person_id=rsvp.person_id, agreements=[_news(rsvp)], source="public.rsvp", by=by
        )


def _news(rsvp: Rsvp) -> Agreement:
    return Agreement(_NEWS, rsvp.campaign_id, "rsvp-campaign-1")


def _may_agree(rsvp: Rsvp, *, asked_at: datetime | None = None) -> bool:
    assert rsvp.person_id is not None
    return consents.may_agree(
        rsvp.person_id, purpose=_NEWS, about_id=rsvp.campaign_id, asked_at=asked_at
    )
