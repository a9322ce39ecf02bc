"""Two records of one person come together, and come apart again as if nothing had been."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from groundswell.events.models import Event, Rsvp
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.ledger import worker
from groundswell.outreach import stopping
from groundswell.outreach.operations import stopping as stopping_ops
from groundswell.people import aliases, exporting, merging_persons, queries
from groundswell.people.models import (
    Consent,
    Contact,
    Lookalike,
    Merge,
    Person,
    Relation,
    Tagging,
)
from groundswell.people.operations import erasing, keys, merging, thinning, undoing
from groundswell.people.operations.consents import Agreement, give, withdraw
from groundswell.site import vault
from groundswell.site.models import DataKey
from tests.factories import events as make
from tests.factories.campaigns import live_campaign
from tests.people.everything import everything_about
from tests.people.merged import emails_of, profile, snapshot, somebody

pytestmark = pytest.mark.django_db


def merge(kept_id: int, gone_id: int) -> Merge:
    return merging.merge(kept_id=kept_id, gone_id=gone_id, by=SYSTEM)


def test_everything_moves_and_still_opens() -> None:
    kept = make.signed_up(make.listed_event(live_campaign("Trains")), email="kept@example.org")
    gone_id = everything_about("gone@example.org")
    moving = exporting.export(gone_id)

    merge(kept.person_id or 0, gone_id)

    held = exporting.export(kept.person_id or 0)
    emails = {row["value"] for row in held["people.contact"] if row["kind"] == "email"}
    assert emails == {"kept@example.org", "gone@example.org", f"twin{gone_id}@example.net"}
    assert queries.phone_of(kept.person_id or 0) == "+447400123457"
    for table in ("events.event", "people.consent", "outreach.message", "accounts.link"):
        mine = len(exporting.export(kept.person_id or 0)[table])
        assert mine >= len(moving[table])
    assert len(held["ledger.entry"]) >= len(moving["ledger.entry"])
    names = {row["name"] for row in held["events.rsvp"]}
    assert names == {"Amina", "Kanarisignup"}
    assert Event.objects.filter(host_id=kept.person_id).count() == 1


def test_merging_and_undoing_changes_nothing_at_all() -> None:
    kept_id = everything_about("kept@example.org")
    gone_id = everything_about("gone@example.org")
    before = snapshot()

    made = merge(kept_id, gone_id)
    assert snapshot() != before  # the control
    assert not Person.objects.filter(id=gone_id).exists()
    undoing.undo(merge_id=made.id, by=SYSTEM)

    after = snapshot()
    assert {table: rows for table, rows in after.items() if rows != before[table]} == {}


def test_profiles_come_together_and_apart() -> None:
    friend = somebody("friend@example.org")
    kept = somebody("kept@example.org", phone="+447400123456", street="1 Mill Lane", town="Leeds")
    gone = somebody("gone@example.org", phone="+447400123456", street="2 Mill Lane", town="Leeds")
    profile(kept, tags=["driver", "nurse"], note="likes tea", answer="north", friend=friend)
    profile(gone, tags=["nurse", "cook"], note="likes rain", answer="south", friend=friend)
    Relation.objects.create(person=gone, other=kept, kind="sibling", at=clock.now())
    before = snapshot()

    made = merge(kept.id, gone.id)

    tags = Tagging.objects.filter(person=kept).values_list("tag__name", flat=True)
    assert sorted(tags) == ["cook", "driver", "nurse"]
    assert list(Relation.objects.values_list("person_id", "other_id")) == [(kept.id, friend.id)]
    held = exporting.export(kept.id)
    assert sorted(row["body"] for row in held["people.note"]) == ["likes rain", "likes tea"]
    assert [row["value"] for row in held["people.fieldvalue"]] == ["north"]
    undoing.undo(merge_id=made.id, by=SYSTEM)
    assert snapshot() == before


_THINGS = st.fixed_dictionaries(
    {
        "tags": st.lists(st.sampled_from(["a", "b", "c"]), unique=True),
        "phone": st.sampled_from(["", "+447400123456", "+447400123457"]),
        "counts": st.tuples(st.integers(0, 5), st.integers(0, 5)),
        "languages": st.lists(st.sampled_from(["de", "fr", "ar"]), unique=True),
        "news": st.sampled_from(["", "given", "stopped"]),
        "proven": st.booleans(),
    }
)


def _with(news: str) -> dict[str, Any]:
    bare = {"tags": [], "phone": "", "counts": (0, 0), "languages": [], "proven": False}
    return {**bare, "news": news}


def _made(number: int, things: dict[str, Any]) -> Person:
    person = somebody(
        f"p{number}-{Person.objects.count()}@example.org",
        given=f"Name{number}", phone=things["phone"], is_proven=things["proven"],
    )  # fmt: skip
    friend = somebody(f"f{number}-{Person.objects.count()}@example.org")
    profile(person, tags=things["tags"], note="n", answer=f"a{number}", friend=friend)
    going, attended = things["counts"]
    Person.objects.filter(id=person.id).update(
        going_count=going, attended_count=attended, other_languages=things["languages"]
    )
    if things["news"]:
        give(
            person_id=person.id,
            agreements=[Agreement(Consent.Purpose.NEWS, 0, "news.1")],
            source="my.data",
            by=SYSTEM,
        )
    if things["news"] == "stopped":
        withdraw(person_id=person.id, purpose="news", about_id=0, source="my.data", by=SYSTEM)
    return Person.objects.get(id=person.id)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(_THINGS, min_size=3, max_size=3), st.permutations([0, 1]), st.integers(0, 1))
@example([_with(news) for news in ("stopped", "given", "stopped")], [0, 1], 0)
def test_any_merge_undone_is_as_if_it_had_not_been(
    things: list[dict[str, Any]], order: list[int], undone_first: int
) -> None:
    kept, *others = [_made(number, one) for number, one in enumerate(things)]
    before = snapshot()
    made = [merge(kept.id, others[which].id) for which in order]
    both = snapshot()

    undoing.undo(merge_id=made[undone_first].id, by=SYSTEM)
    again = merge(kept.id, made[undone_first].gone_id)
    assert _without_times(snapshot()) == _without_times(both)
    undoing.undo(merge_id=again.id, by=SYSTEM)
    undoing.undo(merge_id=made[1 - undone_first].id, by=SYSTEM)

    assert snapshot() == before


def _without_times(told: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Without the withdrawals that a merge writes: whether it must, and so which line is the
    newest, follows the order of merges; what somebody agreed to does not."""
    consents = told["people.consent"]
    lines = [row for row in consents if row["source"] != merging_persons.SOURCE]
    about = ("person_id", "channel", "purpose", "about_id", "is_given")
    # Whose tag stays, of two who have it, follows the order; that it stays does not.
    return told | {
        "people.consent": sorted(
            repr({name: value for name, value in row.items() if name != "is_current"})
            for row in lines
        ),
        "agreed to": sorted(
            repr([row[name] for name in about]) for row in consents if row["is_current"]
        ),
        "people.tagging": sorted(
            repr((row["tag_id"], row["person_id"])) for row in told["people.tagging"]
        ),
        "people.contact": sorted(
            repr((row["kind"], row["value_sealed"])) for row in told["people.contact"]
        ),
        "people.fieldvalue": len(told["people.fieldvalue"]),
        "people.person": len(told["people.person"]),
    }


