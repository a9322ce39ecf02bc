"""Another program on loopback that takes posts, or misbehaves by a script."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

METADATA = "http://169.254.169.254/latest/meta-data/"


@dataclass(frozen=True)
class Heard:
    """One request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes


class Receiver(socketserver.ThreadingTCPServer):
    """Answers each request by the next word of ``script``; the last word stays.

    A number is a status; else ``hang`` (say nothing), ``drip`` (a header that never ends),
    ``huge`` (an answer without an end), ``long_head``, ``drop`` (close without a word),
    ``cut`` (close in the middle of the body), ``nonsense``.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, *script: Any, secure: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.script = list(script) or [200]
        self.heard: list[Heard] = []
        self.connections = 0
        self.sent = 0  # bytes of the answers
        self.stopped = threading.Event()
        self.secure = secure

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?for=us"

    def get_request(self) -> tuple[Any, Any]:
        sock, address = super().get_request()
        self.connections += 1
        return sock, address

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.secure is None:
            super().finish_request(request, client_address)
            return
        with self.secure.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def next_word(self) -> Any:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what half of these tests are about."""


class _Conversation(socketserver.StreamRequestHandler):
    server: Receiver

    def handle(self) -> None:
        line = self.rfile.readline().decode("latin-1").strip()
        if not line:
            return
        headers: dict[str, str] = {}
        while pair := self.rfile.readline().decode("latin-1").strip():
            name, _colon, value = pair.partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", "0")))
        word = self.server.next_word()
        self.server.heard.append(Heard(line, headers, body))
        if isinstance(word, int):
            self._status(word)
        else:
            getattr(self, f"_{word}")()

    def _say(self, words: bytes) -> None:
        self.wfile.write(words)
        self.server.sent += len(words)

    def _status(self, status: int) -> None:
        more = f"Location: {METADATA}\r\n" if 300 <= status < 400 else ""
        self._say(f"HTTP/1.1 {status} Word\r\n{more}Content-Length: 2\r\n\r\nok".encode())

    def _hang(self) -> None:
        self.server.stopped.wait(30)

    def _drip(self) -> None:
        self._say(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._for_ever(b"x")

    def _huge(self) -> None:
        self._say(b"HTTP/1.1 200 OK\r\n\r\n")
        self._for_ever(b"x" * 4096)

    def _long_head(self) -> None:
        self._say(b"HTTP/1.1 200 OK\r\n")
        self._for_ever(b"X-Long: " + b"x" * 4000 + b"\r\n")

    def _for_ever(self, piece: bytes) -> None:
        while not self.server.stopped.is_set():
            self._say(piece)

    def _drop(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    def _cut(self) -> None:
        self._say(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this")

    def _nonsense(self) -> None:
        self._say(b"I am no web server\r\n\r\n")


@contextmanager
def receiving(*script: Any, secure: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver that runs in a thread of this process."""
    server = Receiver(*script, secure=secure)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
