"""A program that hears us, for tests."""

from __future__ import annotations

import json
from typing import Any

from groundswell.events.models import Event
from groundswell.kernel.actor import SYSTEM
from groundswell.outreach.hooks import telling
from groundswell.outreach.models import Hook
from groundswell.outreach.operations import hooks
from tests.factories import events as make
from tests.factories.campaigns import live_campaign
from tests.running.receiver import Receiver

ALL = list(telling.KINDS)


def connect(url: str, *hears: str) -> tuple[Hook, str]:
    return hooks.add(name="Our website", address=url, hears=hears or ALL, by=SYSTEM)


def told(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(heard.body) for heard in receiver.heard]


def listed(**others: Any) -> Event:
    return make.listed_event(live_campaign(), **others)
