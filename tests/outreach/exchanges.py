"""S25: what people and their programs really send, made up by the thousand from one seed.

Each mail carries the writer's own address, number and family name somewhere: in quotes, signatures,
cards, calendar files, forwarded mail, bounces, automatic answers and heads.
"""

from __future__ import annotations

import random
import re
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formataddr

NAMES = [
    ("Amina", "Khan"), ("Dolores", "Marín"), ("Zoë", "O’Brien"), ("José", "Muñoz García"),
    ("سلمى", "الحسيني"), ("Дарья", "Иванова"), ("Bartholomew", "Featherstonehaugh-Smith"),
    ("Mary Ann", "Young"), ("Nguyễn", "Thị Hoa"), ("Ngozi", "Adichie"), ("Ola", "Åsen"),
    ("Björk", "Guðmundsdóttir"),
]  # fmt: skip
MAIL_DOMAINS = ["example.org", "example.co.uk", "mail.example.net", "beispiel.example"]
WORDS = [
    "I bring two friends and a banner.", "See you on Saturday at 11:00!", "Is there a lift?",
    "We are 120 people on 2026-03-21.", "هل المكان قريب من المحطة؟", "¿A qué hora empezamos?",
    "Je serai en retard de 10 minutes.", "My train is at 10:42, platform 3.", "Thank you 💛",
    "The link is https://meet.example.org/j/12345678901?pwd=abc",
]  # fmt: skip


@dataclass(frozen=True)
class Persona:
    """One side of an exchange, with everything that must not reach the other."""

    given: str
    family: str
    email: str
    phone: str  # E.164

    @property
    def full(self) -> str:
        return f"{self.given} {self.family}"


def personas(count: int, seed: int) -> list[Persona]:
    dice = random.Random(seed)
    found = []
    for number in range(count):
        given, family = NAMES[number % len(NAMES)]
        local = unicodedata.normalize("NFKD", f"{given}.{family}").encode("ascii", "ignore")
        clean = re.sub(r"[^a-z.]", "", local.decode().lower()).strip(".") or "writer"
        email = f"{clean}{number}@{dice.choice(MAIL_DOMAINS)}"
        phone = dice.choice(["+447911123{:03d}", "+34612345{:03d}", "+49151234567{:02d}"])
        found.append(Persona(given, family, email, phone.format(number % 100)))
    return found


# --- what a writer gives away ------------------------------------------------------------------


def _phones(one: Persona) -> list[str]:
    digits = one.phone.removeprefix("+")
    national = "0" + digits[2:]
    arabic = "".join(chr(0x0660 + int(digit)) for digit in digits)
    return [
        one.phone, f"00{digits}", national, f"{national[:5]} {national[5:8]} {national[8:]}",
        f"+{digits[:2]} (0) {digits[2:5]} {digits[5:8]} {digits[8:]}", "-".join(national),
        f"+{digits[:2]}.{digits[2:6]}.{digits[6:]}", f"tel:{one.phone}", f"wa.me/{digits}",
        f"https://wa.me/{digits}?text=hi", f"+{arabic}", national.replace("7", "7\u200b"),
    ]  # fmt: skip


def _emails(one: Persona) -> list[str]:
    local, _at, domain = one.email.partition("@")
    return [
        one.email, one.email.upper(), f"<{one.email}>", f"mailto:{one.email}",
        f"{local} (at) {domain.replace('.', ' (dot) ')}", f"{local} [at] {domain}",
        f"{local} at {domain.replace('.', ' dot ')}", f"{local} @ {domain}",
        f"{local}＠{domain}", f"{local}\u200b@\u200b{domain}", f"{one.full} <{one.email}>",
        f"https://example.org/?mail={one.email}",
    ]  # fmt: skip


def _names(one: Persona) -> list[str]:
    bare = "".join(
        letter for letter in unicodedata.normalize("NFD", one.full)
        if not unicodedata.combining(letter)
    )  # fmt: skip
    return [
        one.full, one.full.upper(), f"{one.family}, {one.given}", one.full.lower(), bare,
        f"{one.given}\n{one.family}", f"Mx {one.family}",
    ]  # fmt: skip


