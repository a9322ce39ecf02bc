"""Asking the doctor, for tests."""

from __future__ import annotations

from groundswell.metrics import checkup


def faults() -> list[str]:
    """Every sentence about something that is not safe."""
    return [found.sentence for found in checkup.findings() if not found.is_good]


def hints() -> list[str]:
    """What to do about each of them."""
    return [found.what_to_do for found in checkup.findings() if not found.is_good]


def good_news() -> list[str]:
    return [found.sentence for found in checkup.findings() if found.is_good]
