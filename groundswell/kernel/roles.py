"""Roles and the rights they carry. A role is held over a scope (``kernel.scopes``) by a grant.

Rights are what policies ask for; roles are what people are given. The table below is the only
place that says which role carries which right.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What an account can be here."""

    OWNER = "owner"  # runs the installation
    ORGANISER = "organiser"  # the coordinating team
    REGIONAL_ORGANISER = "regional_organiser"  # looks after the hosts of some countries
    DATA_MANAGER = "data_manager"  # takes lists in and out
    TEXTING_LEAD = "texting_lead"  # prepares text banks and looks after texters
    TEXTER = "texter"  # has conversations
    TRAINER = "trainer"  # gives courses
    TEAM_LEAD = "team_lead"  # looks after a team
    COACH = "coach"  # looks after hosts and leads
    READ_ONLY = "read_only"  # sees how it goes, changes nothing


class Right(StrEnum):
    """What a page or an operation asks for."""

    RUN = "run"  # settings, health, keys, the lock
    AUDIT = "audit"  # read the log of what everybody did
    GRANT = "grant"  # give parts of one's own rights to others
    EDIT_CAMPAIGN = "edit_campaign"
    SEE_NUMBERS = "see_numbers"  # exact ones, below the floor of ten too
    SEE_EVENTS = "see_events"
    REVIEW_EVENTS = "review_events"
    CHANGE_EVENTS = "change_events"
    MODERATE = "moderate"  # what was reported, held back, or has a fate that nobody knows
    # How deep somebody sees people: each of these carries the ones before it.
    SEE_FIRST_NAMES = "see_first_names"
    SEE_NAMES = "see_names"
    SEE_CONTACTS = "see_contacts"
    SEE_ALL = "see_all"
    SEGMENT = "segment"  # ask questions about the people one sees, and save them
    EXPORT = "export"  # take people out of the installation
    TAKE_IN = "take_in"  # how people come in: forms, sources, what they cost
    IMPORT = "import"  # take lists of people in
    # What a role is there for, so that nobody gives away work that is not theirs.
    LEAD_TEXTING = "lead_texting"
    TEXT = "text"
    TEACH = "teach"
    LEAD_TEAM = "lead_team"
    COACH = "coach"


_FIRST_NAMES = frozenset({Right.SEE_FIRST_NAMES})
_NAMES = _FIRST_NAMES | {Right.SEE_NAMES}
_CONTACTS = _NAMES | {Right.SEE_CONTACTS}
_ALL = _CONTACTS | {Right.SEE_ALL}
_WATCHES = frozenset({Right.SEE_EVENTS, Right.SEE_NUMBERS})
_RUNS_EVENTS = _WATCHES | {Right.REVIEW_EVENTS, Right.CHANGE_EVENTS}
_CARES = frozenset({Right.LEAD_TEAM, Right.COACH})
_TEXTS = frozenset({Right.LEAD_TEXTING, Right.TEXT})

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.ORGANISER: _RUNS_EVENTS
    | _ALL
    | _CARES
    | _TEXTS
    | {
        Right.EDIT_CAMPAIGN,
        Right.MODERATE,
        Right.GRANT,
        Right.TEACH,
        Right.SEGMENT,
        Right.TAKE_IN,
    },
    Role.REGIONAL_ORGANISER: _RUNS_EVENTS | _CONTACTS | _CARES | {Right.GRANT, Right.SEGMENT},
    Role.DATA_MANAGER: _ALL | {Right.EXPORT, Right.IMPORT, Right.SEGMENT, Right.TAKE_IN},
    Role.TEXTING_LEAD: _NAMES | _TEXTS | {Right.GRANT, Right.SEGMENT},
    Role.TEXTER: _FIRST_NAMES | {Right.TEXT},
    Role.TRAINER: _NAMES | {Right.TEACH},
    Role.TEAM_LEAD: _NAMES | {Right.LEAD_TEAM},
    Role.COACH: _NAMES | {Right.SEE_EVENTS, Right.COACH},
    Role.READ_ONLY: _WATCHES | _FIRST_NAMES,
}


# Whoever holds one of these has a page in the office.
AT_A_DESK = frozenset({Right.RUN, Right.GRANT, Right.SEE_EVENTS, Right.SEE_CONTACTS, Right.EXPORT})


def carries(role: Role, right: Right) -> bool:
    """Does this role carry this right?"""
    return right in RIGHTS[role]


def is_part_of(role: Role, whole: Role) -> bool:
    """Does ``whole`` carry every right of ``role``? Only then may it give that role to others."""
    return RIGHTS[role] <= RIGHTS[whole]