def _signature(dice: random.Random, one: Persona) -> str:
    mark = dice.choice(["-- \n", "--\n", "", "\n", "__________\n", "Best wishes,\n", "—\n"])
    lines = [
        dice.choice(_names(one)),
        dice.choice(["Tel. ", "M: ", "☎ ", ""]) + dice.choice(_phones(one)),
        dice.choice(["E: ", "E-mail: ", ""]) + dice.choice(_emails(one)),
    ]
    dice.shuffle(lines)
    return "\n\n" + mark + "\n".join(lines[: dice.randint(1, 3)])


def _quote(dice: random.Random, me: Persona, other: Persona, alias: str) -> str:
    asked = "Do you bring the banner?"
    said = f"> {asked}\n> {other.given}\n> On Monday {me.full} <{me.email}> wrote:\n>> Hello"
    head = f"{other.given} via Groundswell <{alias}>"
    return "\n\n" + dice.choice(
        [
            f"On Tue, 3 Mar 2026 at 09:12, {head} wrote:\n{said}",
            f"On Tue, 3 Mar 2026 at 09:12, {head}\nwrote:\n\n{said}",
            f"Am 03.03.2026 um 09:12 schrieb {head}:\n{said}",
            f"Le mar. 3 mars 2026 à 09:12, {head} a écrit :\n{said}",
            f"El mar, 3 mar 2026 a las 9:12, {head} escribió:\n{said}",
            f"في الثلاثاء، ٣ مارس، كتب {head}:\n{said}",
            f"-----Original Message-----\nFrom: {head}\nTo: {me.full} <{me.email}>\n{asked}",
            f"________________________________\nFrom: {head}\nSent: Tuesday\nTo: {me.full} "
            f"<{me.email}>\nSubject: Hi\n\n{asked}",
            f"From: {head}\nDate: Tuesday\nTo: {me.email}\n\n{asked}",
            f"---------- Forwarded message ---------\nFrom: {me.full} <{me.email}>\nTo: x\n\nhi",
            f"##~ Write your answer above this line\n{me.full} {me.email} {me.phone}",
            said,
        ]
    )


def _card(one: Persona) -> str:
    return (
        f"BEGIN:VCARD\nVERSION:3.0\nN:{one.family};{one.given}\nFN:{one.full}\n"
        f"TEL;TYPE=CELL:{one.phone}\nEMAIL:{one.email}\nEND:VCARD"
    )


def _calendar(one: Persona) -> str:
    return (
        f"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1@{one.email.partition('@')[2]}\n"
        f"ORGANIZER;CN={one.full}:mailto:{one.email}\nATTENDEE;CN={one.full}:mailto:{one.email}\n"
        "END:VEVENT\nEND:VCALENDAR"
    )


# --- one mail ----------------------------------------------------------------------------------


def mail(dice: random.Random, me: Persona, other: Persona, alias: str, number: int) -> bytes:
    """A mail of ``me`` to the alias behind which ``other`` stands."""
    text = dice.choice(WORDS)
    if dice.random() < 0.4:
        given = dice.choice([_phones, _emails, _names])(me)
        text += f" You reach me: {dice.choice(given)} or {dice.choice(_emails(me))}."
    if dice.random() < 0.6:
        text += _signature(dice, me)
    if dice.random() < 0.6:
        text += _quote(dice, me, other, alias)
    if dice.random() < 0.1:
        text += "\n" + dice.choice([_card, _calendar])(me)
    if dice.random() < 0.1:
        return _machine(dice, me, alias, number)
    kind = dice.choice(
        ["text"] * 5 + ["html", "both", "vcard", "ics", "forward", "latin", "quoted"]
    )
    message = _content(kind, text, me)
    domain = me.email.partition("@")[2]
    heads = {
        "Received": f"from [127.0.0.1] by mail.example for <{me.email}>; Tue, 3 Mar 2026",
        "From": formataddr((me.full, me.email), "utf-8"),
        "To": alias,
        "Subject": Header(f"Re: hello from {me.full} {me.phone}", "utf-8").encode(),
        "Message-ID": f"<{number}.{dice.getrandbits(40)}@{domain}>",
        "References": f"<x@{domain}>",
        "Reply-To": me.email,
        "X-Originating-Email": me.email,
        "Disposition-Notification-To": me.email,
    }
    for name, value in heads.items():
        message[name] = value
    return re.sub(b"\r?\n", b"\r\n", message.as_bytes())


