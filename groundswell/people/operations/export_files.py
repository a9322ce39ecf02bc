"""The file of an export: made by a job in sealed parts, fetched once, destroyed afterwards."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.kernel.ids import hash_token, new_id
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.worker import Again
from groundswell.people.exports import deciding, inventing, layouts, rows, wishes
from groundswell.people.exports.rows import Row
from groundswell.people.facts import ExportFetched, ExportStopped
from groundswell.people.models import Canary, Export, ExportPart, Person
from groundswell.site import vault

AT_ONCE = 500
PARTS_KEPT = timedelta(hours=1)  # after fetching: a slow line is still reading
KEPT = timedelta(days=1095)  # a leaked file is traced for three years
_PRIORITY = 0
_random = random.SystemRandom()

State = Export.State


class NotReady(Refusal):
    sentence = _("The file is not ready.")


class FetchedAlready(Refusal):
    sentence = _("The file can be fetched once, and it was. Ask for a new one.")


def begin(export: Export) -> None:
    """Enqueue the job, in the caller's transaction."""
    ledger_ops.enqueue(make.module_path, {"args": [export.id], "kwargs": {}}, priority=_PRIORITY)


@task()
def make(export_id: int) -> Again | None:
    """500 people in one transaction, then again. Stops when the right of whoever asked is gone."""
    export = Export.objects.select_for_update().get(id=export_id)
    if export.state != State.MAKING:
        return None
    asker = deciding.asker_of(export)
    wish = wishes.Wish.of_json(export.wish)
    if asker is None or not wishes.exporter(asker).held:
        export.state, export.decided_at = State.WITHDRAWN, clock.now()
        export.save(update_fields=["state", "decided_at"])
        ledger_ops.record(ExportStopped(export_id=export.id, because="right_ended"), by=SYSTEM)
        return None
    if export.key_id is None:
        export.key_id = vault.take_key_id()
    after = wishes.people_of(wish, asker).filter(id__gt=export.place)
    people = list(after.order_by("id")[:AT_ONCE])
    _keep_part(export, people, asker)
    if len(people) == AT_ONCE:
        export.place = people[-1].id
        export.save(update_fields=["key_id", "place", "row_count"])
        return Again({"args": [export.id], "kwargs": {}})
    export.state, export.ready_at = State.READY, clock.now()
    export.save(update_fields=["key_id", "row_count", "state", "ready_at"])
    return None


def _keep_part(export: Export, people: list[Person], asker: Actor) -> None:
    """Seal the rows of these people, made-up ones among them, in an order that says nothing about
    when somebody joined."""
    made = rows.rows_of(export, people, asker)
    export.row_count += len(made)
    if "email" in export.columns:
        made += _canaries(export, made, is_last=len(people) < AT_ONCE)
    _random.shuffle(made)
    part = ExportPart(id=new_id(), export=export, number=export.parts.count())
    told = json.dumps([[row.person_id, row.cells] for row in made], ensure_ascii=False)
    assert export.key_id is not None
    part.rows_sealed = vault.seal(part, "rows_sealed", told, key_id=export.key_id)
    part.save(force_insert=True)


def _canaries(export: Export, made: list[Row], *, is_last: bool) -> list[Row]:
    """As many as the whole file needs, spread over its parts."""
    whole = rows.canaries_of(export.people_count)
    looked_at = (export.parts.count() + 1) * AT_ONCE  # rows are fewer: some people are left out
    share = min(1.0, looked_at / max(1, export.people_count))
    by_now = whole if is_last else int(whole * share)
    missing = max(0, by_now - export.canaries.count())
    told = [row.cells for row in made]
    invented = inventing.invent(export, told, missing, settings.GROUNDSWELL_CANARY_DOMAINS)
    Canary.objects.bulk_create(
        [Canary(id=new_id(), export=export, local_hash=hash_token(one.local)) for one in invented],
        ignore_conflicts=True,
    )
    return [Row(0, one.cells) for one in invented]


