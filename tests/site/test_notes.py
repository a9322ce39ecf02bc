"""Notes that the installation seals for itself: opened for their purpose, refused when changed."""

from __future__ import annotations

import pytest

from groundswell.kernel.sealing import CannotOpen
from groundswell.site import vault

pytestmark = pytest.mark.django_db


def test_note_opens_for_its_purpose() -> None:
    assert vault.open_note("slip", vault.seal_note("slip", "Amina")) == "Amina"


@pytest.mark.parametrize("at", [0, 5, 12, 25, -1])
def test_note_changed_by_one_bit_is_refused(at: int) -> None:
    sealed = bytearray(vault.seal_note("slip", "Amina"))
    sealed[at] ^= 1

    with pytest.raises(CannotOpen):
        vault.open_note("slip", bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"x", b"x" * 60])
def test_note_that_is_none_is_refused(sealed: bytes) -> None:
    with pytest.raises(CannotOpen):
        vault.open_note("slip", sealed)


def test_note_for_another_purpose_is_refused() -> None:
    sealed = vault.seal_note("slip", "Amina")

    with pytest.raises(CannotOpen):
        vault.open_note("other", sealed)
