"""Heads of the log that are kept in the keys database, and the look through the whole log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F

from groundswell.accounts import operations as accounts_ops
from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.ledger import chain, operations, proof
from groundswell.ledger.models import Digest, Entry
from groundswell.outreach import queries as outreach_queries
from groundswell.outreach.models import Message
from groundswell.site import anchors, auditing, vault
from groundswell.site.models import Anchor
from groundswell.site.operations import OnlyOwners, note_restored
from tests.ledger.test_proof import LeafFell, rewrite_all

pytestmark = pytest.mark.django_db


def grow(many: int = 3) -> list[int]:
    """More of the log, on the chain."""
    with transaction.atomic():
        ids = operations.record_many([LeafFell(person_id=n) for n in range(many)], by=SYSTEM)
    chain.chain_more()
    return ids


@pytest.fixture
def ids(bare_wires: Any) -> list[int]:
    """Two anchors: behind three entries, and behind six."""
    found = []
    for _ in range(2):
        found += grow()
        assert anchors.keep()
    return found


def found() -> list[tuple[int, str]]:
    return [(broken.entry_id, broken.what.value) for broken in auditing.look()]


def test_a_head_is_anchored_once_and_lies_with_the_keys(ids: list[int]) -> None:
    assert not anchors.keep()
    assert Anchor.objects.db == "keys"
    assert [mark.place for mark in anchors.marks()] == sorted(
        Digest.objects.filter(entry_id__in=[ids[2], ids[5]]).values_list("place", flat=True)
    )
    assert found() == []


def test_an_empty_log_has_no_head(bare_wires: Any) -> None:
    assert not anchors.keep()
    assert anchors.head() == ""
    assert found() == []


def test_everything_written_anew_is_found_by_the_anchors_alone(ids: list[int]) -> None:
    Entry.objects.filter(id=ids[4]).update(person_id=99)
    rewrite_all()

    assert found() == [(ids[3], "rewritten")]
    assert list(proof.verify()) == []  # control: without the anchors nothing is noticed


def test_a_cut_off_end_is_found_by_the_anchors_alone(ids: list[int]) -> None:
    Entry.objects.filter(id__in=ids[4:]).delete()
    Digest.objects.filter(entry_id__in=ids[4:]).delete()

    assert found() == [(ids[3], "cut_off")]
    assert list(proof.verify()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"digest": b"\1" * 32},
        {"place": F("place") + 1},
        {"made_at": F("made_at") + timedelta(days=1)},
        {"is_after_restore": True},
        {"proof": b"\1" * 32},
    ],
)
def test_an_anchor_that_was_changed_is_found(ids: list[int], change: dict[str, Any]) -> None:
    first = anchors.kept()
    anchor = Anchor.objects.order_by("number").first()
    assert anchor is not None
    Anchor.objects.filter(number=anchor.number).update(**change)

    assert found()[0] == (0, "marks")
    assert first.count == 2


def test_an_anchor_that_was_taken_out_or_made_without_the_key_is_found(ids: list[int]) -> None:
    made = list(Anchor.objects.order_by("number"))
    Anchor.objects.filter(number=made[0].number).delete()
    assert found() == [(0, "marks")]

    Anchor.objects.all().delete()
    Entry.objects.filter(id=ids[1]).update(person_id=99)
    rewrite_all()
    place, digest = chain.head()
    forged = Anchor(follows=0, place=place, digest=digest, made_at=made[0].made_at)
    forged.proof = anchors._proof(forged, b"")[::-1]  # who forges has no key
    forged.save(force_insert=True)
    assert found() == [(0, "marks")]


def test_anchors_outlive_a_new_master_key(ids: list[int], settings: Any) -> None:
    from groundswell.site import rotation

    former = settings.GROUNDSWELL_MASTER_KEY
    settings.GROUNDSWELL_MASTER_KEY = bytes(32)
    settings.GROUNDSWELL_OTHER_MASTER_KEY = former
    rotation.rotate(by=SYSTEM)
    settings.GROUNDSWELL_OTHER_MASTER_KEY = None
    vault.forget()

    assert found() == []


def test_after_a_restore_the_log_may_end_earlier(ids: list[int]) -> None:
    """The anchors behind the restored end are not asked for any more; those before it are."""
    behind = Digest.objects.get(entry_id=ids[2]).place
    Entry.objects.filter(id__gt=ids[2]).delete()
    Digest.objects.filter(place__gt=behind).delete()
    assert found() == [
        (ids[2], "cut_off")
    ]  # control: without a note of it, it looks like an attack

    with transaction.atomic():
        note_restored(rows=1, by=SYSTEM)
    chain.chain_more()
    grow()
    anchors.keep()
    assert found() == []

    Entry.objects.filter(id=ids[1]).update(person_id=99)
    rewrite_all()
    assert found() == [(ids[0], "rewritten")]


def test_a_purge_breaks_nothing(ids: list[int], still_clock: Any) -> None:
    still_clock.shift(timedelta(days=11))
    assert operations.purge_expired() == 6
    chain.chain_more()

    assert found() == []
    assert Entry.objects.count() == 1


# --- heads on paper ------------------------------------------------------------------------------


def test_a_head_is_written_and_read_back(ids: list[int]) -> None:
    told = anchors.head()
    place, digest = chain.head()

    mark = anchors.read(f" {told.upper()} ")

    assert told == f"{place}-" + "-".join(digest.hex()[n : n + 4] for n in range(0, 20, 4))
    assert (mark.place, mark.digest) == (place, digest[:10])
    assert list(auditing.look(expected=[mark])) == []


@pytest.mark.parametrize(
    "text", ["", "12", "12-abcd", "x-9f3a-11c0-77aa-02bd-e1e1", "0-9f3a11c077aa02bde1e1", "1-zz"]
)
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(anchors.NotAHead):
        anchors.read(text)


def test_a_head_on_paper_finds_what_fits_every_anchor(ids: list[int]) -> None:
    """Somebody with both databases and the master key makes everything anew, anchors too."""
    kept = anchors.read(anchors.head())
    Entry.objects.filter(id=ids[1]).update(person_id=99)
    rewrite_all()
    Anchor.objects.all().delete()
    anchors.keep()

    assert found() == []
    assert [broken.what.value for broken in auditing.look(expected=[kept])] == ["rewritten"]
    assert [broken.what.value for broken in auditing.look(since=kept)] == ["rewritten"]


def test_a_look_since_a_head_leaves_out_what_was_before(ids: list[int]) -> None:
    place = Digest.objects.get(entry_id=ids[3])
    since = anchors.read(anchors.written(place.place, bytes(place.digest)))
    Entry.objects.filter(id=ids[1]).update(person_id=99)
    assert list(auditing.look(since=since)) == []

    Entry.objects.filter(id=ids[4]).update(person_id=99)
    assert [broken.entry_id for broken in auditing.look(since=since)] == [ids[4]]


# --- the nightly look ----------------------------------------------------------------------------


def test_the_look_goes_on_where_it_stopped_and_is_remembered(
    ids: list[int], monkeypatch: pytest.MonkeyPatch, work: Callable[[], int]
) -> None:
    monkeypatch.setattr(proof, "AT_ONCE", 2)
    monkeypatch.setattr(auditing, "LINKS_AT_ONCE", 2)
    steps = []
    really = auditing.proof.Walk.links
    monkeypatch.setattr(
        auditing.proof.Walk,
        "links",
        lambda walk, *args, **options: steps.append(walk.place) or really(walk, *args, **options),
    )
    assert auditing.last_look() is None

    auditing.look_through.enqueue()
    work()

    look = auditing.last_look()
    assert look is not None
    assert (look.links, look.broken, look.head) == (6, None, anchors.head())
    assert len(steps) == 4  # three full steps, and the one that finds nothing more


@pytest.mark.parametrize("at", [1, 4])
def test_the_look_remembers_the_first_break(
    ids: list[int], at: int, monkeypatch: pytest.MonkeyPatch, work: Callable[[], int]
) -> None:
    monkeypatch.setattr(proof, "AT_ONCE", 2)
    monkeypatch.setattr(auditing, "LINKS_AT_ONCE", 2)
    Entry.objects.filter(id=ids[at]).delete()

    auditing.look_through.enqueue()
    work()

    look = auditing.last_look()
    assert look is not None and look.broken is not None
    assert (look.broken.entry_id, look.broken.what) == (ids[at], proof.What.MISSING)


def test_the_look_sees_anchors_and_ends(ids: list[int], work: Callable[[], int]) -> None:
    Entry.objects.filter(id__in=ids[4:]).delete()
    Digest.objects.filter(entry_id__in=ids[4:]).delete()
    auditing.look_through.enqueue()
    work()
    look = auditing.last_look()
    assert look is not None and look.broken is not None
    assert look.broken.what is proof.What.CUT_OFF

    Anchor.objects.update(proof=bytes(32))
    auditing.look_through.enqueue()
    work()
    look = auditing.last_look()
    assert look is not None and look.broken is not None
    assert look.broken.what is proof.What.MARKS


def test_owners_are_told_of_a_break_once(work: Callable[[], int]) -> None:
    owner_address = "owner@example.org"
    owner, organiser = (
        accounts_ops.create_account(email=f"{role}@example.org", name=role, roles=[role], by=SYSTEM)
        for role in ("owner", "organiser")
    )
    (entry_id, *_rest) = grow()
    work()
    auditing.look_through.enqueue()
    work()
    assert not Message.objects.filter(kind="owner_notice").exists()  # control: it is whole

    Entry.objects.filter(id=entry_id).delete()
    for _ in range(2):
        auditing.look_through.enqueue()
        work()

    told = Message.objects.get(kind="owner_notice")
    assert (told.account_id, told.args) == (owner.id, {"what": "log"})
    assert organiser.id != owner.id
    (mail,) = [shown for shown in outreach_queries.shown_mails() if shown.kind == "owner_notice"]
    assert "The log of this installation is not whole" in mail.text and mail.to == owner_address
    assert "Somebody of the team" not in mail.text + mail.html  # that is another notice
    assert Entry.objects.filter(kind="site.LogFoundBroken").count() == 1


def test_only_owners_note_a_look() -> None:
    with pytest.raises(OnlyOwners):
        auditing.note_look(links=1, head="", broken=None, by=VISITOR)
    assert auditing.last_look() is None