@transaction.atomic
def fetch(*, export_id: int, by: Actor) -> Export:
    """Take the file: once, only by whoever asked, while they hold the right.

    Read the rows with :func:`lines` afterwards. Raises NotReady, FetchedAlready.
    """
    export = Export.objects.select_for_update().get(id=export_id)
    if export.state == State.FETCHED:
        raise FetchedAlready
    late = export.ready_at is None or clock.now() > export.ready_at + deciding.FETCHED_WITHIN
    if export.state != State.READY or late or by.id != export.account_id:
        raise NotReady
    export.state, export.fetched_at = State.FETCHED, clock.now()
    export.save(update_fields=["state", "fetched_at"])
    ledger_ops.record(ExportFetched(export_id=export.id, count=export.row_count), by=by)
    return export


def dress(export: Export) -> layouts.Dress:
    """The layout that was asked for, over the columns of the export: its head and its lines."""
    wish = wishes.Wish.of_json(export.wish)
    return layouts.Dress(layouts.LAYOUTS[wish.layout], export.columns)


def lines(export: Export) -> Iterator[list[str]]:
    """The cells of the file, row by row. Who was erased since it was made is not in it."""
    for part in export.parts.order_by("number").iterator(chunk_size=4):
        made = [Row(*row) for row in json.loads(vault.open_(part, "rows_sealed"))]
        known = rows.persons_in(made)
        there = set(Person.objects.filter(id__in=known).values_list("id", flat=True))
        for row in made:
            if not row.person_id or row.person_id in there:
                yield row.cells


def take_out(person_id: int) -> None:
    """Rewrite the parts of files that wait to be fetched without this person, who is erased; in the
    caller's transaction."""
    for part in ExportPart.objects.order_by("id").iterator(chunk_size=4):
        made = json.loads(vault.open_(part, "rows_sealed"))
        kept = [row for row in made if row[0] != person_id]
        if len(kept) == len(made):
            continue
        told = json.dumps(kept, ensure_ascii=False)
        key_id = part.export.key_id
        assert key_id is not None
        part.rows_sealed = vault.seal(part, "rows_sealed", told, key_id=key_id)
        part.save(update_fields=["rows_sealed"])


def destroy(export_id: int) -> None:
    """Delete what a file was made of, and its key. After the commit that ended it."""
    export = Export.objects.get(id=export_id)
    export.parts.all().delete()
    if export.key_id is not None:
        vault.destroy_key(export.key_id)


def over(now: datetime) -> QuerySet[Export]:
    """Exports whose time ran out: nobody decided, or nobody fetched the file."""
    undecided = Q(state=State.ASKED, opens_at=None, asked_at__lt=now - deciding.DECIDED_WITHIN)
    unfetched = Q(state=State.READY, ready_at__lt=now - deciding.FETCHED_WITHIN)
    return Export.objects.filter(undecided | unfetched)


def exports_due(now: datetime) -> QuerySet[Export]:
    """What is known about an export, and the trace of its file, after three years."""
    return Export.objects.filter(asked_at__lt=now - KEPT)


@task()
def tidy_exports() -> None:
    """Every ten minutes (config/wiring.py): go on where a day has passed, end what is over."""
    now = clock.now()
    for export_id in _ids(Export.objects.filter(state=State.ASKED, opens_at__lte=now)):
        _go_on(export_id)
    over(now).filter(id__in=_ids(over(now))).update(state=State.EXPIRED)  # unless decided meanwhile
    done = [State.FETCHED, State.REFUSED, State.WITHDRAWN, State.EXPIRED]
    left = ExportPart.objects.filter(export__state__in=done).exclude(
        export__fetched_at__gt=now - PARTS_KEPT
    )
    for export_id in set(left.values_list("export_id", flat=True)[:AT_ONCE]):
        destroy(export_id)
    exports_due(now).filter(id__in=_ids(exports_due(now))).delete()


def _ids(found: QuerySet[Export]) -> list[int]:
    return list(found.values_list("id", flat=True)[:AT_ONCE])


@transaction.atomic
def _go_on(export_id: int) -> None:
    """A day passed, and nobody refused."""
    export = Export.objects.select_for_update().get(id=export_id)
    if export.state == State.ASKED:
        export.state = State.MAKING
        export.save(update_fields=["state"])
        begin(export)
