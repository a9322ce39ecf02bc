"""What the codes in links and on posters are, and what they cost."""

from __future__ import annotations

from datetime import timedelta

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.people.models import SourceCode
from groundswell.people.operations import sources
from groundswell.people.operations.sources import Cost

_C = SourceCode.Channel
SOURCES = (  # code, what it is, by which way, pence
    ("poster-stop-h", "Posters at the stops", _C.PAPER, 18_000),
    ("newsletter-march", "Newsletter", _C.EMAIL, 0),
    ("share", "Shared by those who come", _C.PERSON, 0),
    ("radio", "Radio interview", _C.OTHER, 4_500),
)


def give(by: Actor) -> None:
    """Name the codes that people came by, and note four weeks of cost."""
    today = clock.now().date()
    for code, name, channel, _pence in SOURCES:
        sources.add(code=code, name=name, channel=channel.value, by=by)
    spent = [
        Cost(code, today - timedelta(days=28), today, pence, "GBP")
        for code, _name, _channel, pence in SOURCES
        if pence
    ]
    sources.note_spend(costs=spent, by=by)
