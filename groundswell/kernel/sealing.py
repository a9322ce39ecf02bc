"""Sealing: AES-256-GCM with the table, column and row bound in, and keyed blind indexes.

Pure functions over bytes; the keys themselves live in ``site.vault``. A sealed value carries the
id of its data key, so a row can be opened without asking anything else about it:

    1 byte version | 8 bytes key id | 12 bytes nonce | ciphertext and 16 bytes tag

The nonce is random (NIST SP 800-38D section 8.2.2); one data key seals far fewer than 2^32 values.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = 1
_HEAD = struct.Struct(">Bq")
_NONCE = 12
KEY_BYTES = 32


class CannotOpen(Exception):
    """The value was sealed under another key, for another row, or was changed."""


def new_key() -> bytes:
    """A random 256-bit data key."""
    return AESGCM.generate_key(bit_length=256)


def derive(master: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose, from the master key (HKDF, RFC 5869)."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"groundswell:" + purpose.encode()).derive(
        master
    )


def place(table: str, column: str, row: int) -> bytes:
    """Where a sealed value belongs; it opens nowhere else."""
    return f"{table}.{column}.{row}".encode()


def seal(plain: bytes, *, key: bytes, key_id: int, place: bytes) -> bytes:
    """Seal ``plain`` for ``place`` under the data key ``key_id``."""
    return sealer(key, key_id)(plain, place)


def sealer(key: bytes, key_id: int) -> Callable[[bytes, bytes], bytes]:
    """:func:`seal` for several values (``plain``, ``place``) under one data key, which is set up
    once: that costs as much as to seal."""
    cipher, head = AESGCM(key), _HEAD.pack(_VERSION, key_id)

    def sealed(plain: bytes, place: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return head + nonce + cipher.encrypt(nonce, plain, head + place)

    return sealed


def key_id_of(sealed: bytes) -> int:
    """The id of the data key that sealed this value."""
    if len(sealed) < _HEAD.size + _NONCE:
        raise CannotOpen("too short to be a sealed value")
    version, key_id = _HEAD.unpack_from(sealed)
    if version != _VERSION:
        raise CannotOpen(f"sealed by an unknown version {version}")
    return int(key_id)


def open_(sealed: bytes, *, key: bytes, place: bytes) -> bytes:
    """The clear value. Raises CannotOpen for a wrong key, a wrong place or a changed value."""
    return open_by(AESGCM(key), sealed, place=place)


def open_by(cipher: AESGCM, sealed: bytes, *, place: bytes) -> bytes:
    """:func:`open_` by the cipher of a key that opens many values: making one is half the work."""
    head, rest = sealed[: _HEAD.size], sealed[_HEAD.size :]
    try:
        return cipher.decrypt(rest[:_NONCE], rest[_NONCE:], head + place)
    except InvalidTag as wrong:
        raise CannotOpen("wrong key, wrong place, or changed") from wrong


def blind_index(key: bytes, value: str) -> bytes:
    """A keyed fingerprint for exact match (HMAC-SHA256 cut to 128 bits)."""
    return hmac.digest(key, value.encode(), "sha256")[:16]


def blinder(key: bytes) -> Callable[[str], bytes]:
    """:func:`blind_index` of many values under one key, which is set up once."""
    keyed = hmac.new(key, digestmod=hashlib.sha256)

    def blind(value: str) -> bytes:
        each = keyed.copy()
        each.update(value.encode())
        return each.digest()[:16]

    return blind


def seal_name(key: bytes, plain: bytes) -> bytes:
    """``plain`` as a name that only this installation can read: the same text, the same name.

    AES-SIV (RFC 5297) with a 256-bit key, 16 bytes longer than the text. For names that must be
    found again by whoever holds the key and nobody else, such as the local part of an address.
    """
    return AESSIV(key).encrypt(plain, None)


def open_name(key: bytes, name: bytes) -> bytes:
    """What :func:`seal_name` was given. Raises CannotOpen for anything that it did not make."""
    try:
        return AESSIV(key).decrypt(name, None)
    except (InvalidTag, ValueError) as wrong:
        raise CannotOpen("not a name of ours") from wrong
