"""P3: a time machine. What the table of security.md 1.1 allows is left, and nothing else.

After 31 days nothing names both a person and the event; after 91 nobody held it; after 25 months
nobody is left at all. Every timed rule really purges, and the preview asks the same questions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from groundswell.accounts.models import Link, PendingCode, Session
from groundswell.events.models import Event, HostDraft, HostMessage, Rsvp
from groundswell.events.operations import attendance, forgetting
from groundswell.events.queries import people as events_people
from groundswell.kernel import clock, retention
from groundswell.kernel.privacy import Retention
from groundswell.ledger import chain, proof, wires
from groundswell.ledger.models import Digest, Entry
from groundswell.outreach.models import Message
from groundswell.people import queries
from groundswell.people.models import Consent, Person
from groundswell.people.operations import thinning
from tests.factories import events as make
from tests.factories.campaigns import live_campaign
from tests.outreach.making import prove
from tests.outreach.senders import NotingSender, use
from tests.people.everything import everything_about
from tests.people.searching import places_of
from tests.running import signing_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sender(monkeypatch: pytest.MonkeyPatch) -> NotingSender:
    found = NotingSender()
    use(monkeypatch, found)
    return found


def after(event: Event, days: int, still_clock: Any, work: Callable[[], int]) -> None:
    still_clock.move_to(event.ends_at + timedelta(days=days, hours=1))
    work()


def came(event: Event, **sign_up: Any) -> Rsvp:
    rsvp = make.signed_up(event, **sign_up)
    prove(rsvp)
    return rsvp


def names_both(person_id: int, event: Event) -> set[str]:
    """Tables in which one row holds the person's number and the event's."""
    found = set()
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                told = {str(value) for value in row}
                whole = " ".join(sorted(told))
                if str(person_id) in whole and str(event.id) in whole:
                    found.add(table)
    return found


def test_after_31_days_nothing_names_a_person_and_the_event(
    still_clock: Any, work: Callable[[], int]
) -> None:
    event = make.listed_event(live_campaign())
    rsvp = came(event, email="amina@example.org", wants_campaign_mail=True)
    person_id = rsvp.person_id or 0
    work()
    still_clock.move_to(event.starts_at)
    attendance.check_in(rsvp_id=rsvp.id, here=True, by=make.host_of(event))
    heads = events_people.heads(event)
    after(event, 29, still_clock, work)
    before = names_both(person_id, event)
    after(event, 31, still_clock, work)

    left = Rsvp.objects.get()
    assert before == {"events_rsvp", "ledger_entry", "people_consent", "outreach_message",
                      "accounts_link"} - {"accounts_link"}  # fmt: skip
    assert names_both(person_id, event) == set()
    assert Link.objects.filter(purpose="rsvp").count() == 0
    assert events_people.heads(event) == heads  # numbers stay
    assert left.id != rsvp.id
    assert left.created_at == datetime(2026, 3, 1, tzinfo=left.created_at.tzinfo)
    assert list(proof.verify()) == []
    assert Digest.objects.filter(removed_because="retention").exists()
    person = Person.objects.get(id=person_id)
    assert (person.going_count, person.attended_count, person.country) == (1, 1, "GB")
    assert Consent.objects.get(person=person).purpose == "campaign"


def test_entries_that_the_chain_has_not_reached_lose_their_person(still_clock: Any) -> None:
    event = make.listed_event(live_campaign())
    rsvp = came(event, email="amina@example.org")
    still_clock.move_to(event.ends_at + timedelta(days=31))

    forgetting.forget_after_events.func()

    assert not Digest.objects.exists()
    assert Entry.objects.filter(kind="events.RsvpMade", event_id=event.id).count() == 1
    assert names_both(rsvp.person_id or 0, event) == set()
    chain.chain_more()
    assert list(proof.verify()) == []


def test_control_without_the_rule_everything_still_names_both(
    still_clock: Any, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make.listed_event(live_campaign())
    rsvp = came(event, email="amina@example.org")
    monkeypatch.setattr(forgetting, "people_due", lambda now: Event.objects.none())

    after(event, 31, still_clock, work)

    assert names_both(rsvp.person_id or 0, event) >= {"events_rsvp", "ledger_entry"}


def test_after_91_days_nobody_held_it(still_clock: Any, work: Callable[[], int]) -> None:
    event = make.listed_event(live_campaign())
    host_id = event.host_id or 0
    work()
    after(event, 89, still_clock, work)
    before = names_both(host_id, event)
    after(event, 91, still_clock, work)

    assert before >= {"events_event", "people_consent", "ledger_entry"}
    assert names_both(host_id, event) == set()
    assert Message.objects.filter(event_id=event.id).count() == 0
    assert Person.objects.get(id=host_id).has_hosted


def test_whoever_holds_a_coming_event_keeps_theirs_until_then(
    still_clock: Any, work: Callable[[], int]
) -> None:
    event = make.listed_event(live_campaign())
    rsvp = came(event, email="amina@example.org")
    other = came(event, email="bea@example.org")
    later = event.ends_at.date() + timedelta(days=60)
    still_clock.move_to(event.ends_at + timedelta(days=2))
    coming = make.listed_event(
        live_campaign("Trains", action_on=later, starts_on=later, ends_on=later),
        day=later,
        host="amina@example.org",
    )
    after(event, 31, still_clock, work)
    kept = set(Rsvp.objects.exclude(person=None).values_list("person_id", flat=True))
    after(coming, 1, still_clock, work)

    assert kept == {rsvp.person_id}
    assert names_both(other.person_id or 0, event) == set()
    assert Rsvp.objects.exclude(person=None).count() == 0
    assert Person.objects.get(id=rsvp.person_id).going_count == 1


def test_the_bucket_says_how_often_up_to_five(still_clock: Any, work: Callable[[], int]) -> None:
    campaign = live_campaign()
    events = [
        make.listed_event(campaign, host=f"host{n}@example.org", title=f"Stop {n}")
        for n in range(6)
    ]
    for event in events:
        rsvp = came(event, email="amina@example.org")
    after(events[-1], 31, still_clock, work)

    person = Person.objects.get(id=rsvp.person_id)
    assert (person.going_count, queries.bucket(person.going_count)) == (5, "5+")
    assert [queries.bucket(n) for n in range(6)] == ["0", "1", "2–4", "2–4", "2–4", "5+"]


@pytest.mark.parametrize(("state", "counted"), [("cancelled", 0), ("waiting", 0), ("going", 1)])
def test_only_what_stood_and_was_proven_counts(
    still_clock: Any, work: Callable[[], int], state: str, counted: int
) -> None:
    event = make.listed_event(live_campaign())
    rsvp = came(event, email="amina@example.org")
    stranger = make.signed_up(event, email="typed@example.org")
    Rsvp.objects.filter(id=rsvp.id).update(state=state)
    after(event, 31, still_clock, work)

    found = Person.objects.in_bulk([rsvp.person_id, stranger.person_id])
    assert found[rsvp.person_id or 0].going_count == counted
    assert found[stranger.person_id or 0].going_count == 0


def test_after_25_months_nobody_is_left(
    still_clock: Any, work: Callable[[], int], sender: NotingSender
) -> None:
    person_id = everything_about("amina@example.org")
    event = Event.objects.order_by("ends_at").last()
    assert event is not None
    for days in (31, 91, 150, 400, 700, 701, 735, 762):
        after(event, days, still_clock, work)

    assert sender.kinds().count("forgotten_soon") >= 1
    assert not Person.objects.exists()
    assert places_of(["amina@example.org"], [person_id]) == set()
    assert Entry.objects.exclude(person_id=None).count() == 0
    assert Rsvp.objects.exclude(person=None).count() == 0
    assert (HostDraft.objects.count(), HostMessage.objects.count()) == (0, 0)
    assert Rsvp.objects.count() == 2  # the numbers
    assert Event.objects.count() == 2


def test_one_notice_before_somebody_is_forgotten_and_none_for_who_stays(
    still_clock: Any, work: Callable[[], int], sender: NotingSender
) -> None:
    rsvp = came(make.listed_event(live_campaign()), email="amina@example.org")
    seen_on = rsvp.event.ends_at
    for days in (60, 100, 690, 701, 702, 710):
        still_clock.move_to(seen_on + timedelta(days=days))
        work()
    told = [mail for mail in sender.mails if mail.kind == "forgotten_soon"
            and mail.to_address == "amina@example.org"]  # fmt: skip
    still_clock.move_to(seen_on + timedelta(days=741))
    work()

    assert len(told) == 1
    assert "on 29 Feb 2028 we erase" in told[0].text
    assert "/my/data/" in told[0].text
    assert not Person.objects.filter(id=rsvp.person_id).exists()


# --- every timed rule ---------------------------------------------------------------------------


def timed() -> set[str]:
    """Tables with a timed rule in their class Privacy."""
    found = set()
    for model in apps.get_models():
        rule = getattr(getattr(model, "Privacy", None), "retention", None)
        if isinstance(rule, Retention) and rule.by is not None:
            found.add(model._meta.label_lower)
    return found


def unpreviewed(tables: set[str]) -> set[str]:
    return tables - {rule.label.partition(":")[0] for _name, rule in retention.rules}


def test_every_timed_rule_can_be_counted_before() -> None:
    assert unpreviewed(timed()) == set()
    assert {rule.by for _name, rule in retention.rules} <= {line.name for line in wires.schedules}


def test_control_a_rule_without_a_preview_is_found() -> None:
    assert unpreviewed({*timed(), "training.cohort"}) == {"training.cohort"}


def due(at: datetime) -> dict[str, int]:
    return {line.rule.label: line.now for line in retention.preview(at, at)}


def _something_for_every_rule(still_clock: Any) -> Event:
    everything_about("amina@example.org")
    account = signing_in.make("organiser@example.org")
    signing_in.with_app(account)
    signing_in.ask("organiser@example.org")
    Session.objects.create(
        key_hash=b"k" * 32, account=account, created_at=clock.now(),
        last_seen_on=clock.now().date(), expires_at=clock.now() + timedelta(hours=12),
    )  # fmt: skip
    event = Event.objects.order_by("ends_at").last()
    assert event is not None
    return event


def test_every_timed_rule_really_purges(still_clock: Any, work: Callable[[], int]) -> None:
    event = _something_for_every_rule(still_clock)
    seen: dict[str, int] = {}
    for days in (1, 31, 91, 150, 701, 732, 800, 1500):
        still_clock.move_to(event.ends_at + timedelta(days=days, hours=1))
        for label, count in due(clock.now()).items():
            seen[label] = max(seen.get(label, 0), count)
        work()
        still_clock.shift(timedelta(hours=1, minutes=1))  # a name goes an hour after its event
        work()
        left = {label: count for label, count in due(clock.now()).items() if count}
        assert left == {}, f"{days} days after"

    # Those have rows in tests of their own, for they need another world.
    elsewhere = {
        "outreach.shownmail",
        "outreach.conversation",
        "outreach.inbound",
        "outreach.line",
        "events.concern",
        "events.held",
        "people.look",
        "people.export",
        "people.import",
        "people.leadpost",
        "people.segment",
        "outreach.passedon",
        "outreach.hookpost",
    }
    assert {label for label, count in seen.items() if not count} == elsewhere
    assert PendingCode.objects.count() == 0


def test_control_a_schedule_that_is_gone_leaves_its_rows(
    still_clock: Any, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    event = _something_for_every_rule(still_clock)
    others = [line for line in wires.schedules if line.name != "tidy hosting"]
    monkeypatch.setattr(wires, "schedules", others)
    still_clock.move_to(event.ends_at + timedelta(days=31))
    work()

    assert due(clock.now())["events.hostdraft"] > 0


def test_the_command_counts_and_changes_nothing(
    still_clock: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    event = _something_for_every_rule(still_clock)
    still_clock.move_to(event.ends_at + timedelta(days=15))
    before = due(clock.now())

    call_command("retention")

    told = capsys.readouterr().out
    line = next(line for line in told.splitlines() if "events.rsvp" in line)
    assert line.split()[-2:] == ["0", "2"]
    assert due(clock.now()) == before
    assert thinning.THIN_AFTER.days == 90
