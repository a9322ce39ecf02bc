"""Static files are collected once per version, under names that change with their content."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundswell.cli import static_files


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Somewhere to collect to, with the storage of a real installation."""
    settings.STATIC_ROOT = tmp_path / "static"
    kept = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": kept}}
    return tmp_path / "static"


def test_every_reference_between_static_files_resolves_and_each_is_compressed(
    folder: Path,
) -> None:
    said: list[str] = []

    assert static_files.collect_if_changed(before=lambda: said.append("once")) is True

    hashed = [file.name for file in (folder / "css").glob("groundswell.*.css")]
    assert len(hashed) == 1
    assert (folder / "css" / f"{hashed[0]}.br").exists()
    assert said == ["once"]


def test_a_second_time_there_is_nothing_to_do(folder: Path) -> None:
    static_files.collect_if_changed()

    assert static_files.collect_if_changed() is False


def test_a_new_version_is_collected_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    static_files.collect_if_changed()
    monkeypatch.setattr("groundswell.__version__", "0.1.1")

    assert static_files.collect_if_changed() is True
