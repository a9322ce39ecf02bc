"""Maps: nothing torn at the date line, nothing lost in a bubble, nothing unreadable."""

from __future__ import annotations

import math
import random
import re

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from groundswell.web.maps import bounds, clusters, drawing, outlines, projection
from groundswell.web.maps.bounds import WORLD, Bounds

UK = Bounds(49.8, -8.5, 60.0, 2.0)
CHILE = Bounds(-55, -76, -18, -66)
PACIFIC = Bounds(-48, 165, -10, 195)
KENYA = Bounds(-5, 33, 5, 42)
WINDOWS = [WORLD, UK, CHILE, PACIFIC, KENYA, bounds.near(53.8, -1.5, 60), Bounds(41, 19, 82, 168)]

lats = st.floats(min_value=-89.5, max_value=89.5)
lons = st.floats(min_value=-180, max_value=180)


def _plain(bubble: drawing.Bubble) -> str:
    return "?box=" + bubble.bounds.query()


def _places(number: int) -> list[tuple[float, float, int]]:
    dice = random.Random(5)
    return [(dice.uniform(-50, 70), dice.uniform(-180, 180), key) for key in range(number)]


# --- projections


@given(lats, lons)
def test_equal_earth_there_and_back_is_the_same_place(lat: float, lon: float) -> None:
    x, y = projection.equal_earth(lat, lon)
    assert projection.from_equal_earth(x, y) == pytest.approx((lat, lon), abs=1e-6)


def test_equal_earth_has_the_published_size() -> None:
    # Šavrič, Patterson and Jenny 2018: the equator is 2.05 times as long as the meridian.
    width = 2 * projection.equal_earth(0, 180)[0]
    height = 2 * -projection.equal_earth(90, 0)[1]
    assert round(width / height, 2) == 2.05


@given(lats, lons)
def test_every_projection_is_finite_and_north_is_up(lat: float, lon: float) -> None:
    for window in WINDOWS:
        flat = projection.fit(window, 640, 500)
        x, y = flat(lat, lon)
        assert math.isfinite(x)
        assert math.isfinite(y)
        middle_lat, middle_lon = window.middle
        assert flat(middle_lat + 1, middle_lon)[1] < flat(middle_lat - 1, middle_lon)[1]
        assert flat(middle_lat, middle_lon + 1)[0] > flat(middle_lat, middle_lon - 1)[0]


@pytest.mark.parametrize("window", WINDOWS)
def test_a_window_fits_its_drawing(window: Bounds) -> None:
    flat = projection.fit(window, 640, 500)
    for lat in (window.south, window.middle[0], window.north):
        for lon in (window.west, window.middle[1], window.east):
            x, y = flat(lat, lon)
            assert -0.01 <= x <= 640.01
            assert -0.01 <= y <= 500.01


# --- windows


@given(lats, lons, st.floats(min_value=1, max_value=5000))
def test_a_window_in_an_address_reads_back(lat: float, lon: float, kilometres: float) -> None:
    window = bounds.near(lat, lon, kilometres)
    read = bounds.read(window.query())
    assert read is not None
    assert read.middle[0] == pytest.approx(window.middle[0], abs=0.2)
    assert read.height == pytest.approx(window.height, abs=0.4)


@pytest.mark.parametrize(
    "text", ["", "a,b,c,d", "1,2,3", "nan,0,1,1", "5,0,1,1", "0,0,91,1", "0,0,1,1e9", "1,2,3,4,5"]
)
def test_a_window_that_is_none_is_not_read(text: str) -> None:
    assert bounds.read(text) is None


def test_points_on_both_sides_of_the_date_line_get_a_small_window() -> None:
    window = bounds.fitting([(-18, 178), (-14, -171)])
    assert window.width < 20
    assert window.holds(-18, 178)
    assert window.holds(-14, -171)
    assert not window.holds(-18, 0)


def test_zooming_never_leaves_the_earth_or_a_towns_size() -> None:
    window = UK
    for _step in range(20):
        window = window.zoomed(0.5)
    assert window.height >= 0.19
    for _step in range(20):
        window = window.zoomed(2.0)
    assert window == WORLD


# --- outlines


def _spots(path: str) -> list[list[tuple[float, float]]]:
    """The rings of relative path data, as absolute places."""
    rings = []
    for piece in re.findall(r"M([^M]*)", path):
        numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", piece)]
        x, y = numbers[0], numbers[1]
        ring = [(x, y)]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        rings.append(ring)
    return rings


def _longest_step(path: str, height: float) -> float:
    """The widest step between two points that both lie in the drawing's height."""
    return max(
        abs(b[0] - a[0])
        for ring in _spots(path)
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)
        if 0 <= a[1] <= height and 0 <= b[1] <= height
    )


# A town's window is smaller than the cells that it is drawn from, so it is left out.
@pytest.mark.parametrize("window", [window for window in WINDOWS if window.width > 4])
def test_no_outline_runs_across_the_map(window: Bounds) -> None:
    drawn = drawing.draw([], href=_plain, bounds=window)
    assert _longest_step(drawn.land, drawn.height) < drawn.width / 2


