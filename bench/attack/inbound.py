"""Mails that others send us: broken, endless, written by machines, forged."""

from __future__ import annotations

import random
import time
from base64 import b64encode
from collections.abc import Iterator

from bench.attack.asking import Ground, undone
from bench.attack.corpus import Supply
from groundswell.kernel.ids import new_id
from groundswell.outreach.models import Inbound, Line
from groundswell.outreach.operations import aliases, inbound
from groundswell.outreach.relay import machines, quotes, reading

KIND = "inbound"
_READ, _WHOLE = 4_000, 400
_SECONDS_MOST = 5.0
_DOMAIN = "reply.example.org"
_VERDICTS = frozenset(
    {"no_alias", "malformed", "loop", "bounce", "automatic", "list", "closed", "no_words",
     "too_many", "came_before", "held", "passed"}
)  # fmt: skip
# Heads of mail that no person wrote; each must keep the mail from being passed on.
MACHINES = (
    b"Auto-Submitted: auto-replied", b"Auto-Submitted: auto-generated (zqx)",
    b"auto-submitted:\tAUTO-NOTIFIED", b"X-Autoreply: yes", b"X-Auto-Response-Suppress: All",
    b"Precedence: bulk", b"PRECEDENCE:  List", b"Precedence: auto_reply", b"List-Id: <zqx.example>",
    b"List-Unsubscribe: <mailto:zqx@zqx.example>", b"X-Vacation: 1", b"Feedback-ID: zqx",
    b"Subject: Out of office: zqx", b"Subject: Automatic reply: zqx",
    b"Subject: Undeliverable: zqx",
    b"Subject: =?utf-8?q?Abwesenheit?=", b"Subject: Returned mail: zqx",
    b"Content-Type: multipart/report; boundary=b", b"Message-ID: <zqx@reply.example.org>",
    b"Message-ID: <ZQX@Reply.Example.ORG>", b"\r\n".join([b"Received: from zqx by zqx"] * 31),
)  # fmt: skip
_FROM_MACHINES = (b"mailer-daemon@zqx.example", b"postmaster@zqx.example", b"no-reply@zqx.example",
                  b"bounces+zqx@zqx.example", b"MAILER-DAEMON@zqx.example")  # fmt: skip


def attack(ground: Ground) -> None:
    """Reading alone, by the thousand; then the whole way, with a verdict for each."""
    supply = Supply(ground.dice)
    for content in _malformed(ground, supply, ground.share(_READ)):
        _read(ground, content)
    for content in _bombs():
        _read(ground, content)
    _machines(ground)
    _whole_way(ground, supply)


# --- broken mail -------------------------------------------------------------------------------


def _plain(subject: bytes = b"Hello", sender: bytes = b"amina@example.org") -> bytes:
    return (
        b"From: Amina <" + sender + b">\r\nTo: r@" + _DOMAIN.encode() + b"\r\nSubject: " + subject
        + b"\r\nMessage-ID: <a1@example.org>\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\nSee you at the stop.\r\n"
    )  # fmt: skip


_CHARSETS = ("utf-8", "utf-7", "utf-16", "punycode", "idna", "base64", "hex", "zip", "bz2", "rot13",
             "unicode_escape", "raw_unicode_escape", "zqx", "", "\x00", "cp037", "iso2022_kr", "hz",
             "undefined", "mbcs", "u" * 9_000)  # fmt: skip
_ENCODINGS = (
    b"base64",
    b"quoted-printable",
    b"x-uuencode",
    b"uuencode",
    b"7bit",
    b"zqx",
    b"",
    b"\0",
)
_KINDS = (b"text/plain", b"text/html", b"multipart/mixed", b"multipart/alternative",
          b"message/rfc822", b"message/partial", b"application/x-zip", b"text", b"/", b"",
          b"text/plain/x",
          b"multipart/report; report-type=delivery-status", b"message/external-body")  # fmt: skip


def _malformed(ground: Ground, supply: Supply, count: int) -> Iterator[bytes]:
    """Heads and bodies put together from parts that do not fit."""
    dice = ground.dice
    for _number in range(count):
        words = [supply.next().text.encode("utf-8", "surrogatepass") for _each in range(4)]
        charset = dice.choice(_CHARSETS).encode()
        coded = b"=?" + charset + b"?b?" + b64encode(words[2]) + b"?="
        head = [
            b"From: " + dice.choice((b"Amina <amina@example.org>", words[0], words[0] + b" <a@b>")),
            b"To: " + words[1],
            b"Subject: " + dice.choice((words[2], coded)),
            b"Content-Type: " + dice.choice(_KINDS) + b"; charset=" + charset
            + dice.choice((b"", b"; boundary=b", b'; boundary="' + words[3][:50] + b'"')),
            b"Content-Transfer-Encoding: " + dice.choice(_ENCODINGS),
            words[3] + b": " + words[0],
        ]  # fmt: skip
        dice.shuffle(head)
        end = dice.choice((b"\r\n", b"\n", b"\r"))
        body = dice.choice((words[1], b64encode(words[1]), b"--b\r\n" + words[2] + b"\r\n--b--"))
        yield _torn(end.join(head) + end + end + body, dice)


def _torn(content: bytes, dice: random.Random) -> bytes:
    if dice.random() < 0.5:
        return content
    broken = bytearray(content)
    for _change in range(dice.randint(1, 9)):
        broken[dice.randrange(len(broken))] = dice.randrange(256)
    if dice.random() < 0.3:
        del broken[dice.randrange(len(broken)) :]
    return bytes(broken)


