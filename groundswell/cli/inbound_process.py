"""The SMTP listener: takes mail for living aliases and for nothing else, stores it, then says 250.

Meant to stand behind the installation's own mail server (docs/operate/inbound-mail.md): it speaks
no TLS and checks no SPF. By default only this machine can reach it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any, TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import Error, close_old_connections

from groundswell.outreach.operations import aliases, inbound
from groundswell.outreach.relay import reading

log = logging.getLogger(__name__)

RECIPIENTS_MOST = 10
IDLE_SECONDS = 60
CONNECTIONS_MOST = 100
HEARTBEAT_SECONDS = 60.0
NO_SUCH = "550 5.1.1 There is no such address here"
LATER = "451 4.3.0 Not now, please try again"

_Result = TypeVar("_Result")


class Listener:
    """What the listener decides. The database is asked in one thread of its own."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inbound")

    async def _ask(self, question: Callable[[], _Result]) -> _Result:
        def fresh() -> _Result:
            close_old_connections()
            return question()

        return await asyncio.get_running_loop().run_in_executor(self._thread, fresh)

    async def handle_RCPT(  # noqa: N802 - the library's name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """250 for a living alias; the same no for a dead one, an unknown one and other domains."""
        if len(envelope.rcpt_tos) >= RECIPIENTS_MOST:
            return "452 4.5.3 Too many recipients"
        try:
            is_live = await self._ask(lambda: inbound.is_live(address))
        except Error as error:
            log.warning("inbound: no database: %s", type(error).__name__)
            return LATER
        if not is_live:
            return NO_SUCH
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(  # noqa: N802 - the library's name for it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Stored first, answered afterwards: what was answered is never lost."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content or "").encode()
        sender = envelope.mail_from or "<>"
        event_id = sha256(sender.encode("utf-8", "replace") + b"\0" + raw).hexdigest()
        recipients = list(envelope.rcpt_tos)
        try:
            await self._ask(
                lambda: inbound.store(
                    way="smtp",
                    event_id=event_id,
                    sender=sender,
                    recipients=recipients,
                    content=raw,
                )
            )
        except Error as error:
            log.warning("inbound: not stored: %s", type(error).__name__)
            return LATER
        return "250 2.0.0 Ok"

    async def beat(self) -> None:
        """Say every minute that somebody listens, for the doctor."""
        while True:
            with contextlib.suppress(Error):
                await self._ask(inbound.note_listening)
            await asyncio.sleep(HEARTBEAT_SECONDS)

    def close(self) -> None:
        self._thread.shutdown(wait=True)


class _Conversation(SMTP):
    """One connection; the hundred-and-first is asked to come back."""

    line_length_limit = 64 * 1024  # RFC 5321 says 1,000; programs in use send longer ones
    _open = 0

    def connection_made(self, transport: Any) -> None:
        _Conversation._open += 1
        if _Conversation._open > CONNECTIONS_MOST:
            transport.write(b"421 4.3.2 Too many connections\r\n")
            transport.close()
            self.transport = None
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        _Conversation._open -= 1
        if self.session is not None:
            super().connection_lost(error)


async def serve(
    listener: Listener, host: str, port: int, *, started: Callable[[int], None]
) -> None:
    """Listen until this task is cancelled or the process gets SIGTERM."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(ValueError, RuntimeError):  # not the main thread: a test
            loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(lambda: conversation(listener, loop), host, port)
    beating = asyncio.create_task(listener.beat())
    try:
        started(server.sockets[0].getsockname()[1])
        await stop.wait()
    finally:
        beating.cancel()
        server.close()
        await server.wait_closed()


def conversation(listener: Listener, loop: asyncio.AbstractEventLoop) -> SMTP:
    """The protocol of one connection, with its limits."""
    return _Conversation(
        listener,
        data_size_limit=reading.MOST_BYTES,
        enable_SMTPUTF8=True,
        hostname=aliases.relay_domain() or "localhost",
        ident="Groundswell",
        timeout=IDLE_SECONDS,
        loop=loop,
    )


def run(host: str, port: int) -> None:
    """Until SIGTERM."""
    listener = Listener()
    try:
        asyncio.run(
            serve(
                listener,
                host,
                port,
                started=lambda at: print(f"✓ Taking mail at {host}:{at}.", flush=True),
            )
        )
    finally:
        listener.close()
