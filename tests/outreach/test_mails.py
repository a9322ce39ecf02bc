"""What people receive: every kind in every language, safe headers, nothing remote."""

from __future__ import annotations

import email
import email.policy
import re
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from groundswell.accounts import operations as account_ops
from groundswell.events.models import Event, Rsvp
from groundswell.events.operations import hosting, messages, proving
from groundswell.kernel import clock, formats
from groundswell.kernel.actor import SYSTEM, VISITOR, Role
from groundswell.kernel.ids import new_id
from groundswell.outreach import kinds, stopping
from groundswell.outreach.delivery import deliver_round
from groundswell.outreach.mail import compiled
from groundswell.outreach.mail.mime import Mail, UnsafeHeader
from groundswell.outreach.models import Message
from groundswell.outreach.operations import outbox
from groundswell.people.models import Consent
from tests.factories import events as make
from tests.outreach.senders import NotingSender, use

LANGUAGES = [code for code, _name in settings.LANGUAGES]
_FLAGS = frozenset(
    {"unproven", "lapses", "words", "place", "place_later", "online", "stop", "campaign"}
    | {"added", "removed", "recovery_code", "answerable", "lost"}
)


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> NotingSender:
    found = NotingSender()
    use(monkeypatch, found)
    return found


def parsed(content: bytes) -> EmailMessage:
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


# --- templates ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", kinds.KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_compiles_and_asks_for_the_same_values_in_text_and_html(
    kind: str, language: str
) -> None:
    has_no_stop = kinds.KINDS[kind].reader in {kinds.Reader.ACCOUNT, kinds.Reader.PERSON}
    for flags in (frozenset[str](), _FLAGS - ({"stop"} if has_no_stop else set())):
        found = compiled.template(kind, language, flags)

        assert found.subject.names | found.text.names == (
            found.subject.names | found.html.names
        ) - {"subject_line", "poster_colour", "call_colour", "campaign_title"}


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_a_right_to_left_mail_has_no_left_to_right_section(kind: str) -> None:
    html = "".join(compiled.template(kind, "ar", _FLAGS).html.parts)

    assert html.count('dir="rtl"') >= 1
    assert re.findall(r"direction:\s*ltr|text-align:\s*left(?=[^\"]*color)", html) == []


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_a_mail_fetches_nothing(kind: str) -> None:
    html = "".join(compiled.template(kind, "en", _FLAGS).html.parts[::2])

    assert re.findall(r"<img|<link|@import|url\(|<script|src=", html) == []


def test_a_name_stays_a_name() -> None:
    values = dict.fromkeys(compiled.template("host_message", "en", _FLAGS).html.names, "x")
    values |= {"first_name": "<b>@@words@@</b> & \u05d0", "words": "one\n<script>"}

    _subject, text, html = compiled.template("host_message", "en", _FLAGS).fill(values)

    assert "<bdi>&lt;b&gt;@@words@@&lt;/b&gt; &amp; \u05d0</bdi>" in html
    assert "one<br>&lt;script&gt;" in html
    assert "Hello <b>@@words@@</b> & \u05d0," in text


def test_filling_a_compiled_template_takes_microseconds() -> None:
    found = compiled.template("rsvp_going", "en", _FLAGS)
    names = found.subject.names | found.text.names | found.html.names
    values = dict.fromkeys(names, "x")
    best = min(_timed(values) for _each in range(5))

    assert best < 0.001


def _timed(values: dict[str, str]) -> float:
    began = time.process_time()
    for _each in range(20):
        compiled.template("rsvp_going", "en", _FLAGS).fill(values)
    return (time.process_time() - began) / 20


# --- bytes -------------------------------------------------------------------------------------


def mail(**others: Any) -> Mail:
    given: dict[str, Any] = {
        "provider_ref": "a1b2c3",
        "kind": "rsvp_going",
        "language": "ar",
        "person_id": 1,
        "from_name": 'Bus "Users" ü',
        "from_address": "hello@example.org",
        "to_address": "amina@example.org",
        "subject": "أنت قادم إلى اللقاء عند محطة الحافلات في شارع الجامعة يوم السبت",
        "text": "مرحبا\n.نقطة\n",
        "html": "<p>مرحبا</p>",
        "sent_at": datetime(2026, 3, 4, tzinfo=UTC),
        "headers": {"List-Unsubscribe": "<https://act.example.org/ar/stop/x>"},
        "calendar": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        "calendar_method": "PUBLISH",
        **others,
    }
    return Mail(**given)


