"""Things that work once, used by many at the same moment, and again afterwards.

These are committed: a race needs transactions of its own. They belong to accounts made for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connections
from django.test import Client

from bench.attack.asking import Ground
from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from tests.running import signing_in

KIND = "race"
AT_ONCE, _ROUNDS = 8, 8


def attack(ground: Ground) -> None:
    """Eight at once for each of a sign-in link, a code, an app code and a recovery code."""
    for number in range(ground.share(_ROUNDS)):
        for race in (_link, _code, _app_code, _recovery_code):
            account = signing_in.make(f"race.{number}.{race.__name__}@example.org")
            run = race(account)
            won = _together(run) + sum(run() for _again in range(2))
            ground.tally.count(KIND, AT_ONCE + 2)
            if won != 1:
                what = (
                    f"{race.__name__.strip('_')}: {won} of {AT_ONCE} at once, and 2 later, get in"
                )
                ground.tally.got_through(KIND, what, f"races.{race.__name__}, round {number}")


def _together(run: Callable[[], bool]) -> int:
    """How many of them are let in."""
    ready, found = threading.Barrier(AT_ONCE), []

    def one() -> None:
        ready.wait()
        try:
            found.append(run())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(found)


def _is_in(client: Client, path: str, data: dict[str, str]) -> bool:
    """Whether this press takes somebody in."""
    client.raise_request_exception = False
    answer = client.post(path, data, headers={"x-forwarded-for": "203.0.113.9"})
    return answer.status_code == 302 and "/sign-in/" not in answer["Location"]


def _link(account: Account) -> Callable[[], bool]:
    token = accounts_ops.sign_in_link(account_id=account.id, by=SYSTEM)
    return lambda: _is_in(Client(), f"/en/sign-in/link/{token}/", {})


def _code(account: Account) -> Callable[[], bool]:
    email = accounts_queries.email_of(account.id) or ""
    code_id = signing_in.ask(email)
    code = accounts_queries.pending_code(code_id) or ""

    def press() -> bool:
        client = Client()
        session = client.session
        session["code_id"] = code_id
        session.save()
        client.cookies["session"] = session.session_key
        return _is_in(client, "/en/sign-in/code/", {"code": code})

    return press


def _halfway(account: Account) -> Client:
    """The first step is done."""
    client = Client()
    session = client.session
    until = clock.now().replace(hour=23)
    session["half_signed_in"] = {"account_id": account.id, "until": until.isoformat()}
    session.save()
    client.cookies["session"] = session.session_key
    return client


def _app_code(account: Account) -> Callable[[], bool]:
    signing_in.with_app(account)
    code = signing_in.app_code()
    return lambda: _is_in(_halfway(account), "/en/sign-in/second-step/", {"code": code})


def _recovery_code(account: Account) -> Callable[[], bool]:
    code = signing_in.with_app(account)[0]
    return lambda: _is_in(_halfway(account), "/en/sign-in/recovery/", {"code": code})
