"""A table becomes a campaign: through the operations of the pages, once, in order, in the house."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Sum

from groundswell.campaigns.models import Campaign, CampaignText
from groundswell.cli.replay import plan, running
from groundswell.events.models import Event, Report, Rsvp, Seats
from groundswell.kernel import clock
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger import queries as ledger_queries
from groundswell.ledger import worker
from groundswell.ledger.models import Digest, Entry, Job, ScheduleMark
from groundswell.metrics import queries as metrics_queries
from groundswell.outreach.models import Message, ReminderPlan, ShownMail
from groundswell.people import queries as people_queries
from groundswell.people.models import Consent, Contact, Person
from tests.running.databases import ROOT, environment

DAY = date(2017, 1, 21)
TABLE = """town,country,lat,lon,low,best,high,time,type
Leeds,UK,53.8,-1.55,20,30,40,11:00,March
Seoul,US,37.573,126.978,,12,,9:00,
Buenos Aires,Argentina,-34.6,-58.38,5,5,5,12.30,Strike
Apia,Samoa,-13.83,-171.76,,,,,
Earth,,0,0,,7,,,
"""
OPTIONS = plan.Options(title="A day", action_on=DAY)


def made_of(folder: Path, text: str = TABLE, options: plan.Options = OPTIONS) -> plan.Plan:
    path = folder / "day.csv"
    path.write_text(text, encoding="utf-8")
    return plan.make(path, options, today=date(2026, 3, 4), progress=lambda *_told: None)


def summary() -> dict[str, Any]:
    """Everything that two replays of one file must agree on."""
    return {
        "events": sorted(
            Event.objects.values_list(
                "title", "state", "starts_wall", "zone", "seats__taken", "seats__waiting",
                "created_at", "listed_at", "kit_opened_at",
            ),
            key=str,
        ),
        "rsvps": sorted(
            Rsvp.objects.values_list(
                "event__title", "state", "party", "is_proven", "created_at", "confirmed_at",
                "checked_in_at", "came",
            ),
            key=str,
        ),
        "reports": sorted(Report.objects.values_list("event__title", "best_count", "filed_at")),
        "persons": Person.objects.count(),
        "entries": sorted(Entry.objects.values_list("kind", "at")),
        "consents": sorted(Consent.objects.values_list("purpose", "wording", "source", "at")),
        "messages": sorted(Message.objects.values_list("kind", "state", "error")),
    }  # fmt: skip


# ---- what it makes


@pytest.fixture
def done(db: None, tmp_path: Path) -> running.Done:
    return running.run(made_of(tmp_path))


def test_rows_become_events_with_hosts_sign_ups_and_reports(done: running.Done) -> None:
    campaign = done.campaign
    assert (campaign.is_synthetic, campaign.scale, campaign.action_on) == (True, 1.0, DAY)
    assert (campaign.goal_events, campaign.goal_people) == (4, 47)
    found = Event.objects.order_by("country").values_list(
        "title", "town", "country", "kind", "state", "starts_wall", "zone", "language",
        "is_synthetic",
    )  # fmt: skip
    assert list(found) == [
        ("Huelga en Buenos Aires", "Buenos Aires", "AR", "strike", "listed", "2017-01-21T12:30",
         "America/Argentina/Buenos_Aires", "es", True),
        ("March in Leeds", "Leeds", "GB", "march", "listed", "2017-01-21T11:00", "Europe/London",
         "en", True),
        ("Gathering in Seoul", "Seoul", "KR", "gathering", "listed", "2017-01-21T09:00",
         "Asia/Seoul", "en", True),
        ("Gathering in Apia", "Apia", "WS", "gathering", "listed", "2017-01-21T11:00",
         "Pacific/Apia", "en", True),
    ]  # fmt: skip
    signed_up = Rsvp.objects.order_by().values_list("event__town")
    assert {town: signed_up.filter(event__town=town).count() for (town,) in signed_up} == {
        "Leeds": 30, "Seoul": 12, "Buenos Aires": 5,
    }  # fmt: skip
    reports = Report.objects.order_by("-best_count")
    assert list(reports.values_list("low_count", "best_count", "high_count")) == [
        (20, 30, 40), (None, 12, None), (5, 5, 5),
    ]  # fmt: skip


def test_counts_told_are_the_counts_in_the_tables(done: running.Done) -> None:
    going = Rsvp.objects.filter(state=Rsvp.State.GOING)
    assert done.counts["publish"] == Event.objects.count() == 4
    assert done.counts["sign_up"] == Rsvp.objects.count() == 47
    assert done.counts["cancel"] == Rsvp.objects.filter(state=Rsvp.State.CANCELLED).count()
    assert done.counts["confirm"] == Entry.objects.filter(kind="events.RsvpConfirmed").count()
    assert done.counts["check_in"] == Rsvp.objects.filter(checked_in_at__isnull=False).count()
    assert done.counts["report"] == Report.objects.count() == 3
    assert done.counts["cancel"] > 0
    assert done.counts["check_in"] > 5
    assert (
        Seats.objects.aggregate(taken=Sum("taken"))["taken"]
        == (going.aggregate(heads=Sum("party"))["heads"])
    )
    assert not Seats.objects.filter(taken__gt=F("capacity")).exists()


def test_numbers_are_folded_to_the_end(done: running.Done) -> None:
    from groundswell.metrics.models import DayCount

    sums = dict(DayCount.objects.values_list("measure").annotate(all=Sum("count")).order_by())
    assert sums == {
        "sign_ups": 47, "new_people": 47, "events": 4, "confirmed": done.counts["confirm"],
        "checked_in": done.counts["check_in"],
    }  # fmt: skip
    assert Digest.objects.count() == Entry.objects.count()
    assert Job.objects.count() == 0
    assert metrics_queries.totals(done.campaign).counted_best == 47


def test_campaign_speaks_four_languages_and_tells_what_came_of_it(done: running.Done) -> None:
    outcomes = dict(
        CampaignText.objects.filter(campaign=done.campaign).values_list("language", "outcome")
    )
    assert outcomes == {
        "en": "4 events in 4 countries. Those who counted found 37 to 57 people.",
        "es": "4 actos en 4 países. Quienes contaron vieron entre 37 y 57 personas.",
        "fr": "4 événements dans 4 pays. Les décomptes vont de 37 à 57 personnes.",
        "ar": "4 فعالية في 4 بلدًا. قدّر من أحصوا الحضور بما بين 37 و57 شخص.",
    }
    kit = done.campaign.kits.get().content
    assert {len(row["name"]) for row in kit["types"]} == {4}


def test_file_without_counts_makes_hosts_and_events_only(db: None, tmp_path: Path) -> None:
    made = made_of(tmp_path, "town,country,date\nLeeds,UK,2019-06-28\nYork,UK,2019-06-28\n")
    done = running.run(made)
    assert (made.has_counts, dict(done.counts)["publish"]) == (False, 2)
    assert (Event.objects.count(), Person.objects.count()) == (2, 2)
    assert (Rsvp.objects.count(), Report.objects.count()) == (0, 0)


def test_invented_people_are_marked_and_consented_to_nothing_real(done: running.Done) -> None:
    assert not Person.objects.filter(is_synthetic=False).exists()
    assert set(Consent.objects.values_list("source", "wording")) == {("replay", "replay-1")}
    addresses = {people_queries.address_of(contact) for contact in Contact.objects.all()}
    assert len(addresses) == 4 + 47
    assert {address.rpartition("@")[2] for address in addresses} == {"replay.invalid"}


# ---- in order


def test_facts_are_recorded_in_the_order_of_the_moved_clock(done: running.Done) -> None:
    at = list(Entry.objects.order_by("id").values_list("at", flat=True))
    assert at == sorted(at)
    assert (at[0].year, at[-1].year) == (2016, 2017)
    assert clock.now().year == 2026  # the clock stands where it stood


def test_reminders_fall_due_within_ten_minutes_of_the_moved_clock(done: running.Done) -> None:
    plans = list(ReminderPlan.objects.values_list("due_at", "fanned_at"))
    assert len(plans) == 4 * 4
    late = [fanned_at - due_at for due_at, fanned_at in plans if fanned_at is not None]
    assert len(late) == len(plans)
    assert min(late) >= timedelta()
    assert max(late) <= timedelta(minutes=10)
    kinds = set(Message.objects.values_list("kind", flat=True))
    assert {"reminder_day_before", "reminder_day", "did_you_make_it", "host_report"} <= kinds


def test_marks_of_the_real_schedules_stay_where_they_were(db: None, tmp_path: Path) -> None:
    worker.tick()
    before = dict(ScheduleMark.objects.values_list("name", "next_at"))
    running.run(made_of(tmp_path))
    assert dict(ScheduleMark.objects.values_list("name", "next_at")) == before


# ---- once


def interrupted(after: int) -> Callable[[int, Any], None]:
    """Hears of commits and stops the run after some, as Ctrl+C would."""
    heard: list[int] = []

    def hear(done: int, _at: Any) -> None:
        heard.append(done)
        if len(heard) == after:
            raise KeyboardInterrupt

    return hear


def uninterrupted(made: plan.Plan) -> dict[str, Any]:
    """What one run without a stop makes, taken back afterwards."""
    with transaction.atomic():
        running.run(made)
        found = summary()
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    return found


@pytest.mark.parametrize("after", [1, 9])
def test_run_that_was_stopped_goes_on_and_ends_alike(db: None, tmp_path: Path, after: int) -> None:
    made = made_of(tmp_path)
    wanted = uninterrupted(made)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            running.run(made, heard=interrupted(after))
    place = ledger_queries.place_of(made.bookmark)
    assert place is not None
    assert place["done"] > 0
    running.run(made)
    assert summary() == wanted


def test_without_the_cursor_everything_would_be_doubled(db: None, tmp_path: Path) -> None:
    made = made_of(tmp_path)
    running.run(made)
    place = ledger_queries.place_of(made.bookmark)
    assert place is not None
    with transaction.atomic():
        ledger_ops.keep_place(made.bookmark, {**place, "done": 0, "is_over": False})
    running.run(made)
    assert Event.objects.count() == 2 * 4


def test_replay_that_is_finished_changes_nothing_when_repeated(
    done: running.Done, tmp_path: Path
) -> None:
    before = summary()
    again = running.run(made_of(tmp_path))
    assert (again.was_finished, again.counts, again.campaign) == (True, done.counts, done.campaign)
    assert summary() == before


# ---- nobody is written to


def test_nothing_reaches_a_sender(done: running.Done) -> None:
    assert Message.objects.count() > 100
    assert set(Message.objects.values_list("state", "error")) == {("cancelled", "synthetic")}
    assert ShownMail.objects.count() == 0


@pytest.mark.parametrize(("is_synthetic", "reaches"), [(True, False), (False, True)])
def test_gate_refuses_invented_people_by_itself(
    done: running.Done, is_synthetic: bool, reaches: bool
) -> None:
    """The control: the same messages to real people would reach the sender."""
    Person.objects.update(is_synthetic=is_synthetic)
    waiting = Message.objects.filter(kind="rsvp_going")
    waiting.update(state=Message.State.READY, error="", done_at=None)
    with clock.at(Event.objects.get(town="Leeds").starts_at - timedelta(hours=1)):
        worker.run_until_idle()
    assert ShownMail.objects.exists() is reaches


# ---- the command


def replay(path: Path, *options: str) -> None:
    call_command("replay", str(path), "--action-day", "2017-01-21", *options)


@pytest.fixture
def data_dir(tmp_path: Path, settings: Any) -> Path:
    """A data folder of the test's own, with the suite's gazetteer in it."""
    (tmp_path / "cache").symlink_to(Path(settings.GROUNDSWELL_DATA_DIR) / "cache")
    settings.GROUNDSWELL_DATA_DIR = tmp_path
    return tmp_path


def rows_of_every_table() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.using(
            "keys" if model._meta.label in {"site.DataKey", "site.Anchor"} else "default"
        ).count()
        for model in apps.get_models()
        if model._meta.managed
    }


@pytest.mark.parametrize(("options", "writes"), [(["--dry-run"], False), ([], True)])
def test_dry_run_writes_nothing(db: None, data_dir: Path, options: list[str], writes: bool) -> None:
    path = data_dir / "day.csv"
    path.write_text(TABLE, encoding="utf-8")
    before = rows_of_every_table()
    replay(path, *options)
    assert (rows_of_every_table() != before) is writes
    assert (data_dir / "replays").exists() is writes


def test_command_prints_and_keeps_its_report(
    db: None, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = data_dir / "day.csv"
    path.write_text(TABLE.replace("Earth,", "=1+1,"), encoding="utf-8")
    replay(path, "--title", "A day")
    told = " ".join(capsys.readouterr().out.split())
    for sentence in (
        "day.csv: 5 rows, read as utf-8-sig parted by commas",
        "4 taken (2 of them mended), 1 refused",
        "Scale 1: 47 invented sign-ups stand for 47 counted people.",
        "row 6: No place: neither usable coordinates nor a town that we know. =1+1, 0, 0",
        "/a-day: 4 events, 47 sign-ups",
    ):
        assert sentence in told
    with (data_dir / "replays" / "a-day.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(line["row"], line["outcome"], line["code"], line["was"]) for line in lines] == [
        ("3", "mended", "country_by_point", "US"),
        ("5", "mended", "time_filled", ""),
        ("6", "refused", "no_place", "'=1+1, 0, 0"),
    ]
    sums = json.loads((data_dir / "replays" / "a-day.json").read_text(encoding="utf-8"))
    assert (sums["rows"], sums["taken"], sums["taken_mended"], sums["refused"]) == (5, 4, 2, 1)
    assert sums["refused_because"] == {"no_place": 1}
    assert sums["made"]["sign_up"] == 47


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "day.csv is empty. Choose a CSV file with one row for each event."),
        (
            "who,when\nme,now\n",
            "day.csv needs a column for the place: “town”, or “lat” and “lon”. "
            "Its columns are: who, when.",
        ),
    ],
)
def test_file_that_does_not_do_ends_with_two_and_writes_nothing(
    db: None, tmp_path: Path, content: str, sentence: str
) -> None:
    path = tmp_path / "day.csv"
    path.write_text(content, encoding="utf-8")
    before = rows_of_every_table()
    with pytest.raises(CommandError) as refused:
        replay(path)
    assert (str(refused.value), refused.value.returncode) == (sentence, 2)
    assert rows_of_every_table() == before


def test_address_that_is_taken_is_said_before_anything_is_written(db: None, data_dir: Path) -> None:
    path = data_dir / "day.csv"
    path.write_text(TABLE, encoding="utf-8")
    replay(path, "--slug", "march")
    before = rows_of_every_table()
    with pytest.raises(CommandError) as refused:
        replay(path, "--slug", "march", "--limit", "2")
    assert refused.value.returncode == 2
    assert str(refused.value).startswith("Another campaign has this address already.")
    assert rows_of_every_table() == before


# ---- killed for real, and real files


@pytest.mark.slow
@pytest.mark.real_clock
@pytest.mark.django_db(transaction=True)
def test_killed_process_goes_on_and_doubles_nothing(tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    path.write_text(TABLE, encoding="utf-8")
    command = [
        sys.executable, "-c",
        "import sys; from groundswell.cli import main; sys.exit(main())",
        "replay", str(path), "--title", "A day", "--action-day", str(DAY),
    ]  # fmt: skip
    told = {**environment(tmp_path), "DJANGO_SETTINGS_MODULE": "groundswell.config.settings"}
    killed = 0
    for commits in (3, 25):
        process = subprocess.Popen(command, env=told, cwd=ROOT, stdout=subprocess.DEVNULL)
        name = made_of(tmp_path).bookmark
        ends = time.monotonic() + 60
        while time.monotonic() < ends and process.poll() is None:
            place = ledger_queries.place_of(name)
            if place is not None and place["done"] >= commits * 2:
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
                break
            time.sleep(0.01)
        process.wait()
    subprocess.run(command, env=told, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    assert killed > 0
    assert Campaign.objects.count() == 1
    assert (Event.objects.count(), Rsvp.objects.count(), Report.objects.count()) == (4, 47, 3)
    assert Person.objects.count() == 4 + 47
    at = list(Entry.objects.order_by("id").values_list("at", flat=True))
    assert at == sorted(at)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "options", "made"),
    [
        ("womens_march_2017_world.csv", {"action_on": DAY, "scale": 0.0001}, (60, 68, 43)),
        ("womens_march_2017_us.csv", {"scale": 0.0001}, (60, 67, 58)),
        ("fridays_for_future_event_map_2019-06-24.csv", {}, (60, 0, 0)),
    ],
)
def test_real_file_becomes_a_campaign(
    db: None,
    real_data: Path,
    name: str,
    options: dict[str, Any],
    made: tuple[int, int, int],
) -> None:
    chosen = plan.Options(limit=60, **options)
    judged = plan.make(
        real_data / "actions" / name,
        chosen,
        today=date(2026, 3, 4),
        progress=lambda *_told: None,
    )
    running.run(judged)
    assert (Event.objects.count(), Rsvp.objects.count(), Report.objects.count()) == made


@pytest.mark.parametrize(
    ("name", "rows", "taken", "refused"),
    [
        ("womens_march_2017_world.csv", 627, 626, [282]),
        ("womens_march_2017_us.csv", 656, 656, []),
        ("fridays_for_future_event_map_2019-06-24.csv", 4644, 4640, [241, 4220, 4452, 4501]),
    ],
)
def test_real_file_is_judged_row_by_row(
    real_data: Path, name: str, rows: int, taken: int, refused: list[int]
) -> None:
    judged = plan.make(
        real_data / "actions" / name,
        plan.Options(),
        today=date(2026, 3, 4),
        progress=lambda *_told: None,
    )
    told = sorted({note.row for note in judged.notes} - {each.row for each in judged.gatherings})
    assert (judged.row_count, len(judged.gatherings), told) == (rows, taken, refused)
