"""R13: mails built to hurt their reader. Each gets an answer in time; none kills a worker."""

from __future__ import annotations

import base64
import json
import random
import time
from pathlib import Path

import pytest

from groundswell.kernel.text import clean_text
from groundswell.outreach.relay import machines, quotes, reading, redacting

SECONDS = 5.0
NOBODY = (redacting.Secrets(("a@example.org",), ("+447911123456",), "Amina", "Khan"),)


def verdict(raw: bytes) -> str:
    """What the relay makes of bytes, without a database."""
    letter = reading.read(raw)
    if letter is None:
        return "malformed"
    why = machines.why_not_a_person(letter, envelope_from="x@y.z", relay_domain="r.example")
    redacted = redacting.redact(quotes.own_words(letter.text), NOBODY, countries=("GB",))
    words = clean_text(redacted)
    return why or ("words" if words.strip() else "no_words")


def in_time(raw: bytes) -> str:
    began = time.perf_counter()
    found = verdict(raw)
    assert time.perf_counter() - began < SECONDS
    return found


def nested(depth: int, *, kind: str = "mixed") -> bytes:
    head = b"".join(
        b'Content-Type: multipart/%s; boundary="b%d"\r\n\r\n--b%d\r\n' % (kind.encode(), n, n)
        for n in range(depth)
    )
    return b"From: a@b.c\r\n" + head + b"Content-Type: text/plain\r\n\r\nhi\r\n"


