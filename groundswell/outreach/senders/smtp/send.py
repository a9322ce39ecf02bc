"""Hands mail to the installation's mail server over one kept connection.

Plain SMTP can be neither asked nor told twice without harm, so what this file must get right is
*when the mail has left*: before the first byte of its content nothing has happened; from there
until the server's answer nobody knows (RFC 1047).
"""

from __future__ import annotations

import re
import smtplib
import ssl
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from groundswell.outreach.mail.mime import Mail
from groundswell.outreach.senders.contract import TIMEOUT_SECONDS, Outcome, Result

_IDLE_SECONDS = 20.0  # servers drop a silent client; a fresh connection is cheaper than a doubt
_MAILS_PER_CONNECTION = 200
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
_ENHANCED = re.compile(rb"^([245])\.(\d{1,3})\.(\d{1,3})\b")  # RFC 3463
# Bad destination mailbox, bad system, bad syntax, moved; mailbox disabled.
_GONE = frozenset({b"5.1.1", b"5.1.2", b"5.1.3", b"5.1.6", b"5.1.10", b"5.2.1"})
_NO_SUCH_MAILBOX = frozenset({550, 551, 553})  # RFC 5321 section 4.2.3, when nothing finer is said


class _DeadlineReader:
    """Reads lines until a deadline for all of them: a server that drips cannot hold us."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._held = b""

    def readline(self, limit: int = -1) -> bytes:
        while b"\n" not in self._held and (limit < 0 or len(self._held) < limit):
            sock = self._connection.sock
            if sock is None:
                raise ConnectionError("not connected")
            sock.settimeout(self._connection.seconds_left())
            more = sock.recv(4096)
            if not more:
                break
            self._held += more
        end = self._held.find(b"\n") + 1 or len(self._held)
        end = min(end, limit) if limit >= 0 else end
        line, self._held = self._held[:end], self._held[end:]
        return line

    def close(self) -> None:
        self._held = b""


class _Connection(smtplib.SMTP):
    """smtplib with one deadline for a whole exchange instead of one for every read."""

    deadline = 0.0

    def allow(self, seconds: float) -> None:
        """Start the time of the next exchange."""
        self.deadline = time.monotonic() + seconds
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def seconds_left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the mail server took too long")
        return left

    def send(self, s: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(self.seconds_left())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = _DeadlineReader(self)
        return super().getreply()


class _SecureConnection(smtplib.SMTP_SSL, _Connection):
    """TLS from the first byte (RFC 8314)."""


@dataclass(frozen=True, slots=True)
class _Server:
    """Where to deliver: the parts of GROUNDSWELL_SMTP_URL."""

    host: str
    port: int
    name: str
    password: str
    is_secure: bool

    @classmethod
    def of(cls, url: str) -> _Server:
        parts = urlsplit(url)
        is_secure = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or (465 if is_secure else 587 if parts.username else 25),
            name=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            is_secure=is_secure,
        )


class _NotConnected(Exception):
    """No usable connection, with a code that says why."""


class SmtpSender:
    """One kept connection to one server. Not for several threads at once."""

    name = "smtp"
    is_idempotent = False
    is_askable = False

    def __init__(
        self, url: str, *, called: str = "localhost", timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._server = _Server.of(url)
        self._called = called  # what EHLO says; smtplib would ask the DNS for it
        self._timeout = timeout
        self._connection: _Connection | None = None
        self._used_at = 0.0
        self._count = 0

    def send(self, mail: Mail, content: bytes) -> Outcome:
        """Hand one mail over. It is TAKEN only by the server's own word after the content."""
        try:
            connection = self._begin(mail)
        except _NotConnected as why:
            return Outcome(Result.NOT_NOW, str(why), is_our_trouble=True)
        except smtplib.SMTPResponseException as no:
            return self._sender_refused(no)
        try:
            code, words = connection.rcpt(mail.to_address)
        except (OSError, smtplib.SMTPException):
            return self._lost("lost_at_rcpt")
        if code not in {250, 251}:
            return self._refused(code, words, "rcpt")
        return self._content(connection, content)

    def ask(self, provider_ref: str) -> Result | None:
        """SMTP knows no such question."""
        return None

    def close(self) -> None:
        """Hang up, politely if the server still listens."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        connection.allow(1.0)
        try:
            connection.quit()
        except (OSError, smtplib.SMTPException):
            connection.close()

    # --- the steps ---------------------------------------------------------------------------

    def _begin(self, mail: Mail) -> _Connection:
        """A connection that has accepted MAIL FROM; a kept one that died is replaced once."""
        stale = time.monotonic() - self._used_at > _IDLE_SECONDS
        if stale or self._count >= _MAILS_PER_CONNECTION:
            self.close()
        for last_try in (False, True):
            was_kept = self._connection is not None
            connection = self._connection or self._connect()
            connection.allow(self._timeout)
            try:
                code, words = connection.mail(mail.envelope_from or mail.from_address)
            except (OSError, smtplib.SMTPException):
                self._drop()
                if last_try or not was_kept:
                    raise _NotConnected("lost_at_mail") from None
                continue
            if code == 250:
                self._used_at, self._count = time.monotonic(), self._count + 1
                return connection
            if code == 421 and was_kept and not last_try:
                self._drop()  # "closing the channel": it had enough of this connection
                continue
            raise smtplib.SMTPResponseException(code, words)
        raise AssertionError("unreachable")

    def _connect(self) -> _Connection:
        connection = self._unconnected()
        try:
            self._open(connection)
        except smtplib.SMTPAuthenticationError as no:
            connection.close()
            raise _NotConnected(f"sign_in_{no.smtp_code}") from None
        except ssl.SSLError:
            connection.close()
            raise _NotConnected("tls") from None
        except (OSError, smtplib.SMTPException):
            connection.close()
            raise _NotConnected("no_connection") from None
        except _NotConnected:
            connection.close()
            raise
        self._connection, self._count = connection, 0
        return connection

    def _unconnected(self) -> _Connection:
        """A connection object that has not said a word yet."""
        given: dict[str, Any] = {"timeout": self._timeout, "local_hostname": self._called}
        if self._server.is_secure:
            secure = ssl.create_default_context()
            connection: _Connection = _SecureConnection(context=secure, **given)
        else:
            connection = _Connection(**given)
        # smtplib checks the certificate for this name, but sets it only when it connects itself.
        vars(connection)["_host"] = self._server.host
        return connection

    def _open(self, connection: _Connection) -> None:
        connection.allow(self._timeout)
        code, _words = connection.connect(self._server.host, self._server.port)
        if code != 220:
            raise _NotConnected(f"greeting_{code}")
        connection.ehlo_or_helo_if_needed()
        self._secure_and_sign_in(connection)

    def _secure_and_sign_in(self, connection: _Connection) -> None:
        """TLS, except to this very machine: no mail crosses a network in the clear."""
        server = self._server
        if not server.is_secure and server.host not in _THIS_MACHINE:
            if not connection.has_extn("starttls"):
                raise _NotConnected("no_tls")
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo_or_helo_if_needed()
        if server.name:
            connection.login(server.name, server.password)

    def _content(self, connection: _Connection, content: bytes) -> Outcome:
        """DATA: up to its 354 nothing has left; after the first byte only an answer is certain."""
        try:
            code, words = connection.docmd("DATA")
        except (OSError, smtplib.SMTPException):
            return self._lost("lost_at_data")
        if code != 354:
            return self._refused(code, words, "data")
        try:
            connection.send(_stuffed(content))
            code, words = connection.getreply()
        except (OSError, smtplib.SMTPException):
            self._drop()
            return Outcome(Result.PERHAPS, "lost_after_data")
        if 200 <= code < 300:
            self._used_at = time.monotonic()
            return Outcome(Result.TAKEN)
        if 400 <= code < 600:
            return self._refused(code, words, "content")
        self._drop()
        return Outcome(Result.PERHAPS, "odd_answer")

    # --- what an answer means ----------------------------------------------------------------

    def _refused(self, code: int, words: bytes, step: str) -> Outcome:
        """A definite no: 4xx another time, 5xx never (RFC 5321 section 4.2.1)."""
        told = f"{step}_{code}"
        if code == 421 or not 400 <= code <= 599:
            return self._lost(told)
        self._reset()
        if code < 500:
            return Outcome(Result.NOT_NOW, told)
        return Outcome(Result.NEVER, told, is_bounce=step == "rcpt" and _is_gone(code, words))

    def _sender_refused(self, no: smtplib.SMTPResponseException) -> Outcome:
        """MAIL FROM refused: our address or our server is the trouble, not this mail."""
        self._drop()
        return Outcome(Result.NOT_NOW, f"mail_{no.smtp_code}", is_our_trouble=True)

    def _reset(self) -> None:
        """RSET between mails, so that the connection can be kept."""
        if self._connection is None:
            return
        try:
            self._connection.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _lost(self, code: str) -> Outcome:
        """The connection went before the mail did."""
        self._drop()
        return Outcome(Result.NOT_NOW, code, is_our_trouble=True)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _is_gone(code: int, words: bytes) -> bool:
    """Whether the answer says that there is no such mailbox, rather than "not from you"."""
    found = _ENHANCED.match(words.strip())
    if found:
        return found.group(0) in _GONE
    return code in _NO_SUCH_MAILBOX


def _stuffed(content: bytes) -> bytes:
    """Dots doubled at line starts, and the closing dot (RFC 5321 section 4.5.2)."""
    if content.startswith(b"."):
        content = b"." + content
    content = content.replace(b"\r\n.", b"\r\n..")
    end = b"" if content.endswith(b"\r\n") else b"\r\n"
    return content + end + b".\r\n"
