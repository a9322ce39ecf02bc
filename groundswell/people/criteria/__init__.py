"""The ways to choose people that this room offers (``segments.criterion``).

What somebody did at events: ``events/criteria.py``; how to add one: docs/how-to.
"""

from groundswell.people.criteria import answers, came_by, contact, persons, segments, where

CRITERIA = (
    *persons.CRITERIA,
    *answers.CRITERIA,
    *where.CRITERIA,
    *came_by.CRITERIA,
    *contact.CRITERIA,
    *segments.CRITERIA,
)

__all__ = ["CRITERIA"]