HEAD = b"From: a@b.c\r\n"
BOMBS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "no_words"),
    "no head": (b"\r\n\r\nhello", "words"),
    "only a head": (HEAD * 10, "no_words"),
    "zeros": (b"\0" * 100_000, "no_words"),
    "a header without an end": (b"X: " + b"a" * 200_000, "malformed"),
    "many headers": (b"X: a\r\n" * 2_000 + b"\r\nhi", "malformed"),
    "nested a thousand deep": (nested(1_000), "malformed"),
    "nested thirty deep": (nested(30), "words"),
    "many parts": (
        HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 9_000,
        "malformed",
    ),
    "a type with a thousand parameters": (
        HEAD + b"Content-Type: text/plain; " + b'a="b' * 20_000 + b"\r\n\r\nhi",
        "words",
    ),
    "comments in comments": (
        HEAD + b"Content-Type: text/plain " + b"(" * 50_000 + b"\r\n\r\nhi", "no_words"),
    "a list of senders": (b"From: " + b"a@b.c, " * 15_000 + b"\r\n\r\nhi", "words"),
    "8-bit heads": ("From: Zoë <é@b.c>\r\nSubject: ü\r\n\r\nhé".encode("latin-1"), "words"),
    "a lone surrogate": (HEAD + b"\r\n\xed\xa0\x80 hi", "words"),
    "vertical tab in a name": (b"From: A\x0bmina <a@b.c>\r\n\r\nhi\x0b\x00", "words"),
    "an encoded word that lies": (HEAD + b"Subject: =?zlib?B?eJwDAAAAAAE=?=\r\n\r\nhi", "words"),
    "a slow character set": (
        HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a" * 200_000,
        "words",
    ),
    "a character set that is none": (
        HEAD + b"Content-Type: text/plain; charset=zlib\r\n\r\nhi", "words"),
    "broken base 64": (
        HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n%%%% aGk \xff=", "words"),
    "uuencode without an end": (
        HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\n" + b"M" * 60_000,
        "words",
    ),
    "deep HTML": (
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 200_000 + b"hi", "no_words"),
    "open comments": (HEAD + b"Content-Type: text/html\r\n\r\n" + b"<!--" * 200_000, "no_words"),
    "entities": (HEAD + b"Content-Type: text/html\r\n\r\n" + b"&lt;" * 200_000, "words"),
    "one line": (HEAD + b"\r\n" + b"word " * 900_000, "words"),
    "a million lines": (HEAD + b"\r\n" + b"On\r\n" * 1_000_000, "words"),
    "quotes only": (HEAD + b"\r\n" + b"> x\r\n" * 100_000, "no_words"),
    "signs at": (HEAD + b"\r\n" + b"a@" * 400_000, "words"),
    "digits": (HEAD + b"\r\n" + b"1 " * 400_000, "words"),
    "cards": (HEAD + b"\r\n" + b"BEGIN:VCARD\r\n" * 50_000, "no_words"),
    "a loop": (b"Received: x\r\n" * 40 + HEAD + b"\r\nhi", "loop"),
    "too large": (HEAD + b"\r\n" + b"x" * (6 * 1024 * 1024), "malformed"),
    "a mail in a mail": (
        HEAD + b"Content-Type: message/rfc822\r\n\r\nFrom: x@y.z\r\n\r\nsecret", "no_words"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_gets_its_answer_in_time(name: str) -> None:
    raw, wanted = BOMBS[name]

    assert in_time(raw) == wanted


def test_mails_with_bytes_changed_and_cut_at_random() -> None:
    """1,500 broken mails from thirty whole ones: a definite answer to each."""
    dice = random.Random(13)
    whole = [raw for raw, _verdict in BOMBS.values() if len(raw) < 20_000]
    seen = set()
    for number in range(1_500):
        raw = bytearray(whole[number % len(whole)] or b"x")
        for _change in range(dice.randint(1, 12)):
            at = dice.randrange(len(raw))
            what = dice.choice(["change", "cut", "double", "grow"])
            if what == "change":
                raw[at] = dice.randrange(256)
            elif what == "cut":
                del raw[at:]
                raw += b"\r\n"
            elif what == "double":
                raw[at:at] = raw[at : at + dice.randint(1, 400)]
            else:
                raw[at:at] = dice.randbytes(dice.randint(1, 40))
        seen.add(in_time(bytes(raw)))

    assert seen <= {"malformed", "words", "no_words", "loop", "automatic", "bounce", "list"}
    assert {"words", "no_words"} <= seen


def _raw(one: dict[str, str]) -> bytes:
    if one["encoding"] == "base64":
        return base64.b64decode(one["raw"])
    return one["raw"].encode("utf-8", "replace")


def test_real_bounces_are_never_passed_on(real_data: Path) -> None:
    """116 bounces of 25 years (flufl.bounce), as people's servers sent them."""
    path = real_data / "bounces" / "flufl_bounces.jsonl"
    told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    passed = [
        one["id"]
        for one in told
        if (one["permanent"] or one["temporary"]) and in_time(_raw(one)) == "words"
    ]

    assert len(told) == 116
    assert passed == []


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Hi\n\nOn Tue, 3 Mar 2026, Dolores <r@x.org> wrote:\n> old", "Hi"),
        ("> old\nnew\n> older\nnewer", "new\nnewer"),
        ("Hi\n-- \nAmina Khan", "Hi"),
        ("Hi\n\nSent from my iPhone", "Hi"),
        ("Hi\n\nEnviado desde mi iPhone\nmore", "Hi\n\nmore"),
        ("Hi\n##~ Write above\nold", "Hi"),
        ("Hi\n> ##~ Write above\nold", "Hi"),
        ("Hi\nFrom: A\nSent: B\nold", "Hi"),
        ("From: the station it is\nfive minutes.", "From: the station it is\nfive minutes."),
        ("On Saturday we meet at 11.\nBring water.", "On Saturday we meet at 11.\nBring water."),
        ("BEGIN:VCARD\nTEL:1\nEND:VCARD\nHi", "Hi"),
        ("-----Original Message-----\nold", ""),
    ],
)  # fmt: skip
def test_own_words(typed: str, kept: str) -> None:
    assert quotes.own_words(typed) == kept


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Write to a@example.org", "Write to [address removed]"),
        ("b@example.com too", "[address removed] too"),
        ("Call 07911 123456", "Call [number removed]"),
        ("Call +33 6 12 34 56 78", "Call [number removed]"),
        ("We are 120 on 21.03.2026 at 11:00-12:30", "We are 120 on 21.03.2026 at 11:00-12:30"),
        ("On 2026-03-21 11:00, £1,500 raised", "On 2026-03-21 11:00, £1,500 raised"),
        ("https://meet.example.org/j/12345678901", "https://meet.example.org/j/12345678901"),
        ("https://x.example.org/447911123456", "https://x.example.org/[number removed]"),
        ("Amina Khan here", "Amina K. here"),
        ("AMINA KHAN", "Amina K."),
        ("Ms Khan", "Ms K."),
        ("a khan is a title", "a khan is a title"),
        ("", ""),
    ],
)
def test_redacting(typed: str, shown: str) -> None:
    assert redacting.redact(typed, NOBODY, countries=("GB",)) == shown


@pytest.mark.parametrize("given", ["\\u003c", "\\g<0>", "\\1", "a\\", "\\x"])
def test_a_name_with_a_backslash_is_only_a_name(given: str) -> None:
    """It once broke every message of its bearer, and could bring the family name back."""
    secrets = (redacting.Secrets((), (), given, "Khan"),)

    assert redacting.redact(f"I am {given} Khan.", secrets) == f"I am {given} K.."
