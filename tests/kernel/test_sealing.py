"""A sealed value opens with its key, in its own place, unchanged; and in no other way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.kernel import sealing

KEY = bytes(range(32))
HERE = sealing.place("people_person", "email_sealed", 17)

keys = st.integers(min_value=0, max_value=2**63 - 1)


@given(st.binary(max_size=500), keys)
def test_what_was_sealed_opens_and_tells_its_key(plain: bytes, key_id: int) -> None:
    sealed = sealing.seal(plain, key=KEY, key_id=key_id, place=HERE)

    assert sealing.open_(sealed, key=KEY, place=HERE) == plain
    assert sealing.key_id_of(sealed) == key_id


def test_the_same_value_never_looks_the_same() -> None:
    sealed = {sealing.seal(b"amina", key=KEY, key_id=1, place=HERE) for _ in range(100)}

    assert len(sealed) == 100


@pytest.mark.parametrize(
    "elsewhere",
    [
        sealing.place("people_person", "email_sealed", 18),
        sealing.place("people_person", "phone_sealed", 17),
        sealing.place("people_address", "email_sealed", 17),
    ],
)
def test_a_value_moved_to_another_place_does_not_open(elsewhere: bytes) -> None:
    sealed = sealing.seal(b"amina", key=KEY, key_id=1, place=HERE)

    with pytest.raises(sealing.CannotOpen):
        sealing.open_(sealed, key=KEY, place=elsewhere)


def test_control_without_the_place_a_moved_value_opens() -> None:
    sealed = sealing.seal(b"amina", key=KEY, key_id=1, place=b"")

    assert sealing.open_(sealed, key=KEY, place=b"") == b"amina"


@given(st.data())
def test_a_changed_byte_anywhere_is_refused(data: st.DataObject) -> None:
    sealed = bytearray(sealing.seal(b"amina", key=KEY, key_id=1, place=HERE))
    at = data.draw(st.integers(min_value=0, max_value=len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(min_value=1, max_value=255))

    with pytest.raises(sealing.CannotOpen):
        sealing.open_(bytes(sealed), key=KEY, place=HERE)


@given(st.binary(max_size=20))
def test_what_is_too_short_is_refused(rubbish: bytes) -> None:
    with pytest.raises(sealing.CannotOpen):
        sealing.key_id_of(rubbish)


def test_another_key_and_another_version_are_refused() -> None:
    sealed = sealing.seal(b"amina", key=KEY, key_id=1, place=HERE)

    with pytest.raises(sealing.CannotOpen):
        sealing.open_(sealed, key=bytes(32), place=HERE)
    with pytest.raises(sealing.CannotOpen):
        sealing.key_id_of(b"\x02" + sealed[1:])


def test_blind_indexes_match_equal_values_under_one_key_only() -> None:
    one = sealing.blind_index(sealing.derive(KEY, "blind:email"), "amina@example.org")
    same = sealing.blind_index(sealing.derive(KEY, "blind:email"), "amina@example.org")
    other = sealing.blind_index(sealing.derive(KEY, "blind:phone"), "amina@example.org")

    assert (one == same, one == other, len(one)) == (True, False, 16)