def test_a_mail_reads_back_as_it_was_written() -> None:
    given = mail()

    read = parsed(given.as_bytes())

    assert (str(read["Subject"]), str(read["To"]), read["Message-ID"]) == (
        given.subject,
        "amina@example.org",
        "<a1b2c3@example.org>",
    )
    sender = read["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ('Bus "Users" ü', "hello@example.org")
    assert (part(read, "plain"), part(read, "html").strip()) == (given.text, given.html)
    attached = next(iter(read.iter_attachments()))
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == "PUBLISH"
    assert attached.get_filename() == "event.ics"
    assert attached.get_payload(decode=True) == given.calendar
    assert [each.defects for each in read.walk()] == [[]] * 5


@pytest.mark.parametrize(
    "text",
    ["plain English\n" * 3, "a line of " + "x" * 2000, "é" * 300, ".\n..\n.x\n", "=?utf-8?q?"],
)
def test_every_text_survives_the_way(text: str) -> None:
    content = mail(text=text, html=text).as_bytes()

    assert part(parsed(content), "plain").rstrip("\n") == text.rstrip("\n")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    assert content.isascii()


@pytest.mark.parametrize(
    "hostile",
    [
        {"subject": "Hi\r\nBcc: all@example.org"},
        {"subject": "Hi\nBcc: all@example.org"},
        {"subject": "Hi\x0b"},
        {"subject": "Hi\u2028Bcc: x"},
        {"from_name": "A\r\nBcc: all@example.org"},
        {"to_address": "a@example.org\r\nBcc: all@example.org"},
        {"to_address": "a@example.org>, <b@example.org"},
        {"to_address": "a@example.org,b@example.org"},
        {"to_address": "no address"},
        {"to_address": "a(b)@example.org"},
        {"to_address": "a:b;@example.org"},
        {"to_address": "[a]@example.org"},
        {"from_address": "hello@example.org\n"},
        {"headers": {"X-One": "a\r\nBcc: all@example.org"}},
        {"headers": {"X One": "a"}},
        {"headers": {"X-One:": "a"}},
        {"headers": {"X-One": "ü"}},
        {"headers": {"X-One": "x" * 1100}},
        {"calendar_method": "PUBLISH\r\nX: y"},
        {"provider_ref": "a\r\nb"},
    ],
)
def test_no_header_can_be_smuggled_in(hostile: dict[str, Any]) -> None:
    with pytest.raises(UnsafeHeader):
        mail(**hostile).as_bytes()


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=90),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=150),
)
@example("all@example.org, <b@example.org>, and a name of over sixty letters", "x")
@example("=?utf-8?q?=0D=0ABcc:_b@example.org?=", "=?utf-8?q?=0D=0ABcc:_b@example.org?=")
def test_whatever_a_name_or_subject_holds_the_head_is_ours(name: str, subject: str) -> None:
    """The first once stood bare in the head: with 61 to 70 letters, its commas made addresses."""
    read = parsed(mail(from_name=name, subject=subject).as_bytes())

    assert [one.addr_spec for one in read["From"].addresses] == ["hello@example.org"]
    assert [one.addr_spec for one in read["To"].addresses] == ["amina@example.org"]
    assert read.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "Content-Language", "MIME-Version",
        "List-Unsubscribe", "Content-Type",
    ]  # fmt: skip


# --- from the outbox ---------------------------------------------------------------------------


def sent(rsvp: Rsvp, kind: str, sender: NotingSender, **args: Any) -> tuple[Mail, EmailMessage]:
    message = outbox.to_supporter(
        kind,
        rsvp,
        key=new_id(),
        expires_at=rsvp.event.ends_at + timedelta(days=3),
        args={"starts": int(rsvp.event.starts_at.timestamp()), **args},
    )
    outbox.write([message])
    deliver_round()
    message.refresh_from_db()
    assert (message.state, message.error) == (Message.State.SENT, "")
    return sender.mails[-1], parsed(sender.contents[-1])


