"""Finding somebody among a million people: by the beginning of a name in any script, by a whole
address, by a whole number (goal: 50 ms each for the first page and the count beside it).

The slowest of each kind is told, since somebody waits for it. Beside it the best that this
database can do for the last of them: one row by an index.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.rig import crowd, ground, kept

RUNS = 5
GOAL_MS = 50.0
# From beginnings that every tenth has, to names that one has.
NAMES = (
    "m",
    "a",
    "ma",
    "mari",
    "maria",
    "lisa gar",
    "gar li",
    "a m",
    "shahan",
    "مح",
    "علفا",
    "zzz",
)
PHONE, EMAIL = "+447911123456", "person.7@example.org"


def main() -> None:
    db = ground.chosen_db(__doc__ or "")
    with kept.installation(db, Path(crowd.__file__), crowd.build):
        _measure(db)


def _measure(db: str) -> None:
    from groundswell.kernel.actor import SYSTEM
    from groundswell.office.listing import LongList
    from groundswell.office.people.index import COUNTED_BY_NAME
    from groundswell.people import contacts, finding
    from groundswell.people.models import Contact, SearchName
    from groundswell.site import vault

    someone, other = Contact.objects.order_by("id")[500:502]
    Contact.objects.filter(id=someone.id).update(blind=contacts.blind_email(EMAIL))
    number = contacts.normalised_phone(PHONE)
    Contact.objects.filter(id=other.id).update(kind="phone", blind=vault.blind("phone", number))

    def ask(text: str) -> Callable[[], int]:
        def asked() -> int:
            found = finding.find(text, by=SYSTEM)
            return len(found[:50]) and LongList(found, 50, most=COUNTED_BY_NAME).count

        return asked

    def bare() -> int:
        return SearchName.objects.filter(person_id=someone.person_id).count()

    limit = _median(bare)
    for kind, texts in (("name", NAMES), ("email", (EMAIL,)), ("phone", (PHONE,))):
        took = [(_median(ask(text)), text) for text in texts]
        for each, text in took:
            ground.say(f"{text}: {each:.1f} ms, {ask(text)()} found")
        ground.tell(
            bench=f"search_{kind}", db=db, value=max(took)[0], unit="ms", better="lower",
            goal=GOAL_MS, limit=limit, runs=RUNS, people=crowd.PEOPLE, slowest=max(took)[1],
        )  # fmt: skip


def _median(ask: Callable[[], int]) -> float:
    times: Sequence[float] = [_once(ask) for _run in range(RUNS + 1)][1:]
    return ground.median(times)


def _once(ask: Callable[[], int]) -> float:
    started = time.perf_counter()
    ask()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
