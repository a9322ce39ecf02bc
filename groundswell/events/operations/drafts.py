"""Beginning to host: a draft with its first answers, and the link that opens it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from groundswell.accounts.operations import links
from groundswell.campaigns.models import Campaign
from groundswell.events.operations import hosting
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor

KEPT = timedelta(days=14)  # as long as ``hosting.tidy_hosting`` keeps a draft


@transaction.atomic
def begin(*, campaign: Campaign, answers: Mapping[str, Any], by: Actor) -> str:
    """Start a draft with the answers of the first page. Returns the clear token of its link.

    Raises hosting.CampaignTakesNoEvents.
    """
    draft = hosting.start_draft(campaign=campaign, by=by)
    hosting.save_answers(draft=draft, answers=answers, by=by)
    return links.make_link(
        purpose="wizard",
        person_id=None,
        object_id=draft.id,
        expires_at=clock.now() + KEPT,
    )
