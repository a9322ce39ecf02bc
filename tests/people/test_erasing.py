"""P2, the figure of issue 3: one person is erased across all rooms, and then looked for everywhere.

In every table of both databases (raw, and with every sealed column opened), in the data folder,
the cache, the log and the outgoing mail.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from groundswell.events.operations import leaving
from groundswell.kernel import actor
from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.ledger import proof, worker
from groundswell.ledger.models import Entry
from groundswell.people import sockets
from groundswell.people.models import Person
from groundswell.people.operations import erasing
from groundswell.people.operations.correcting import NotAboutYou
from groundswell.site import vault
from groundswell.site.models import DataKey
from tests.factories import events as make
from tests.outreach.senders import NotingSender, use
from tests.people.everything import TYPED, everything_about
from tests.people.searching import places_of

EMAIL = "kanari@example.org"
WORDS = (EMAIL, *TYPED.values())


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> NotingSender:
    """A live installation's: mails leave the house, and none is kept to be shown."""
    found = NotingSender()
    use(monkeypatch, found)
    return found


@pytest.fixture
def planted(db: None, sender: NotingSender) -> tuple[int, int]:
    """The person's number and their key's; the search finds them in many places."""
    person_id = everything_about(EMAIL)
    return person_id, Person.objects.values_list("key_id", flat=True).get(id=person_id)


def erase(person_id: int, capture: Any) -> None:
    with capture(execute=True):
        erasing.erase_person(person_id=person_id, by=actor.person(person_id))


def test_nothing_of_the_person_is_anywhere(
    planted: tuple[int, int],
    django_capture_on_commit_callbacks: Any,
    caplog: pytest.LogCaptureFixture,
    sender: NotingSender,
) -> None:
    person_id, key_id = planted
    caplog.set_level(logging.DEBUG)
    before = places_of(WORDS, [person_id, key_id])
    sender.mails.clear()

    erase(person_id, django_capture_on_commit_callbacks)
    worker.run_until_idle()
    vault.forget()

    assert len(before) > 25
    assert places_of(WORDS, [person_id, key_id]) == set()
    assert {word for word in WORDS if word.lower() in caplog.text.lower()} == set()
    sent = [mail.to_address + mail.text + mail.html for mail in sender.mails]
    assert {mail.kind for mail in sender.mails} == {"event_cancelled"}
    assert {word for word in WORDS for text in sent if word.lower() in text.lower()} == set()
    assert [broken.what for broken in proof.verify()] == []


def test_control_a_shelf_that_is_skipped_is_found(
    planted: tuple[int, int],
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    others = {name: shelf for name, shelf in sockets.shelves if name != "people"}
    monkeypatch.setattr(sockets.shelves, "_things", others)

    erase(planted[0], django_capture_on_commit_callbacks)

    left_behind = {"ledger_entry.person_id", "ledger_entry.actor_id", "accounts_link.person_id"}
    assert left_behind <= places_of(WORDS, [planted[0]])


def test_control_a_draft_that_is_forgotten_is_found(
    planted: tuple[int, int],
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(leaving, "_forget_drafts", lambda drafts: None)

    erase(planted[0], django_capture_on_commit_callbacks)

    assert "events_hostdraft.answers_sealed opened" in places_of(WORDS)


def test_the_erasure_is_recorded_without_the_person(
    planted: tuple[int, int], django_capture_on_commit_callbacks: Any
) -> None:
    erase(planted[0], django_capture_on_commit_callbacks)

    entry = Entry.objects.get(kind="people.PersonErased")
    assert (entry.actor_kind, entry.actor_id, entry.person_id, entry.rest) == (
        "person",
        None,
        None,
        {},
    )


def test_who_may_not_erase(planted: tuple[int, int]) -> None:
    person_id = planted[0]
    others = (
        VISITOR,
        actor.person(person_id + 1),
        actor.person(person_id, event_id=7),  # the link of a sign-up
        actor.account(person_id, frozenset()),
        actor.account(7, frozenset({actor.Role.ORGANISER})),
    )
    for other in others:
        with pytest.raises(NotAboutYou):
            erasing.erase_person(person_id=person_id, by=other)

    assert Person.objects.filter(id=person_id).exists()
    erasing.erase_person(person_id=person_id, by=SYSTEM)  # an owner whom they asked
    assert not Person.objects.filter(id=person_id).exists()


# --- the key -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_process_that_dies_before_the_key_is_destroyed_leaves_it_for_a_minute(
    monkeypatch: pytest.MonkeyPatch, work: Callable[[], int]
) -> None:
    rsvp = make.signed_up(make.listed_event(), email=EMAIL)
    assert rsvp.person is not None
    person_id, key_id = rsvp.person.id, rsvp.person.key_id

    class Killed(BaseException): ...

    def die(_key_id: int) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(erasing.vault, "destroy_key", die)
        with pytest.raises(Killed):
            erasing.erase_person(person_id=person_id, by=SYSTEM)
    left = DataKey.objects.filter(id=key_id).exists()

    work()

    assert left
    assert not Person.objects.filter(id=person_id).exists()
    assert not DataKey.objects.filter(id=key_id).exists()


@pytest.mark.django_db(transaction=True)
def test_control_an_erasure_that_is_rolled_back_destroys_no_key(work: Callable[[], int]) -> None:
    rsvp = make.signed_up(make.listed_event(), email=EMAIL)
    assert rsvp.person is not None

    with transaction.atomic():
        erasing.erase_person(person_id=rsvp.person.id, by=SYSTEM)
        transaction.set_rollback(True)
    work()
    vault.forget()

    assert vault.open_(rsvp.person, "name_sealed")


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_no_word_is_left_in_the_file_of_the_database(sender: NotingSender) -> None:
    """Names for search stand clear in a table: deleted rows are overwritten (secure_delete)."""
    person_id = everything_about(EMAIL)
    _checkpoint()
    held = _in_files()

    erasing.erase_person(person_id=person_id, by=actor.person(person_id))
    worker.run_until_idle()
    _checkpoint()

    assert {"kanarigiven", "kanarititle"} <= held
    assert _in_files() == set()


def _checkpoint() -> None:
    """What the log of writes holds goes into the file, as SQLite does by itself every so often."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _in_files() -> set[str]:
    import subprocess

    name = Path(str(connection.settings_dict["NAME"]))
    files = [str(path) for path in name.parent.glob(f"{name.name}*")]
    # In a process of its own: closing the file here would drop SQLite's locks (POSIX).
    raw = subprocess.run(["cat", *files], capture_output=True, check=True).stdout
    text = raw.decode(errors="ignore").lower()
    return {word.lower() for word in WORDS if word.lower() in text}
