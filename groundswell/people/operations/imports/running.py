"""Taking the rows in: a part in one transaction, then the next; pause, go on."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.worker import Again
from groundswell.people.facts import ImportDone, ImportStarted
from groundswell.people.imports.columns import FIELD, To
from groundswell.people.models import Import, ImportPart
from groundswell.people.operations.imports import profiles, rows
from groundswell.people.operations.imports.book import FAILED, Book, suppressed
from groundswell.people.operations.imports.counting import Counts, told_of
from groundswell.people.operations.imports.drafts import drafts_of
from groundswell.people.operations.imports.uploading import check
from groundswell.people.operations.imports.writing import Writer
from groundswell.site import vault

_TRIES = 3  # the same new address may arrive by another way while a part is read
State = Import.State


class CheckFirst(Refusal):
    sentence = _("Do the dry run first. It shows what the import would do.")


class NotRunning(Refusal):
    sentence = _("This import is not running, so there is nothing to pause.")


class NotPaused(Refusal):
    sentence = _("This import is not paused, so there is nothing to go on with.")


@transaction.atomic
def start(*, import_id: int, in_worker: bool = True, by: Actor) -> None:
    """Take the rows in. The command line runs the parts itself and says ``in_worker=False``.

    Raises MayNotImport, CheckFirst.
    """
    check(by)
    found = Import.objects.select_for_update().get(id=import_id)
    if found.state != State.CHECKED:
        raise CheckFirst
    _make_fields(found)
    found.state, found.place, found.changed_at = State.RUNNING, 0, clock.now()
    found.counts = Counts().as_json()
    found.save(update_fields=["state", "place", "columns", "counts", "changed_at"])
    ledger_ops.record(ImportStarted(import_id=found.id, count=found.row_count), by=by)
    if in_worker:
        _enqueue(found.id)


def _make_fields(found: Import) -> None:
    """Columns that become new fields are columns of those fields from now on."""
    names = {
        place: found.head[place] for place, to in enumerate(found.columns) if to == To.NEW_FIELD
    }
    language = str(found.choices.get("language") or "en")
    for place, key in profiles.make_fields(found, names, language=language).items():
        is_twice = f"{FIELD}{key}" in found.columns
        found.columns[place] = To.NOTHING.value if is_twice else f"{FIELD}{key}"


def _enqueue(import_id: int) -> None:
    ledger_ops.enqueue(
        run.module_path, {"args": [import_id], "kwargs": {}}, dedupe_key=f"import:{import_id}"
    )


@transaction.atomic
def pause(*, import_id: int, by: Actor) -> None:
    """Stop after the part under way. Raises MayNotImport, NotRunning."""
    check(by)
    found = Import.objects.select_for_update().get(id=import_id)
    if found.state != State.RUNNING:
        raise NotRunning
    _move(found, State.PAUSED)


@transaction.atomic
def go_on(*, import_id: int, in_worker: bool = True, by: Actor) -> None:
    """Go on after a pause. Raises MayNotImport, NotPaused."""
    check(by)
    found = Import.objects.select_for_update().get(id=import_id)
    if found.state != State.PAUSED:
        raise NotPaused
    _move(found, State.RUNNING)
    if in_worker:
        _enqueue(found.id)


def _move(found: Import, state: Import.State) -> None:
    found.state, found.changed_at = state, clock.now()
    found.save(update_fields=["state", "changed_at"])


@task()
def run(import_id: int) -> Again | None:
    """One part in one transaction, then again."""
    return Again({"args": [import_id], "kwargs": {}}) if Run(import_id).step() else None


class Run:
    """The parts of one import, one after the other; what is looked up once is kept between."""

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id
        self.reader: rows.Reader | None = None
        self.writer: Writer | None = None

    def step(self) -> bool:
        """Take the next part in; False when there is none, or the import is paused."""
        for left in reversed(range(_TRIES)):
            try:
                with transaction.atomic():
                    return self._step()
            except IntegrityError:
                # Somebody signed up with one of the addresses meanwhile: now they are known.
                self.reader = self.writer = None
                if not left:
                    raise
        return False

    def all(self, heard: Callable[[int], None] = lambda rows: None) -> None:
        """Every part, for the command line."""
        while self.step():
            heard(
                int(Import.objects.values_list("counts", flat=True).get(id=self.import_id)["rows"])
            )

    def _step(self) -> bool:
        found = Import.objects.select_for_update().get(id=self.import_id)
        if found.state != State.RUNNING:
            return False
        if self.reader is None or self.writer is None:
            self.reader = rows.Reader(found)
            self.writer = Writer(found, self.reader.choices)
        part = found.parts.filter(number=found.place).first()
        if part is not None:
            counts = self._take_in(found, part)
            found.counts = Counts.of_json(found.counts).plus(counts).as_json()
        found.place, found.changed_at = found.place + 1, clock.now()
        is_over = found.place >= found.part_count
        if is_over:
            found.state, found.done_at = State.DONE, clock.now()
            ledger_ops.record(_done(found), by=_whoever(found))
        found.save(update_fields=["place", "counts", "state", "done_at", "changed_at"])
        return not is_over

    @rows.no_collections()
    def _take_in(self, found: Import, part: ImportPart) -> Counts:
        assert self.reader is not None
        assert self.writer is not None
        assert found.key_id is not None
        lines = rows.lines_of(part)
        read = self.reader.read(lines)
        verdicts = rows.judged(Book(self.reader.choices, import_id=found.id), read)
        listed = suppressed(read)
        pairs = zip(read, verdicts, strict=True)
        left_out = [row for row, verdict in pairs if verdict.kind == FAILED]
        undo = self.writer.write(drafts_of(read, verdicts), listed, left_out)
        counts = Counts()
        failed: list[list[object]] = []
        for row, verdict in zip(read, verdicts, strict=True):
            counts.add(row, verdict, listed.keys())
            told = told_of(row, verdict)
            if told:
                failed.append([row.clean.number, [list(problem) for problem in told]])
        # Only rows that somebody must correct stay; the others are people now.
        numbers = {number for number, _told in failed}
        left = [line for line in lines if line.number in numbers]
        part.rows_sealed = vault.seal(part, "rows_sealed", rows.as_text(left), key_id=found.key_id)
        part.undo_sealed = vault.seal(part, "undo_sealed", undo.as_text(), key_id=found.key_id)
        part.failed = failed
        part.save(update_fields=["rows_sealed", "undo_sealed", "failed"])
        return counts


def _whoever(found: Import) -> Actor:
    kind = ActorKind.SYSTEM if found.account_id is None else ActorKind.ACCOUNT
    return Actor(kind, found.account_id)


def _done(found: Import) -> ImportDone:
    counts = Counts.of_json(found.counts)
    return ImportDone(
        import_id=found.id,
        new_count=counts.new,
        known_count=counts.known,
        failed_count=counts.failed,
        barred_count=counts.barred,
    )