def _kept_of(person_id: int) -> object:
    person = Person.objects.get(id=person_id)
    consents = Consent.objects.filter(person_id=person_id, is_current=True)
    return (
        sorted(Tagging.objects.filter(person_id=person_id).values_list("tag__name", flat=True)),
        sorted(emails_of(person_id)),
        sorted({c.blind.hex() for c in Contact.objects.filter(person_id=person_id, kind="phone")}),
        (person.going_count, person.attended_count, set(person.other_languages)),
        (person.first_source_id, person.last_source_id, person.reach),
        sorted(consents.values_list("channel", "purpose", "about_id", "is_given")),
    )


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(_THINGS, min_size=3, max_size=3))
def test_the_order_of_merges_does_not_matter(things: list[dict[str, Any]]) -> None:
    kept, one, two = [_made(number, each) for number, each in enumerate(things)]
    results = []
    for first, second in permutations((one, two)):
        made = [merge(kept.id, first.id), merge(kept.id, second.id)]
        results.append(_kept_of(kept.id))
        for each in reversed(made):
            undoing.undo(merge_id=each.id, by=SYSTEM)
    # A chain: the second into the first, the first into the kept one.
    made = [merge(one.id, two.id), merge(kept.id, one.id)]
    assert aliases.ids_of(kept.id) == [kept.id, two.id, one.id]
    results.append(_kept_of(kept.id))

    assert results[0] == results[1] == results[2]
    before_second = made[0].id
    undoing.undo(merge_id=before_second, by=SYSTEM)  # from the middle of the chain
    assert aliases.standing_id(two.id) == two.id
    assert aliases.standing_id(one.id) == kept.id


