"""Walking the timeline with the clock moved, batch by batch, each with its cursor in one commit.

A batch is what happens, what follows from it (reactions, reminders, counts) and the new cursor,
all or nothing. A run that is killed anywhere goes on at the last commit; nothing is doubled.
Messages are written and set aside; no sender is ever asked (``set_aside_invented``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from django.db import transaction

from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.cli.replay import campaigns, people, timeline, words
from groundswell.cli.replay.gatherings import Gathering
from groundswell.cli.replay.plan import Plan
from groundswell.cli.replay.timeline import Step, Verb
from groundswell.events.models import Event, Rsvp
from groundswell.events.operations import (
    attendance,
    checklist,
    hosting,
    lapsing,
    proving,
    reviewing,
    rsvps,
)
from groundswell.events.queries import finding
from groundswell.events.queries import people as people_queries
from groundswell.events.queries.people import SignedUp
from groundswell.kernel import actor, clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Actor
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import chain, worker
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger import queries as ledger_queries
from groundswell.metrics import operations as metrics_ops
from groundswell.outreach import delivery
from groundswell.outreach import queries as outreach_queries
from groundswell.outreach.operations import reminders

BATCH_STEPS = 150
BATCH_LASTS = timedelta(hours=1)
_ROUND_TO = timedelta(minutes=10)  # reminders that fall due together go together
_ONLY_GOING = {Verb.CONFIRM, Verb.CHECK_IN, Verb.TELL}

Heard = Callable[[int, datetime], None]  # steps done, and where the clock stands


@dataclass(frozen=True, slots=True)
class Done:
    """What a finished replay made."""

    campaign: Campaign
    counts: Counter[str]
    was_finished: bool = False


def kept_day(bookmark: str) -> date | None:
    """The action day of an earlier run under this bookmark."""
    place = ledger_queries.place_of(bookmark)
    return date.fromisoformat(place["action_on"]) if place else None


def run(plan: Plan, *, heard: Heard = lambda _done, _at: None) -> Done:
    """Replay to the end, from the beginning or from where an earlier run stopped.

    ``heard`` is called after every commit. Raises campaigns' NameIsTaken.
    """
    place = ledger_queries.place_of(plan.bookmark)
    if place is None:
        with transaction.atomic():
            campaign = campaigns.start(plan)
            place = {
                "campaign": campaign.id,
                "action_on": str(plan.action_on),
                "done": 0,
                "counts": {},
                "is_over": False,
            }
            ledger_ops.keep_place(plan.bookmark, place)
    found = campaign_queries.campaign_by_id(place["campaign"])
    if found is None:
        raise LookupError(f"campaign {place['campaign']} of {plan.bookmark} is gone")
    counts = Counter(place["counts"])
    if place["is_over"]:
        return Done(found, counts, was_finished=True)
    _Walk(plan, found, place, counts, heard).walk()
    return Done(found, counts)


class _Walk:
    """One run over the timeline."""

    def __init__(
        self,
        plan: Plan,
        campaign: Campaign,
        place: dict[str, object],
        counts: Counter[str],
        heard: Heard,
    ) -> None:
        self.plan, self.campaign, self.place = plan, campaign, place
        self.counts, self.heard = counts, heard
        self.done = int(str(place["done"]))
        self.counted_on: date | None = None
        self.by_row = {each.row: each for each in plan.gatherings}
        self.event_ids = self._event_ids()

    def _event_ids(self) -> dict[int, int]:
        """Which event each row has become so far; no event remembers its row, its host does."""
        if not self.done:
            return {}
        rows = {people.host_email(self.plan.name, row): row for row in self.by_row}
        found = people_queries.hosted_events(self.campaign.id, rows)
        return {rows[email]: event_id for email, event_id in found.items()}

    def walk(self) -> None:
        steps = timeline.steps(self.plan.name, self.plan.gatherings, self.plan.scale)
        stream = islice(steps, self.done, None)
        step, at = next(stream, None), None
        while step is not None:
            _remind_until(step.at, after=at)
            batch, until = [step], _batch_ends(step.at)
            for step in stream:
                if len(batch) == BATCH_STEPS or step.at >= until:
                    break
                batch.append(step)
            else:
                step = None
            self._commit(batch)
            at = batch[-1].at
        _remind_until(self.plan.ends_at, after=at)
        self._finish()

    def _commit(self, batch: list[Step]) -> None:
        """One batch, what follows from it, and the cursor."""
        counted: Counter[str] = Counter()
        with transaction.atomic():
            _Batch(self, batch, counted).play()
            _settle(batch[-1].at)
            self._count_daily(batch[-1].at)
            place = {
                **self.place,
                "done": self.done + len(batch),
                "counts": self.counts + counted,
            }
            ledger_ops.keep_place(self.plan.bookmark, place)
        self.done += len(batch)
        self.counts.update(counted)
        self.heard(self.done, batch[-1].at)

    def _count_daily(self, at: datetime) -> None:
        """The numbers are by day, so once a day of the replay is enough."""
        if at.date() != self.counted_on:
            _count()
            self.counted_on = at.date()

    def _finish(self) -> None:
        with transaction.atomic():
            with clock.at(self.plan.ends_at):
                campaigns.tell_outcome(self.plan, self.campaign)
            _settle(self.plan.ends_at)
            _count()
            place = {**self.place, "done": self.done, "counts": self.counts, "is_over": True}
            ledger_ops.keep_place(self.plan.bookmark, place)
        self.heard(self.done, self.plan.ends_at)


def _batch_ends(starts: datetime) -> datetime:
    """A batch is short in number and in time, and ends before reminders fall due."""
    due = outreach_queries.next_plan_at()
    latest = starts + BATCH_LASTS
    return latest if due is None else min(latest, max(_rounded(due), starts))


def _rounded(moment: datetime) -> datetime:
    """The next full ten minutes."""
    late = (moment - datetime.min.replace(tzinfo=UTC)) % _ROUND_TO
    return moment + (_ROUND_TO - late if late else timedelta())


def _remind_until(before: datetime, *, after: datetime | None) -> None:
    """Between two batches, stop at each moment at which reminders fall due."""
    while True:
        due = outreach_queries.next_plan_at()
        if due is None:
            return
        moment = _rounded(due) if after is None else max(_rounded(due), after)
        if moment > before:
            return
        with transaction.atomic():
            _settle(moment)


def _settle(moment: datetime) -> None:
    """Let everything follow that is due at ``moment``, in the caller's transaction.

    What the worker does, without its schedules, whose marks belong to the real clock, without
    delivery, and with the counts left to :func:`_count`.
    """
    with clock.at(moment):
        lapsing.lapse_holds()
        reminders.send_due_reminders.call()
        while worker.run_due() + delivery.set_aside_invented():
            pass


def _count() -> None:
    """Chain what was recorded and fold it into the campaign's numbers, in the order recorded."""
    while chain.chain_more():
        pass
    while metrics_ops.fold_more():
        pass


