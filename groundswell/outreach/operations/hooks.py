"""Saying which other programs hear what: adding one, choosing, trying out, pausing, removing."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.kernel import clock, outgoing
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id, new_slug
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.worker import Again
from groundswell.outreach import facts, policy
from groundswell.outreach.hooks import telling
from groundswell.outreach.models import Hook, HookPost
from groundswell.site import vault

MOST_HOOKS = 20
NAME_MOST = 80
OLD_SECRET_LASTS = timedelta(days=1)
KEEP_POSTS = timedelta(days=14)
TRIES_AT_ONCE = 5  # try-outs of one program that may wait
PURGE_AT_ONCE = 500


class OnlyOwnersConnect(Refusal):
    sentence = _("Only an owner can connect other programs.")


class SwitchedOff(Refusal):
    sentence = _("This installation tells other programs nothing. A setting of the server says so.")


class EnoughPrograms(Refusal):
    sentence = _("Twenty programs are enough. Remove one that you do not need any more.")


class GiveItAName(Refusal):
    sentence = _("Give it a name, so that everybody knows what it is.")
    field = "name"


class ChooseSomething(Refusal):
    sentence = _("Choose at least one thing that it hears.")
    field = "hears"


class NotAnAddress(Refusal):
    sentence = _("Write the whole address, beginning with https:// and a name such as example.org.")
    field = "address"


class AddressIsOurs(Refusal):
    sentence = _("This is our own address. Write the address of the other program.")
    field = "address"


class PortIsClosed(Refusal):
    sentence = _("We never post to this port. Use 443, or another one above 1023.")
    field = "address"


class AddressIsInside(Refusal):
    sentence = _("This address belongs to a private network. We post to the public internet only.")
    field = "address"


class NoMoreTries(Refusal):
    sentence = _("A few try-outs wait already. Look at what became of them first.")


class ProgramIsPaused(Refusal):
    sentence = _("It is paused. Let us post to it again first.")


_WHY: dict[str, type[Refusal]] = {
    "ours": AddressIsOurs,
    "port": PortIsClosed,
    "not_public": AddressIsInside,
}


@transaction.atomic
def add(*, name: str, address: str, hears: Collection[str], by: Actor) -> tuple[Hook, str]:
    """Let another program hear. Returns it with its secret, which is never shown again.

    Asks nobody on the network: the try-out does. Raises refusals of this file.
    """
    _check(by)
    if Hook.objects.count() >= MOST_HOOKS:
        raise EnoughPrograms
    told, choices = _named(name), _chosen(hears)
    typed = address.strip()
    try:
        outgoing.read(typed)
    except outgoing.Unfit as unfit:
        raise _WHY.get(unfit.code, NotAnAddress) from None
    secret = _new_secret()
    hook = Hook(id=new_id(), slug=new_slug(), name=told, hears=choices, created_at=clock.now())
    key_id = vault.house_key_id()
    hook.address_sealed = vault.seal(hook, "address_sealed", typed, key_id=key_id)
    hook.secret_sealed = vault.seal(hook, "secret_sealed", secret, key_id=key_id)
    hook.save(force_insert=True)
    ledger_ops.record(facts.HookAdded(hook_id=hook.id), by=by)
    return hook, secret


@transaction.atomic
def choose(*, hook_id: int, name: str, hears: Collection[str], by: Actor) -> None:
    """Another name, or other things that it hears from now on."""
    hook = _held(hook_id, by)
    hook.name, hook.hears = _named(name), _chosen(hears)
    hook.save(update_fields=["name", "hears"])
    _changed(hook, "choices", by)


@transaction.atomic
def new_secret(*, hook_id: int, by: Actor) -> str:
    """A new secret; the one before signs too, for a day, so that no post is lost."""
    hook = _held(hook_id, by)
    was, secret = vault.open_(hook, "secret_sealed"), _new_secret()
    key_id = vault.house_key_id()
    hook.old_secret_sealed = vault.seal(hook, "old_secret_sealed", was, key_id=key_id)
    hook.old_secret_until = clock.now() + OLD_SECRET_LASTS
    hook.secret_sealed = vault.seal(hook, "secret_sealed", secret, key_id=key_id)
    hook.save(update_fields=["secret_sealed", "old_secret_sealed", "old_secret_until"])
    _changed(hook, "secret", by)
    return secret


@transaction.atomic
def pause(*, hook_id: int, by: Actor) -> None:
    """Post nothing; what happens meanwhile waits, for fourteen days."""
    hook = _held(hook_id, by, may_be_off=True)
    if hook.state == Hook.State.ON:
        hook.state, hook.because = Hook.State.PAUSED, Hook.Because.OWNER
        hook.save(update_fields=["state", "because"])
        _changed(hook, "paused", by)


@transaction.atomic
def resume(*, hook_id: int, by: Actor) -> None:
    """Post again, first of all what waited: with the ids it had, and eight tries anew."""
    hook = _held(hook_id, by)
    if hook.state != Hook.State.PAUSED:
        return
    hook.state, hook.because, hook.rests_until = Hook.State.ON, "", None
    hook.save(update_fields=["state", "because", "rests_until"])
    waiting = HookPost.objects.filter(hook=hook, state=HookPost.State.WAITING)
    waiting.update(attempts=0, not_before=clock.now())
    _changed(hook, "resumed", by)


@transaction.atomic
def try_out(*, hook_id: int, by: Actor) -> None:
    """Post something that means nothing, once and soon."""
    hook = _held(hook_id, by)
    if hook.state == Hook.State.PAUSED:
        raise ProgramIsPaused
    waiting = HookPost.objects.filter(hook=hook, kind=telling.TRY_OUT, state=HookPost.State.WAITING)
    if waiting.count() >= TRIES_AT_ONCE:
        raise NoMoreTries
    now = clock.now()
    HookPost.objects.create(
        hook=hook,
        post_id=f"test_{secrets.token_hex(12)}",
        kind=telling.TRY_OUT,
        happened_at=now,
        not_before=now,
    )
    Hook.objects.filter(id=hook.id).update(rests_until=None)
    _changed(hook, "tried", by)


@transaction.atomic
def remove(*, hook_id: int, by: Actor) -> None:
    """Forget the program, its secret and what waits for it."""
    hook = _held(hook_id, by, may_be_off=True)
    hook.delete()
    ledger_ops.record(facts.HookRemoved(hook_id=hook_id), by=by)


def _check(by: Actor, *, may_be_off: bool = False) -> None:
    if not policy.can_connect_programs(by):
        raise OnlyOwnersConnect
    if not may_be_off and not telling.is_switched_on():
        raise SwitchedOff


def _held(hook_id: int, by: Actor, *, may_be_off: bool = False) -> Hook:
    _check(by, may_be_off=may_be_off)
    return Hook.objects.select_for_update().get(id=hook_id)


def _changed(hook: Hook, part: str, by: Actor) -> None:
    ledger_ops.record(facts.HookChanged(hook_id=hook.id, part=part), by=by)


def _named(name: str) -> str:
    cleaned = clean_line(name)[:NAME_MOST]
    if not cleaned:
        raise GiveItAName
    return cleaned


def _chosen(hears: Collection[str]) -> list[str]:
    chosen = [kind for kind in telling.KINDS if kind in hears]
    if not chosen:
        raise ChooseSomething
    return chosen


def _new_secret() -> str:
    """As Standard Webhooks writes secrets: 32 random bytes in base 64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


# --- what goes by itself -----------------------------------------------------------------------


def posts_due(now: datetime) -> QuerySet[HookPost]:
    """Posts that are old enough to be forgotten at that moment, those that still wait too."""
    return HookPost.objects.filter(happened_at__lt=now - KEEP_POSTS)


@task()
def tidy_hooks() -> Again | None:
    """Every hour: forget what was posted two weeks ago, 500 rows at a time, and old secrets."""
    over = Hook.objects.filter(old_secret_until__lt=clock.now())
    over.update(old_secret_sealed=b"", old_secret_until=None)
    return Again({"args": [], "kwargs": {}}) if _forget_some() == PURGE_AT_ONCE else None


@transaction.atomic
def _forget_some() -> int:
    ids = list(posts_due(clock.now()).values_list("id", flat=True)[:PURGE_AT_ONCE])
    HookPost.objects.filter(id__in=ids).delete()
    return len(ids)
