"""What follows a sign-up."""

from __future__ import annotations

from datetime import datetime, timedelta

from groundswell.accounts.doubts import Doubt
from groundswell.events.models import Rsvp
from groundswell.kernel.actor import ActorKind
from groundswell.ledger.wires import Happening
from groundswell.outreach.operations import outbox

_CANCELLED_TOLD_FOR = timedelta(days=2)


def rsvp_made(happening: Happening) -> None:
    """The confirmation: a seat, or a place in the waiting list."""
    rsvp = _rsvp(happening.fact.rsvp_id)
    if rsvp is not None:
        _tell_state(happening.fact.state, rsvp, happening, key=happening.entry_id)


def rsvp_held(happening: Happening) -> None:
    """The link that lets a held sign-up in, once a day at most. Nobody blocked gets one."""
    rsvp = _rsvp(happening.fact.rsvp_id)
    if rsvp is not None and happening.fact.because != Doubt.BLOCKED:
        key = f"held-{happening.at.date()}"
        _confirm("rsvp_held", rsvp, happening, expires_at=rsvp.event.starts_at, key=key)


def rsvp_repeated(happening: Happening) -> None:
    """The confirmation once more, at most once a day however often somebody asks."""
    rsvp = _rsvp(happening.fact.rsvp_id)
    if rsvp is not None:
        _tell_state(rsvp.state, rsvp, happening, key=f"again-{happening.at.date()}")


def seat_promoted(happening: Happening) -> None:
    """Somebody moved up from the waiting list."""
    rsvp = _rsvp(happening.fact.rsvp_id)
    if rsvp is not None:
        _confirm("seat_promoted", rsvp, happening, expires_at=rsvp.event.ends_at)


def rsvp_cancelled(happening: Happening) -> None:
    """Who cancels by their own link has read so on the page; who was cancelled gets a mail."""
    if happening.by.kind == ActorKind.PERSON:
        return
    rsvp = _rsvp(happening.fact.rsvp_id)
    if rsvp is not None:
        until = happening.at + _CANCELLED_TOLD_FOR
        _confirm("rsvp_cancelled", rsvp, happening, expires_at=until)


def email_proved(happening: Happening) -> None:
    """What waited for the next turn of an unproven address goes at once."""
    outbox.release_waiting(person_id=happening.fact.person_id)


def _rsvp(rsvp_id: int) -> Rsvp | None:
    found = Rsvp.objects.select_related("event").defer("name_sealed", "phone_sealed", "utm")
    return found.filter(id=rsvp_id, person__isnull=False).first()


def _tell_state(state: str, rsvp: Rsvp, happening: Happening, *, key: object) -> None:
    if state == Rsvp.State.GOING:
        kind, expires_at = "rsvp_going", rsvp.event.ends_at
    else:
        kind, expires_at = "rsvp_waiting", rsvp.event.starts_at
    _confirm(kind, rsvp, happening, expires_at=expires_at, key=key)


def _confirm(
    kind: str, rsvp: Rsvp, happening: Happening, *, expires_at: datetime, key: object = None
) -> None:
    outbox.write(
        [
            outbox.to_supporter(
                kind,
                rsvp,
                key=key or happening.entry_id,
                entry_id=happening.entry_id,
                expires_at=expires_at,
            )
        ]
    )