def _nested(depth: int, kind: bytes) -> bytes:
    opened = b"".join(
        b"Content-Type: %s; boundary=b%d\r\n\r\n--b%d\r\n" % (kind, number, number)
        for number in range(depth)
    )
    return b"From: a@example.org\r\n" + opened + b"Content-Type: text/plain\r\n\r\nzqx\r\n"


def _bombs() -> Iterator[bytes]:
    """Few bytes that promise much work."""
    for depth in (10, 100, 1_000, 20_000):
        for kind in (b"multipart/mixed", b"message/rfc822", b"multipart/digest"):
            yield _nested(depth, kind)
    for size in (1_000, 100_000, 3_000_000):
        yield _plain(b"x" * size)
        yield _plain(b"=?utf-8?q?" + b"=41" * (size // 3) + b"?=")
        yield _plain(b" =?utf-8?b?QQ==?=" * (size // 17))
        yield _plain().replace(b"To: r@", b"To: " + b"a@b.example, " * (size // 13) + b"r@")
        yield _plain().replace(b"To: r@", b"To: " + b"(" * size)
        yield _plain().replace(b"text/plain;", b"text/plain" + b"; a*0*=x" * (size // 8) + b";")
        yield b"\r\n".join([b"X-%d: 1" % number for number in range(size // 8)]) + b"\r\n\r\nx"
        yield _plain() + b"> " * (size // 2)
        yield _plain() + b"On Mon, " * (size // 8)
        yield _plain() + b"--\r\n" * (size // 4)
        yield _plain() + b"a@" * (size // 2)
        yield _plain() + b"0" * size
        html = b"<div>" * (size // 5)
        yield _plain().replace(b"text/plain", b"text/html") + html
        yield _plain().replace(b"text/plain", b"text/html") + b"<!--" * (size // 4)
        yield _plain().replace(b"text/plain", b"text/html") + b"&#" * (size // 2)
    yield b""
    yield b"\r\n\r\n"
    yield b"\0" * 1_000_000


def _read(ground: Ground, content: bytes) -> None:
    """A letter or a refusal, in time, and nothing raised."""
    ground.tally.count(KIND)
    began = time.process_time()
    try:
        letter = reading.read(content)
        if letter is not None:
            machines.why_not_a_person(letter, envelope_from="<>", relay_domain=_DOMAIN)
            quotes.own_words(letter.text)
    except Exception as error:
        ground.tally.broke(KIND, f"{type(error).__name__}: {str(error)[:100]}", repr(content[:300]))
    if time.process_time() - began > _SECONDS_MOST:
        ground.tally.broke(KIND, f"more than {_SECONDS_MOST} s", repr(content[:300]))


# --- the whole way -----------------------------------------------------------------------------


def _machines(ground: Ground) -> None:
    """What a machine wrote is never passed on, whatever else stands in it."""
    for head in MACHINES:
        subject = b"Hello" if not head.startswith(b"Subject") else head.partition(b": ")[2]
        content = _plain(subject)
        if not head.startswith(b"Subject"):
            name = head.partition(b":")[0].lower()
            kept = [
                line for line in content.split(b"\r\n") if line.partition(b":")[0].lower() != name
            ]
            content = head + b"\r\n" + b"\r\n".join(kept)
        _verdict(ground, content, "<amina@example.org>", never={"passed", "held"})
    for sender in _FROM_MACHINES:
        _verdict(ground, _plain(sender=sender), f"<{sender.decode()}>", never={"passed", "held"})
    _verdict(ground, _plain(), "<>", never={"passed", "held"})
    _verdict(ground, _plain(sender=b"mallory@zqx.example"), "<amina@example.org>", never={"passed"})


def _whole_way(ground: Ground, supply: Supply) -> None:
    """Stored, worked on, answered with a verdict; words of strangers are held."""
    for content in _malformed(ground, supply, ground.share(_WHOLE)):
        _verdict(ground, content, "<zqx@zqx.example>", never=set())


def _verdict(ground: Ground, content: bytes, sender: str, *, never: set[str]) -> None:
    """One mail to the alias of the guest of our event."""
    from groundswell.outreach.models import Conversation

    ground.tally.count(KIND)
    again = f"mail from {sender}: {content[:400]!r}"
    with undone():
        talk = Conversation.objects.select_related("event").get(id=_talk_id(ground))
        alias = aliases.address_of(talk, Conversation.Side.PERSON)
        before = Line.objects.count()
        try:
            kept = inbound.store(
                way="raw",
                event_id=str(new_id()),
                sender=sender,
                recipients=[alias],
                content=content,
            )
            row = Inbound.objects.latest("received_at")
            inbound.work_on.func(row.id)
            row.refresh_from_db()
        except Exception as error:
            ground.tally.broke(KIND, f"{type(error).__name__}: {str(error)[:100]}", again)
            return
        lines = Line.objects.count() - before
    if kept != 1 or row.verdict not in _VERDICTS or row.mail_sealed:
        ground.tally.broke(KIND, f"kept {kept}, verdict {row.verdict!r}", again)
    elif row.verdict in never or (lines and never == {"passed", "held"}):
        ground.tally.got_through(KIND, f"a machine's or forged mail was {row.verdict}", again)


def _talk_id(ground: Ground) -> int:
    return ground.world.conversation_ids[1]
