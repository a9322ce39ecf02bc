"""One round of posting, as the worker runs it: collect, claim, hand over.

At least once: a worker that dies after handing over posts again when its lease is over, with the
same id. A post is tried eight times within a day; then its program is paused and owners are told.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from groundswell.kernel import clock, signed_posts
from groundswell.kernel.actor import SYSTEM
from groundswell.kernel.ids import new_id
from groundswell.ledger import operations as ledger_ops
from groundswell.outreach import facts
from groundswell.outreach.hooks import telling
from groundswell.outreach.hooks.desk import MOST, TAKEN, Desk, Parcel
from groundswell.outreach.models import Hook, HookPost
from groundswell.site import queries as site_queries
from groundswell.site import vault

State = HookPost.State

# After the first try, the second …: eight tries within 24 hours.
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(hours=9),
)
MOST_TRIES = len(BACK_OFF) + 1
LONGEST_REST = timedelta(minutes=5)  # of a whole program, after any of its posts failed
LEASE = timedelta(minutes=1)
LOOK_SECONDS = 0.05  # how long a round waits for a post that is under way
_GONE = "http_410"  # Standard Webhooks: the receiver wants no more

desk = Desk()


def post_round() -> int:
    """Returns how many posts came to an end, began, or are under way."""
    done = _collect()
    if not telling.is_switched_on():
        return done + desk.under_way
    done += _reap()
    if telling.may_leave():
        done += _begin()
    else:
        done += _keep()
    return done + desk.under_way


def _collect() -> int:
    back = desk.collected(LOOK_SECONDS)
    for parcel, code in back:
        settle(parcel, code)
    return len(back)


def _reap() -> int:
    """Posts of workers that died wait again."""
    late = HookPost.objects.filter(lease_until__lt=Now())
    return _set_free(late) if late.exists() else 0


def _set_free(rows: QuerySet[HookPost]) -> int:
    return rows.update(state=State.WAITING, lease_token=None, lease_until=None)


def _due() -> QuerySet[HookPost]:
    return HookPost.objects.filter(state=State.WAITING, not_before__lte=clock.now())


def _keep() -> int:
    """A demonstration: nothing leaves, and the page shows what would have."""
    kept = _due().filter(hook__state=Hook.State.ON)
    return kept.update(state=State.KEPT, tried_at=clock.now()) if kept.exists() else 0


def _begin() -> int:
    """Hand over the oldest due post of each program that is on, rested and not busy."""
    room = MOST - desk.under_way
    if room <= 0:
        return 0
    busy = HookPost.objects.filter(hook=OuterRef("pk"), state=State.CLAIMED)
    rested = Q(rests_until=None) | Q(rests_until__lte=clock.now())
    hooks = Hook.objects.filter(
        rested, Exists(_due().filter(hook=OuterRef("pk"))), ~Exists(busy), state=Hook.State.ON
    )
    begun = 0
    for hook in hooks.order_by("rests_until", "id")[:room]:
        post = _claim(hook)
        if post is not None:
            begun += _hand_over(hook, post)
    return begun


def _claim(hook: Hook) -> HookPost | None:
    """Lease the oldest due post of a program. The try counts from here, whatever happens."""
    found = _due().filter(hook=hook).order_by("happened_at", "id").first()
    if found is None:
        return None
    token = new_id()
    is_mine = (
        _due()
        .filter(id=found.id)
        .update(
            state=State.CLAIMED,
            lease_token=token,
            lease_until=Now() + LEASE,
            attempts=F("attempts") + 1,
            tried_at=clock.now(),
        )
    )
    return HookPost.objects.filter(id=found.id, lease_token=token).first() if is_mine else None


def _hand_over(hook: Hook, post: HookPost) -> int:
    body = telling.body(post)
    if body is None:
        _end(post.id, post.lease_token, State.LEFT_OUT, "")
        return 1
    if site_queries.is_locked():  # the last look before anything leaves
        held = HookPost.objects.filter(id=post.id, lease_token=post.lease_token)
        held.update(attempts=F("attempts") - 1)
        _set_free(held)
        return 0
    assert post.lease_token is not None
    parcel = Parcel(
        post_id=post.id,
        lease_token=post.lease_token,
        url=vault.open_(hook, "address_sealed"),
        body=body,
        headers=_headers(hook, post, body),
    )
    desk.hand_over(parcel)
    return 1


def _headers(hook: Hook, post: HookPost, body: bytes) -> dict[str, str]:
    """As Standard Webhooks names them; after a change of secrets both sign for a day."""
    now = clock.now()
    at = int(now.timestamp())
    signatures = (
        signed_posts.sign(secret=secret, post_id=post.post_id, timestamp=at, body=body)
        for secret in _secrets(hook)
    )
    return {
        "Content-Type": "application/json",
        "User-Agent": "Groundswell",
        "webhook-id": post.post_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signatures),
    }


def _secrets(hook: Hook) -> Iterable[str]:
    yield vault.open_(hook, "secret_sealed")
    if hook.old_secret_until is not None and clock.now() < hook.old_secret_until:
        yield vault.open_(hook, "old_secret_sealed")


# --- what came of it ---------------------------------------------------------------------------


@transaction.atomic
def settle(parcel: Parcel, code: str) -> None:
    """Write down what became of a post; one whose lease is over was taken by another worker."""
    found = HookPost.objects.filter(id=parcel.post_id, lease_token=parcel.lease_token)
    post = found.select_related("hook").first()
    if post is None:
        return
    if code == TAKEN:
        _end(post.id, post.lease_token, State.TAKEN, "")
        Hook.objects.filter(id=post.hook_id).update(rests_until=None)
        return
    if post.kind == telling.TRY_OUT:
        _end(post.id, post.lease_token, State.FAILED, code)
        return
    wait = BACK_OFF[min(post.attempts, len(BACK_OFF)) - 1]
    found.update(
        state=State.WAITING,
        not_before=clock.now() + wait,
        code=code,
        lease_token=None,
        lease_until=None,
    )
    Hook.objects.filter(id=post.hook_id).update(rests_until=clock.now() + min(wait, LONGEST_REST))
    if code == _GONE:
        _give_up(post.hook_id, Hook.Because.GONE)
    elif post.attempts >= MOST_TRIES:
        _give_up(post.hook_id, Hook.Because.FAILING)


def _end(post_id: int, lease_token: int | None, state: str, code: str) -> None:
    HookPost.objects.filter(id=post_id, lease_token=lease_token).update(
        state=state, code=code, lease_token=None, lease_until=None
    )


def _give_up(hook_id: int, because: str) -> None:
    """Pause it, once, and tell the owners. What waits goes out when an owner lets it go on."""
    running = Hook.objects.filter(id=hook_id, state=Hook.State.ON)
    if running.update(state=Hook.State.PAUSED, because=because):
        ledger_ops.record(facts.HookGaveUp(hook_id=hook_id, because=because), by=SYSTEM)
