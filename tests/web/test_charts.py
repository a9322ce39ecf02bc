"""Charts draw what the numbers say, and nothing that they do not."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from groundswell.web.charts import bars, curves, goal, lines, sparks, swell

DAYS = [dt.date(2026, 11, 1) + dt.timedelta(days=step) for step in range(30)]
COUNTS = [step * step for step in range(30)]
counts = st.lists(st.integers(min_value=0, max_value=1_000_000), min_size=2, max_size=90)


def _ys(path: str) -> list[float]:
    numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", path)]
    return numbers[1::2]


@given(counts)
def test_a_smooth_line_never_leaves_the_range_of_its_points(values: list[int]) -> None:
    line = [(index * 10.0, float(value % 1000)) for index, value in enumerate(values)]
    ys = _ys(curves.smooth(line))
    assert min(ys) >= min(y for _x, y in line) - 0.1
    assert max(ys) <= max(y for _x, y in line) + 0.1


@given(counts)
def test_a_swell_stays_in_its_picture(values: list[int]) -> None:
    drawn = swell.draw(values)
    for path in (drawn.day, drawn.week, drawn.shore):
        assert all(0 <= y <= drawn.height for y in _ys(path))


def test_a_campaign_without_sign_ups_is_a_flat_sea() -> None:
    for empty in ([], [0], [0] * 40):
        drawn = swell.draw(empty)
        assert drawn.is_flat
        assert len({y for y in _ys(drawn.day) if y != drawn.height}) == 1
    assert not swell.draw([0, 1]).is_flat


def test_one_sign_up_does_not_fill_the_picture() -> None:
    assert min(_ys(swell.draw([0, 0, 0, 1, 0, 0, 0]).day)) > 100


def test_softening_keeps_the_sum_of_an_inner_peak() -> None:
    assert curves.softened([0, 0, 8, 0, 0]) == [0, 2, 4, 2, 0]


def test_bucketing_keeps_the_mean() -> None:
    assert curves.bucketed(list(range(100)), 50)[:2] == [0.5, 2.5]
    assert curves.bucketed([1, 2], 50) == [1.0, 2.0]


@pytest.mark.parametrize(
    ("largest", "top"), [(0, 4), (3, 4), (5, 8), (60, 60), (489, 500), (550, 600), (11_480, 12_000)]
)
def test_an_axis_ends_at_a_round_number_above(largest: int, top: int) -> None:
    assert lines.nice_top(largest) == top


@given(st.integers(min_value=0, max_value=10**9))
def test_an_axis_holds_its_numbers_in_whole_quarters(largest: int) -> None:
    top = lines.nice_top(largest)
    assert top >= largest
    assert top % 4 == 0


def test_a_line_chart_has_two_sizes_a_table_and_its_notes() -> None:
    chart = lines.draw(
        DAYS, COUNTS, title="Sign-ups", sentence="They rise.", measure="This action",
        notes=[lines.Note(DAYS[3], "Launch"), lines.Note(dt.date(2020, 1, 1), "Not shown")],
        before=[0] * 30, before_label="Spring",
    )  # fmt: skip
    assert [view.kind for view in chart.views] == ["wide", "phone"]
    assert [note.words for note in chart.views[0].notes] == ["Launch"]
    assert (chart.rows[-1].day, chart.rows[-1].value) == ("Mon 30 Nov", "841")
    html = render_to_string("web/charts/lines.html", {"chart": chart})
    assert html.count('<svg class="chart') == 2
    assert html.count("<tr>") == 31
    assert html.count("<title") == html.count("<desc") == 2
    assert len(re.findall(r' id="([^"]+)"', html)) == len(set(re.findall(r' id="([^"]+)"', html)))


def test_notes_on_neighbouring_days_never_share_a_place() -> None:
    notes = [lines.Note(day, "Radio interview") for day in DAYS[10:14]]
    chart = lines.draw(DAYS, COUNTS, title="T", sentence="S", measure="M", notes=notes)
    for view in chart.views:
        worded = [(note.words_x, note.words_y) for note in view.notes if note.words]
        assert len({y for _x, y in worded}) == len(worded)
        assert len(view.notes) == 4


def test_a_chart_of_unequal_series_is_refused() -> None:
    with pytest.raises(ValueError, match="one number"):
        lines.draw(DAYS, COUNTS[:-1], title="T", sentence="S", measure="M")


def test_steps_are_measured_against_the_step_above() -> None:
    made = bars.steps(
        [bars.Row("Invited", 200), bars.Row("Came", 50), bars.Row("Host", 60)], title="T"
    )
    assert [(bar.value, bar.width, bar.note) for bar in made.bars] == [
        ("200", "100", ""), ("50", "25", "25%"), ("60", "100", "120%"),
    ]  # fmt: skip


def test_bars_are_measured_against_the_longest() -> None:
    made = bars.draw([bars.Row("Leeds", 40), bars.Row("Hull", 10)], title="T")
    assert [bar.width for bar in made.bars] == ["100", "25"]
    assert bars.draw([], title="T").bars == ()


def test_a_stack_says_every_part_in_words() -> None:
    made = bars.stack([bars.Row("Done", 3), bars.Row("Begun", 1)], title="T")
    assert made.sentence == "Done 3 and Begun 1"
    assert [(part.start, part.width) for part in made.parts] == [("0", "747"), ("750", "250")]
    assert bars.stack([bars.Row("Done", 0)], title="T").parts[0].width == "0"


@pytest.mark.parametrize(
    ("done", "wanted", "share"), [(0, 400, 0.0), (342, 400, 0.855), (500, 400, 1.0), (3, 0, 0.0)]
)
def test_a_goal_fills_up_to_its_share(done: int, wanted: int, share: float) -> None:
    drawn = goal.draw(done=done, wanted=wanted, daily=[1, 2, 3])
    assert drawn.share == share
    assert float(drawn.mark) == round(400 * share, 1)
    assert all(0 <= y <= 80 for y in _ys(drawn.wave))


def test_a_spark_needs_two_numbers() -> None:
    assert sparks.draw([1]) is None
    flat = sparks.draw([5, 5, 5])
    assert flat is not None
    assert flat.points == "2,27 48,27 94,27"
