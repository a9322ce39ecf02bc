"""The envelope of a mail, as mail servers write it into lines above the mail's own head."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SENDER = (b"return-path",)
_RECIPIENT = (b"x-original-to", b"delivered-to", b"x-envelope-to")
_LINE = re.compile(rb"([A-Za-z-]{1,40}):[ \t]*([^\r\n]{0,400})\r?\n")
_MBOX = re.compile(rb"From [^\r\n]{0,400}\r?\n")
_MOST = 20


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sent, to whom, and the mail without those lines. A null sender is ``<>``."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


def wrap(content: bytes, *, sender: str, recipients: tuple[str, ...]) -> bytes:
    """The mail with its envelope in front. Raises ValueError for an address with a line break."""
    if any(set(one) & set("\r\n") for one in (sender, *recipients)):
        raise ValueError("an address holds a line break")
    lines = [f"Return-Path: <{sender.strip('<>')}>\r\n"]
    lines += [f"X-Original-To: {one}\r\n" for one in recipients]
    return "".join(lines).encode() + content


def read(content: bytes) -> Envelope:
    """The envelope on top. Only the first lines count: the mail itself could say anything."""
    at = found.end() if (found := _MBOX.match(content)) else 0
    sender, recipients = "", []
    for _number in range(_MOST):
        line = _LINE.match(content, at)
        name = line.group(1).lower() if line else b""
        if line is None or name not in (*_SENDER, *_RECIPIENT):
            break
        value = line.group(2).decode("utf-8", "replace").strip()
        if name in _SENDER:
            sender = value
        else:
            recipients.append(value.strip("<>"))
        at = line.end()
    return Envelope(sender, tuple(recipients), content[at:])
