"""An account's e-mail address: normalised to find it, sealed to write to it, never in the clear.

The column ``Account.email`` holds a synthetic address made of the blind index of the real one, so
that everything that expects an e-mail address there has a unique one that says nothing.
"""

from __future__ import annotations

import re

from groundswell.kernel.text import clean_line
from groundswell.site import vault

SYNTHETIC_DOMAIN = "blind.invalid"  # RFC 2606: ``.invalid`` never resolves
_PURPOSE = "account.email"
_MOST = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets
_SHAPE = re.compile(r"[^@\s<>()\[\],;:\\\"]+@[^@\s<>()\[\],;:\\\"]+\.[^@\s<>()\[\],;:\\\".]{2,}")


def normal(email: str) -> str:
    """The address as it is compared: one line, no spaces around it, lower case."""
    return clean_line(email).lower()


def looks_like_one(email: str) -> bool:
    """True for something@somewhere.tld of at most 254 characters."""
    found = normal(email)
    return len(found) <= _MOST and _SHAPE.fullmatch(found) is not None


def synthetic(email: str) -> str:
    """The address that the database holds in its place, for example ``9f…c2@blind.invalid``."""
    return f"{vault.blind(_PURPOSE, normal(email)).hex()}@{SYNTHETIC_DOMAIN}"


def coming(email: str) -> str:
    """What :func:`synthetic` will give once the blind indexes are made anew."""
    return f"{vault.coming_blind(_PURPOSE, normal(email)).hex()}@{SYNTHETIC_DOMAIN}"
