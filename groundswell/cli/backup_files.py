"""The names of backups in a folder, and which of them go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

KEYS_LAST = timedelta(days=7)  # whoever is erased cannot be read from any backup a week later
_NAME = re.compile(r"groundswell-(main|keys)-(\d{8}T\d{6}Z)\.age")
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """One file."""

    made_at: datetime
    kind: str
    path: Path


def name(kind: str, made_at: datetime) -> str:
    """For example ``groundswell-main-20261121T162500Z.age``."""
    return f"groundswell-{kind}-{made_at.astimezone(UTC):{_STAMP}}.age"


def backup_at(path: Path) -> Backup | None:
    """What a file's name says; None for any other file."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    made_at = datetime.strptime(match[2], _STAMP).replace(tzinfo=UTC)
    return Backup(made_at, match[1], path)


def in_folder(folder: Path, kind: str) -> list[Backup]:
    """The backups of a kind, the newest first."""
    found = [backup_at(path) for path in folder.iterdir()] if folder.is_dir() else []
    return sorted((each for each in found if each and each.kind == kind), reverse=True)


def remove_old_keys(folder: Path, now: datetime) -> list[Path]:
    """Remove backups of data keys that are older than seven days. Returns which."""
    old = [each.path for each in in_folder(folder, "keys") if each.made_at < now - KEYS_LAST]
    for path in old:
        path.unlink()
    return old
