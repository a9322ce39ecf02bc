"""Two exports asked for in the same moment are counted one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from groundswell.kernel.actor import Actor, Role
from groundswell.people.exports import deciding
from groundswell.people.models import Export
from groundswell.people.operations import exports
from tests.factories import campaigns
from tests.factories import events as make
from tests.factories.exports import DOMAIN, agreeing, member, wanted

pytestmark = pytest.mark.django_db


class InBetween:
    """Does something once, just before the next transaction begins."""

    def __init__(self, something: Callable[[], object]) -> None:
        self.something: Callable[[], object] | None = something

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("SAVEPOINT") and self.something is not None:
            now, self.something = self.something, None
            now()
        return execute(sql, *rest)


@pytest.fixture
def asha(db: None) -> Actor:
    return member("asha@example.org", Role.DATA_MANAGER)


def test_whoever_asks_twice_at_once_takes_no_more_out_alone(
    asha: Actor, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GROUNDSWELL_RELAY_DOMAIN = DOMAIN
    monkeypatch.setattr(deciding, "ALONE_MOST", 2)
    event = make.listed_event(campaigns.live_campaign())
    agreeing(event, 2)
    asked = wanted(event.campaign)

    with connection.execute_wrapper(InBetween(lambda: exports.ask(asked, by=asha))):
        exports.ask(asked, by=asha)

    states = Export.objects.order_by("id").values_list("state", flat=True)
    assert sorted(states) == [Export.State.ASKED, Export.State.MAKING]
