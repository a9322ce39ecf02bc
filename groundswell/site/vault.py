"""The vault: data keys, and sealing and opening the columns of a row.

A data key belongs to one person (people.Person.key_id), or to the installation itself (key of
``house_key_id``) for what belongs to nobody, such as an account's second factor.

Keys are made ahead, a batch in one commit of the keys database, and kept in this process until a
row takes them, so a sign-up writes to one database and commits once. A process that dies leaves
unused keys behind; ``people.operations.keys`` removes them after a week.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db import models

from groundswell.kernel import clock, sealing
from groundswell.kernel.ids import new_id
from groundswell.site.models import DataKey

HOUSE_KEY_ID = 1
_WRAP_PLACE = b"site.DataKey"
_CACHE_SECONDS = 60.0  # an erased key is forgotten by every process within a minute
_CACHE_MOST = 20_000

_lock = threading.Lock()
_spare: deque[int] = deque()
_spare_of_pid = 0
_spare_since = 0.0
_SPARE_LASTS = 3 * 24 * 3600  # unused keys are swept after a week: none older than this is given
_known: dict[int, tuple[bytes, float]] = {}


class KeyIsGone(sealing.CannotOpen):
    """The data key was deleted: its person was erased."""


def _wrap_key() -> bytes:
    return sealing.derive(settings.GROUNDSWELL_MASTER_KEY, "wrap")


def _remember(key_id: int, key: bytes) -> None:
    if len(_known) > _CACHE_MOST:
        _known.clear()
    _known[key_id] = (key, time.monotonic() + _CACHE_SECONDS)


def take_key_id() -> int:
    """The id of a fresh data key that no row uses yet."""
    global _spare_of_pid, _spare_since
    with _lock:
        is_forked = _spare_of_pid != os.getpid()  # its parent hands these keys out already
        if is_forked or time.time() - _spare_since > _SPARE_LASTS:
            _spare.clear()
            _spare_of_pid = os.getpid()
        if not _spare:
            _make_batch()
            _spare_since = time.time()
        return _spare.popleft()


def _make_batch() -> None:
    wrap, now = _wrap_key(), clock.now()
    rows = []
    for _ in range(settings.GROUNDSWELL_KEY_BATCH):
        key_id, key = new_id(), sealing.new_key()
        wrapped = sealing.seal(key, key=wrap, key_id=0, place=_WRAP_PLACE)
        rows.append(DataKey(id=key_id, wrapped=wrapped, created_at=now))
        _remember(key_id, key)
        _spare.append(key_id)
    DataKey.objects.bulk_create(rows)


def house_key_id() -> int:
    """The installation's own data key, made on first use."""
    if HOUSE_KEY_ID not in _known:
        wrapped = sealing.seal(sealing.new_key(), key=_wrap_key(), key_id=0, place=_WRAP_PLACE)
        DataKey.objects.bulk_create(
            [DataKey(id=HOUSE_KEY_ID, wrapped=wrapped, created_at=clock.now())],
            ignore_conflicts=True,  # another process may have made it
        )
    return HOUSE_KEY_ID


def load_keys(key_ids: Iterable[int]) -> None:
    """Fetch many keys in one query, before a list of people is opened row by row."""
    fresh = time.monotonic()
    missing = {k for k in key_ids if k not in _known or _known[k][1] < fresh}
    if not missing:
        return
    wrap = _wrap_key()
    for key_id, wrapped in DataKey.objects.filter(id__in=missing).values_list("id", "wrapped"):
        _remember(key_id, sealing.open_(bytes(wrapped), key=wrap, place=_WRAP_PLACE))


def _key(key_id: int) -> bytes:
    found = _known.get(key_id)
    if found is None or found[1] < time.monotonic():
        _known.pop(key_id, None)
        load_keys([key_id])
        found = _known.get(key_id)
    if found is None:
        raise KeyIsGone(f"data key {key_id} is gone")
    return found[0]


