"""The vault: data keys, and sealing and opening the columns of a row.

A data key belongs to one person (people.Person.key_id), or to the installation itself (key of
``house_key_id``) for what belongs to nobody, such as an account's second factor.

Keys are made ahead, a batch in one commit of the keys database, and kept in this process until a
row takes them, so a sign-up writes to one database and commits once. A process that dies leaves
unused keys behind; ``people.operations.keys`` removes them after a week.

The master key does one thing: it wraps data keys, and each wrapped key says which master key it
needs. Everything else that needs a secret (blind indexes, stop links, the displacement of homes)
takes it from the *root key*, a wrapped key like the others; so a new master key means wrapping
every key anew (``site.rotation``) and nothing more.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models, transaction

from groundswell.kernel import clock, sealing
from groundswell.kernel.ids import new_ids
from groundswell.kernel.rows import Batch
from groundswell.site.models import DataKey
from groundswell.site.routing import KEYS_DATABASE

HOUSE_KEY_ID = 1
ROOT_KEY_ID = 2  # secrets for a purpose come from it; made once, never changed
INDEX_KEY_ID = 3  # blind indexes, once they were made anew; until then the root key
NEXT_INDEX_KEY_ID = 4  # while they are being made anew
_LAST_HOUSE_ID = NEXT_INDEX_KEY_ID
_WRAP_PLACE = b"site.DataKey"
REMEMBERED_SECONDS = 60.0  # an erased key is forgotten by every process within a minute
_CACHE_MOST = 20_000

_lock = threading.Lock()
_spare: deque[int] = deque()
_spare_of_pid = 0
_spare_since = 0.0
_SPARE_LASTS = 3 * 24 * 3600  # unused keys are swept after a week: none older than this is given
_known: dict[int, tuple[bytes, float]] = {}


class KeyIsGone(sealing.CannotOpen):
    """The data key was deleted: its person was erased."""


class OtherMasterKey(sealing.CannotOpen):
    """The data key is wrapped by a master key that this process was not given."""


@dataclass(frozen=True, slots=True)
class _Wrap:
    """What wraps data keys: a key derived from a master key, and a number that names it."""

    number: int
    key: bytes
    cipher: AESGCM
    seal: Callable[[bytes, bytes], bytes]


@cache
def _wrap(master: bytes) -> _Wrap:
    number = int.from_bytes(sealing.derive(master, "wrap number")[:8]) >> 1
    key = sealing.derive(master, "wrap")
    return _Wrap(number, key, AESGCM(key), sealing.sealer(key, number))


def _masters() -> list[bytes]:
    """The master key, and during a rotation the other one that still opens."""
    other = settings.GROUNDSWELL_OTHER_MASTER_KEY
    return [settings.GROUNDSWELL_MASTER_KEY, *([other] if other else [])]


def wrapped(key: bytes, *, master: bytes | None = None) -> bytes:
    """A data key as it is stored: sealed by the master key, whose number stands in front."""
    return _wrap(master or settings.GROUNDSWELL_MASTER_KEY).seal(key, _WRAP_PLACE)


def unwrapped(stored: bytes) -> bytes:
    """The data key itself. Raises OtherMasterKey."""
    number = sealing.key_id_of(stored)
    for master in _masters():
        wrap = _wrap(master)
        if number in {wrap.number, 0}:  # 0: made before wrapped keys said what wraps them
            try:
                return sealing.open_by(wrap.cipher, stored, place=_WRAP_PLACE)
            except sealing.CannotOpen:
                continue
    raise OtherMasterKey("wrapped by another master key")


def is_wrapped_by_master(stored: bytes) -> bool:
    """Whether this stored key needs the master key, and not the other one of a rotation."""
    return sealing.key_id_of(stored) == _wrap(settings.GROUNDSWELL_MASTER_KEY).number


def _remember(key_id: int, key: bytes) -> None:
    if len(_known) > _CACHE_MOST:
        _known.clear()
    _known[key_id] = (key, time.monotonic() + REMEMBERED_SECONDS)


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
    _root()  # the first key of all, so that an old installation is known by having others
    batch = Batch(DataKey, "id", "wrapped", created_at=clock.now())
    made = {key_id: sealing.new_key() for key_id in new_ids(settings.GROUNDSWELL_KEY_BATCH)}
    for key_id, key in made.items():
        batch.add(key_id, wrapped(key))
    with transaction.atomic(using=KEYS_DATABASE, savepoint=False):
        batch.insert()
    for key_id, key in made.items():
        _remember(key_id, key)
    _spare.extend(made)


def house_key_id() -> int:
    """The installation's own data key, made on first use."""
    if HOUSE_KEY_ID not in _known:
        _root()
        _make_once(HOUSE_KEY_ID, sealing.new_key())
    return HOUSE_KEY_ID


def _make_once(key_id: int, key: bytes) -> None:
    made = DataKey(id=key_id, wrapped=wrapped(key), created_at=clock.now())
    DataKey.objects.bulk_create([made], ignore_conflicts=True)  # another process may have made it


def _root() -> bytes:
    """The root key, made on first use. Where data keys are older than it, the master key itself
    was the root until now, and it stays what it was."""
    load_keys([ROOT_KEY_ID])
    if ROOT_KEY_ID not in _known:
        older = DataKey.objects.order_by("id").values_list("wrapped", flat=True).first()
        _make_once(ROOT_KEY_ID, sealing.new_key() if older is None else _master_of(bytes(older)))
        load_keys([ROOT_KEY_ID])
    return _known[ROOT_KEY_ID][0]


