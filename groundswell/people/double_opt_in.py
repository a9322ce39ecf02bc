"""Where consent to news counts only once the address is proven.

Germany: the sender must show that the owner of the address agreed, and the courts take nothing
but a confirmed mail for it (BGH, 10 February 2011, I ZR 164/09; section 7 (2) no. 2 UWG).
Austria: the same by the data protection authority (DSB-D130.073/0008-DSB/2019, 9 October 2019)
and section 174 TKG 2021. Elsewhere in Europe it is advised and not demanded (CNIL, ICO, AP).

Somebody whose country we do not know may live there, so they prove it too.
"""

from __future__ import annotations

COUNTRIES = frozenset({"DE", "AT"})


def is_needed(country: str) -> bool:
    """Whether consent of somebody in this country ("" for unknown) waits for a proof."""
    return not country or country in COUNTRIES