def proven(event: Event, **others: Any) -> Rsvp:
    rsvp = make.signed_up(event, email="amina@example.org", **others)
    proving.prove_rsvps(person_id=rsvp.person_id or 0, by=make.supporter_of(rsvp))
    return rsvp


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind",
    [
        "rsvp_going",
        "seat_promoted",
        "event_changed",
        "reminder_day_before",
        "reminder_day",
        "did_you_make_it",
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_supporters_mail_says_what_when_where_and_how_to_stop(
    sender: NotingSender, kind: str, language: str
) -> None:
    rsvp = proven(make.listed_event())
    rsvp.language = language

    mail, read = sent(rsvp, kind, sender)

    stop = stopping.Stop(rsvp.person_id or 0, Consent.Purpose.EVENT, rsvp.event_id)
    address = f"{settings.GROUNDSWELL_ORIGIN}/{language}/stop/{stopping.sign(stop)}"
    assert read["List-Unsubscribe"] == f"<{address}>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Content-Language"] == language
    for words in (mail.text, mail.html):
        assert words.count(address) == 1
        assert rsvp.event.title in words
    assert mail.from_name == "Bus Users Together"
    assert f'dir="{formats.direction(language)}"' in mail.html
    assert set(re.findall(r'href="(https?://[^/"]+)', mail.html)) == {settings.GROUNDSWELL_ORIGIN}


@pytest.mark.django_db
def test_a_confirmation_carries_the_calendar_file(sender: NotingSender) -> None:
    rsvp = proven(make.listed_event())

    mail, read = sent(rsvp, "rsvp_going", sender)

    attached = next(iter(read.iter_attachments())).get_payload(decode=True)
    assert isinstance(attached, bytes)
    entry = Calendar.from_ical(attached).walk("VEVENT")[0]
    assert (str(entry["status"]), int(entry["sequence"]), str(entry["location"])) == (
        "CONFIRMED",
        0,
        "Stop H, Woodhouse Street, Leeds",
    )
    assert mail.calendar_method == "PUBLISH"


@pytest.mark.django_db
def test_a_cancelled_event_cancels_in_the_calendar_with_the_hosts_words(
    sender: NotingSender,
) -> None:
    rsvp = proven(make.listed_event())
    hosting.cancel_event(event_id=rsvp.event_id, words="The river rose.", by=SYSTEM)

    mail, read = sent(rsvp, "event_cancelled", sender)

    assert "METHOD:CANCEL" in mail.calendar.decode()
    assert "STATUS:CANCELLED" in mail.calendar.decode()
    assert "Dolores writes:\n\nThe river rose.\n" in part(read, "plain")
    assert "/my/going/" not in mail.text  # there is nothing left to change


@pytest.mark.django_db
def test_a_private_place_is_for_proven_people_with_a_seat(sender: NotingSender) -> None:
    private = make.leeds(venue="5 Elm Road", publicity=Event.Publicity.GOING)
    event = make.listed_event(place=private, capacity=1)

    unproven, _read = sent(make.signed_up(event, email="x@example.org"), "rsvp_going", sender)
    proving.prove_rsvps(person_id=unproven.person_id or 0, by=make.supporter_of(Rsvp.objects.get()))
    proven_mail, _read = sent(Rsvp.objects.get(), "seat_promoted", sender)
    waiting, _read = sent(make.signed_up(event, email="y@example.org"), "rsvp_waiting", sender)

    assert [
        "Elm Road" in mail.text + mail.html + mail.calendar.decode()
        for mail in (unproven, proven_mail, waiting)
    ] == [False, True, False]
    assert "Open your page to see the exact place." in unproven.text


@pytest.mark.django_db
def test_an_online_event_names_its_zone(sender: NotingSender) -> None:
    online = make.leeds(venue="https://meet.example.org/x", publicity=Event.Publicity.ONLINE)

    mail, _read = sent(proven(make.listed_event(place=online)), "rsvp_going", sender)

    assert "Sat 21 Mar, 11:00 to 12:00 (London time)" in mail.text
    assert "https://meet.example.org/x" in mail.text


