"""Mail servers on loopback: one that misbehaves by a script, and a sink that keeps a log.

    python -m tests.outreach.mail_server LOG BEFORE_MS AFTER_MS

runs the sink: it prints its port, appends one line with each mail's Message-ID to LOG, and waits
before writing the line and again before answering, so that a worker can be killed in between.
"""

from __future__ import annotations

import asyncio
import re
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_MESSAGE_ID = re.compile(rb"^Message-ID: <([^@>]+)@", re.MULTILINE)


class ScriptedServer(socketserver.ThreadingTCPServer):
    """Answers each step (greeting, EHLO, MAIL, RCPT, DATA, content, RSET) by ``script``.

    An answer is a line, or ``drop`` (close the connection), ``hang`` (say nothing), ``drip`` (a
    byte every 50 ms, for ever), or a list with one answer for each time.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, **script: Any) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.script = {
            "greeting": "220 hello",
            "EHLO": "250 hello",
            "MAIL": "250 ok",
            "RCPT": "250 ok",
            "DATA": "354 go on",
            "content": "250 taken",
            "RSET": "250 ok",
            "QUIT": "221 bye",
            **script,
        }
        self.heard: list[str] = []
        self.mails: list[bytes] = []
        self.stopped = threading.Event()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def answer(self, step: str) -> str:
        self.heard.append(step)
        given = self.script[step]
        if isinstance(given, list):
            return str(given.pop(0) if len(given) > 1 else given[0])
        return str(given)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what half of these tests are about."""


class _Conversation(socketserver.StreamRequestHandler):
    server: ScriptedServer

    def handle(self) -> None:
        if not self._say("greeting"):
            return
        while line := self.rfile.readline():
            verb = line.split(maxsplit=1)[0].decode().upper()
            if not self._say(verb):
                return
            if verb == "QUIT":
                return
            if verb == "DATA" and self.server.heard[-1] == "DATA" and self._goes_on:
                self._content()
                if not self._say("content"):
                    return

    def _content(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b".") else line)
        self.server.mails.append(b"".join(lines))

    def _say(self, step: str) -> bool:
        answer = self.server.answer(step)
        self._goes_on = answer.startswith("354")
        if answer == "drop":
            return False
        if answer == "hang":
            self.server.stopped.wait(10)
            return False
        if answer == "drip":
            self.wfile.write(b"250-")
            while not self.server.stopped.wait(0.05):
                self.wfile.write(b"x")
            return False
        self.wfile.write(answer.encode() + b"\r\n")
        return True


@contextmanager
def scripted(**script: Any) -> Iterator[ScriptedServer]:
    """A running scripted server."""
    with ScriptedServer(**script) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stopped.set()
            server.shutdown()
            thread.join()


class _Sink:
    """aiosmtpd's handler: a line for each mail, between two waits."""

    def __init__(self, log: Path, before: float, after: float) -> None:
        self._log, self._before, self._after = log, before, after

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the server's name for it
        await asyncio.sleep(self._before)
        found = _MESSAGE_ID.search(envelope.content)
        with self._log.open("ab") as log:
            log.write((found.group(1) if found else b"?") + b"\n")
        await asyncio.sleep(self._after)
        return "250 taken"


def _run_sink(log: str, before_ms: str, after_ms: str) -> None:
    from aiosmtpd.smtp import SMTP

    handler = _Sink(Path(log), int(before_ms) / 1000, int(after_ms) / 1000)

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(handler), "127.0.0.1", 0
        )
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(serve())


if __name__ == "__main__":
    _run_sink(*sys.argv[1:4])
