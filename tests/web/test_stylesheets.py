"""The stylesheets keep their promises: readable inks, no left or right, both dark themes alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "groundswell/static/css"
TOKENS = (CSS / "groundswell.css").read_text()
# Maps are not mirrored, so this one caption is placed physically.
PHYSICAL_ALLOWED = {("public.css", ".hero .map.corner figcaption")}
PHYSICAL = re.compile(
    r"(?:^|[\s;{])((?:margin|padding|border)-(?:left|right)[\w-]*|left|right|float|clear|"
    r"text-align)\s*:\s*([^;}]+)"
)

# Ink, ground, least contrast (WCAG 2.2: 4.5 for text, 3 for graphics and large text).
PAIRS = [
    ("ink", "paper", 7), ("ink", "card", 7), ("ink", "foam", 7), ("ink-2", "paper", 4.5),
    ("ink-2", "card", 4.5), ("ink-2", "foam", 4.5), ("muted", "paper", 4.5), ("muted", "card", 4.5),
    ("muted", "foam", 4.5), ("tide", "paper", 4.5), ("tide", "card", 4.5), ("tide", "foam", 4.5),
    ("on-tide", "tide", 4.5), ("on-tide", "tide-deep", 4.5), ("tide-deep", "tide-tint", 4.5),
    ("ink-2", "tide-tint", 4.5), ("ink", "tide-tint", 4.5), ("on-marigold", "marigold", 4.5),
    ("on-marigold", "marigold-hover", 4.5), ("marigold-ink", "marigold-tint", 4.5),
    ("ink", "marigold-tint", 4.5), ("coral-ink", "paper", 4.5), ("coral-ink", "card", 4.5),
    ("coral-ink", "coral-tint", 4.5), ("plum", "card", 4.5), ("plum", "plum-tint", 4.5),
    ("ink", "plum-tint", 4.5), ("on-poster", "poster", 7), ("on-poster-2", "poster", 4.5),
    ("on-poster-2", "poster-3", 4.5), ("line-strong", "card", 3), ("line-strong", "paper", 3),
    ("coral", "card", 3), ("d2", "card", 3), ("d5", "card", 3), ("poster-line", "poster", 3),
]  # fmt: skip


def _declared(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})\s*;", block))


def _block(opening: str) -> str:
    start = TOKENS.index(opening) + len(opening)
    return TOKENS[start : TOKENS.index("}", start)]


LIGHT = _declared(_block(":root {"))
AUTOMATIC = _declared(_block(':root:not([data-theme="light"]) {'))
CHOSEN = _declared(_block(':root[data-theme="dark"] {'))


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_and_white_is_21() -> None:
    assert round(_contrast("#000000", "#FFFFFF"), 2) == 21.0


@pytest.mark.parametrize("theme", [LIGHT, {**LIGHT, **CHOSEN}], ids=["light", "dark"])
def test_every_ink_is_readable_on_its_ground(theme: dict[str, str]) -> None:
    poor = [
        (ink, ground, round(_contrast(theme[ink], theme[ground]), 2))
        for ink, ground, least in PAIRS
        if _contrast(theme[ink], theme[ground]) < least
    ]
    assert poor == []


def test_a_pale_ink_would_be_caught() -> None:
    assert _contrast("#9FB3B0", LIGHT["card"]) < 4.5


def test_the_dark_theme_is_the_same_chosen_or_automatic() -> None:
    assert AUTOMATIC == CHOSEN


def _physical(name: str, css: str) -> list[tuple[str, str]]:
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    found = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", bare):
        for prop, value in PHYSICAL.findall(body):
            is_logical = prop == "text-align" and value.strip() in {"start", "end", "center"}
            if not is_logical:
                found.append((name, selector.strip().splitlines()[-1].strip()))
    return found


def test_no_rule_names_left_or_right() -> None:
    found = [
        hit for path in sorted(CSS.glob("*.css")) for hit in _physical(path.name, path.read_text())
    ]
    assert set(found) == PHYSICAL_ALLOWED


def test_a_rule_that_names_left_is_found() -> None:
    assert _physical("x.css", ".a { margin-left: 1px }") == [("x.css", ".a")]


def test_stylesheets_load_nothing_from_elsewhere() -> None:
    for path in CSS.glob("*.css"):
        addresses = re.findall(r"url\(([^)]*)\)", path.read_text())
        assert all(address.startswith('"../fonts/') for address in addresses), path.name