@pytest.mark.django_db
def test_an_unproven_sign_up_is_asked_to_prove_it(sender: NotingSender) -> None:
    mail, _read = sent(make.signed_up(make.listed_event()), "rsvp_going", sender)

    assert mail.text.count("Yes, this is me:") == 1
    assert mail.text.count("See or change your sign-up") == 0


@pytest.mark.django_db
def test_hostile_names_stay_in_their_place(sender: NotingSender) -> None:
    event = make.listed_event(title="Meet\r\nBcc: all@example.org <script>")
    rsvp = proven(event, given="A\u202emina\r\nX")

    mail, read = sent(rsvp, "rsvp_going", sender)

    assert read["Bcc"] is None
    assert "<script>" not in mail.html
    assert str(read["Subject"]) == ("You are going: Meet Bcc: all@example.org <script>, Sat 21 Mar")
    assert mail.text.startswith("Hello Amina,")


@pytest.mark.django_db
def test_a_hosts_message_reaches_people_and_shows_no_address(sender: NotingSender) -> None:
    rsvp = proven(make.listed_event())
    words = messages.message_people(
        event_id=rsvp.event_id, body="Bring tea.\nAnd cups.", by=make.host_of(rsvp.event)
    )

    mail, read = sent(rsvp, "host_message", sender, message_id=words.id)

    assert "Bring tea.\nAnd cups." in part(read, "plain")
    assert "Bring tea.<br>And cups." in mail.html
    assert "dolores@example.org" not in mail.text + mail.html + str(read)


@pytest.mark.django_db
def test_a_sign_in_code_stands_in_the_mail_and_nowhere_else(
    sender: NotingSender, work: Any
) -> None:
    from groundswell.accounts import queries as account_queries

    account_ops.create_account(email="o@example.org", name="O", roles=[Role.OWNER], by=SYSTEM)
    code_id = account_ops.ask_code(email="o@example.org", language="en", by=VISITOR)
    work()

    code = account_queries.pending_code(code_id)
    assert code is not None
    mail, read = sender.mails[0], parsed(sender.contents[0])
    assert f"{code[:4]} {code[4:]}" in mail.text
    assert code[:4] not in str(read["Subject"])
    assert read["List-Unsubscribe"] is None
    message = Message.objects.get()
    assert code not in " ".join(str(value) for value in vars(message).values())


@pytest.mark.django_db
def test_an_unknown_language_is_read_in_the_nearest_we_have(sender: NotingSender) -> None:
    rsvp = proven(make.listed_event())
    found = []
    for language in ("fr-CA", "xx"):
        rsvp.language = language
        found.append(sent(rsvp, "rsvp_going", sender)[0].language)

    assert found == ["fr", "en"]


@pytest.mark.django_db
def test_a_mail_is_dated_by_the_houses_clock(sender: NotingSender) -> None:
    _mail, read = sent(proven(make.listed_event()), "rsvp_going", sender)

    assert read["Date"].datetime == clock.now()


@pytest.mark.django_db
def test_words_of_a_host_who_is_gone_are_still_the_hosts(sender: NotingSender) -> None:
    rsvp = proven(make.listed_event())
    hosting.cancel_event(event_id=rsvp.event_id, words="Off.", by=SYSTEM)
    Event.objects.update(host=None)

    mail, _read = sent(rsvp, "event_cancelled", sender)

    assert "Your host writes:\n\nOff.\n" in mail.text


@pytest.mark.django_db
def test_a_host_reads_the_organisers_words(sender: NotingSender) -> None:
    from groundswell.events.operations import reviewing

    event = make.waiting_event()
    reviewing.decline(event_id=event.id, words="Too late for us.", by=SYSTEM)
    event.refresh_from_db()
    outbox.write([outbox.to_host("host_declined", event, key=1, expires_at=event.ends_at)])

    deliver_round()

    assert "The organisers write:\n\nToo late for us.\n" in sender.mails[0].text
    assert "/my/event/" not in sender.mails[0].text
