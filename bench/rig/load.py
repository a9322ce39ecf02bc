"""A load generator of its own process: plain HTTP/1.1 over kept connections to 127.0.0.1.

Run by benchmarks and load tests as ``python -m bench.rig.load`` with one JSON order on standard
input; answers with one JSON line. Bounded in count and time; it refuses any other host.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import sys
import time
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

TOKEN = "b" * 32  # the CSRF pair: cookie and field carry the same secret
COUNT_MOST, SECONDS_MOST = 50_000, 300
TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Order:
    """What to send. ``paths`` are taken in turn; fields are made by :func:`body`."""

    port: int
    paths: list[str]
    count: int
    connections: int
    seconds: float = 60.0
    repeats: float = 0.0  # share of sign-ups that repeat an earlier address
    parties: list[int] = field(default_factory=lambda: [1])
    seed: int = 1
    prefix: str = "load"
    stamps: dict[str, str] = field(default_factory=dict)  # of each path's form
    work: list[str] = field(default_factory=list)  # what each browser worked out, by number
    retry: bool = False  # send again when a connection breaks, as a browser's user would


@dataclass(slots=True)
class Result:
    """What came of it. ``acked`` are the addresses whose sign-up was answered with a redirect."""

    statuses: dict[str, int] = field(default_factory=dict)
    broken: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    acked: list[str] = field(default_factory=list)


def network(number: int) -> str:
    """Where sign-up ``number`` comes from: one of 500 networks kept for tests (RFC 2544)."""
    return f"198.{18 + number % 2}.{number // 2 % 250}.{number % 200}"


def body(order: Order, number: int) -> tuple[str, bytes]:
    """The address and the form of sign-up ``number``; the same number gives the same form."""
    draw = random.Random(order.seed * 1_000_003 + number)
    who = number
    if number > 10 and draw.random() < order.repeats:
        who = draw.randrange(number)
    email = f"{order.prefix}{who}@example.org"
    fields = {
        "csrfmiddlewaretoken": TOKEN,
        "given": "Amina",
        "email": email,
        "party": draw.choice(order.parties),
        "wants_reminder": "on",
        "homepage": "",
        "stamp": order.stamps.get(order.paths[number % len(order.paths)], ""),
        "work": order.work[number] if order.work else "",
    }
    return email, urlencode(fields).encode()


class Connection:
    """One kept connection; opened again when the server closes it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, content: bytes, origin: str = "") -> int:
        """The status of one request. Raises OSError or EOFError when the connection breaks."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert self.reader is not None
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: csrf={TOKEN}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nX-Forwarded-For: {origin}\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        self.writer.write(head.encode() + content)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        await self._skip_body(answer.lower())
        return int(answer[9:12])

    async def _skip_body(self, head: bytes) -> None:
        assert self.reader is not None
        if b"transfer-encoding: chunked" in head:
            while (size := int((await self.reader.readuntil(b"\r\n")).strip(), 16)) > 0:
                await self.reader.readexactly(size + 2)
            await self.reader.readexactly(2)
        elif b"content-length:" in head:
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            await self.reader.readexactly(length)
        if b"connection: close" in head:
            self.close()

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


async def run(order: Order) -> Result:
    """Send ``count`` sign-ups over ``connections``, or stop when the time is over."""
    result, numbers = Result(), iter(range(min(order.count, COUNT_MOST)))
    ends = time.perf_counter() + min(order.seconds, SECONDS_MOST)

    async def one_line() -> None:
        connection = Connection(order.port)
        for number in numbers:
            if time.perf_counter() > ends:
                break
            await _one(order, number, connection, result, ends)
        connection.close()

    started = time.perf_counter()
    await asyncio.gather(*(one_line() for _ in range(order.connections)))
    result.seconds = time.perf_counter() - started
    result.cpu_seconds = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    return result


async def _one(
    order: Order, number: int, connection: Connection, result: Result, ends: float
) -> None:
    email, content = body(order, number)
    path = order.paths[number % len(order.paths)]
    while True:
        began = time.perf_counter()
        try:
            status = await asyncio.wait_for(
                connection.post(path, content, network(number)), TIMEOUT
            )
        except (OSError, EOFError, TimeoutError):
            connection.close()
            result.broken += 1
            if order.retry and time.perf_counter() < ends:
                await asyncio.sleep(0.05)
                continue
            return
        result.milliseconds.append((time.perf_counter() - began) * 1000)
        result.statuses[str(status)] = result.statuses.get(str(status), 0) + 1
        if status == 302:
            result.acked.append(email)
        return


def main() -> None:
    order = Order(**json.loads(sys.stdin.readline()))
    print(json.dumps(asdict(asyncio.run(run(order)))), flush=True)


if __name__ == "__main__":
    main()
