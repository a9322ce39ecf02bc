"""What the events room holds about a person."""

from __future__ import annotations

from typing import Any

from groundswell.events.models import Event, HostDraft, Rsvp


class EventsShelf:
    """Sign-ups and hosted events of a person."""

    models: tuple[str, ...] = ("events.rsvp", "events.event")

    def export(self, person_id: int) -> dict[str, Any]:
        return {
            "sign_ups": [
                {
                    "event": rsvp.event.title,
                    "starts": rsvp.event.starts_wall,
                    "zone": rsvp.event.zone,
                    "town": rsvp.event.town,
                    "state": rsvp.state,
                    "party": rsvp.party,
                    "signed_up_at": rsvp.created_at.isoformat(),
                }
                for rsvp in Rsvp.objects.select_related("event").filter(person_id=person_id)
            ],
            "hosted": list(
                Event.objects.filter(host_id=person_id).values(
                    "title", "starts_wall", "zone", "town", "state"
                )
            ),
        }

    def merge(self, kept_id: int, gone_id: int) -> None:
        kept = Rsvp.objects.filter(person_id=kept_id).values("event_id")
        moving = Rsvp.objects.filter(person_id=gone_id)
        moving.exclude(event_id__in=kept).update(person_id=kept_id)
        Event.objects.filter(host_id=gone_id).update(host_id=kept_id)

    def erase(self, person_id: int) -> None:
        Rsvp.objects.filter(person_id=person_id).update(
            person=None, name_sealed=b"", phone_sealed=b"", utm={}, source=""
        )
        hosted = Event.objects.filter(host_id=person_id)
        HostDraft.objects.filter(event_id__in=hosted.values("id")).delete()
        hosted.update(host=None)
