"""Mails that we write, with hostile names, titles and words in them, read again part by part."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from django.conf import settings

from bench.attack import structure, tables
from bench.attack.asking import Ground, undone
from bench.attack.corpus import Supply
from groundswell.events.operations import hosting, messages, proving, reviewing
from groundswell.kernel.actor import SYSTEM
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import worker
from groundswell.outreach import kinds, senders
from groundswell.outreach.mail import compiled
from groundswell.outreach.mail.mime import Mail, UnsafeHeader
from groundswell.outreach.operations import conversations
from groundswell.outreach.senders.contract import Outcome, Result
from groundswell.people.operations import persons
from tests.factories import events as make

KIND = "letter"
_ROUNDS, _HEADS, _BODIES = 50, 2_500, 900


class Taker:
    """A way out that keeps what it is given."""

    name, is_idempotent, is_askable = "taker", True, False

    def __init__(self) -> None:
        self.taken: list[tuple[Mail, bytes]] = []

    def send(self, mail: Mail, content: bytes) -> Outcome:
        self.taken.append((mail, content))
        return Outcome(Result.TAKEN)


@dataclass
class Words:
    """What people write into one event from its beginning to its end."""

    title: str = "A plain title"
    venue: str = "Town library"
    town: str = "Leeds"
    host: str = "Dolores"
    given: str = "Amina"
    family: str = "Khan"
    told: str = "Plain words."
    asked: str = "Is there a lift?"
    review: str = "Please say more."
    why: str = "Rain."

    def count(self) -> int:
        return len(self.__dataclass_fields__)


@dataclass
class Shape:
    """What harmless mails of one kind look like."""

    headers: set[tuple[str, ...]] = field(default_factory=set)
    parts: set[tuple[str, ...]] = field(default_factory=set)
    calendars: set[tuple[str, ...]] = field(default_factory=set)


def attack(ground: Ground) -> None:
    """First harmless ones, to learn their shape; then hostile words in all places at once."""
    shapes: dict[str, Shape] = {}
    known: structure.Vocabulary = set()
    supply = Supply(ground.dice)
    for number in range(2):
        for mail, content in _written(ground, Words(), number):
            _learn(shapes.setdefault(mail.kind, Shape()), content, known)
    _heads(ground)
    _bodies(ground, known)
    if len(shapes) < 8:
        ground.tally.broke(KIND, f"only {len(shapes)} kinds of mail were written", "letters.attack")
    for number in range(2, ground.share(_ROUNDS) + 3):
        names = Words.__dataclass_fields__
        words = Words(**{name: supply.short(900).text for name in names})
        written = _written(ground, words, number)
        ground.tally.count(KIND, words.count())
        for mail, content in written:
            for fault in _faults(shapes.get(mail.kind), mail, content, known)[:2]:
                ground.tally.got_through(KIND, f"{mail.kind}: {fault}", repr(words))


def _heads(ground: Ground) -> None:
    """The bytes of a mail alone: whatever a name, subject or address holds, the head is ours."""
    supply = Supply(ground.dice)
    for number in range(ground.share(_HEADS)):
        name, subject, address = (_storable(supply.next().text) for _each in range(3))
        values = {"from_name": name[: 20 + number % 80], "subject": subject[:200]}
        if number % 4 == 0:
            values["to_address"] = address[:200] + ("@example.org" if number % 8 else "")
        ground.tally.count(KIND, len(values))
        given: dict[str, Any] = {**_PLAIN, **values}
        try:
            content = Mail(**given).as_bytes()
        except UnsafeHeader:
            continue  # it is not sent
        except Exception as error:
            ground.tally.broke(KIND, f"{type(error).__name__}: {str(error)[:120]}", repr(values))
            continue
        for fault in _in_head(Mail(**given), _parsed(content)):
            ground.tally.got_through(KIND, f"bytes of a mail: {fault}", repr(values))


def _storable(text: str) -> str:
    """Text as any database gives it back: of letters that UTF-8 has."""
    return text.encode("utf-8", "replace").decode()


_PLAIN: dict[str, Any] = {
    "provider_ref": "a1b2c3", "kind": "rsvp_going", "language": "en", "person_id": 1,
    "from_name": "Bus Users", "from_address": "hello@example.org", "subject": "See you there",
    "to_address": "amina@example.org", "text": "Hello\n", "html": "<p>Hello</p>",
    "sent_at": make.STILL, "headers": {"Auto-Submitted": "auto-generated"},
}  # fmt: skip
_HEAD = ("from", "to", "subject", "date", "message-id", "content-language", "mime-version",
         "auto-submitted", "content-type")  # fmt: skip


def _in_head(mail: Mail, message: EmailMessage) -> list[str]:
    """What is wrong with the head of a mail of these values."""
    found = [] if _names(message) == _HEAD else [f"headers {_names(message)}"]
    if _parts(message) != ("multipart/alternative", "text/plain", "text/html"):
        found.append(f"parts {_parts(message)}")
    return found + _addressed(mail, message)


def _addressed(mail: Mail, message: EmailMessage) -> list[str]:
    """Whether it comes from us and goes to one reader."""
    try:
        return _read_head(mail, message)
    except Exception as error:  # Python's reader stumbles where others would too
        return [f"a head that cannot be read: {type(error).__name__}"]


def _read_head(mail: Mail, message: EmailMessage) -> list[str]:
    found = [f"line ends in {name}" for name, value in message.items() if set(value) & set("\r\n")]
    if str(message["To"]).strip("<>") != mail.to_address:
        found.append(f"to {message['To']}")
    writers = [one.addr_spec for one in message["From"].addresses]
    return found if writers == [mail.from_address] else [*found, f"from {message['From']}"]


def _bodies(ground: Ground, known: structure.Vocabulary) -> None:
    """Each kind of mail in each language, with hostile words for every value it has."""
    supply, dice = Supply(ground.dice), ground.dice
    flags = frozenset({"words", "place", "stop", "campaign", "unproven", "answerable", "lost"})
    languages = [code for code, _name in settings.LANGUAGES]
    for kind in kinds.KINDS:
        has_no_stop = kinds.KINDS[kind].reader in {kinds.Reader.ACCOUNT, kinds.Reader.PERSON}
        for language in languages:
            found = compiled.template(kind, language, flags - ({"stop"} if has_no_stop else set()))
            names = sorted(found.subject.names | found.text.names | found.html.names)
            plain = dict.fromkeys(names, "https://example.org/x")
            known |= structure.Page(found.fill(plain)[2]).bones
    for _turn in range(ground.share(_BODIES)):
        kind, language = dice.choice(list(kinds.KINDS)), dice.choice(languages)
        has_no_stop = kinds.KINDS[kind].reader in {kinds.Reader.ACCOUNT, kinds.Reader.PERSON}
        found = compiled.template(kind, language, flags - ({"stop"} if has_no_stop else set()))
        names = sorted(found.subject.names | found.text.names | found.html.names)
        values = {name: _value(name, supply) for name in names}
        ground.tally.count(KIND, sum(not _is_ours(name) for name in names))
        for fault in _in_html(found.fill(values)[2], known)[:1]:
            ground.tally.got_through(KIND, f"{kind}: {fault}", repr(values))


def _is_ours(name: str) -> bool:
    """Addresses and colours that nobody writes but we."""
    return name.endswith(("_url", "_colour"))


def _value(name: str, supply: Supply) -> str:
    return "https://example.org/x" if _is_ours(name) else supply.short(900).text


def _written(ground: Ground, words: Words, number: int) -> list[tuple[Mail, bytes]]:
    """Everything that is mailed about one event; a refusal of ours leaves that step out."""
    taker, really = Taker(), senders.current
    senders.current = lambda: taker
    try:
        with undone():
            _live(ground, words, number)
            worker.run_until_idle()
    except Refusal:
        pass
    except Exception as error:
        ground.tally.broke(KIND, f"{type(error).__name__}: {str(error)[:120]}", repr(words))
    finally:
        senders.current = really
    return taker.taken


def _live(ground: Ground, words: Words, number: int) -> None:
    """One event from its publication to its end, by the operations behind the pages."""
    place = make.leeds(venue=words.venue, town=words.town)
    plan = make.plan(title=words.title, place=place)
    event = hosting.publish_event(
        campaign=ground.world.campaigns[0],
        plan=plan,
        host=persons.Typed(given=words.host, family=words.family, email=f"h{number}@example.org"),
        by=make.VISITOR,
    )
    host = make.host_of(event)
    hosting.prove_host(event_id=event.id, by=host)
    _try(lambda: reviewing.ask_host(event_id=event.id, words=words.review, by=SYSTEM))
    _try(lambda: reviewing.approve(event_id=event.id, words=words.review, by=SYSTEM))
    event.refresh_from_db()
    rsvp = make.signed_up(
        event, email=f"g{number}@example.org", given=words.given, family=words.family
    )
    worker.run_until_idle()
    proving.prove_rsvps(person_id=rsvp.person_id or 0, by=make.supporter_of(rsvp))
    _try(lambda: messages.message_people(event_id=event.id, body=words.told, by=host))
    guest = make.supporter_of(rsvp)
    line: list[Any] = []
    _try(lambda: line.append(
        conversations.write_to_host(rsvp_id=rsvp.id, body=words.asked, by=guest)
    ))  # fmt: skip
    if line:
        talk_id = line[0].conversation_id
        _try(lambda: conversations.answer(conversation_id=talk_id, body=words.told, by=host))
    worker.run_until_idle()
    _try(lambda: hosting.cancel_event(event_id=event.id, words=words.why, by=host))


def _try(step: Callable[[], Any]) -> None:
    try:
        step()
    except Refusal:
        return


# --- reading -----------------------------------------------------------------------------------


def _parsed(content: bytes) -> EmailMessage:
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def _names(message: EmailMessage) -> tuple[str, ...]:
    return tuple(name.lower() for name in message)


def _parts(message: EmailMessage) -> tuple[str, ...]:
    return tuple(part.get_content_type() for part in message.walk())


def _learn(shape: Shape, content: bytes, known: structure.Vocabulary) -> None:
    message = _parsed(content)
    shape.headers.add(_names(message))
    shape.parts.add(_parts(message))
    known |= structure.Page(_html(message)).bones
    if calendar := _calendar(message):
        shape.calendars.add(tuple(tables.bones(calendar)))


def _html(message: EmailMessage) -> str:
    found = message.get_body(("html",))
    return str(found.get_content()) if found is not None else ""


def _calendar(message: EmailMessage) -> bytes:
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            payload = part.get_payload(decode=True)
            return payload if isinstance(payload, bytes) else b""
    return b""


def _faults(
    shape: Shape | None, mail: Mail, content: bytes, known: structure.Vocabulary
) -> list[str]:
    """What hostile words did to a mail."""
    message = _parsed(content)
    found = [f"defect {type(defect).__name__}" for defect in message.defects]
    if shape is not None:
        wanted = {frozenset(names) for names in shape.headers}
        names = _names(message)
        if frozenset(names) not in wanted or len(set(names)) != len(names):
            found.append(f"headers {names}")
        if _parts(message) not in shape.parts:
            found.append(f"parts {_parts(message)}")
    found += _addressed(mail, message)
    if (calendar := _calendar(message)) and shape is not None:
        try:
            is_known = tuple(tables.bones(calendar)) in shape.calendars
        except ValueError as wrong:
            found.append(f"calendar: {wrong}")
        else:
            found += [] if is_known else ["a calendar of another shape"]
    return found + _in_html(_html(message), known)


def _in_html(text: str, known: structure.Vocabulary) -> list[str]:
    """Tables for mail programs are crooked by nature: what they close is not looked at."""
    if not structure.holds_mark(text):
        return []
    return [
        fault
        for fault in structure.faults(text, known)
        if " closes " not in fault and "never closed" not in fault
    ]