def test_a_ring_torn_at_the_date_line_would_be_found() -> None:
    assert _longest_step("M5 100l630 2z", 300) > 320


def test_detail_follows_the_window() -> None:
    assert [outlines.level_for(window) for window in (WORLD, Bounds(36, -10, 60, 30), KENYA)] == [
        "world", "region", "country",
    ]  # fmt: skip


def test_a_window_reads_only_the_cells_it_touches() -> None:
    assert len(list(outlines.cells("country", Bounds(51, -2, 52, -1)))) == 1
    turns = {turn for _cell, turn in outlines.cells("region", PACIFIC)}
    assert turns == {0.0, 360.0}


# --- bubbles


@given(
    st.lists(st.tuples(st.floats(0, 640), st.floats(0, 300)), max_size=300),
    st.sampled_from([0.6, 1.0]),
)
def test_bubbles_keep_the_total_and_hardly_overlap(
    spots: list[tuple[float, float]], unit: float
) -> None:
    found = clusters.gather([(x, y, 0.0, 0.0, key) for key, (x, y) in enumerate(spots)], unit)
    assert sum(cluster.count for cluster in found) == len(spots)
    assert sorted(key for cluster in found for key in cluster.keys) == list(range(len(spots)))
    for index, one in enumerate(found):
        for other in found[index + 1 :]:
            apart = math.hypot(one.x - other.x, one.y - other.y)
            assert apart >= (one.radius + other.radius) * 0.6


def test_numbers_are_twelve_pixels_on_a_phone_and_a_wide_screen() -> None:
    drawn = drawing.draw(_places(2000), href=_plain)
    wide, phone = drawn.views
    for view, pixels in ((wide, 640.0), (phone, 360.0)):
        scale = pixels / float(view.box.split()[2])
        sizes = {float(size) for size in re.findall(r'font-size="([\d.]+)"', view.bubbles)}
        assert min(sizes) * scale >= 12


def test_every_point_of_the_world_is_in_a_bubble() -> None:
    points = [*_places(500), (-75.0, 0.0, "station"), (89.0, 10.0, "pole")]
    drawn = drawing.draw(points, href=_plain)
    assert drawn.views[0].shown == 502
    numbers = [int(n) for n in re.findall(r">(\d+)</text>", drawn.views[0].bubbles)]
    singles = drawn.views[0].bubbles.count('class="one"')
    assert sum(numbers) + singles == 502


def test_a_single_point_leads_to_its_own_page_and_its_words_are_escaped() -> None:
    drawn = drawing.draw(
        [(53.8, -1.5, "a&b")],
        href=lambda bubble: f"/e/{bubble.keys[0]}",
        label=lambda bubble: "<Leeds>",
        bounds=UK,
    )
    assert 'href="/e/a&amp;b"' in drawn.views[0].bubbles
    assert "<title>&lt;Leeds&gt;</title>" in drawn.views[0].bubbles


def test_following_a_bubble_shows_its_members_apart() -> None:
    seen: list[drawing.Bubble] = []

    def note(bubble: drawing.Bubble) -> str:
        seen.append(bubble)
        return "#"

    drawing.draw([(51.5, -0.1, 1), (51.6, -0.2, 2)], href=note, bounds=WORLD)
    (first, *_rest) = seen
    again = drawing.draw([(51.5, -0.1, 1), (51.6, -0.2, 2)], href=_plain, bounds=first.bounds)
    assert again.views[0].bubbles.count("<a ") == 2


def test_the_map_names_its_sources_and_is_a_group_of_links() -> None:
    drawn = drawing.draw(
        _places(30), href=_plain, you=(51.5, -0.1), moves=lambda window: "?box=" + window.query()
    )
    html = render_to_string("web/components/map.html", {"map": drawn})
    assert "GeoNames, CC BY 4.0" in html
    assert "Natural Earth" in html
    assert 'aria-label="Map of 30 events. Each dot is a link."' in html
    assert html.count('class="you"') == 2
    assert [move.icon for move in drawn.moves] == ["zoom-in"]
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_a_regions_map_zooms_and_pans_by_links() -> None:
    drawn = drawing.draw([], href=_plain, bounds=UK, moves=lambda window: window.query())
    assert [move.icon for move in drawn.moves] == [
        "zoom-in", "zoom-out", "arrow-up", "arrow-down", "arrow-left", "arrow-right",
    ]  # fmt: skip
    assert all(bounds.read(move.href) for move in drawn.moves)


def test_a_caption_takes_the_corner_only_when_it_covers_no_point() -> None:
    free = drawing.draw([(55.9, -3.2, 1)], href=_plain, bounds=UK)
    taken = drawing.draw([(51.9, -8.0, 1)], href=_plain, bounds=UK)
    assert (free.is_corner_free, taken.is_corner_free) == (True, False)
