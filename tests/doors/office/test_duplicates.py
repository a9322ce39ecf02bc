"""The pages of duplicates: one pair side by side, four buttons, and every merge with its undo."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import worker
from groundswell.people.models import Household, Lookalike, Merge, Person
from groundswell.people.operations import lookalikes, looking, merging
from tests.doors.public import reading
from tests.factories import events as make
from tests.people.merged import somebody

pytestmark = pytest.mark.django_db
QUEUE, MERGES = "/en/office/people/duplicates/", "/en/office/people/merges/"
PHONE = "+447400123456"


@pytest.fixture
def pair(db: None) -> Lookalike:
    somebody(
        "robert.hall@example.org", given="Robert", family="Hall", phone=PHONE, street="1 Mill Lane",
        town="Leeds",
    )  # fmt: skip
    somebody("bobby@post.example", given="Bob", family="Hall", phone=PHONE)
    lookalikes.look_now()
    worker.run_until_idle()
    return Lookalike.objects.get()


def decide(client: Client, pair: Lookalike, do: str, **more: Any) -> Any:
    return client.post(QUEUE, {"pair": pair.id, "do": do, **more}, follow=True)


def test_the_pair_is_side_by_side_with_reasons_and_covered_addresses(
    organiser: Client, pair: Lookalike
) -> None:
    told = reading.text(organiser.get(QUEUE))

    for words in (
        "1 pair waits", "Is this one person?", "Robert Hall", "Bob Hall", "Two forms of one name",
        "The same phone number", "differs", f"{pair.chance}% likely to be one person",
        "1 Mill Lane", "r…l@example.org", "b…y@post.example", "…3456",
    ):  # fmt: skip
        assert words in told
    assert "robert.hall@example.org" not in told
    assert PHONE not in told


def test_the_same_person_becomes_one_and_old_links_lead_there(
    organiser: Client, pair: Lookalike
) -> None:
    answer = decide(organiser, pair, "same", keep="other")

    assert "They are one person now. Both old links lead there." in reading.text(answer)
    assert list(Person.objects.values_list("id", flat=True)) == [pair.other_id]
    old = organiser.get(f"/en/office/people/{pair.one_id}/")
    assert (old.status_code, old["Location"]) == (302, f"/en/office/people/{pair.other_id}/")

    undone = organiser.post(MERGES, {"merge": Merge.objects.get().id}, follow=True)
    assert "Robert Hall is a person of their own again." in reading.text(undone)
    assert Person.objects.count() == 2
    again = organiser.post(MERGES, {"merge": Merge.objects.get().id})
    assert again.status_code == 422
    assert "This is undone already: they are two people again." in reading.text(again)


def test_two_people_and_living_together_leave_the_queue_and_come_back_by_undo(
    organiser: Client, pair: Lookalike
) -> None:
    answer = decide(organiser, pair, "different")
    assert "Two different people. This pair will not come back." in reading.text(answer)
    assert "No pair waits" in reading.text(organiser.get(QUEUE))

    again = decide(organiser, pair, "again")
    assert "Is this one person?" in reading.text(again)

    answer = decide(organiser, pair, "together")
    assert "They live together now, as two people." in reading.text(answer)
    assert Household.objects.count() == 1


def test_later_goes_on_to_the_next_and_round(organiser: Client, pair: Lookalike) -> None:
    somebody("r.hall@mail.example", given="Roberta", family="Holl", phone=PHONE)
    lookalikes.look_now()
    worker.run_until_idle()
    queue = list(Lookalike.objects.order_by("-chance", "id"))
    assert len(queue) > 1

    next_page = organiser.get(QUEUE, {"after": queue[0].id})

    assert f'name="pair" value="{queue[1].id}"' in next_page.content.decode()
    last = organiser.get(QUEUE, {"after": queue[-1].id})
    assert f'name="pair" value="{queue[0].id}"' in last.content.decode()


def test_what_was_decided_meanwhile_or_no_button_is_said_in_words(
    organiser: Client, pair: Lookalike
) -> None:
    answer = decide(organiser, pair, "nonsense")
    assert answer.status_code == 422
    assert "Press one of the buttons on this page." in reading.text(answer)
    merging.merge(kept_id=pair.one_id, gone_id=pair.other_id, by=SYSTEM)
    answer = decide(organiser, pair, "same")
    assert answer.status_code == 422
    assert "One of the two is not here any more" in reading.text(answer)
    assert organiser.post(QUEUE, {"pair": "9" * 40, "do": "same"}).status_code == 422


@pytest.mark.parametrize(
    ("role", "status"),
    [("data_manager", 200), ("organiser", 200), ("regional_organiser", 404), ("coach", 404)],
)
def test_who_may_stand_here(sit: Any, pair: Lookalike, role: str, status: int) -> None:
    client = sit(role)

    assert {client.get(QUEUE).status_code, client.get(MERGES).status_code} == {status}
    assert client.post(QUEUE, {"pair": pair.id, "do": "same"}).status_code == (
        302 if status == 200 else 404
    )
    assert Merge.objects.count() == (1 if status == 200 else 0)


def test_looking_is_counted(
    organiser: Client, pair: Lookalike, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert organiser.get(QUEUE).status_code == 200  # the control
    monkeypatch.setattr(looking, "A_DAY", dict.fromkeys(looking.A_DAY, 1))
    somebody("third@post.example", given="Bob", family="Hall", phone=PHONE)
    lookalikes.look_now()
    worker.run_until_idle()
    newest = Lookalike.objects.latest("id")

    assert organiser.get(QUEUE, {"pair": newest.id}).status_code == 429


def test_the_list_of_merges_asks_as_much_for_three_as_for_one(organiser: Client) -> None:
    kept = somebody("kept@example.org")
    counts = []
    for number in range(3):
        gone = somebody(f"gone{number}@example.org")
        merging.merge(kept_id=kept.id, gone_id=gone.id, by=SYSTEM)
        organiser.get(MERGES)
        with CaptureQueriesContext(connection) as caught:
            assert organiser.get(MERGES).status_code == 200
        counts.append(len(caught))

    assert counts[0] == counts[2]


def test_the_visitor_reads_the_same_whether_we_know_somebody_like_them() -> None:
    event = make.listed_event()
    somebody("robert.hall@example.org", given="Robert", family="Hall", phone=PHONE)
    answers = []
    for given, email in (("Robert Hall", "bob@post.example"), ("Zorana Ivo", "zor@post.example")):
        visitor = Client()
        typed = {"given": given, "email": email, "party": "1"}
        quiet = reading.quiet(f"sign-up:{event.slug}")
        answer = visitor.post(f"/en/e/{event.slug}/sign-up", {**typed, **quiet}, follow=True)
        page = reading.text(answer).replace(given, "NAME").replace(given.split()[0], "NAME")
        answers.append((answer.status_code, page.replace(email, "EMAIL")))
        lookalikes.look_now()
        worker.run_until_idle()

    assert answers[0] == answers[1]
    assert Merge.objects.count() == 0
