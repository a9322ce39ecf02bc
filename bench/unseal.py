"""Opening the sealed addresses of a million people, each with a key of its own (goal: 15 s).

Asked as an export or a mailing asks: id and sealed value from the database, a thousand at a time,
no objects. Beside it the same two tables read without opening anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from bench.rig import ground

GOAL_S = 15.0
STEP = 10_000


def main() -> None:
    parser = ground.options(__doc__ or "")
    parser.add_argument("--people", type=int, default=1_000_000)
    options = parser.parse_args()
    with ground.fresh_installation(options.db):
        _fill(options.people)
        _measure(options.db, options.people)


def _fill(people: int) -> None:
    from groundswell.kernel import clock
    from groundswell.kernel.ids import new_id
    from groundswell.people.models import Contact, Person
    from groundswell.site import vault

    now, started = clock.now(), time.perf_counter()
    for first in range(0, people, STEP):
        made = [
            Person(
                id=new_id(), key_id=vault.take_key_id(), language="en", created_at=now,
                last_active_on=now.date(),
            )
            for _number in range(min(STEP, people - first))
        ]  # fmt: skip
        contacts = []
        for number, person in enumerate(made, first):
            one = Contact(id=new_id(), person=person, kind="email", created_at=now)
            address = f"person.{number}@example.org"
            one.value_sealed = vault.seal(one, "value_sealed", address, key_id=person.key_id)
            one.blind = number.to_bytes(16)
            contacts.append(one)
        Person.objects.bulk_create(made)
        Contact.objects.bulk_create(contacts)
    ground.say(f"{people:,} people and addresses in {time.perf_counter() - started:.0f} s")


def _measure(db: str, people: int) -> None:
    from groundswell.people.models import Contact
    from groundswell.site import unsealing
    from groundswell.site.models import DataKey

    sealed = Contact.objects.order_by("id").values_list("id", "value_sealed")

    def opened() -> int:
        return sum(
            1 for _row in unsealing.open_many(Contact, "value_sealed", sealed.iterator(STEP))
        )

    def read() -> int:
        keys = DataKey.objects.values_list("id", "wrapped").iterator(STEP)
        return sum(1 for _row in keys) and sum(1 for _row in sealed.iterator(STEP))

    found, took, busy = _timed(opened)
    assert found == people == read()
    _read, limit, _busy = _timed(read)
    goal = GOAL_S * people / 1_000_000
    ground.tell(
        bench="unseal", db=db, value=took, unit="s", better="lower", goal=goal, limit=limit, runs=1,
        people=people, cpu=busy,
    )  # fmt: skip


def _timed(work: Callable[[], int]) -> tuple[int, float, float]:
    started, busy = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - started, time.process_time() - busy


if __name__ == "__main__":
    main()
