"""P7 of security: what sealing costs, and how long a new master key takes.

Goals: at most 5 µs to seal a field; the data keys of a million people wrapped anew in 5 minutes,
which is 3,334 a second. Beside them, what the machine can do at best: bare AES-GCM on the same
bytes, and the same wrapping without a database.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from bench.rig import ground

FIELDS, KEYS, RUNS = 20_000, 30_000, 5
WORDS = "amina.khan@example.org, Hyde Park"  # about as long as an address
OLD, NEW = bytes(range(32)), b"n" * 32


def main() -> None:
    db = ground.chosen_db(__doc__ or "")
    with ground.fresh_installation(db):
        _sealing(db)
        _rotating(db)


def _timed(work: Callable[[], object], times: int) -> float:
    """Microseconds for each time."""
    started = time.perf_counter()
    for _each in range(times):
        work()
    return (time.perf_counter() - started) / times * 1_000_000


def _sealing(db: str) -> None:
    import os

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from groundswell.ledger.models import Job
    from groundswell.site import vault

    row, key_id = Job(id=17), vault.take_key_id()
    key, plain = AESGCM.generate_key(256), WORDS.encode()

    def bare() -> bytes:
        return AESGCM(key).encrypt(os.urandom(12), plain, b"place")

    def seal() -> bytes:
        return vault.seal(row, "name", WORDS, key_id=key_id)

    sealed = seal()

    def open_() -> str:
        return vault.open_value(row, "name", sealed)

    def blind() -> bytes:
        return vault.blind("email", WORDS)

    found: dict[str, list[float]] = {"bare": [], "seal": [], "open": [], "blind": []}
    for run in range(1, RUNS + 1):
        for name, work in (("bare", bare), ("seal", seal), ("open", open_), ("blind", blind)):
            found[name].append(_timed(work, FIELDS))
        ground.say(f"run {run}/{RUNS}: {found['seal'][-1]:.2f} µs to seal")
    limit = ground.median(found["bare"])
    for bench, name in (("p7", "seal"), ("p7_open", "open"), ("p7_blind", "blind")):
        ground.tell(
            bench=bench, db=db, value=ground.median(found[name]), unit="us/field",
            better="lower", goal=5.0, limit=limit, runs=RUNS,
        )  # fmt: skip


def _rotating(db: str) -> None:
    from django.conf import settings

    from groundswell.kernel import clock
    from groundswell.kernel.actor import SYSTEM
    from groundswell.site import rotation, vault
    from groundswell.site.models import DataKey

    now = clock.now()
    rows = [
        DataKey(id=n, wrapped=vault.wrapped(n.to_bytes(32), master=OLD), created_at=now)
        for n in range(1000, 1000 + KEYS)
    ]
    DataKey.objects.bulk_create(rows, batch_size=2000)
    rates, bare = [], []
    for run in range(1, RUNS + 1):
        master, other = (NEW, OLD) if run % 2 else (OLD, NEW)
        settings.GROUNDSWELL_MASTER_KEY, settings.GROUNDSWELL_OTHER_MASTER_KEY = master, other
        vault.forget()
        stored = [bytes(each) for each in DataKey.objects.values_list("wrapped", flat=True)]
        started = time.perf_counter()
        for each in stored:
            vault.wrapped(vault.unwrapped(each))
        bare.append(len(stored) / (time.perf_counter() - started))
        started = time.perf_counter()
        count = rotation.rotate(by=SYSTEM)
        rates.append(count / (time.perf_counter() - started))
        ground.say(f"run {run}/{RUNS}: {rates[-1]:,.0f} keys a second")
    ground.tell(
        bench="p7_rotate", db=db, value=ground.median(rates), unit="keys/s", better="higher",
        goal=3334, limit=ground.median(bare), runs=RUNS, keys=KEYS,
    )  # fmt: skip


if __name__ == "__main__":
    main()