def _content(kind: str, text: str, me: Persona) -> Message:
    """The words in one of the shapes that mail programs give them."""
    html = "<div>" + text.replace("<", "&lt;").replace("\n", "<br>") + "</div>"
    quoted = f'<blockquote class="gmail_quote">{me.full} &lt;{me.email}&gt;</blockquote>'
    link = f'<a href="mailto:{me.email}">{me.email}</a><!-- {me.phone} -->'
    page = MIMEText(f"<html><body>{html}{link}{quoted}</body></html>", "html", "utf-8")
    if kind == "html":
        return page
    plain = MIMEText(text, "plain", _charset(kind, text))
    beside: dict[str, Callable[[], Message]] = {
        "both": lambda: page,
        "vcard": lambda: MIMEText(_card(me), "vcard", "utf-8"),
        "ics": lambda: MIMEText(_calendar(me), "calendar", "utf-8"),
        "forward": lambda: MIMEMessage(MIMEText(f"{me.phone} {me.full}", "plain", "utf-8")),
    }
    if kind not in beside:
        return plain
    whole = MIMEMultipart("alternative" if kind == "both" else "mixed")
    whole.attach(plain)
    whole.attach(beside[kind]())
    return whole


def _charset(kind: str, text: str) -> Charset:
    """UTF-8 in base 64, Latin-1 or quoted-printable."""
    if kind == "latin" and text.isascii():
        return Charset("iso-8859-1")
    found = Charset("utf-8")
    if kind == "quoted":
        found.body_encoding = QP
    return found


def _machine(dice: random.Random, me: Persona, alias: str, number: int) -> bytes:
    """A bounce, an automatic answer, a receipt."""
    told = f"{me.full}, {me.phone}, {me.email} is away ({number}). <{me.email}>: 550"
    if dice.random() < 0.5:
        part = MIMEText(told, "plain", "utf-8")
        extra = {"Auto-Submitted": "auto-replied", "Subject": f"Out of office: {me.full}"}
        for name, value in {"From": me.email, "To": alias, **extra}.items():
            part[name] = value
        return part.as_bytes().replace(b"\n", b"\r\n")
    domain = me.email.partition("@")[2]
    report = b64encode(f"Final-Recipient: rfc822; {me.email}\n".encode()).decode()
    return (
        f"From: Mail Delivery System <MAILER-DAEMON@{domain}>\r\nTo: {alias}\r\n"
        f"Message-ID: <dsn{number}@mail.example>\r\nSubject: Undelivered Mail\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{told}\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{report}\r\n--b--\r\n"
    ).encode()


# --- what got through --------------------------------------------------------------------------


def leaks(shown: str, other: Persona, *, aliases: tuple[str, ...] = ()) -> list[str]:
    """What of ``other`` stands in a mail's heads and parts, however it is written."""
    folded = _flat(shown)
    found = []
    local, _at, domain = other.email.partition("@")
    at = r"[\s(\[{<]*(?:@|at)[\s)\]}>]*"
    dot = r"[\s(\[{<]*(?:\.|dot)[\s)\]}>]*"
    written = re.escape(local) + at + dot.join(map(re.escape, domain.split(".")))
    if re.search(written, folded):
        found.append("address")
    digits = re.sub(r"(?<=\d)[\s().\-/]+(?=\d)", "", folded)
    if other.phone[-9:] in digits:
        found.append("number")
    given, family = _flat(other.given), _flat(other.family)
    if re.search(rf"(?<!\w)({given}\s+{family}|{family},?\s+{given})(?!\w)", folded):
        found.append("name")
    found += ["alias" for one in aliases if one.partition("@")[0] in folded]
    return found


def _flat(text: str) -> str:
    """Folded, without accents and invisible signs, with the digits of one script."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() else letter
        for letter in decomposed
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
