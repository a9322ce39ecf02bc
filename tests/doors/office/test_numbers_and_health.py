"""Numbers with their definitions, tables, and the pages about the installation."""

from __future__ import annotations

import csv
import html
import io
import smtplib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import ngettext
from hypothesis import given
from hypothesis import strategies as st

from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.kernel.facts import Fact
from groundswell.ledger import chain, wires
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.models import Entry, Job
from groundswell.metrics import checkup, definitions
from groundswell.metrics import queries as metrics_queries
from groundswell.office import csv_file
from groundswell.outreach.models import Message
from groundswell.outreach.operations import outbox
from groundswell.site import anchors
from groundswell.site import operations as site_ops
from groundswell.site.facts import SafeguardsChanged
from tests.factories import campaigns, events
from tests.metrics import safe_house

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return answer.content.decode("utf-8-sig")


def test_every_number_stands_beside_its_definition(
    organiser: Client, counted: Callable[[], int]
) -> None:
    campaign = campaigns.live_campaign()
    events.signed_up(events.listed_event(campaign))
    counted()

    page = organiser.get(reverse("office:numbers", args=[campaign.slug]))
    shown = [line.key for _title, lines in page.context["groups"] for line in lines]

    assert shown == [number.key for number in definitions.NUMBERS]
    text = page.content.decode()
    assert [
        number.key for number in definitions.NUMBERS if str(number.definition) not in text
    ] == []


def test_numbers_csv_says_what_each_counts(organiser: Client, counted: Callable[[], int]) -> None:
    campaign = campaigns.live_campaign()
    events.signed_up(events.listed_event(campaign), party=3)
    counted()

    answer = organiser.get(reverse("office:numbers_csv", args=[campaign.slug]))
    lines = text_of(answer).splitlines()

    assert lines[0] == "Number,Value,Of,Lowest,Highest,Definition"
    assert lines[7].startswith('People coming,3,,,,"Seats taken at events on the map')
    assert len(lines) == len(definitions.NUMBERS) + 1


def test_sign_ups_csv_has_a_line_for_every_day(
    sit: Any, still_clock: Any, counted: Callable[[], int]
) -> None:
    campaign = campaigns.live_campaign()
    events.signed_up(events.listed_event(campaign))
    still_clock.shift(timedelta(days=2))
    counted()

    answer = sit("organiser").get(reverse("office:sign_ups_csv", args=[campaign.slug]))

    assert text_of(answer).splitlines() == [
        "Day,Sign-ups,New to us,New events",
        "2026-03-04,1,1,1",
        "2026-03-05,0,0,0",
        "2026-03-06,0,0,0",
    ]


def test_public_sees_only_public_numbers_and_no_small_ones(counted: Callable[[], int]) -> None:
    campaign = campaigns.live_campaign()
    event = events.listed_event(campaign)
    for _ in range(9):
        events.signed_up(event)
    counted()

    few = {
        figure.number.key: (figure.amount, figure.is_hidden)
        for figure in metrics_queries.campaign_numbers(campaign, VISITOR)
    }
    events.signed_up(event)
    counted()
    enough = {
        figure.number.key: figure.amount
        for figure in metrics_queries.campaign_numbers(campaign, VISITOR)
    }

    assert set(few) == {number.key for number in definitions.NUMBERS if number.is_public}
    assert few["people_coming"] == (None, True)
    assert few["events_listed"] == (definitions.Amount(1), False)
    assert enough["people_coming"] == definitions.Amount(10)


def test_office_sees_small_numbers_exactly(counted: Callable[[], int]) -> None:
    """The control of the floor: who may see the rows is shown what it hides."""
    campaign = campaigns.live_campaign()
    events.signed_up(events.listed_event(campaign))
    counted()

    found = {
        figure.number.key: figure.amount
        for figure in metrics_queries.campaign_numbers(campaign, SYSTEM)
    }

    assert found["people_coming"] == definitions.Amount(1)
    assert found["new_to_us"] == definitions.Amount(1, 1)


@pytest.mark.parametrize(
    "cell", "=1+1|+44 7700|-2|@SUM(A1)|\tx|\rx|\n=1|  =1+1|＝1|＠A1".split("|")
)
def test_formulas_are_words_to_a_spreadsheet(cell: str) -> None:
    assert csv_file.safe(cell) == f"'{cell}"


_BLANK = "\u200b \u200e\u00a0 \u3000\x0b\ufeff\u2060"


@given(st.text(_BLANK, max_size=3), st.sampled_from("=+-@＝＋－＠"), st.text(max_size=20))
def test_a_sign_behind_what_nobody_sees_is_found(blank: str, sign: str, rest: str) -> None:
    assert csv_file.safe(f"{blank}{sign}{rest}") == f"'{blank}{sign}{rest}"


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")),
                         min_size=3, max_size=3), max_size=4))  # fmt: skip
def test_every_table_reads_back_with_its_cells(rows: list[list[str]]) -> None:
    text = "".join(csv_file.lines(["a", "b", "c"], rows))

    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))

    assert read == [["a", "b", "c"], *([str(csv_file.safe(cell)) for cell in row] for row in rows)]


@pytest.mark.parametrize("cell", ["Leeds", "", 5, -5, 2.5])
def test_everything_else_stays_as_it_is(cell: object) -> None:
    assert csv_file.safe(cell) == cell


# --- health --------------------------------------------------------------------------------------


