"""Stop links: what they say, that nobody can change them, and that stopping can be undone."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.kernel.actor import VISITOR
from groundswell.ledger.models import Entry
from groundswell.outreach import stopping
from groundswell.outreach.operations import stopping as stopping_ops
from groundswell.people import queries as people_queries
from groundswell.people.models import Consent
from groundswell.site import vault
from groundswell.site.models import DataKey
from tests.factories import events as make

pytestmark = pytest.mark.django_db  # the key of these links lies in the keys database

STOP = stopping.Stop(person_id=2**62 + 5, purpose=Consent.Purpose.EVENT, about_id=2**61 + 7)


def test_a_signed_link_says_what_was_signed() -> None:
    assert stopping.read(stopping.sign(STOP)) == STOP


def test_a_signed_link_is_short_and_safe_in_an_address() -> None:
    signed = stopping.sign(STOP)

    assert (len(signed), set(signed) - set(_LETTERS)) == (46, set())


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.mark.parametrize("place", range(46))
def test_a_link_with_one_other_letter_says_nothing(place: int) -> None:
    signed = stopping.sign(STOP)

    for letter in ("A" if signed[place] != "A" else "B", "_" if signed[place] != "_" else "-"):
        assert stopping.read(signed[:place] + letter + signed[place + 1 :]) is None


def test_a_link_has_one_spelling() -> None:
    signed = stopping.sign(STOP)

    assert [stopping.read(signed + more) for more in ("=", "==", "===", "\n", " ")] == [None] * 5


@pytest.mark.parametrize("broken", ["", "x", "A" * 46, "A" * 45, "ü" * 46, "A" * 5000, "\x00" * 46])
def test_nonsense_says_nothing(broken: str) -> None:
    assert stopping.read(broken) is None


def test_a_tag_made_for_one_person_does_not_fit_another() -> None:
    mine = stopping.sign(STOP)
    other = stopping.sign(dataclasses.replace(STOP, person_id=STOP.person_id + 1))

    # The last 21 letters hold nothing but the tag.
    assert stopping.read(other[:25] + mine[25:]) is None


def test_a_link_of_a_retired_key_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    signed = stopping.sign(STOP)
    monkeypatch.setattr(stopping, "KEY_VERSIONS", (2,))

    assert stopping.read(signed) is None


def test_a_link_of_another_installation_says_nothing() -> None:
    signed = stopping.sign(STOP)
    DataKey.objects.all().delete()
    vault.forget()

    assert stopping.read(signed) is None


@given(
    person_id=st.integers(0, 2**63 - 1),
    purpose=st.sampled_from(list(Consent.Purpose)),
    about_id=st.integers(0, 2**63 - 1),
)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_link_reads_back(person_id: int, purpose: Any, about_id: int) -> None:
    stop = stopping.Stop(person_id, purpose, about_id)

    assert stopping.read(stopping.sign(stop)) == stop


# --- pressing the button -----------------------------------------------------------------------


def _agrees(stop: stopping.Stop) -> bool:
    return people_queries.has_consent(stop.person_id, purpose=stop.purpose, about_id=stop.about_id)


@pytest.fixture
def stop(db: None) -> stopping.Stop:
    rsvp = make.signed_up(make.listed_event())
    assert rsvp.person_id is not None
    return stopping.Stop(rsvp.person_id, Consent.Purpose.EVENT, rsvp.event_id)


def test_stopping_withdraws_the_consent_once(stop: stopping.Stop) -> None:
    signed = stopping.sign(stop)

    for _twice in range(2):
        assert stopping_ops.stop(signed=signed, by=VISITOR) == stop

    assert _agrees(stop) is False
    lines = Consent.objects.filter(person_id=stop.person_id).order_by("id")
    assert list(lines.values_list("is_given", "source")) == [
        (True, "public.rsvp"),
        (False, "mail.stop"),
    ]


def test_stopping_one_event_leaves_the_others(stop: stopping.Stop) -> None:
    other = stopping.Stop(stop.person_id, Consent.Purpose.CAMPAIGN, stop.about_id)

    stopping_ops.stop(signed=stopping.sign(other), by=VISITOR)

    assert _agrees(stop) is True


def test_a_stop_can_be_taken_back_in_its_own_words(stop: stopping.Stop) -> None:
    signed = stopping.sign(stop)
    stopping_ops.stop(signed=signed, by=VISITOR)

    stopping_ops.take_back(signed=signed, by=VISITOR)

    assert _agrees(stop) is True
    newest = Consent.objects.filter(person_id=stop.person_id).latest("id")
    assert (newest.wording, newest.source) == ("rsvp-event-1", "mail.stop")
    assert Entry.objects.filter(kind="outreach.MessagesWantedAgain").count() == 1


def test_taking_back_gives_nothing_that_was_never_agreed(stop: stopping.Stop) -> None:
    never = stopping.Stop(stop.person_id, Consent.Purpose.CAMPAIGN, stop.about_id)

    stopping_ops.take_back(signed=stopping.sign(never), by=VISITOR)

    assert _agrees(never) is False


def test_taking_back_does_not_undo_a_withdrawal_made_elsewhere(stop: stopping.Stop) -> None:
    from groundswell.people.operations import consents

    consents.withdraw(
        person_id=stop.person_id,
        purpose=stop.purpose,
        about_id=stop.about_id,
        source="my.page",
        by=VISITOR,
    )

    stopping_ops.take_back(signed=stopping.sign(stop), by=VISITOR)

    assert _agrees(stop) is False


@pytest.mark.django_db
@pytest.mark.parametrize("act", [stopping_ops.stop, stopping_ops.take_back])
def test_a_broken_link_is_refused_with_a_sentence(act: Any) -> None:
    for signed in ("nonsense", stopping.sign(STOP)):  # the second: signed, but nobody's
        with pytest.raises(stopping_ops.StopLinkIsBroken):
            act(signed=signed, by=VISITOR)
