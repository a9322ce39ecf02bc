"""R4 and R5: ten thousand sign-ups at once for five hundred seats, over real HTTP.

200 connections, parties of 1 to 5, repeats, and cancels meanwhile; then again with one of four web
processes killed every half second. Afterwards the books must balance: exactly 500 going, nobody
waits who would fit, nothing acknowledged and lost, no answer 500. The control takes the guarded
seat counter away (``bench/rig/unguarded.py``) and must oversell.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

from bench.rig import ground, load
from bench.rig.serving import order_load, served


@dataclass(frozen=True, slots=True)
class Books:
    """What the database says afterwards."""

    going: int
    counted: int
    waiting: int
    waiting_that_fit: int
    lost: int
    doubled: int
    out_of_order: int


def main() -> None:
    parser = ground.options(__doc__ or "")
    parser.add_argument("--count", type=int, default=10_000, help="sign-ups in each storm")
    parser.add_argument("--seats", type=int, default=500)
    parser.add_argument("--connections", type=int, default=200)
    given = parser.parse_args()
    with ground.fresh_installation(given.db):
        _storms(given.db, given.count, given.seats, given.connections)


def _storms(db: str, count: int, seats: int, connections: int) -> None:
    """The control comes last: it takes the constraint off the table."""
    for name, kills, guarded in (
        ("r4", False, True),
        ("r5", True, True),
        ("control", False, False),
    ):
        books, result, killed = run(
            count=count,
            seats=seats,
            connections=connections,
            kills=kills,
            is_guarded=guarded,
            name=name,
        )
        ground.say(f"{name}: {books} statuses {result['statuses']} killed {killed}")
        if not guarded:
            ground.tell(
                bench="r4_control_oversold", db=db, value=float(books.going - seats),
                unit="seats", better="higher", goal=1, limit=float(seats), runs=1,
            )  # fmt: skip
            continue
        wrong = (
            abs(books.going - seats) + abs(books.counted - books.going) + books.lost
            + books.waiting_that_fit + books.doubled + books.out_of_order
            + sum(number for status, number in result["statuses"].items() if status >= "5")
        )  # fmt: skip
        ground.tell(
            bench=f"{name}_wrong", db=db, value=float(wrong), unit="sign-ups", better="lower",
            goal=0, limit=1, runs=1, requests=len(result["milliseconds"]), killed=killed,
        )  # fmt: skip
        p99 = ground.percentile(result["milliseconds"], 0.99)
        rate = len(result["milliseconds"]) / result["seconds"]
        ground.tell(
            bench=f"{name}_p99", db=db, value=p99, unit="ms", better="lower", goal=2000.0,
            limit=1000 * connections / rate, runs=1, rate=round(rate, 1),
        )  # fmt: skip


def run(
    *, count: int, seats: int, connections: int, kills: bool, name: str, is_guarded: bool = True
) -> tuple[Books, dict[str, Any], int]:
    """One storm on one event of an installation that is set up already."""
    from bench.rig.campaign import events, stamps

    event_id, path = events(1, capacity=seats)[0]
    options = ["--processes", "4"] if kills or not is_guarded else []
    with served(options, module="groundswell.cli" if is_guarded else "bench.rig.unguarded") as (
        port,
        pid,
    ):
        stop = threading.Event()
        killer = _Killer(pid, stop) if kills else None
        canceller = threading.Thread(target=_cancel_some, args=(event_id, stop))
        if is_guarded:  # in the control, cancels would heal what was oversold
            canceller.start()
        order = load.Order(
            port, [path], count, connections, 240.0,
            stamps=stamps([path]), repeats=0.15, parties=[1, 1, 1, 2, 2, 3, 4, 5], retry=kills,
            prefix=name,
        )  # fmt: skip
        result = order_load(order)
        stop.set()
        if is_guarded:
            canceller.join()
        killed = killer.finish() if killer else 0
    return _books(event_id, result["acked"]), result, killed


class _Killer:
    """Kills one of the web processes every half second."""

    def __init__(self, parent: int, stop: threading.Event) -> None:
        self.count = 0
        self.thread = threading.Thread(target=self._work, args=(parent, stop))
        self.thread.start()

    def _work(self, parent: int, stop: threading.Event) -> None:
        draw = random.Random(3)
        while not stop.wait(0.5):
            found = subprocess.run(
                ["pgrep", "-P", str(parent)], capture_output=True, text=True, check=False
            )
            if children := found.stdout.split():
                subprocess.run(["kill", "-9", draw.choice(children)], check=False)
                self.count += 1

    def finish(self) -> int:
        self.thread.join()
        return self.count


def _cancel_some(event_id: int, stop: threading.Event) -> None:
    """Somebody cancels now and then, as people do."""
    from django.db import connections

    from groundswell.events.models import Rsvp
    from groundswell.events.operations import rsvps
    from groundswell.kernel.actor import SYSTEM

    draw = random.Random(9)
    while not stop.wait(0.25):
        ids = list(Rsvp.objects.filter(event_id=event_id, state="going").values_list("id")[:50])
        if ids:
            rsvps.cancel_rsvp(rsvp_id=draw.choice(ids)[0], by=SYSTEM)
    connections.close_all()


def _books(event_id: int, acked: list[str]) -> Books:
    from django.db.models import Count, Sum

    from groundswell.events.models import Rsvp, Seats
    from groundswell.people import contacts
    from groundswell.people.models import Contact

    counter = Seats.objects.get(event_id=event_id)
    mine = Rsvp.objects.filter(event_id=event_id)
    going = mine.filter(state="going").aggregate(sum=Sum("party", default=0))["sum"]
    waiting = mine.filter(state="waiting")
    free = (counter.capacity or 0) - counter.taken
    known = set(
        Contact.objects.filter(person__rsvps__event_id=event_id).values_list("blind", flat=True)
    )
    known = {bytes(blind) for blind in known}
    lost = sum(contacts.blind_email(email) not in known for email in set(acked))
    doubled = mine.values("person").annotate(n=Count("id")).filter(n__gt=1).count()
    return Books(
        going=going,
        counted=counter.taken,
        waiting=waiting.count(),
        waiting_that_fit=waiting.filter(party__lte=max(0, free)).count() if free > 0 else 0,
        lost=lost,
        doubled=doubled,
        out_of_order=_out_of_order(list(mine.values_list("party", "state", "created_at"))),
    )


def _out_of_order(rows: list[tuple[int, str, Any]]) -> int:
    """Parties that wait although a party of the same size that came clearly later has a seat.

    Two seconds of grace: the time is taken when a request starts, the seat when its turn comes.
    """
    wrong = 0
    for size in range(1, 6):
        last = max((at for party, state, at in rows if party == size and state == "going"),
                   default=None)  # fmt: skip
        waits = [at for party, state, at in rows if party == size and state == "waiting"]
        if last is not None:
            wrong += sum((last - at).total_seconds() > 2 for at in waits)
    return wrong


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
