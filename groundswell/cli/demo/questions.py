"""Segments that the team of the demonstration saved, one of them drawn on the map."""

from __future__ import annotations

from typing import Any

from groundswell.accounts import queries as accounts_queries
from groundswell.kernel.actor import Actor
from groundswell.people.models import Segment, Tag
from groundswell.people.operations import segments
from groundswell.people.operations.segments import Kept
from groundswell.people.segments import reading
from groundswell.people.segments.reading import Whom
from groundswell.site import demonstration

NORTH = "53.20,-3.10; 54.30,-3.00; 54.60,-1.30; 53.90,-0.20; 53.30,-0.90"
WOULD_HOST = "Would host"


def ask() -> None:
    """Three questions: an area, what people could do, and one made of both."""
    account = accounts_queries.account_by_email(demonstration.ORGANISER)
    assert account is not None
    by = accounts_queries.actor_of(account)
    north = _saved("North of England", _keep("people.area", area=NORTH), by=by)
    tag = Tag.objects.filter(name=WOULD_HOST).first()
    hosts = [_keep("people.tag", tags=[str(tag.id)])] if tag else []
    would = _saved("Would host, and have not yet", *hosts, _leave("events.hosted"), by=by)
    _saved(
        "Ask for the next action day",
        _keep("people.segment", segment=str(north.id)),
        {**_keep("people.segment", segment=str(would.id)), "verb": "add"},
        _leave("events.took_part", what="cancelled", days=30, count=1),
        by=by,
    )


def _keep(criterion: str, **given: Any) -> dict[str, Any]:
    return {"verb": "keep", "criterion": criterion, "with": given}


def _leave(criterion: str, **given: Any) -> dict[str, Any]:
    return {"verb": "leave", "criterion": criterion, "with": {"count": 1, **given}}


def _saved(name: str, *rows: dict[str, Any], by: Actor) -> Segment:
    told = [reading.start(Whom.EMAIL).as_json(), *rows]
    return segments.begin(kept=Kept(name=name), rows=reading.read(told, by=by), by=by)
