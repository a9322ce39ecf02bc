"""Posts under way: each in a thread of its own, so that a slow receiver holds up nobody's mail.

The threads touch no database: they are given bytes, and hand a code back.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from groundswell.kernel import outgoing

MOST = 4  # at once, by one worker
TAKEN = ""  # the code of a post that arrived


@dataclass(frozen=True, slots=True)
class Parcel:
    """Everything that leaves."""

    post_id: int  # of the row
    lease_token: int
    url: str
    body: bytes
    headers: Mapping[str, str]


class Desk:
    """Hands parcels over and collects what became of them."""

    def __init__(self) -> None:
        self._back: queue.SimpleQueue[tuple[Parcel, str]] = queue.SimpleQueue()
        self.under_way = 0

    def hand_over(self, parcel: Parcel) -> None:
        """Begin. A worker that ends meanwhile does not wait; the lease brings the post back."""
        self.under_way += 1
        threading.Thread(target=self._carry, args=(parcel,), name="post", daemon=True).start()

    def _carry(self, parcel: Parcel) -> None:
        code = "broken"  # if our own code fails, which it then says on stderr
        try:
            code = sent(parcel)
        finally:
            self._back.put((parcel, code))

    def collected(self, wait: float) -> list[tuple[Parcel, str]]:
        """What came back; waits for the first up to ``wait`` seconds while one is under way."""
        found: list[tuple[Parcel, str]] = []
        while self.under_way:
            try:
                found.append(self._back.get(timeout=wait) if not found else self._back.get_nowait())
            except queue.Empty:
                break
            self.under_way -= 1
        return found


def sent(parcel: Parcel) -> str:
    """Post it. Returns TAKEN or a code."""
    try:
        answer = outgoing.post(parcel.url, parcel.body, parcel.headers)
    except outgoing.Failed as failed:
        return failed.code
    return TAKEN if 200 <= answer.status < 300 else f"http_{answer.status}"