def test_two_sign_ups_for_one_event_become_one_and_free_the_place() -> None:
    event = make.listed_event(capacity=10)
    kept = make.signed_up(event, email="kept@example.org", party=2)
    gone = make.signed_up(event, email="gone@example.org", party=3)
    worker.run_until_idle()
    before = snapshot()

    made = merge(kept.person_id or 0, gone.person_id or 0)

    event.seats.refresh_from_db()
    left = Rsvp.objects.exclude(person=None).get()
    assert (event.seats.taken, left.id) == (2, kept.id)
    undoing.undo(merge_id=made.id, by=SYSTEM)
    event.seats.refresh_from_db()
    assert event.seats.taken == 5
    assert snapshot() == before


def test_the_sign_up_that_stands_is_the_one_that_stays() -> None:
    event = make.listed_event(capacity=10)
    kept = make.signed_up(event, email="kept@example.org", party=2)
    gone = make.signed_up(event, email="gone@example.org", party=3)
    from groundswell.events.operations import rsvps

    rsvps.cancel_rsvp(rsvp_id=kept.id, by=SYSTEM)
    worker.run_until_idle()
    before = snapshot()

    made = merge(kept.person_id or 0, gone.person_id or 0)

    assert Rsvp.objects.exclude(person=None).get().id == gone.id
    event.seats.refresh_from_db()
    assert event.seats.taken == 3
    undoing.undo(merge_id=made.id, by=SYSTEM)
    assert snapshot() == before


def test_a_double_waits_when_its_places_are_taken_at_the_undo() -> None:
    event = make.listed_event(capacity=5)
    kept = make.signed_up(event, email="kept@example.org", party=2)
    gone = make.signed_up(event, email="gone@example.org", party=3)
    made = merge(kept.person_id or 0, gone.person_id or 0)
    make.signed_up(event, email="third@example.org", party=3)

    undoing.undo(merge_id=made.id, by=SYSTEM)

    event.seats.refresh_from_db()
    state = Rsvp.objects.values_list("state", flat=True).get(id=gone.id)
    assert (state, event.seats.taken, event.seats.waiting) == (Rsvp.State.WAITING, 5, 1)


def test_what_happened_since_stays_on_the_right_person() -> None:
    campaign = live_campaign()
    first = make.listed_event(campaign)
    kept = make.signed_up(first, email="kept@example.org")
    gone = make.signed_up(make.listed_event(campaign, title="Two"), email="gone@example.org")
    worker.run_until_idle()
    made = merge(kept.person_id or 0, gone.person_id or 0)
    with clock.at(clock.now() + timedelta(minutes=5)):
        by_gone = make.signed_up(
            make.listed_event(campaign, title="Three"), email="gone@example.org",
            wants_campaign_mail=True,
        )  # fmt: skip
        by_kept = make.signed_up(
            make.listed_event(campaign, title="Four"), email="kept@example.org"
        )
        worker.run_until_idle()
    assert by_gone.person_id == by_kept.person_id == kept.person_id

    undoing.undo(merge_id=made.id, by=SYSTEM)

    by_gone.refresh_from_db()
    by_kept.refresh_from_db()
    assert (by_gone.person_id, by_kept.person_id) == (gone.person_id, kept.person_id)
    person = Person.objects.get(id=gone.person_id)
    assert vault.open_(by_gone, "name_sealed") == "Amina"
    assert queries.has_consent(person.id, purpose="event", about_id=by_gone.event_id)
    assert not queries.has_consent(kept.person_id or 0, purpose="event", about_id=by_gone.event_id)
    erasing.erase(kept.person_id or 0, made.kept.key_id)
    vault.forget()
    by_gone.refresh_from_db()
    assert vault.open_(by_gone, "name_sealed") == "Amina"  # nothing of theirs under the other key


def test_counts_add_up_to_five_at_most_and_doubles_stay_single() -> None:
    event = make.listed_event()
    kept = make.signed_up(event, email="kept@example.org")
    gone = make.signed_up(event, email="gone@example.org")
    Person.objects.filter(id=kept.person_id).update(going_count=3)
    Person.objects.filter(id=gone.person_id).update(going_count=4, has_hosted=True)
    contact = Contact.objects.get(person_id=gone.person_id)

    merge(kept.person_id or 0, gone.person_id or 0)

    person = Person.objects.get(id=kept.person_id)
    contact.refresh_from_db()
    assert (person.going_count, person.has_hosted) == (5, True)
    assert queries.address_of(contact) == "gone@example.org"
    assert set(Consent.objects.values_list("person_id", flat=True)) == {
        kept.person_id,
        event.host_id,
    }


