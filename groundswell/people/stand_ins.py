"""Stand-in addresses: what an export holds instead of people's own.

Each belongs to one export and one person, and says both to us and nothing to anybody else, so any
single row of a leaked file names the export it came from. There is no table of them: the local
part is the two ids, sealed. A stand-in dies with its export and with its person.
"""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from groundswell.kernel import sealing
from groundswell.people.models import Export
from groundswell.site import vault

LIVES = timedelta(days=90)  # after the file was fetched
_PREFIX = "p-"
_IDS = struct.Struct(">qq")  # export, person
_LETTERS = 52  # 32 bytes in base 32, without padding


@dataclass(frozen=True, slots=True)
class StandIn:
    """Which export an address was made for, and whom it stands for."""

    export_id: int
    person_id: int


def domain() -> str:
    """The domain of stand-ins; "" when this installation takes no mail."""
    return str(settings.GROUNDSWELL_RELAY_DOMAIN).lower()


def code(stands: StandIn) -> str:
    """What stands before the @ of the address: in files without addresses it alone says of which
    export a row is, and whom it stands for."""
    name = sealing.seal_name(_key(), _IDS.pack(stands.export_id, stands.person_id))
    letters = base64.b32encode(name).decode("ascii").rstrip("=").lower()
    return f"{_PREFIX}{letters}"


def address(stands: StandIn) -> str:
    """The address, about 75 characters; always the same for the same export and person."""
    return f"{code(stands)}@{domain()}"


def read(text: str) -> StandIn | None:
    """Which stand-in an address is, dead or alive; None for anything else. Case does not matter."""
    local, at, host = text.strip().strip("<>").strip().lower().rpartition("@")
    return read_local(local) if at and host == domain() != "" else None


def read_local(local: str) -> StandIn | None:
    """Like :func:`read` for what stands before the @."""
    letters = local.removeprefix(_PREFIX)
    if letters == local or len(letters) != _LETTERS or not letters.isascii():
        return None
    try:
        name = base64.b32decode(letters.upper() + "====")
        return StandIn(*_IDS.unpack(sealing.open_name(_key(), name)))
    except (ValueError, struct.error, sealing.CannotOpen):
        return None


def dies_at(export: Export) -> datetime | None:
    """When the stand-ins of an export stop taking mail; None while its file was not fetched."""
    if export.fetched_at is None:
        return None
    late = export.fetched_at + LIVES
    return min(late, export.ended_at) if export.ended_at else late


def _key() -> bytes:
    return vault.derived("stand-in addresses")