def _master_of(stored: bytes) -> bytes:
    """The master key that wraps a key from before there was a root key."""
    for master in _masters():
        try:
            sealing.open_(stored, key=_wrap(master).key, place=_WRAP_PLACE)
        except sealing.CannotOpen:
            continue
        return master
    raise OtherMasterKey("wrapped by another master key")


def load_keys(key_ids: Iterable[int]) -> None:
    """Fetch many keys in one query, before a list of people is opened row by row."""
    fresh = time.monotonic()
    missing = {k for k in key_ids if k not in _known or _known[k][1] < fresh}
    if not missing:
        return
    for key_id, stored in DataKey.objects.filter(id__in=missing).values_list("id", "wrapped"):
        _remember(key_id, unwrapped(bytes(stored)))


def _key(key_id: int) -> bytes:
    found = _known.get(key_id)
    if found is None or found[1] < time.monotonic():
        _known.pop(key_id, None)
        load_keys([key_id])
        found = _known.get(key_id)
    if found is None:
        raise KeyIsGone(f"data key {key_id} is gone")
    return found[0]


def has_key(key_id: int) -> bool:
    """Whether there still is such a key; load many first (:func:`load_keys`)."""
    load_keys([key_id])
    return key_id in _known


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
        unwrapped(bytes(newest))
    except sealing.CannotOpen:
        return False
    return True


def key_ids_made_before(instant: datetime, *, after: int, most: int) -> list[int]:
    """Ids of old data keys in their order, without the installation's and this process's."""
    with _lock:
        spare = set(_spare)
    old = DataKey.objects.filter(id__gt=max(after, _LAST_HOUSE_ID), created_at__lt=instant)
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
        _derived.cache_clear()


def seal(row: models.Model, column: str, text: str, *, key_id: int) -> bytes:
    """``text`` sealed for one column of one row; the row must have its id. "" stays empty."""
    if not text:
        return b""
    where = sealing.place(row._meta.db_table, column, row.pk)
    return sealing.seal(text.encode(), key=_key(key_id), key_id=key_id, place=where)


class Sealer:
    """Seals under one data key what is written without an object of its model (kernel.rows).

    For one piece of work: it holds the key, which may be destroyed meanwhile. Raises KeyIsGone.
    """

    __slots__ = ("_seal", "key_id")

    def __init__(self, key_id: int) -> None:
        self.key_id = key_id
        self._seal = sealing.sealer(_key(key_id), key_id)

    def seal_at(self, model: type[models.Model], row_id: int, column: str, text: str) -> bytes:
        """:func:`seal` for a column of the row with this id."""
        if not text:
            return b""
        return self._seal(text.encode(), sealing.place(model._meta.db_table, column, row_id))


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


def derived(purpose: str) -> bytes:
    """A secret of this installation for one purpose; it outlives every change of master keys."""
    return _derived(_root(), purpose)


def blind(purpose: str, value: str) -> bytes:
    """The blind index of a normalised value; the same value differs between purposes."""
    return blinder(purpose)(value)


def blinder(purpose: str) -> Callable[[str], bytes]:
    """:func:`blind` of many values for one piece of work: the key may change between two."""
    return sealing.blinder(_derived(_index_key(), f"blind:{purpose}"))


def lasting_blind(purpose: str, value: str) -> bytes:
    """A blind index that stays when the others are made anew, for what cannot be made anew: an
    address that must not be written to is kept in no other form."""
    return sealing.blind_index(derived(f"blind:{purpose}"), value)


def coming_blind(purpose: str, value: str) -> bytes:
    """What :func:`blind` will give once the indexes are made anew; otherwise what it gives now."""
    load_keys([NEXT_INDEX_KEY_ID])
    found = _known.get(NEXT_INDEX_KEY_ID)
    key = found[0] if found else _index_key()
    return sealing.blind_index(_derived(key, f"blind:{purpose}"), value)


def begin_new_indexes() -> None:
    """Draw the next index key; one that was drawn before stays, so that the work can go on."""
    _root()
    _make_once(NEXT_INDEX_KEY_ID, sealing.new_key())


def finish_new_indexes() -> None:
    """From now on the next index key is the one, and the former is gone."""
    with transaction.atomic(using=KEYS_DATABASE):
        coming = DataKey.objects.filter(id=NEXT_INDEX_KEY_ID)
        stored = [bytes(row.wrapped) for row in coming]
        DataKey.objects.filter(id__in=[INDEX_KEY_ID, NEXT_INDEX_KEY_ID]).delete()
        for one in stored:
            DataKey.objects.create(id=INDEX_KEY_ID, wrapped=one, created_at=clock.now())
    forget()


def blinds_last() -> bool:
    """True until the blind indexes are made anew once: :func:`blind` is :func:`lasting_blind`."""
    return _index_key() == _root()


def _index_key() -> bytes:
    found = _known.get(INDEX_KEY_ID)
    if found is not None and found[1] > time.monotonic():
        return found[0]
    _known.pop(INDEX_KEY_ID, None)
    load_keys([ROOT_KEY_ID, INDEX_KEY_ID])
    if INDEX_KEY_ID not in _known:
        _remember(INDEX_KEY_ID, _root())  # for as long as any other key is remembered
    return _known[INDEX_KEY_ID][0]


@cache
def _derived(key: bytes, purpose: str) -> bytes:
    return sealing.derive(key, purpose)
