"""Mail to addresses that only an export holds: passed on, refused, or an alarm."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from groundswell.events.models import Event
from groundswell.kernel.actor import SYSTEM, Actor, Role
from groundswell.outreach.models import Inbound, Message, PassedOn
from groundswell.outreach.operations import inbound
from groundswell.people import stand_ins
from groundswell.people.models import Canary, Export, Person
from groundswell.people.operations import consents, export_files, exports
from groundswell.people.stand_ins import StandIn
from groundswell.site import vault
from tests.factories import campaigns
from tests.factories import events as make
from tests.factories.exports import DOMAIN, WRITER, agreeing, member, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def domain(settings: Any) -> None:
    settings.GROUNDSWELL_RELAY_DOMAIN = DOMAIN
    settings.GROUNDSWELL_CANARY_DOMAINS = [DOMAIN, "canaries.example.org"]
    settings.GROUNDSWELL_MAIL_FROM = "hello@example.org"


class File:
    """A fetched file with one person in it, and the address that stands for them."""

    def __init__(self, event: Event, asker: Actor, work: Callable[[], int]) -> None:
        (self.person,) = agreeing(event, 1)
        export = exports.ask(wanted(event.campaign), by=asker)
        work()
        self.export = export_files.fetch(export_id=export.id, by=asker)
        self.address = stand_ins.address(StandIn(self.export.id, self.person.id))


@pytest.fixture
def event(db: None) -> Event:
    return make.listed_event(campaigns.live_campaign())


@pytest.fixture
def asha(db: None) -> Actor:
    return member("asha@example.org", Role.DATA_MANAGER)


@pytest.fixture
def file(event: Event, asha: Actor, sender: Any, work: Callable[[], int]) -> File:
    found = File(event, asha, work)
    sender.mails.clear()
    sender.contents.clear()
    return found


def letter(to: str, *, sender: str = WRITER, **headers: str) -> bytes:
    lines = {
        "From": f"The union <{sender}>",
        "To": to,
        "Subject": "=?utf-8?q?Caf=C3=A9_on_Friday?=",
        "Message-ID": "<n1@union.example.org>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return (head + "Content-Type: text/plain; charset=utf-8\r\n\r\nCome at six.").encode()


def come(to: str, content: bytes, *, sender: str = WRITER) -> int:
    return inbound.store(
        way="raw", event_id=str(len(content)), sender=sender, recipients=[to], content=content
    )


def verdict() -> str:
    return Inbound.objects.latest("id").verdict


def alarms() -> list[int]:
    return sorted(
        row.account_id or 0
        for row in Message.objects.filter(kind="export_notice")
        if row.args["what"] == "leaked"
    )


def test_a_mail_to_a_stand_in_reaches_its_person_and_shows_no_address(
    file: File, sender: Any, work: Callable[[], int]
) -> None:
    assert inbound.is_live(file.address.upper())
    assert come(file.address, letter(file.address, List_Unsubscribe="<https://x.example.org>"))
    work()

    assert verdict() == "passed"
    (mail,) = sender.mails
    (content,) = sender.contents
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    assert parsed["To"] == "p0@example.net"
    assert parsed["Subject"] == "Café on Friday"
    body = str(parsed.get_body(("plain",)))
    assert "Come at six." in body
    assert "Stop these mails: http" in body
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert WRITER not in content.decode()
    assert file.address not in content.decode()
    assert mail.kind == "passed_on"


def test_the_same_mail_twice_is_kept_once(file: File) -> None:
    assert come(file.address, letter(file.address)) == 1
    assert come(file.address, letter(file.address)) == 0


@pytest.mark.parametrize(
    ("headers", "envelope", "expected"),
    [
        ({"Auto_Submitted": "auto-replied"}, WRITER, "automatic"),
        ({}, "<>", "bounce"),
        ({"Precedence": "bulk"}, WRITER, "passed"),
    ],
)
def test_newsletters_pass_and_automatic_answers_do_not(
    file: File, work: Callable[[], int], headers: dict[str, str], envelope: str, expected: str
) -> None:
    come(file.address, letter(file.address, **headers), sender=envelope)
    work()

    assert verdict() == expected


def test_mail_from_anybody_else_is_an_alarm_and_not_passed_on(
    file: File, work: Callable[[], int]
) -> None:
    omar = member("omar@example.org", Role.OWNER)
    for number in range(2):
        come(file.address, letter(file.address, sender=f"spam{number}@example.com"))
        work()

    assert verdict() == "unknown_sender"
    assert PassedOn.objects.count() == 0
    assert alarms() == [omar.id]  # once a day


def test_it_dies_after_ninety_days_or_when_it_is_ended(
    event: Event, asha: Actor, file: File, work: Callable[[], int], still_clock: Any
) -> None:
    other = File(event, asha, work)
    exports.stop(export_id=other.export.id, by=asha)
    assert (inbound.is_live(other.address), inbound.is_live(file.address)) == (False, True)
    assert come(other.address, letter(other.address)) == 0

    still_clock.shift(timedelta(days=90, minutes=1))
    assert not inbound.is_live(file.address)
    assert exports.trace(other.address) == other.export  # it still names its export


def test_it_dies_with_its_person(file: File, work: Callable[[], int]) -> None:
    come(file.address, letter(file.address))
    Person.objects.filter(id=file.person.id).delete()
    work()

    assert verdict() == "no_alias"


def test_whoever_takes_consent_back_gets_no_more(
    file: File, event: Event, sender: Any, work: Callable[[], int]
) -> None:
    consents.withdraw(
        person_id=file.person.id,
        purpose="campaign",
        about_id=event.campaign_id,
        source="test",
        by=SYSTEM,
    )
    come(file.address, letter(file.address))
    work()

    assert Message.objects.get(kind="passed_on").error == "no_consent"
    assert sender.mails == []


def test_five_a_day(file: File, work: Callable[[], int]) -> None:
    for number in range(7):
        come(file.address, letter(file.address, X_Number="9" * (number + 1)))
    work()

    assert PassedOn.objects.count() == 5
    assert verdict() == "too_many"


def test_mail_to_somebody_made_up_is_an_alarm_and_is_not_kept(
    event: Event, asha: Actor, sender: Any, work: Callable[[], int]
) -> None:
    omar = member("omar@example.org", Role.OWNER)
    agreeing(event, 5)
    export = exports.ask(wanted(event.campaign, "given_name", "email"), by=asha)
    exports.agree(export_id=export.id, by=omar)
    work()
    told = [line[1] for line in export_files.lines(Export.objects.get(id=export.id))]
    (made_up,) = [one for one in told if "example.net" not in one]

    assert inbound.is_live(made_up)
    assert come(made_up, letter(made_up, sender="x@example.com")) == 0
    work()

    assert Inbound.objects.count() == 0
    assert Canary.objects.get().heard_at is not None
    assert alarms() == [omar.id]


@pytest.mark.parametrize(
    "address",
    ["", "x", "p-@reply.example.org", "p-" + "a" * 52 + "@reply.example.org", "amina@gmail.com"],
)
def test_other_addresses_are_nobody_s(file: File, address: str) -> None:
    assert not inbound.is_live(address)
    assert come(address, letter("x@example.org")) == 0


def test_a_stand_in_of_another_installation_is_nobody_s(
    file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand_ins, "_key", lambda: vault.derived("of another house"))

    assert not inbound.is_live(file.address)