class _Batch:
    """One batch being played: the rows it needs are read in a few queries beforehand."""

    def __init__(self, walk: _Walk, steps: list[Step], counted: Counter[str]) -> None:
        self.walk, self.steps, self.counted = walk, steps, counted
        self.name = walk.plan.name
        ids = {walk.event_ids[step.row] for step in steps if step.row in walk.event_ids}
        self.events = {event.id: event for event in finding.events_by_id(list(ids))}
        self.signed_up = people_queries.signed_up(
            (walk.event_ids[step.row], self._email(step))
            for step in steps
            if step.row in walk.event_ids and Verb.PROVE <= step.verb <= Verb.TELL
        )

    def _email(self, step: Step) -> str:
        return people.supporter_email(self.name, step.row, step.number)

    def play(self) -> None:
        for step in self.steps:
            gathering = self.walk.by_row[step.row]
            with clock.at(step.at):
                try:
                    self._play(step, gathering)
                except Refusal as refusal:  # the page would say no as well: full, cancelled, over
                    self.counted[f"refused {type(refusal).__name__}"] += 1

    def _play(self, step: Step, gathering: Gathering) -> None:
        if step.verb == Verb.PUBLISH:
            self._publish(gathering)
            return
        event = self.events[self.walk.event_ids[step.row]]
        host = actor.person(event.host_id or 0, event_id=event.id)
        if step.verb == Verb.APPROVE:
            reviewing.approve(event_id=event.id, by=SYSTEM)
        elif step.verb == Verb.OPEN_KIT:
            checklist.open_kit(event_id=event.id, by=host)
            checklist.tick(event_id=event.id, key="invite", done=True, by=host)
        elif step.verb == Verb.SIGN_UP:
            self._sign_up(step, event, gathering)
            return
        elif step.verb == Verb.REPORT:
            self._report(event, gathering, host)
        elif not self._follow_up(step, event, host):
            return
        self.counted[step.verb.name.lower()] += 1

    def _publish(self, gathering: Gathering) -> None:
        row, language = gathering.row, gathering.language
        event = hosting.publish_event(
            campaign=self.walk.campaign,
            plan=_host_plan(self.walk.plan, gathering),
            host=people.host(self.name, row, language, gathering.country),
            by=VISITOR,
        )
        host = actor.person(event.host_id or 0, event_id=event.id)
        hosting.prove_host(event_id=event.id, by=host)
        self.walk.event_ids[row] = event.id
        self.events[event.id] = event
        self.counted["publish"] += 1

    def _sign_up(self, step: Step, event: Event, gathering: Gathering) -> None:
        who = people.character(self.name, step.row, step.number)
        made = rsvps.make_rsvp(
            event=event,
            typed=people.supporter(
                self.name, step.row, step.number, gathering.language, gathering.country
            ),
            sign_up=rsvps.SignUp(
                party=who.party,
                can_help=who.can_help,
                wants_campaign_mail=who.wants_mail,
                source=who.source,
            ),
            by=VISITOR,
            consent_source="replay",
        )
        assert made.rsvp.person_id is not None
        self.signed_up[event.id, self._email(step)] = SignedUp(
            made.rsvp.id, made.rsvp.person_id, made.rsvp.state
        )
        self.counted["sign_up"] += 1
        self.counted["waiting"] += made.rsvp.state == Rsvp.State.WAITING

    def _follow_up(self, step: Step, event: Event, host: Actor) -> bool:
        """What a supporter does after signing up. False when there is nothing to do."""
        mine = self.signed_up.get((event.id, self._email(step)))
        if mine is None or (step.verb in _ONLY_GOING and mine.state != Rsvp.State.GOING):
            return False
        me = actor.person(mine.person_id, event_id=event.id)
        if step.verb == Verb.PROVE:
            proving.prove_rsvps(person_id=mine.person_id, by=me)
        elif step.verb == Verb.CANCEL:
            if mine.state not in {Rsvp.State.GOING, Rsvp.State.WAITING}:
                return False
            rsvps.cancel_rsvp(rsvp_id=mine.rsvp_id, by=me)
            self.signed_up[event.id, self._email(step)] = mine._replace(state=Rsvp.State.CANCELLED)
        elif step.verb == Verb.CONFIRM:
            rsvps.confirm_rsvp(rsvp_id=mine.rsvp_id, by=me)
        elif step.verb == Verb.CHECK_IN:
            attendance.check_in(rsvp_id=mine.rsvp_id, here=True, by=host)
        else:
            is_there = people.character(self.name, step.row, step.number).is_there
            attendance.tell_attendance(rsvp_id=mine.rsvp_id, came=is_there, by=me)
        return True

    def _report(self, event: Event, gathering: Gathering, host: Actor) -> None:
        assert gathering.best is not None
        attendance.file_report(
            event_id=event.id,
            low=gathering.low,
            best=gathering.best,
            high=gathering.high,
            sentence=words.report_sentence(gathering.language),
            by=host,
        )


def _host_plan(plan: Plan, gathering: Gathering) -> hosting.HostPlan:
    language = gathering.language
    publicity = Event.Publicity.ONLINE if gathering.is_online else Event.Publicity.EVERYONE
    return hosting.HostPlan(
        kind=gathering.kind,
        title=gathering.title or words.event_title(gathering.kind, gathering.town, language),
        slot=gathering.slot,
        place=hosting.Place(
            town=gathering.town,
            country=gathering.country,
            latitude=gathering.lat,
            longitude=gathering.lon,
            venue=words.venue(gathering.venue, language, is_online=gathering.is_online),
            publicity=publicity,
        ),
        language=language,
        description=words.held_by(gathering.organisation, language),
        capacity=timeline.expected(plan.name, gathering, plan.scale).capacity,
    )
