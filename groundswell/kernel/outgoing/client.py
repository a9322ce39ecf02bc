"""One post to one machine: the name is looked up once, and only what was checked is connected to.

No redirect is followed, no proxy of the environment is used, and whatever goes wrong becomes a
short code of ours. It never takes longer than LOOK_UP_SECONDS and TOTAL_SECONDS.
"""

from __future__ import annotations

import http.client
import io
import queue
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import Any

from django.conf import settings

from groundswell.kernel.outgoing import addresses
from groundswell.kernel.outgoing.addresses import Failed, Target, Unfit

LOOK_UP_SECONDS = 3.0
CONNECT_SECONDS = 3.0  # for all addresses of a name together
TOTAL_SECONDS = 10.0  # from the first connection to the last byte of the answer
ANSWER_MOST = 64 * 1024  # bytes of an answer that are read, its head included
_PROXY_HEAD_MOST = 8 * 1024
_ADDRESSES_MOST = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said. ``is_whole``: nothing of ``body`` was cut off."""

    status: int
    body: bytes
    is_whole: bool


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Post ``body`` to ``url``. Raises Failed, with a code of ours."""
    target = addresses.read(url)
    found = _looked_up(target)
    ends = time.monotonic() + TOTAL_SECONDS
    connection = _Pinned(target, found, ends)
    try:
        connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", target.host_header)
        connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Connection", "close")
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        return _read(response)
    except ssl.SSLError:
        raise Failed("tls") from None
    except TimeoutError:
        raise Failed("too_slow") from None
    except _TooMuch:
        raise Failed("too_much") from None
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise Failed(_code_of(error)) from None
    finally:
        connection.hang_up()


def _read(response: http.client.HTTPResponse) -> Answer:
    """The answer, as far as it came: its first line is what counts."""
    pieces: list[bytes] = []
    try:
        while piece := response.read1(8192):
            pieces.append(piece)
        is_whole = not response.length  # what is missing, where that is known
    except (http.client.HTTPException, OSError, ValueError, _TooMuch):
        is_whole = False
    return Answer(response.status, b"".join(pieces), is_whole)


def _code_of(error: Exception) -> str:
    is_http = isinstance(error, http.client.HTTPException | ValueError)
    is_gone = isinstance(error, http.client.RemoteDisconnected)
    return "odd_answer" if is_http and not is_gone else "closed"


# --- which address -----------------------------------------------------------------------------

Sockaddr = tuple[Any, ...]


def _looked_up(target: Target) -> list[tuple[int, Sockaddr]]:
    """The addresses of the name, each of them checked: one that is not public spoils them all.

    Raises Unfit, Failed.
    """
    found = _ask_the_system(target.host, target.port)
    for _family, address in found:
        known = ip_address(address[0])
        if target.is_this_machine and known.is_loopback:
            continue  # addresses.read let it pass: a test
        if not addresses.is_public(known):
            raise Unfit("not_public")
    return found[:_ADDRESSES_MOST]


