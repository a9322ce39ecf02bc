"""Mail in a circle on loopback: into our listener by SMTP, out of our sender into a sink."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from aiosmtpd.controller import Controller
from django.db import connections

from groundswell.cli import inbound_process


class Sink:
    """Keeps every mail that it is handed: envelope and bytes."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str, bytes]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the server's name for it
        self.mails.append((envelope.mail_from, envelope.rcpt_tos[0], envelope.content))
        return "250 taken"


@contextmanager
def sink() -> Iterator[tuple[Sink, str]]:
    """A mail server of the world, and the URL for GROUNDSWELL_SMTP_URL."""
    found = Sink()
    controller = Controller(found, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield found, f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def _free_port() -> int:
    """The library knocks at the port that it was given, so it cannot be given none."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def listening() -> Iterator[int]:
    """Our own listener in a thread; yields its port."""
    loop, listener = asyncio.new_event_loop(), inbound_process.Listener()
    is_up, ports = threading.Event(), list[int]()

    def started(port: int) -> None:
        ports.append(port)
        is_up.set()

    async def serve() -> None:
        with suppress(asyncio.CancelledError):
            await inbound_process.serve(listener, "127.0.0.1", 0, started=started)

    task = loop.create_task(serve())
    thread = threading.Thread(target=loop.run_until_complete, args=(task,), daemon=True)
    thread.start()
    assert is_up.wait(10)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)
        listener._thread.submit(connections.close_all).result(10)
        listener.close()
        loop.close()


def hand_in(port: int, mails: list[tuple[str, str, bytes]]) -> list[int]:
    """Sender, recipient and bytes of each mail, over one connection; the codes of the answers."""
    codes = []
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
        server.ehlo("world.example")
        for sender, recipient, content in mails:
            server.mail(sender)
            code, _words = server.rcpt(recipient)
            if code == 250:
                code, _words = server.data(content)
            else:
                server.rset()
            codes.append(code)
    return codes
