"""kill -9 of workers in the middle of reminders, to a real mail server on loopback (R1).

None lost, none doubled: each reminder was taken by the server exactly once, or stands UNKNOWN on
the list that a person reads. The two controls show that the harness can see both faults.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models.functions import Now

from groundswell.events.models import Event, Rsvp
from groundswell.kernel import clock
from groundswell.ledger.models import Job
from groundswell.outreach import queries
from groundswell.outreach.models import Message
from groundswell.outreach.operations import reminders
from tests.factories import events as make

pytestmark = [
    pytest.mark.real_clock,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "keys"]),
]
State = Message.State
PEOPLE = 90
CREATED_AT = datetime(2026, 3, 4, 10, tzinfo=UTC)


def _url_of(alias: str) -> str:
    given = connections[alias].settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    login = f"{given['USER']}:{given['PASSWORD']}@" if given["PASSWORD"] else f"{given['USER']}@"
    return f"postgres://{login}{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"


def _environment(port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": _url_of("default"),
        "GROUNDSWELL_KEYS_URL": _url_of("keys"),
        "GROUNDSWELL_MODE": "test",
        "GROUNDSWELL_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "GROUNDSWELL_MAIL_FROM": "hello@example.org",
        "DJANGO_SETTINGS_MODULE": "groundswell.config.settings",
    }


@contextmanager
def process(*words: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A helper of this test, ended with it."""
    with subprocess.Popen(
        [sys.executable, "-m", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **options,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def _line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


class Workers:
    """Forks workers and kills them."""

    def __init__(self, nursery: subprocess.Popen[str]) -> None:
        self._nursery = nursery
        self.kills = 0

    def start(self, count: int) -> list[int]:
        assert self._nursery.stdin is not None
        pids = []
        for _each in range(count):
            self._nursery.stdin.write("\n")
            self._nursery.stdin.flush()
            pids.append(int(_line(self._nursery)))
        return pids

    def kill(self, pids: list[int]) -> None:
        """kill -9, and time passes until nobody believes in them any more."""
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            self.kills += 1
        _until(lambda: not any(_is_alive(pid) for pid in pids))
        for row in (Message, Job):
            row.objects.filter(lease_until__isnull=False).update(
                lease_until=Now() - timedelta(seconds=1)
            )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _until(holds: Callable[[], bool], seconds: float = 30) -> None:
    pause = threading.Event()
    for _each in range(int(seconds / 0.01)):
        if holds():
            return
        pause.wait(0.01)
    pytest.fail("this took too long")


def _reminders_are_due() -> Event:
    """An event that ended two hours ago; everybody is to be asked whether they made it."""
    with clock.at(CREATED_AT):
        event = make.listed_event()
        for number in range(PEOPLE):
            make.signed_up(event, email=f"p{number}@example.org")
    Job.objects.all().delete()
    now = clock.now()
    Event.objects.filter(id=event.id).update(
        starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=2), zone="UTC"
    )
    event.refresh_from_db()
    reminders.plan(event=event, known_at=CREATED_AT)
    assert Rsvp.objects.count() == PEOPLE
    return event


def _is_done() -> bool:
    """Every message is written, and none is on its way any more."""
    going_on = [State.READY, State.CLAIMED, State.HANDING_OVER]
    if Message.objects.count() < PEOPLE:
        return False
    return not Message.objects.filter(state__in=going_on).exists()


def _arrived(log: Path) -> Counter[str]:
    return Counter(log.read_text().split())


def _refs(state: str) -> set[str]:
    return set(Message.objects.filter(state=state).values_list("provider_ref", flat=True))


# When to kill: at some moment, in the gate, or when the mail has left and nobody noted it yet.
Moment = Callable[[Path], bool]


def _mail_has_come(log: Path) -> bool:
    return sum(_arrived(log).values()) > 0


def _in_the_gate(log: Path) -> bool:
    return bool(_refs(State.HANDING_OVER))


def _left_and_not_noted(log: Path) -> bool:
    return bool(_refs(State.HANDING_OVER) & set(_arrived(log)))


def _noted_and_not_left(log: Path) -> bool:
    return bool(_refs(State.SENT) - set(_arrived(log)))


def _run(policy: str, log: Path, moments: list[Moment], waits: tuple[int, int]) -> int:
    """Kill two workers at each of the moments, then let one finish. Returns the kills."""
    _reminders_are_due()
    log.touch()
    before, after = map(str, waits)
    with process("tests.outreach.mail_server", str(log), before, after) as sink:
        port = int(_line(sink))
        with process("tests.outreach.killable", policy, env=_environment(port)) as nursery:
            assert _line(nursery) == "ready"
            workers = Workers(nursery)
            for moment in moments:
                pids = workers.start(2)
                _until(lambda moment=moment: moment(log) or _is_done())
                workers.kill(pids)
            last = workers.start(1)
            _until(_is_done, seconds=120)
            workers.kill(last)
    return workers.kills


def test_killed_workers_lose_and_double_nothing(tmp_path: Path) -> None:
    log = tmp_path / "log"
    moments = [_mail_has_come, _in_the_gate, _left_and_not_noted] * 5

    kills = _run("honest", log, moments, (5, 15))

    arrived = _arrived(log)
    states = dict(Message.objects.values_list("provider_ref", "state"))
    unknown = {ref for ref, state in states.items() if state == State.UNKNOWN}
    assert kills >= 25
    assert len(states) == PEOPLE
    assert [ref for ref, times in arrived.items() if times > 1] == []
    assert set(states) - set(arrived) - unknown == set()
    assert set(arrived) - set(states) == set()
    assert {state for ref, state in states.items() if ref not in unknown} == {State.SENT}
    assert 0 < len(unknown) <= kills
    listed = [(group.kind, group.state, group.count) for group in queries.held_groups()]
    assert listed == [("did_you_make_it", State.UNKNOWN, len(unknown))]


def test_control_blind_retry_doubles(tmp_path: Path) -> None:
    log = tmp_path / "log"

    _run("blind-retry", log, [_left_and_not_noted] * 4, (0, 60))

    assert max(_arrived(log).values()) > 1


def test_control_marking_before_sending_loses(tmp_path: Path) -> None:
    log = tmp_path / "log"

    _run("mark-first", log, [_noted_and_not_left] * 4, (60, 0))

    assert len(_refs(State.SENT)) == PEOPLE
    assert _refs(State.SENT) - set(_arrived(log)) != set()