def test_health_names_late_and_failed_jobs(sit: Any, still_clock: Any) -> None:
    ledger_ops.enqueue("groundswell.nothing", {})
    Job.objects.create(
        name="outreach.reactions.confirm",
        state=Job.State.FAILED,
        run_after=Job.objects.get().run_after,
        created_at=Job.objects.get().created_at,
        attempts=6,
        error="ValueError at confirm:12",
    )
    still_clock.shift(timedelta(hours=1))

    page = sit("owner").get("/en/office/health/").content.decode()

    assert "The oldest should have run 1 hour ago." in page
    assert "1 job was given up." in page
    assert "ValueError at confirm:12" in page


def test_health_shows_every_finding_of_the_doctor_but_the_mail_servers(
    sit: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    safe_house.build(settings, tmp_path, monkeypatch)
    settings.GROUNDSWELL_PROXIES = 0
    site_ops.set_safeguards(forms="auto", security_contact="", security_policy="", by=SYSTEM)
    owner = sit("owner")
    found = list(checkup.findings())
    monkeypatch.setattr(smtplib, "SMTP_SSL", None)  # to connect would fail

    answer = owner.get("/en/office/health/", secure=True, headers={"host": "act.example.org"})

    lines = answer.context["needs"]
    shown = [line.finding for line in lines]
    shown += [line.finding for _topic, some in answer.context["well"] for line in some]
    assert sorted(each.sentence for each in shown) == sorted(each.sentence for each in found)
    assert [line.finding.is_good for line in lines] == [False] * len(lines)
    hrefs = {line.finding.page: line.href for line in lines}
    assert hrefs["safeguards"] == reverse("office:safeguards")
    page = html.unescape(text_of(answer))
    for each in shown:
        assert each.sentence in page and each.what_to_do in page


def test_health_tells_the_log_and_its_head(owner: Client) -> None:
    with transaction.atomic():
        ledger_ops.record(SafeguardsChanged(state="auto"), by=SYSTEM)
    chain.chain_more()
    safe_house.look()
    links, head = chain.links(), anchors.head()

    page = owner.get("/en/office/health/").content.decode()
    words = ngettext("{number} entry", "{number} entries", links).format(number=links)
    assert f"The log is whole: {words}, looked at 1 second ago. This is its head:" in page
    assert f"<code>{head}</code>" in page

    Entry.objects.order_by("id").first().delete()
    page = owner.get("/en/office/health/").content.decode()
    assert "is missing, and nothing says why." in page


def kinds(cls: type[Fact]) -> set[str]:
    """The kinds of every fact of the house."""
    ours = [sub for sub in cls.__subclasses__() if sub.__module__.startswith("groundswell.")]
    return {kind for sub in ours for kind in {sub.kind(), *kinds(sub)}}


def test_log_has_a_sentence_for_every_fact() -> None:
    assert kinds(Fact) - set(wires.facts) == set()


def test_log_tells_what_happened_newest_first(owner: Client) -> None:
    campaign = campaigns.live_campaign()
    events.listed_event(campaign)

    page = owner.get("/en/office/log/")
    rows = page.context["rows"]

    assert [row["about"][0] for row in rows[:1]] == ["Hyde Park Corner bus stop"]
    assert rows[0]["row"].at >= rows[-1]["row"].at


def test_log_goes_on_where_it_stopped(owner: Client) -> None:
    campaign = campaigns.live_campaign()
    event = events.listed_event(campaign)
    for _ in range(50):
        events.signed_up(event)

    first = owner.get("/en/office/log/")
    second = owner.get(f"/en/office/log/?{first.context['earlier']}")
    ids = [row["row"].entry_id for row in [*first.context["rows"], *second.context["rows"]]]

    assert len(first.context["rows"]) == 50
    assert ids == sorted(set(ids), reverse=True)
    assert owner.get("/en/office/log/?before=no").status_code == 200


def test_held_messages_are_decided_about(organiser: Client, owner: Client) -> None:
    message = unknown_message()
    here = "/en/office/messages/held/"

    group = organiser.get(here).context["groups"][0]
    health = owner.get("/en/office/health/").content.decode()
    today = organiser.get("/en/office/").context["needs"]
    organiser.post(
        here,
        {"do": "give_up", "kind": group.kind, "state": group.state, "error": group.error},
    )

    message.refresh_from_db()
    assert message.state == Message.State.CANCELLED
    assert "1 message needs a decision." in health
    assert today[-1].what == "1 message needs a decision"
    assert organiser.get(here).context["groups"] == []


def test_held_messages_go_out_again_only_when_told(organiser: Client) -> None:
    message = unknown_message()

    organiser.post("/en/office/messages/held/", {"do": "resend", "kind": message.kind})

    message.refresh_from_db()
    assert message.state == Message.State.READY


def test_unknown_decision_decides_nothing(organiser: Client) -> None:
    message = unknown_message()

    assert organiser.post("/en/office/messages/held/", {"do": "burn"}).status_code == 422
    message.refresh_from_db()
    assert message.state == Message.State.UNKNOWN


def unknown_message() -> Message:
    """A confirmation whose line broke while it was handed over."""
    event = events.listed_event(campaigns.live_campaign())
    message = outbox.to_supporter(
        "rsvp_going", events.signed_up(event), key=1, expires_at=event.ends_at
    )
    message.state, message.error = Message.State.UNKNOWN, "timeout"
    outbox.write([message])
    return message
