"""Styles, scripts, fonts and pictures: collected once per version, hashed and compressed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

import groundswell

STAMP = ".collected"


def collect_if_changed(before: Callable[[], None] | None = None) -> bool:
    """Collect the static files unless that is done for exactly these files; True if it was done.

    ``before`` is called first when there is something to do.
    """
    stamp, wanted = Path(settings.STATIC_ROOT) / STAMP, _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return False
    if before is not None:
        before()
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(wanted, encoding="ascii")
    return True


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{groundswell.__version__} {settings.STORAGES}".encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda pair: pair[0]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
