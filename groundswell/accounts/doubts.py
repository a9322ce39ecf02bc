"""Doubts about a form that anybody may send: is it a person, and is it one of a flood?

A page tells what it saw (:class:`Look`); the operation behind it weighs that (:func:`weigh`) in its
own transaction. Nobody is ever turned away on a doubt: a browser that runs scripts works for a
second and is let through, and everybody else finds a link in their mail. What is stored of a doubt
is its code and nothing about the visitor.

A network arrives here as the keyed hash that the page made of it (web/networks.py), and only a
blind index of that hash is counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from groundswell.accounts import limits
from groundswell.kernel.refusal import Refusal
from groundswell.site import queries as site_queries
from groundswell.site.models import Safeguards

WINDOW = timedelta(minutes=10)
PER_NETWORK = 30  # a school or a phone network stands behind one prefix
PER_THING = 40  # sign-ups of one event: beyond it, somebody checks that people are people


class Doubt(StrEnum):
    """Why somebody should look twice. The code is all that is kept."""

    NONE = ""
    TRAP = "trap"  # filled in a field that no person sees
    UNSTAMPED = "unstamped"  # the form was not one of ours
    FAST = "fast"  # sent within three seconds
    STALE = "stale"  # the form is older than half a day
    NETWORK = "network"  # many forms from one network
    SURGE = "surge"  # many sign-ups for one event, or an owner said so
    OFTEN = "often"  # one unproven address, many events
    LINKS = "links"  # advertises
    BLOCKED = "blocked"  # organisers blocked this address


# What a second of work takes away. The others are about what was sent rather than how.
_LIGHT = frozenset({Doubt.UNSTAMPED, Doubt.FAST, Doubt.STALE, Doubt.NETWORK, Doubt.SURGE})


class OneMoment(Refusal):
    """A browser that runs scripts is asked for a second's work and sends the form by itself; what
    was typed stays."""

    sentence = _("One moment: your browser shows us that you are a person, and sends this again.")


_A_LINK = re.compile(
    r"://|\bwww\.|@|\b[\w-]+\.(?:com|net|org|info|ru|cn|top|xyz|shop)\b", re.IGNORECASE
)


def advertises(text: str) -> bool:
    """Whether a name holds a link or an address: it would go out in our own mail."""
    return _A_LINK.search(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the page saw of a form. ``network`` is a keyed hash, "" where there is none."""

    doubt: Doubt = Doubt.NONE
    network: str = ""
    can_work: bool = False  # the browser runs our script
    has_worked: bool = False  # and has shown its second of work


@dataclass(frozen=True, slots=True)
class Verdict:
    """``doubt``: hold it for this reason; none: let it in. ``begins``: a surge has just begun."""

    doubt: Doubt = Doubt.NONE
    is_surge: bool = False
    begins: bool = False


def weigh(look: Look, *, kind: str, thing: str, worse: Doubt = Doubt.NONE) -> Verdict:
    """The verdict about one form, and one more on its counters, in the caller's transaction.

    ``kind`` names the form and ``thing`` what it is about (an event's id); ``worse`` is a doubt
    that the operation has itself. Raises OneMoment, and nothing counts then.
    """
    counters = [limits.Counter(f"{kind}.thing", thing, WINDOW)]
    if look.network:  # the busiest last
        counters.insert(0, limits.Counter(f"{kind}.network", look.network, WINDOW))
    counted = limits.tally(counters)
    mode = site_queries.safeguards().forms
    many = counted[f"{kind}.thing"]
    is_surge = mode == Safeguards.Forms.ALWAYS or (
        mode == Safeguards.Forms.BY_ITSELF and many > PER_THING
    )
    begins = is_surge and many == PER_THING + 1
    is_crowded = counted.get(f"{kind}.network", 0) > PER_NETWORK
    doubt = worse or look.doubt
    if not doubt and is_crowded and mode != Safeguards.Forms.NEVER:
        doubt = Doubt.NETWORK
    if not doubt and is_surge:
        doubt = Doubt.SURGE
    if doubt in _LIGHT and look.has_worked:
        doubt = Doubt.NONE
    if doubt in _LIGHT and look.can_work:
        raise OneMoment
    return Verdict(doubt, is_surge, begins)


def is_flood_now() -> bool:
    """Whether some event's form comes in more often than a person could, in this window."""
    return limits.is_over(".thing", PER_THING)
