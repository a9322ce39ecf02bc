"""Files that others made are the files that their makers published."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECORD = tomllib.loads((ROOT / "groundswell/static/vendor/vendor.toml").read_text())["file"]


@pytest.mark.parametrize("entry", RECORD, ids=lambda entry: entry["path"])
def test_a_vendored_file_has_its_recorded_hash(entry: dict[str, str]) -> None:
    content = (ROOT / entry["path"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    # The control: one byte more is another file.
    assert hashlib.sha256(content + b" ").hexdigest() != entry["sha256"]


def test_every_file_of_others_is_recorded() -> None:
    static = ROOT / "groundswell/static"
    ours = {"vendor.toml"}
    theirs = {
        str(path.relative_to(ROOT))
        for folder in ("vendor", "fonts")
        for path in (static / folder).iterdir()
        if path.name not in ours
    }
    theirs |= {"groundswell/static/icons.svg", "tests/vendor/axe.min.js"}
    assert theirs == {entry["path"] for entry in RECORD}


def test_heading_fonts_stay_within_their_weight() -> None:
    fonts = ROOT / "groundswell/static/fonts"
    assert (fonts / "bricolage-basic.woff2").stat().st_size <= 24_000
    latin = sum(path.stat().st_size for path in fonts.glob("bricolage-*.woff2"))
    assert latin <= 48_000


def test_no_icon_of_the_list_is_missing_from_the_sprite() -> None:
    source = (ROOT / "tools/vendor.py").read_text()
    listed = set(re.search(r'ICONS = """(.*?)"""', source, re.DOTALL)[1].split())
    sprite = (ROOT / "groundswell/static/icons.svg").read_text()
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == listed
