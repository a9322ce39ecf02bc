"""What the outreach room holds about a person."""

from __future__ import annotations

from typing import Any

from groundswell.outreach.models import Message, ShownMail


class OutreachShelf:
    """Messages to a person: which kind, when, and what became of them."""

    models: tuple[str, ...] = ("outreach.message", "outreach.shownmail")

    def export(self, person_id: int) -> dict[str, Any]:
        return {
            "messages": [
                {
                    "kind": kind,
                    "channel": channel,
                    "state": state,
                    "written_at": created_at.isoformat(),
                    "done_at": done_at and done_at.isoformat(),
                }
                for kind, channel, state, created_at, done_at in Message.objects.filter(
                    person_id=person_id
                )
                .order_by("created_at", "id")
                .values_list("kind", "channel", "state", "created_at", "done_at")
            ]
        }

    def merge(self, kept_id: int, gone_id: int) -> None:
        Message.objects.filter(person_id=gone_id).update(person_id=kept_id)
        ShownMail.objects.filter(person_id=gone_id).update(person_id=kept_id)

    def erase(self, person_id: int) -> None:
        Message.objects.filter(person_id=person_id).delete()
        ShownMail.objects.filter(person_id=person_id).delete()
