"""Who is more to us than a name that a program may have typed into a public page.

Whoever came only with a page that nobody confirmed is in no list and goes with it. Anybody can
type the address of somebody whom we know: that takes nothing from them.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from groundswell.people.models import (
    Consent,
    Contact,
    FieldValue,
    Note,
    Person,
    PostalAddress,
    Tagging,
    Touch,
    ViewMember,
)

# A page that waits writes none of these; an import leaves a touch on everybody.
_ROWS: tuple[Any, ...] = (FieldValue, Note, PostalAddress, Tagging, Touch, ViewMember)
_COLUMNS = (
    Q(going_count__gt=0)
    | Q(attended_count__gt=0)
    | Q(has_hosted=True)
    | Q(point_person__isnull=False)
    | Q(household__isnull=False)
)


def otherwise(whose: str = "person") -> Q:
    """Of rows that name somebody in this column: we know them by more than pages and events."""
    whom = OuterRef(whose)
    found = Q(Exists(Contact.objects.filter(person=whom, proven_at__isnull=False)))
    beyond_events = (Consent.Purpose.CAMPAIGN, Consent.Purpose.NEWS)
    found |= Q(Exists(Consent.objects.filter(person=whom, purpose__in=beyond_events)))
    found |= Q(Exists(Person.objects.filter(_COLUMNS, id=whom)))
    for model in _ROWS:
        found |= Q(Exists(model.objects.filter(person=whom)))
    return found
