"""Posts to other programs: signed, repeated with the same id, given up in the end, kept at home."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from groundswell.events.operations import hosting
from groundswell.kernel import clock, signed_posts
from groundswell.kernel.actor import SYSTEM, Role
from groundswell.kernel.outgoing import client
from groundswell.ledger import worker
from groundswell.ledger.models import Entry, Job
from groundswell.outreach.hooks import posting
from groundswell.outreach.hooks.desk import Parcel
from groundswell.outreach.models import Hook, HookPost, Message, ShownMail
from groundswell.outreach.operations import hooks
from groundswell.site import vault
from groundswell.site.models import Lock
from tests.factories import events as make
from tests.factories.exports import member
from tests.outreach.hooking import connect, listed, told
from tests.running.receiver import Receiver, receiving

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]
State = HookPost.State


# --- how it is posted ----------------------------------------------------------------------------


def test_the_signature_is_read_by_the_reader_we_have(
    other: Receiver, work: Callable[[], int]
) -> None:
    _hook, secret = connect(other.url)
    listed()
    work()

    headers, body = other.heard[-1].headers, other.heard[-1].body
    given: dict[str, Any] = {
        "post_id": headers["webhook-id"],
        "timestamp": headers["webhook-timestamp"],
        "signature": headers["webhook-signature"],
        "body": body,
        "now": clock.now(),
    }
    assert secret.startswith("whsec_")
    assert signed_posts.is_signed(secrets=[secret], **given)
    assert not signed_posts.is_signed(secrets=["whsec_" + "A" * 43 + "="], **given)
    assert not signed_posts.is_signed(secrets=[secret], **{**given, "body": body + b" "})


def test_a_reaction_that_runs_again_posts_the_same_id(
    other: Receiver, work: Callable[[], int]
) -> None:
    connect(other.url, "event.listed")
    listed()
    entry = Entry.objects.get(kind="events.EventListed")
    again = {"name": "outreach.reactions.hooks.programs_told", "entry_id": entry.id}
    for _ in range(2):
        Job.objects.create(**again, run_after=clock.now(), created_at=clock.now())
    work()
    HookPost.objects.all().delete()  # a receiver may hear it twice then, and can tell by the id
    Job.objects.create(**again, run_after=clock.now(), created_at=clock.now())
    work()

    ids = [heard.headers["webhook-id"] for heard in other.heard]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert str(entry.id) not in ids[0]


def test_two_programs_are_given_the_same_id(work: Callable[[], int]) -> None:
    with receiving() as one, receiving() as two:
        connect(one.url, "event.listed")
        connect(two.url, "event.listed")
        listed()
        work()

    assert one.heard[0].headers["webhook-id"] == two.heard[0].headers["webhook-id"]
    assert one.heard[0].headers["webhook-signature"] != two.heard[0].headers["webhook-signature"]


def test_both_secrets_sign_for_a_day(
    other: Receiver, work: Callable[[], int], still_clock: Any
) -> None:
    hook, first = connect(other.url)
    second = hooks.new_secret(hook_id=hook.id, by=SYSTEM)
    hooks.try_out(hook_id=hook.id, by=SYSTEM)
    work()
    still_clock.shift(timedelta(days=1, minutes=1))
    hooks.try_out(hook_id=hook.id, by=SYSTEM)
    work()
    hooks.tidy_hooks.call()

    def opens(which: int, secret: str) -> bool:
        heard = other.heard[which]
        at = heard.headers["webhook-timestamp"]
        return signed_posts.is_signed(
            secrets=[secret], post_id=heard.headers["webhook-id"], timestamp=at, body=heard.body,
            signature=heard.headers["webhook-signature"],
            now=datetime.fromtimestamp(int(at), tz=clock.now().tzinfo),
        )  # fmt: skip

    assert [opens(which, key) for which in (0, 1) for key in (first, second)] == [
        True, True, False, True,
    ]  # fmt: skip
    assert bytes(Hook.objects.get().old_secret_sealed) == b""


# --- faults --------------------------------------------------------------------------------------


def days_of(receiver: Receiver, work: Callable[[], int], still_clock: Any, hours: int) -> None:
    """Let the worker run and the time pass, ten minutes at once."""
    work()
    for _ in range(hours * 6):
        still_clock.shift(timedelta(minutes=10))
        while posting.post_round():
            pass
    work()


@pytest.mark.parametrize(
    ("word", "code"),
    [(500, "http_500"), (302, "http_302"), (404, "http_404"), ("drop", "closed"),
     ("nonsense", "odd_answer")],
)  # fmt: skip
def test_a_fault_is_tried_again_with_the_same_id_until_it_is_taken(
    word: Any, code: str, work: Callable[[], int], still_clock: Any
) -> None:
    with receiving(word, word, 200) as other:
        connect(other.url, "event.listed")
        listed()
        work()
        post = HookPost.objects.get()
        assert (post.state, post.code, post.attempts) == (State.WAITING, code, 1)
        days_of(other, work, still_clock, 1)

    post.refresh_from_db()
    assert (post.state, post.code, post.attempts) == (State.TAKEN, "", 3)
    assert len({heard.headers["webhook-id"] for heard in other.heard}) == 1
    assert Hook.objects.get().state == Hook.State.ON


def test_after_eight_tries_in_a_day_it_is_paused_and_owners_are_told(
    work: Callable[[], int], still_clock: Any
) -> None:
    owner = member("owner@example.org", Role.OWNER)
    began = clock.now()
    with receiving(500) as other:
        hook, _secret = connect(other.url, "event.listed")
        event = listed()
        days_of(other, work, still_clock, 25)
        assert len(other.heard) == 8
        tried = HookPost.objects.get().tried_at
        assert tried is not None
        assert tried - began < timedelta(hours=24)
        hook.refresh_from_db()
        assert (hook.state, hook.because) == (Hook.State.PAUSED, Hook.Because.FAILING)
        notices = Message.objects.filter(kind="owner_notice", account_id=owner.id)
        assert [message.args for message in notices] == [{"what": "program"}]
        mail = json.loads(vault.open_(ShownMail.objects.get(kind="owner_notice"), "mail_sealed"))
        assert mail["subject"] == "Another program stopped taking our posts"
        assert "/office/programs/" in mail["text"]
        hosting.cancel_event(event_id=event.id, words="No", by=SYSTEM)
        days_of(other, work, still_clock, 2)
        assert len(other.heard) == 8  # nothing leaves while it is paused

        other.script = [200]
        hooks.resume(hook_id=hook.id, by=SYSTEM)
        work()

    assert len({heard.headers["webhook-id"] for heard in other.heard}) == 1
    assert HookPost.objects.get().state == State.TAKEN


def test_what_happens_while_it_is_down_or_paused_arrives_in_the_end(
    work: Callable[[], int], still_clock: Any
) -> None:
    with receiving(503) as other:
        hook, _secret = connect(other.url, "event.listed", "event.cancelled")
        first = listed()
        days_of(other, work, still_clock, 72)
        second = make.listed_event(first.campaign, host="b@example.org")
        hosting.cancel_event(event_id=first.id, words="No", by=SYSTEM)
        days_of(other, work, still_clock, 2)
        other.script, before = [200], len(other.heard)
        hooks.resume(hook_id=hook.id, by=SYSTEM)
        work()

    arrived = [(one["type"], one["data"]["slug"]) for one in told(other)[before:]]
    assert sorted(arrived) == sorted(
        [("event.listed", first.slug), ("event.listed", second.slug),
         ("event.cancelled", first.slug)]
    )  # fmt: skip


def test_who_is_gone_is_paused_at_once(work: Callable[[], int]) -> None:
    with receiving(410) as other:
        connect(other.url, "event.listed")
        listed()
        work()

    assert len(other.heard) == 1
    assert Hook.objects.get().because == Hook.Because.GONE


def test_a_slow_program_holds_up_no_other(
    work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "TOTAL_SECONDS", 0.5)
    with receiving("hang") as slow, receiving() as quick:
        connect(slow.url, "event.listed")
        connect(quick.url, "event.listed")
        listed()
        while not quick.heard:
            worker.run_due()
            posting.post_round()
        assert HookPost.objects.filter(state=State.CLAIMED).count() >= 1
        work()

    assert HookPost.objects.get(hook__slug=Hook.objects.order_by("id")[0].slug).code == "too_slow"


def test_one_program_is_never_posted_to_twice_at_once(work: Callable[[], int]) -> None:
    with receiving() as other:
        hook, _secret = connect(other.url)
        for _ in range(3):
            hooks.try_out(hook_id=hook.id, by=SYSTEM)
        posting.post_round()
        assert HookPost.objects.filter(state=State.CLAIMED).count() <= 1
        work()

    assert len(other.heard) == 3


def test_a_worker_that_died_posts_again_with_the_same_id(
    other: Receiver, work: Callable[[], int]
) -> None:
    connect(other.url, "event.listed")
    listed()
    work()
    past = clock.now() - timedelta(days=3650)  # a lease is compared with the database's clock
    HookPost.objects.update(state=State.CLAIMED, lease_token=1, lease_until=past)
    work()

    ids = [heard.headers["webhook-id"] for heard in other.heard]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert HookPost.objects.get().state == State.TAKEN


def test_what_comes_back_late_changes_nothing(other: Receiver) -> None:
    hook, _secret = connect(other.url)
    hooks.try_out(hook_id=hook.id, by=SYSTEM)
    post = HookPost.objects.get()
    posting.settle(Parcel(post.id, 12345, other.url, b"", {}), "")

    post.refresh_from_db()
    assert post.state == State.WAITING


def test_a_try_out_is_not_repeated(work: Callable[[], int]) -> None:
    with receiving(500) as other:
        hook, _secret = connect(other.url)
        hooks.try_out(hook_id=hook.id, by=SYSTEM)
        work()

    post = HookPost.objects.get()
    assert (post.state, post.code) == (State.FAILED, "http_500")
    assert told(other)[0]["data"] == {"installation": "http://127.0.0.1:8000"}


# --- when nothing leaves -------------------------------------------------------------------------


def test_a_demonstration_keeps_it_in_the_house(
    other: Receiver, work: Callable[[], int], settings: Any
) -> None:
    connect(other.url, "event.listed")
    settings.GROUNDSWELL_OUTGOING_LOOPBACK = False
    listed()
    work()

    assert other.connections == 0
    assert HookPost.objects.get().state == State.KEPT


def test_nothing_leaves_while_everything_is_locked(
    other: Receiver, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, _secret = connect(other.url)
    hooks.try_out(hook_id=hook.id, by=SYSTEM)
    Lock.objects.update_or_create(account_id=0, defaults={"locked_at": clock.now()})
    work()
    posting.post_round()  # a worker that was in the middle when the lock fell

    assert other.connections == 0
    post = HookPost.objects.get()
    assert (post.state, post.attempts) == (State.WAITING, 0)

    Lock.objects.update(locked_at=None)
    work()
    assert len(other.heard) == 1


def test_where_it_is_switched_off_nothing_is_noted_and_nothing_leaves(
    other: Receiver, work: Callable[[], int], settings: Any
) -> None:
    hook, _secret = connect(other.url)
    hooks.try_out(hook_id=hook.id, by=SYSTEM)
    settings.GROUNDSWELL_OTHER_PROGRAMS = False
    listed()
    work()

    assert other.connections == 0
    assert HookPost.objects.count() == 1
    with pytest.raises(hooks.SwitchedOff):
        connect(other.url)
    hooks.remove(hook_id=hook.id, by=SYSTEM)  # that is always possible
