"""A live campaign with listed events, through the same operations as the pages."""

from __future__ import annotations

from datetime import time, timedelta


def events(count: int, *, capacity: int | None = None) -> list[tuple[int, str]]:
    """``count`` listed events; their ids and the paths of their sign-up forms."""
    from groundswell.campaigns import operations as campaign_ops
    from groundswell.events import times
    from groundswell.events.operations import hosting, reviewing
    from groundswell.kernel import actor, clock
    from groundswell.kernel.actor import SYSTEM, VISITOR
    from groundswell.people.operations.persons import Typed
    from groundswell.site import operations as site_ops

    # A crowd is expected: everything is counted and looked at, and numbers alone hold nobody.
    site_ops.set_safeguards(forms="never", security_contact="", security_policy="", by=SYSTEM)
    day = (clock.now() + timedelta(days=14)).date()
    plan = campaign_ops.Plan(organisation="Bench", action_on=day, starts_on=day, ends_on=day)
    campaign = campaign_ops.start_campaign(plan=plan, title="Bench", by=SYSTEM)
    kind = {"key": "stop", "icon": "bus", "minutes": 60, "name": {"en": "Stop"}, "line": {}}
    campaign_ops.publish_kit(campaign=campaign, content={"types": [kind]}, by=SYSTEM)
    campaign_ops.publish_campaign(campaign=campaign, by=SYSTEM)
    campaign.refresh_from_db()
    made = []
    for number in range(count):
        slot = times.slot(day, time(11), time(12), "Europe/London")
        place = hosting.Place("Leeds", "GB", 53.8, -1.55 + number / 100, "Library")
        event = hosting.publish_event(
            campaign=campaign,
            plan=hosting.HostPlan("stop", f"Event {number}", slot, place, "en", capacity=capacity),
            host=Typed(given="Host", email=f"host{number}@example.org"),
            by=VISITOR,
        )
        assert event.host_id is not None
        hosting.prove_host(event_id=event.id, by=actor.person(event.host_id, event_id=event.id))
        reviewing.approve(event_id=event.id, by=SYSTEM)
        made.append((event.id, f"/en/e/{event.slug}/sign-up"))
    return made


def stamps(paths: list[str]) -> dict[str, str]:
    """The signed stamp that each form carries, as if it had been opened a minute ago."""
    from groundswell.kernel import clock
    from groundswell.web import form_guard

    with clock.at(clock.now() - timedelta(minutes=1)):
        return {path: form_guard.stamp(f"sign-up:{path.split('/')[-2]}") for path in paths}