def destroy_key(key_id: int) -> None:
    """Delete a data key: whatever it sealed is gone, in old backups too.

    Call it after the commit that removed its owner: the keys have a database of their own.
    """
    DataKey.objects.filter(id=key_id).delete()
    _known.pop(key_id, None)


def opens_newest_key() -> bool | None:
    """Does this master key open the newest data key? None while there is no data key at all."""
    newest = DataKey.objects.order_by("-id").values_list("wrapped", flat=True).first()
    if newest is None:
        return None
    try:
        sealing.open_(bytes(newest), key=_wrap_key(), place=_WRAP_PLACE)
    except sealing.CannotOpen:
        return False
    return True


def key_ids_made_before(instant: datetime, *, after: int, most: int) -> list[int]:
    """Ids of old data keys in their order, without the installation's own and this process's."""
    with _lock:
        spare = set(_spare)
    old = DataKey.objects.filter(id__gt=max(after, HOUSE_KEY_ID), created_at__lt=instant)
    ids = old.order_by("id").values_list("id", flat=True)[:most]
    return [key_id for key_id in ids if key_id not in spare]


def remove_keys(key_ids: Iterable[int]) -> int:
    """Delete data keys for good: whatever they sealed cannot be opened again. Returns how many."""
    ids = list(key_ids)
    for key_id in ids:
        _known.pop(key_id, None)
    return DataKey.objects.filter(id__in=ids).delete()[0]


def forget() -> None:
    """Drop every key from this process's memory (lock-down, and between tests)."""
    with _lock:
        _known.clear()
        _spare.clear()


def seal(row: models.Model, column: str, text: str, *, key_id: int) -> bytes:
    """``text`` sealed for one column of one row; the row must have its id. "" stays empty."""
    if not text:
        return b""
    where = sealing.place(row._meta.db_table, column, row.pk)
    return sealing.seal(text.encode(), key=_key(key_id), key_id=key_id, place=where)


def open_(row: models.Model, column: str) -> str:
    """The clear text of a sealed column; "" when nothing was given.

    Raises KeyIsGone after an erasure and CannotOpen when the value was moved or changed.
    """
    return open_value(row, column, bytes(getattr(row, column) or b""))


def open_value(row: models.Model, column: str, sealed: bytes) -> str:
    """Like :func:`open_` for a value that stands somewhere else, such as inside a JSON column."""
    if not sealed:
        return ""
    where = sealing.place(row._meta.db_table, column, row.pk)
    return sealing.open_(sealed, key=_key(sealing.key_id_of(sealed)), place=where).decode()


def seal_note(purpose: str, text: str) -> bytes:
    """``text`` sealed with the installation's own key for one ``purpose``; it belongs to no row.

    For what this installation hands to a browser and wants back unread and unchanged.
    """
    key_id = house_key_id()
    return sealing.seal(text.encode(), key=_key(key_id), key_id=key_id, place=_note(purpose))


def open_note(purpose: str, sealed: bytes) -> str:
    """The clear text of a note. Raises CannotOpen when it was changed or is for something else."""
    if sealing.key_id_of(sealed) != HOUSE_KEY_ID:
        raise sealing.CannotOpen("not sealed by this installation's own key")
    house_key_id()
    return sealing.open_(sealed, key=_key(HOUSE_KEY_ID), place=_note(purpose)).decode()


def _note(purpose: str) -> bytes:
    return f"note.{purpose}".encode()


def load_keys_of(rows: Iterable[models.Model], *columns: str) -> None:
    """One query for all keys that the sealed ``columns`` of ``rows`` need."""
    sealed = (bytes(getattr(row, column) or b"") for row in rows for column in columns)
    load_keys({sealing.key_id_of(value) for value in sealed if value})


def blind(purpose: str, value: str) -> bytes:
    """The blind index of a normalised value; the same value differs between purposes."""
    return sealing.blind_index(_blind_key(settings.GROUNDSWELL_MASTER_KEY, purpose), value)


@cache
def _blind_key(master: bytes, purpose: str) -> bytes:
    return sealing.derive(master, f"blind:{purpose}")
