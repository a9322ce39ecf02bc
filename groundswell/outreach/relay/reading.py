"""Reads a mail without believing it: bounded in bytes, parts, depth and time.

The parser is the standard library's with its older policy: ``policy.default`` parses structured
headers by a recursive grammar that a ``Content-Type`` of 80 kB keeps busy for 23 s (measured on
3.11); the older one only cuts strings.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses
from html import unescape
from itertools import islice

import nh3

MOST_BYTES = 5 * 1024 * 1024
_HEADER_BYTES = 128 * 1024
_HEADER_LINES = 1_000
_HEADER_CHARS = 2_000  # of one header that we look at
_BOUNDARIES = 40  # declared in the whole mail: its depth is less
_BOUNDARY_LINES = 400  # lines that may begin or end a part
_PARTS = 200
_TEXT_BYTES = 256 * 1024  # of the one part that is read
_HTML_CHARS = 64 * 1024  # nh3 takes time by the square of the depth: 0.6 s for the worst of these
_TEXT_CHARS = 40_000

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_BOUNDARY = re.compile(rb"boundary", re.IGNORECASE)
_MARK_LINE = re.compile(rb"^--", re.MULTILINE)
_OPEN_TAG = re.compile(r"<[^>]{0,999}\Z")
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<br[^>]*>|</(?:p|div|li|tr|h[1-6]|pre|ul|ol|table)>", re.IGNORECASE)
_KEPT_TAGS = {"br", "p", "div", "li", "tr", "pre", "ul", "ol", "table", "td"}
_LEFT_OUT = {"script", "style", "head", "title", "template", "svg", "math", "object"}
_QUOTED = {"blockquote"}
_UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MessageError,
    RecursionError,
    TypeError,
    ValueError,
)
# Character sets of living mail. Others (punycode, utf-7…) are slow or ambiguous on purpose.
_CHARSET = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|gb2312|gbk|gb18030|big5(hkscs)?|euc_\w+|shift_jis\w*"
    r"|iso2022_\w+|hz|mac-\w+|utf-16(-[bl]e)?|utf-32(-[bl]e)?|tis-620|johab|ptcp154"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as far as we use it. ``headers`` are lower-cased names with all their raw values."""

    headers: dict[str, list[str]] = field(default_factory=dict)
    text: str = ""
    is_html: bool = False
    has_attachments: bool = False
    content_type: str = "text/plain"

    def first(self, name: str) -> str:
        """The first value of a header; "" when there is none."""
        return self.headers.get(name, [""])[0]

    def addresses(self, name: str) -> list[str]:
        """The bare addresses of a header, as they stand there."""
        try:
            found = getaddresses(self.headers.get(name, []))
        except _UNREADABLE:
            return []
        return [address for _name, address in found if address]


def read(content: bytes, *, keep_quotes: bool = False) -> Letter | None:
    """The mail, or None when it is built to hurt its reader. Raises nothing."""
    if len(content) > MOST_BYTES or not _is_bounded(content):
        return None
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(content)
        return _letter(message, keep_quotes)
    except _UNREADABLE:
        return None


def _is_bounded(content: bytes) -> bool:
    """Whether parsing takes time in proportion to length: few boundaries, a head of finite size."""
    ends = _HEAD_END.search(content)
    head = content[: ends.start()] if ends else content
    if len(head) > _HEADER_BYTES or head.count(b"\n") > _HEADER_LINES:
        return False
    return _few(_BOUNDARY, content, _BOUNDARIES) and _few(_MARK_LINE, content, _BOUNDARY_LINES)


def _few(pattern: re.Pattern[bytes], content: bytes, most: int) -> bool:
    """Whether a pattern occurs ``most`` times at most; stops looking at the one too many."""
    return next(islice(pattern.finditer(content), most, None), None) is None


def _letter(message: Message, keep_quotes: bool) -> Letter:
    headers: dict[str, list[str]] = {}
    for name, value in message._headers:  # type: ignore[attr-defined]  # raw: no header is parsed
        headers.setdefault(str(name).lower(), []).append(_plain(str(value)))
    plain, html, has_attachments = None, None, False
    for part in _leaves(message):
        kind = part.get_content_type()
        is_shown = "attachment" not in str(part.get("content-disposition", "")).lower()[:100]
        if kind == "text/plain" and is_shown and plain is None:
            plain = _decoded(part)
        elif kind == "text/html" and is_shown and html is None:
            html = _decoded(part)
        elif kind not in {"text/plain", "text/html"} or not is_shown:
            has_attachments = True
    is_html = not (plain or "").strip() and html is not None
    text = _text_of(html or "", keep_quotes) if is_html else (plain or "")
    return Letter(headers, text[:_TEXT_CHARS], is_html, has_attachments, message.get_content_type())


def _leaves(message: Message) -> Iterator[Message]:
    """The parts without parts. A mail inside a mail is an attachment: never looked into."""
    waiting, seen = [message], 0
    while waiting and seen < _PARTS:
        part = waiting.pop(0)
        seen += 1
        inside = part.get_payload()
        if isinstance(inside, list) and part.get_content_maintype() == "multipart":
            waiting[:0] = [each for each in inside if isinstance(each, Message)]
        else:
            yield part


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload[:_TEXT_BYTES] if isinstance(payload, bytes) else b""
    charset = str(part.get_param("charset", "utf-8"))[:40]
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        name = "utf-8"
    if not _CHARSET.fullmatch(name):
        name = "utf-8"
    return raw.decode(name, "replace").replace("\r\n", "\n").replace("\r", "\n")


def _plain(value: str) -> str:
    """A header's value with encoded words opened, one line, cut."""
    cut = " ".join(value[:_HEADER_CHARS].split())
    if "=?" not in cut:
        return cut
    try:
        pieces = [
            piece if isinstance(piece, str) else piece.decode(charset or "ascii", "replace")
            for piece, charset in decode_header(cut)
            if charset is None or _CHARSET.fullmatch(codecs.lookup(charset).name)
        ]
    except _UNREADABLE:
        return cut
    return " ".join("".join(pieces).split())


def _text_of(html: str, keep_quotes: bool) -> str:
    """The words of an HTML part: cleaned by nh3 into well-formed tags, then without any."""
    left_out = _LEFT_OUT if keep_quotes else _LEFT_OUT | _QUOTED
    if len(html) > _HTML_CHARS:
        html = _OPEN_TAG.sub("", html[:_HTML_CHARS])
    clean = nh3.clean(
        html,
        tags=_KEPT_TAGS,
        clean_content_tags=left_out,
        attributes={},
        strip_comments=True,
    )
    lines = _BREAK.sub("\n", " ".join(clean.split()))
    return unescape(_TAG.sub("", lines))
