"""What happens when: in order, complete, and the same every time."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from groundswell.cli.replay import people, plan, timeline
from groundswell.cli.replay.timeline import Step, Verb

TABLE = """town,country,lat,lon,people,time
Leeds,UK,53.8,-1.55,60,11:00
Apia,Samoa,-13.83,-171.76,25,8:00
Kathmandu,Nepal,27.7,85.32,14,16:00
Seoul,South Korea,37.57,126.98,,9:00
"""


@pytest.fixture
def made(tmp_path: Path) -> plan.Plan:
    path = tmp_path / "day.csv"
    path.write_text(TABLE, encoding="utf-8")
    options = plan.Options(action_on=date(2017, 1, 21))
    return plan.make(path, options, today=date(2026, 3, 4), progress=lambda *_told: None)


def all_steps(made: plan.Plan) -> list[Step]:
    return list(timeline.steps(made.name, made.gatherings, made.scale))


def test_steps_come_in_order_of_time(made: plan.Plan) -> None:
    found = all_steps(made)
    assert found == sorted(found)
    assert len({(step.row, step.verb, step.number) for step in found if step.verb != 6}) == len(
        [step for step in found if step.verb != Verb.CANCEL]
    )


def test_steps_are_the_same_every_time(made: plan.Plan) -> None:
    assert all_steps(made) == all_steps(made)


def test_each_event_has_its_story(made: plan.Plan) -> None:
    for gathering in made.gatherings:
        mine = [step for step in all_steps(made) if step.row == gathering.row]
        verbs = Counter(step.verb for step in mine)
        at = {step.verb: step.at for step in mine}
        assert [step.verb for step in mine][:2] == [Verb.PUBLISH, Verb.APPROVE]
        assert at[Verb.APPROVE] < gathering.slot.starts_at - timedelta(hours=5)
        assert verbs[Verb.SIGN_UP] == (gathering.best or 0)
        assert verbs[Verb.REPORT] == (gathering.best is not None)
        assert made.opens_at < mine[0].at
        assert mine[-1].at < made.ends_at


def test_people_act_after_they_signed_up_and_on_their_day(made: plan.Plan) -> None:
    slots = {each.row: each.slot for each in made.gatherings}
    signed_up = {
        (step.row, step.number): step.at for step in all_steps(made) if step.verb == Verb.SIGN_UP
    }
    for step in all_steps(made):
        if Verb.PROVE <= step.verb <= Verb.TELL and step.verb != Verb.CHECK_IN:
            assert step.at > signed_up[step.row, step.number]
        slot = slots[step.row]
        if step.verb == Verb.SIGN_UP:
            assert step.at <= slot.starts_at - timedelta(minutes=10)
        elif step.verb == Verb.CHECK_IN:
            assert abs(step.at - slot.starts_at) <= timedelta(minutes=45)
        elif step.verb == Verb.CONFIRM:
            assert timedelta() < slot.starts_at - step.at < timedelta(hours=37)
        elif step.verb in {Verb.TELL, Verb.REPORT}:
            assert step.at > slot.ends_at


def test_sign_ups_rise_towards_the_day() -> None:
    from random import Random

    draws = list(timeline._sorted_draws(Random(1), 5000))
    assert draws == sorted(draws)
    assert draws[0] > 0 and draws[-1] < 1
    assert 2350 < sum(draw < 0.5 for draw in draws) < 2650
    rhythm = [timeline._with_rhythm(share / 1000) for share in range(1001)]
    assert all(one <= other for one, other in pairwise(rhythm))
    assert (rhythm[0], rhythm[-1]) == (0.0, 1.0)


def test_invented_people_are_the_same_every_time_and_marked() -> None:
    assert people.character("x", 2, 3) == people.character("x", 2, 3)
    who = people.supporter("x", 2, 3, "ar", "EG")
    assert (who.email, who.is_synthetic, who.language) == (
        "s2-3.x@replay.invalid", True, "ar",
    )  # fmt: skip


def test_progress_is_told_about_right(made: plan.Plan) -> None:
    about = timeline.count_about(made.gatherings, made.scale)
    assert abs(about - len(all_steps(made))) < 0.15 * about
