"""S27: a flood of fake sign-ups for one event, and real people among it.

Fakes post the form as programs do: a fresh copied stamp, no script, addresses by the thousand and
one address over and over. Real people carry the number that their browser works out. Then half an
hour passes by the clock of the house, and the lapsing job and the outbox run.
``--forms off`` is the control: the pages tell the operation nothing.
"""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta
from typing import Any

from bench.rig import ground, load
from bench.rig.campaign import events, stamps
from bench.rig.serving import order_load, served

REAL = 12


def main() -> None:
    """One flood; one line of JSON per figure."""
    parser = ground.options(__doc__ or "")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seats", type=int, default=500)
    parser.add_argument("--forms", choices=("auto", "off"), default="auto")
    asked = parser.parse_args()
    with ground.fresh_installation(asked.db):
        event_id, path = events(1, capacity=asked.seats)[0]
        _switch("auto" if asked.forms == "auto" else "never")
        signed = stamps([path])
        module = "groundswell.cli" if asked.forms == "auto" else "bench.rig.unlooked"
        with served(module=module) as (port, _pid):
            fakes = load.Order(
                port, [path], asked.count, 24, 200.0, stamps=signed, repeats=0.2, prefix="fake"
            )
            real = _real(port, path, signed)
            found: dict[str, Any] = {}
            people = threading.Thread(target=lambda: found.update(order_load(real)))
            people.start()
            told = order_load(fakes)
            people.join()
        _tell(asked, event_id, told, found)


def _switch(forms: str) -> None:
    from groundswell.kernel.actor import SYSTEM
    from groundswell.site import operations as site_ops

    site_ops.set_safeguards(forms=forms, security_contact="", security_policy="", by=SYSTEM)


def _real(port: int, path: str, signed: dict[str, str]) -> load.Order:
    """People who come by themselves, each with the work of their own browser."""
    work = [_worked(signed[path], f"real{number}@example.org") for number in range(REAL)]
    return load.Order(port, [path], REAL, 2, 200.0, stamps=signed, prefix="real", work=work)


def _worked(stamp: str, email: str) -> str:
    from groundswell.web import form_guard

    base, number = form_guard.work_base(stamp, email).encode(), 0
    while True:
        found = hashlib.sha256(base + str(number).encode()).digest()
        if int.from_bytes(found[:4]) >> (32 - form_guard.WORK_BITS) == 0:
            return str(number)
        number += 1


def _tell(asked: Any, event_id: int, told: dict[str, Any], found: dict[str, Any]) -> None:
    """Half an hour later: which seats fakes hold, what was mailed, how real people fared."""
    from django.db.models import Count, Max

    from groundswell.events.models import Rsvp
    from groundswell.events.operations import lapsing
    from groundswell.kernel import clock

    real = _ids("real")
    let_in = Rsvp.objects.filter(event_id=event_id, state="going", person_id__in=real).count()
    with clock.at(clock.now() + timedelta(minutes=31)):
        lapsing.lapse_holds()
    standing = Rsvp.objects.filter(event_id=event_id, state="going").exclude(person_id__in=real)
    blocked = sum(standing.values_list("party", flat=True))
    mails = _mails().values("person_id").annotate(many=Count("id")).aggregate(most=Max("many"))
    sent = sum(told["statuses"].values())
    common: dict[str, Any] = {"db": asked.db, "runs": 1, "forms": asked.forms, "fakes": sent}
    for name, value, unit, goal in (
        ("flood_seats_blocked", 100 * blocked / asked.seats, "% of seats", 1.0),
        ("flood_mails_to_one", mails["most"] or 0, "mails a day", 1.0),
        ("flood_real_p99", ground.percentile(found["milliseconds"], 0.99), "ms", 3000.0),
    ):
        ground.tell(
            bench=name, value=value, unit=unit, better="lower", goal=goal, limit=goal, **common
        )
    ground.tell(
        bench="flood_real_let_in", value=100 * let_in / REAL, unit="% of people", better="higher",
        goal=100.0, limit=100.0, **common,
    )  # fmt: skip


def _ids(prefix: str) -> list[int]:
    from groundswell.people import contacts
    from groundswell.people.models import Contact

    blinds = [contacts.blind_email(f"{prefix}{number}@example.org") for number in range(REAL)]
    return list(Contact.objects.filter(blind__in=blinds).values_list("person_id", flat=True))


def _mails() -> Any:
    """What the gate would hand over within a day, to a server that takes everything."""
    from groundswell.ledger import worker
    from groundswell.outreach import senders
    from groundswell.outreach.models import Message
    from groundswell.outreach.senders.contract import Outcome, Result

    class Taker:
        name, is_idempotent, is_askable = "taker", True, False

        def send(self, mail: Any, content: bytes) -> Outcome:
            return Outcome(Result.TAKEN)

    senders.current = Taker  # the world outside
    worker.run_until_idle()
    return Message.objects.filter(state=Message.State.SENT, kind__startswith="rsvp_")


if __name__ == "__main__":
    main()
