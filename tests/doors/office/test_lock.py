"""The pages of the panic lock, and what everybody else sees while it is on."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts.models import Account, Session
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.site import operations as site_ops
from groundswell.site import queries
from groundswell.web import lock
from tests.doors.office.conftest import Sit
from tests.factories import events as make
from tests.factories.campaigns import live_campaign

pytestmark = pytest.mark.django_db
NAME = "Movement of the River"


@pytest.fixture
def fresh(sit: Sit) -> Any:
    """Somebody who has just signed in."""

    def sit_fresh(*roles: str) -> Client:
        client = sit(*roles)
        session = client.session
        session["signed_in_at"] = clock.now().isoformat()
        session.save()
        return client

    return sit_fresh


def sure() -> dict[str, str]:
    return {"do": "everything", "sure": "yes"}


# --- locking -------------------------------------------------------------------------------------


def test_it_asks_once_and_then_locks(fresh: Any) -> None:
    organiser, other = fresh("organiser"), fresh("organiser")

    start = organiser.get("/en/office/lock/")
    asked = organiser.post("/en/office/lock/", {"do": "everything"})
    was_open = not queries.is_locked()
    done = organiser.post("/en/office/lock/", sure())

    assert (start.status_code, asked.status_code, done.status_code) == (200, 200, 200)
    assert "Yes, lock everything now" in asked.content.decode()
    assert was_open
    assert "http://testserver/en/office/unlock/" in done.content.decode()
    assert Session.objects.count() == 0
    assert other.get("/en/office/").status_code == 503


def test_who_proved_themselves_hours_ago_does_it_again_first(organiser: Client) -> None:
    session = organiser.session
    del session["proven_at"]
    session.save()

    answer = organiser.post("/en/office/lock/", sure())

    assert answer.status_code == 302
    assert answer["Location"].startswith("/en/my/account/prove/")
    assert queries.is_locked() is False


def test_looking_at_the_page_locks_nothing(fresh: Any) -> None:
    organiser = fresh("organiser")

    organiser.get("/en/office/lock/", sure())
    organiser.head("/en/office/lock/", sure())

    assert queries.is_locked() is False


def test_a_second_lock_within_a_day_says_whom_to_ask(fresh: Any, sit: Sit) -> None:
    organiser = fresh("organiser")
    account = Account.objects.get()
    organiser.post("/en/office/lock/", sure())
    accounts_ops.unlock_everything(by=SYSTEM)
    organiser.force_login(account, backend="groundswell.accounts.backend.AccountBackend")
    session = organiser.session
    session["signed_in_at"] = session["mfa_at"] = session["proven_at"] = clock.now().isoformat()
    session.save()

    answer = organiser.post("/en/office/lock/", sure())

    assert answer.status_code == 422
    assert "You locked everything less than 24 hours ago." in answer.content.decode()


def test_a_supporter_with_an_account_has_no_such_page(sit: Sit) -> None:
    assert sit().post("/en/office/lock/", sure()).status_code == 404
    assert queries.is_locked() is False


def test_anybody_locks_their_own_account(sit: Sit) -> None:
    phone = sit()

    page = phone.get("/en/my/account/lock/")
    looked = queries.locked_accounts()
    done = phone.post("/en/my/account/lock/")

    assert (page.status_code, looked, done.status_code) == (200, {}, 200)
    assert set(queries.locked_accounts()) == {Account.objects.get().id}
    assert phone.get("/en/my/account/").status_code == 302


# --- while it is on ------------------------------------------------------------------------------


@pytest.fixture
def addresses() -> list[str]:
    """Pages of every door, and what is no page."""
    event = make.listed_event(live_campaign())
    site_ops.set_up(name=NAME, language="en", zone="UTC", by=SYSTEM)
    queries.forget_name()
    slug = event.campaign.slug
    return [
        "/",
        "/en/",
        f"/en/{slug}",
        f"/en/e/{event.slug}",
        f"/ar/{slug}",
        f"/c/{slug}/brand.css",
        "/en/office/",
        "/en/my/account/",
        "/en/no-such-page",
        "/robots.txt",
        "/en/sign-in/link/x/y",
    ]


def test_every_page_rests_and_names_nobody(addresses: list[str], client: Client) -> None:
    before = NAME in client.get("/en/").content.decode()
    accounts_ops.lock_everything(by=SYSTEM)

    found = {address: client.get(address) for address in addresses}

    assert before, "control: open, the page names the movement"
    assert {address: each.status_code for address, each in found.items()} == dict.fromkeys(
        addresses, 503
    )
    assert {each["Retry-After"] for each in found.values()} == {"3600"}
    assert {each["Cache-Control"] for each in found.values()} == {"no-store"}
    told = "".join(each.content.decode() for each in found.values())
    assert [word for word in (NAME, "Groundswell", "Leeds", "bus") if word in told] == []
    assert "This site is resting" in found["/en/"].content.decode()


def test_posts_rest_too(addresses: list[str], client: Client) -> None:
    accounts_ops.lock_everything(by=SYSTEM)

    assert {client.post(address).status_code for address in addresses} == {503}


def test_the_sign_in_page_stays_and_names_nobody(addresses: list[str], client: Client) -> None:
    accounts_ops.lock_everything(by=SYSTEM)

    page = client.get("/en/sign-in/")

    assert page.status_code == 200
    assert NAME not in page.content.decode()


def test_monitors_are_answered_without_asking_the_database(
    client: Client, django_assert_num_queries: Any
) -> None:
    accounts_ops.lock_everything(by=SYSTEM)

    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_the_list_of_open_pages_is_what_an_owner_needs_and_no_more() -> None:
    assert {
        "healthz", "office:unlock", "second_step", "sign_in", "sign_in_code", "sign_in_link",
        "sign_in_passkey", "sign_in_passkey_begin", "sign_in_recovery", "sign_out",
    } == lock.OPEN  # fmt: skip


def test_after_unlocking_everything_answers_again(addresses: list[str], client: Client) -> None:
    accounts_ops.lock_everything(by=SYSTEM)
    accounts_ops.unlock_everything(by=SYSTEM)

    assert client.get("/en/").status_code == 200


# --- unlocking -----------------------------------------------------------------------------------


def test_two_owners_unlock_one_after_the_other(fresh: Any) -> None:
    accounts_ops.lock_everything(by=SYSTEM)
    first, second = fresh("owner"), fresh("owner")

    before = first.get("/en/office/unlock/")
    agreed = first.post("/en/office/unlock/", follow=True)
    still = queries.is_locked()
    opened = second.post("/en/office/unlock/")

    assert "Where there are two owners, two of them must press this." in before.content.decode()
    assert "You agreed. Now another owner signs in" in agreed.content.decode()
    assert (still, opened.status_code, queries.is_locked()) == (True, 302, False)


def test_an_owner_unlocks_an_account(fresh: Any) -> None:
    sleepy = accounts_ops.create_account(email="s@example.org", name="Sunny", roles=(), by=SYSTEM)
    accounts_ops.lock_account(account_id=sleepy.id, by=SYSTEM)
    owner = fresh("owner")

    page = owner.get("/en/office/unlock/").content.decode()
    owner.post("/en/office/unlock/", {"account": str(sleepy.id)})

    assert "<bdi>Sunny</bdi>" in page
    assert queries.locked_accounts() == {}


@pytest.mark.parametrize("nonsense", ["x", "9" * 30, "-1", "5"])
def test_a_wrong_account_unlocks_nothing_else(fresh: Any, nonsense: str) -> None:
    owner = fresh("owner")
    accounts_ops.lock_everything(by=SYSTEM)

    owner.post("/en/office/unlock/", {"account": nonsense})

    assert queries.is_locked()


def test_unlocking_takes_a_fresh_second_step(sit: Sit) -> None:
    accounts_ops.lock_everything(by=SYSTEM)
    owner = sit("owner")  # this session was signed in at some other time

    session = owner.session
    del session["proven_at"]
    session.save()

    answer = owner.post("/en/office/unlock/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/en/my/account/prove/")
    assert queries.is_locked() is True