def _ask_the_system(host: str, port: int) -> list[tuple[int, Sockaddr]]:
    """``getaddrinfo``, waited for only so long: it knows no time limit of its own."""
    answer: queue.SimpleQueue[list[Any]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            found = []
        answer.put(found)

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    try:
        found = answer.get(timeout=LOOK_UP_SECONDS)
    except queue.Empty:
        raise Failed("name_slow") from None
    rows = [(family, tuple(where)) for family, _type, _protocol, _name, where in found]
    if not rows:
        raise Failed("no_such_name")
    return rows


# --- the connection ----------------------------------------------------------------------------


class _TooMuch(Exception):
    """The answer is longer than anybody needs."""


class _Wire:
    """What ``http.client`` takes for a socket: one deadline for everything.

    It closes a socket as soon as it has the head of an answer, which real ones survive until
    they were read; so closing is left to :meth:`_Pinned.hang_up`.
    """

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock, self._ends = sock, ends

    def sendall(self, data: Any) -> None:
        rest = memoryview(data)
        while rest:
            self._sock.settimeout(_seconds_until(self._ends))
            rest = rest[self._sock.send(rest) :]

    def makefile(self, mode: str = "rb") -> io.BufferedReader:
        return io.BufferedReader(_Tap(self._sock, self._ends))

    def close(self) -> None:
        """See above."""


class _Tap(io.RawIOBase):
    """Reads until the deadline, and no more than anybody needs."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock, self._ends, self._left = sock, ends, ANSWER_MOST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left:
            raise _TooMuch
        self._sock.settimeout(_seconds_until(self._ends))
        count = self._sock.recv_into(memoryview(buffer)[: self._left])
        self._left -= count
        return count


class _Pinned(http.client.HTTPConnection):
    """Connects to the addresses that were checked, and to nothing else."""

    def __init__(self, target: Target, found: list[tuple[int, Sockaddr]], ends: float) -> None:
        super().__init__(target.host, target.port)
        self._target, self._found, self._ends = target, found, ends
        self._line: socket.socket | None = None

    def connect(self) -> None:
        proxy = _proxy()
        sock = self._through(*proxy) if proxy else _first_that_answers(self._found)
        if not proxy and not self._target.is_this_machine and _leads_here(sock, self._found):
            sock.close()
            raise Unfit("ours")
        if self._target.scheme == "https":
            sock.settimeout(_seconds_until(self._ends))
            try:
                sock = secure().wrap_socket(sock, server_hostname=self._target.host)
            except BaseException:
                sock.close()
                raise
        self._line, self.sock = sock, _Wire(sock, self._ends)

    def hang_up(self) -> None:
        """Close what is open, politely or not."""
        self.close()
        if self._line is not None:
            self._line.close()

    def _through(self, host: str, port: int) -> socket.socket:
        """A tunnel to the checked address: the proxy is not asked what the name means."""
        sock = _first_that_answers(_proxy_addresses(host, port))
        where = self._found[0][1]
        shown = f"[{where[0]}]:{where[1]}" if ":" in where[0] else f"{where[0]}:{where[1]}"
        try:
            asked = f"CONNECT {shown} HTTP/1.1\r\nHost: {shown}\r\n\r\n"
            sock.settimeout(_seconds_until(self._ends))
            sock.sendall(asked.encode("ascii"))
            if not _is_open(sock, self._ends):
                raise Failed("proxy_refused")
        except BaseException:
            sock.close()
            raise
        return sock


def _first_that_answers(found: list[tuple[int, Sockaddr]]) -> socket.socket:
    """A connection to one of the addresses, in their order."""
    ends = time.monotonic() + CONNECT_SECONDS
    code = "no_connection"
    for family, where in found:
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(_seconds_until(ends))
            sock.connect(where)
        except TimeoutError:
            code = "connect_slow"
            sock.close()
        except OSError:
            sock.close()
        else:
            return sock
    raise Failed(code)


def _leads_here(sock: socket.socket, found: list[tuple[int, Sockaddr]]) -> bool:
    """Whether we reached ourselves at a public address of ours, behind our own firewall: then
    both ends of the connection are the same. Nothing has been said yet."""
    own = sock.getsockname()[0]
    return any(own == where[0] for _family, where in found)


def _proxy() -> tuple[str, int] | None:
    """The proxy that everything goes through (GROUNDSWELL_EGRESS_PROXY), if there is one."""
    host, _colon, port = settings.GROUNDSWELL_EGRESS_PROXY.rpartition(":")
    return (host.strip("[]"), int(port)) if host else None


def _proxy_addresses(host: str, port: int) -> list[tuple[int, Sockaddr]]:
    """The owner's own machine, wherever it stands."""
    try:
        return _ask_the_system(host, port)
    except Failed:
        raise Failed("proxy_gone") from None


def _is_open(sock: socket.socket, ends: float) -> bool:
    """Whether the proxy opened the tunnel. Reads its head byte by byte: what follows is TLS."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        sock.settimeout(_seconds_until(ends))
        piece = sock.recv(1)
        if not piece or len(head) > _PROXY_HEAD_MOST:
            return False
        head += piece
    return head.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200"))


def _seconds_until(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@cache
def secure() -> ssl.SSLContext:
    """TLS by the machine's own list of authorities; the name in the certificate is checked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_default_certs()
    return context
