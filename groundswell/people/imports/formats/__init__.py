"""What the exports of other programs look like: one small file each.

To add one, see docs/how-to/add-an-import-format.md.
"""

from __future__ import annotations

from groundswell.people.imports.formats import (
    action_network,
    civicrm,
    everyaction,
    mobilize,
    nationbuilder,
    spoke,
    van,
)
from groundswell.people.imports.formats.shape import Format

FORMATS: tuple[Format, ...] = (
    action_network.FORMAT,
    nationbuilder.FORMAT,
    everyaction.FORMAT,
    van.FORMAT,
    mobilize.FORMAT,
    civicrm.FORMAT,
    spoke.FORMAT,
)
PLAIN = Format(key="", name="")  # of no program that we know


def by_key(key: str) -> Format:
    """The format with this key; the plain one for any other."""
    return next((each for each in FORMATS if each.key == key), PLAIN)