def test_a_withdrawal_on_either_side_wins() -> None:
    kept, gone = somebody("kept@example.org"), somebody("gone@example.org")
    news = [Agreement(Consent.Purpose.NEWS, 0, "news.1")]
    give(person_id=gone.id, agreements=news, source="my.data", by=SYSTEM)
    withdraw(person_id=gone.id, purpose="news", about_id=0, source="my.data", by=SYSTEM)
    with clock.at(clock.now() + timedelta(days=1)):
        give(person_id=kept.id, agreements=news, source="my.data", by=SYSTEM)
    assert queries.has_consent(kept.id, purpose="news", about_id=0)

    with clock.at(clock.now() + timedelta(days=2)):
        made = merge(kept.id, gone.id)
        assert not queries.has_consent(kept.id, purpose="news", about_id=0)
        assert Person.objects.get(id=kept.id).reach == 0
        undoing.undo(merge_id=made.id, by=SYSTEM)

        assert queries.has_consent(kept.id, purpose="news", about_id=0)
        assert not queries.has_consent(gone.id, purpose="news", about_id=0)


def test_erasing_the_one_that_stays_destroys_both_keys_and_the_merge() -> None:
    kept, gone = somebody("kept@example.org"), somebody("gone@example.org")
    merge(kept.id, gone.id)

    erasing.erase(kept.id, kept.key_id)
    worker.run_until_idle()

    assert not DataKey.objects.filter(id__in=[kept.key_id, gone.key_id]).exists()
    assert Merge.objects.count() == Contact.objects.count() == 0


def test_the_key_of_the_one_that_went_is_not_swept() -> None:
    kept, gone = somebody("kept@example.org"), somebody("gone@example.org")
    made = merge(kept.id, gone.id)
    DataKey.objects.update(created_at=clock.now() - timedelta(days=30))
    vault.forget()

    keys.tidy_keys.func()

    assert DataKey.objects.filter(id=gone.key_id).exists()
    Merge.objects.filter(id=made.id).delete()  # the control: nothing else keeps it
    keys.tidy_keys.func()
    assert not DataKey.objects.filter(id=gone.key_id).exists()


def test_the_stop_link_of_an_old_mail_stops_who_stays() -> None:
    kept, gone = somebody("kept@example.org"), somebody("gone@example.org")
    campaign = live_campaign()
    agreed = [Agreement(Consent.Purpose.CAMPAIGN, campaign.id, "campaign.1")]
    give(person_id=gone.id, agreements=agreed, source="my.data", by=SYSTEM)
    old = stopping.sign(stopping.Stop(gone.id, Consent.Purpose.CAMPAIGN, campaign.id))
    merge(kept.id, gone.id)
    assert queries.has_consent(kept.id, purpose="campaign", about_id=campaign.id)

    stopping_ops.stop(signed=old, by=VISITOR)

    assert not queries.has_consent(kept.id, purpose="campaign", about_id=campaign.id)


def test_undoing_twice_and_merging_with_oneself_are_refused() -> None:
    kept, gone = somebody("kept@example.org"), somebody("gone@example.org")
    with pytest.raises(merging.AreOneAlready):
        merge(kept.id, kept.id)
    made = merge(kept.id, gone.id)
    with pytest.raises(merging.OneIsGone):
        merge(kept.id, gone.id)
    undoing.undo(merge_id=made.id, by=SYSTEM)
    with pytest.raises(undoing.UndoneAlready):
        undoing.undo(merge_id=made.id, by=SYSTEM)
    with pytest.raises(undoing.NothingToUndo):
        undoing.undo(merge_id=1, by=SYSTEM)


def test_pairs_with_others_follow_and_a_judged_one_stays_judged() -> None:
    kept, gone, third = (somebody(f"{name}@example.org") for name in ("kept", "gone", "third"))
    now = clock.now()
    for one, other, state in (
        (kept, gone, "open"),
        (kept, third, "open"),
        (gone, third, "different"),
    ):
        low, high = sorted((one.id, other.id))
        Lookalike.objects.create(one_id=low, other_id=high, chance=80, state=state, found_at=now)
    before = snapshot()

    made = merge(kept.id, gone.id)

    low, high = sorted((kept.id, third.id))
    assert list(Lookalike.objects.values_list("one_id", "other_id", "state")) == [
        (low, high, "different")
    ]
    undoing.undo(merge_id=made.id, by=SYSTEM)
    assert snapshot() == before


def test_with_the_name_goes_what_an_undo_would_bring_back() -> None:
    kept, gone = somebody("kept@example.org"), somebody("gone@example.org", phone="+447400123456")
    made = merge(kept.id, gone.id)

    with clock.at(clock.now() + timedelta(days=120)):
        thinning.thin_people.func()
        with pytest.raises(undoing.LetGoAlready):
            undoing.undo(merge_id=made.id, by=SYSTEM)

    made.refresh_from_db()
    assert (bytes(made.moved_sealed), aliases.standing_id(gone.id)) == (b"", kept.id)
