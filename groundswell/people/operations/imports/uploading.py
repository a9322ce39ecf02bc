"""A file becomes an import: its rows lie in sealed parts, and nothing of it in the clear."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.ids import new_id, new_slug
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
from groundswell.people import policy
from groundswell.people.facts import ImportDropped
from groundswell.people.imports import guessing, reading
from groundswell.people.imports.choices import Choices
from groundswell.people.imports.columns import To
from groundswell.people.imports.tables import Line, Table
from groundswell.people.models import Import, ImportPart
from groundswell.people.operations.imports import rows
from groundswell.site import vault

AT_ONCE = 500  # rows in a part, and in a transaction
_SAME_PERSON_MOST = 100  # rows more, so that no person of another program is cut in two
_PARTS_AT_ONCE = 20
_SAMPLE = 50
NAME_MOST = 120

State = Import.State


class MayNotImport(Refusal):
    sentence = _("Your role does not let you take lists in. Ask an owner.")


class IsUnderWay(Refusal):
    sentence = _("This import began already. Pause it or wait, then take it back.")


def check(by: Actor) -> None:
    """Raises MayNotImport."""
    if not policy.can_import(by):
        raise MayNotImport


def upload(
    *,
    name: str,
    file: BinaryIO,
    encoding: str = "",
    heard: Callable[[int], None] = lambda rows: None,
    by: Actor,
) -> Import:
    """Read a file into sealed parts. Its columns are guessed; somebody must decide them next.

    A process that ends half-way leaves an import in ``reading``, which is thrown away after a
    day. Raises MayNotImport and what ``reading.read`` raises; then nothing is left behind.
    """
    check(by)
    print_ = hashlib.sha256()
    for block in iter(lambda: file.read(1 << 20), b""):
        print_.update(block)
    file.seek(0)
    table = reading.read(file, encoding=encoding)
    first: list[Line] = []
    for line in table.lines:
        first.append(line)
        if len(first) == AT_ONCE:
            break
    found = _begin(name, print_.hexdigest(), table, first, by)
    try:
        _keep_all(found, _all(first, table.lines), heard)
    except BaseException:
        _drop(found)
        raise
    found.oddities = sorted(table.oddities)
    found.state, found.changed_at = State.COLUMNS, clock.now()
    found.save(update_fields=["oddities", "state", "changed_at", "row_count", "part_count"])
    return found


def _all(first: list[Line], rest: Iterator[Line]) -> Iterator[Line]:
    yield from first
    yield from rest


def blind_of(digest: str) -> bytes:
    """How an import knows a file again; the digest is that of SHA-256, in hexadecimal."""
    return vault.blind("import file", digest)


def _begin(name: str, digest: str, table: Table, first: list[Line], by: Actor) -> Import:
    wrote = guessing.format_of(table.head)
    now = clock.now()
    found = Import(
        id=new_id(),
        slug=new_slug(),
        account_id=by.id if by.kind == ActorKind.ACCOUNT else None,
        file_blind=blind_of(digest),
        kind=table.kind,
        encoding=table.encoding,
        format=wrote.key,
        head=table.head,
        head_key=hashlib.sha256("\n".join(map(guessing.key, table.head)).encode()).hexdigest(),
        choices=Choices(
            month_first=wrote.month_first, country=wrote.country, tag_separator=wrote.tag_separator
        ).as_json(),
        state=State.READING,
        key_id=vault.take_key_id(),
        made_at=now,
        changed_at=now,
    )
    cells = [line.cells for line in first[:_SAMPLE]]
    found.columns = _saved(found) or guessing.columns(table.head, cells, wrote)
    assert found.key_id is not None
    found.name_sealed = vault.seal(
        found, "name_sealed", clean_line(name)[-NAME_MOST:], key_id=vault.house_key_id()
    )
    found.save(force_insert=True)
    return found


def _saved(found: Import) -> list[str]:
    """The columns that somebody decided for the last file with the same head."""
    earlier = Import.objects.filter(head_key=found.head_key, done_at__isnull=False)
    last = earlier.order_by("-done_at").first()
    return list(last.columns) if last and len(last.columns) == len(found.head) else []


def _keep_all(found: Import, lines: Iterator[Line], heard: Callable[[int], None]) -> None:
    ref = found.columns.index(To.REF) if To.REF in found.columns else None
    parts: list[ImportPart] = []
    for number, some in enumerate(_cut(lines, ref)):
        part = ImportPart(id=new_id(), of=found, number=number)
        assert found.key_id is not None
        part.rows_sealed = vault.seal(part, "rows_sealed", rows.as_text(some), key_id=found.key_id)
        parts.append(part)
        found.row_count += len(some)
        found.part_count += 1
        if len(parts) == _PARTS_AT_ONCE:
            ImportPart.objects.bulk_create(parts)
            parts = []
            heard(found.row_count)
    ImportPart.objects.bulk_create(parts)
    heard(found.row_count)


def _cut(lines: Iterator[Line], ref: int | None) -> Iterator[list[Line]]:
    """Parts of 500 rows, or a few more where the next row is about the same person."""
    some: list[Line] = []
    for line in lines:
        is_full = len(some) >= AT_ONCE and (
            ref is None
            or len(some) >= AT_ONCE + _SAME_PERSON_MOST
            or not line.cells[ref]
            or line.cells[ref] != some[-1].cells[ref]
        )
        if is_full:
            yield some
            some = []
        some.append(line)
    if some:
        yield some


@transaction.atomic
def drop(*, import_id: int, by: Actor) -> None:
    """Throw a file away before it is taken in. Raises MayNotImport, IsUnderWay."""
    check(by)
    found = Import.objects.select_for_update().get(id=import_id)
    if found.state not in {State.READING, State.COLUMNS, State.CHECKING, State.CHECKED}:
        raise IsUnderWay
    ledger_ops.record(ImportDropped(import_id=found.id, count=found.row_count), by=by)
    _drop(found)


def _drop(found: Import) -> None:
    Import.objects.filter(id=found.id).update(state=State.DROPPED, changed_at=clock.now())
    destroy(found)


def destroy(found: Import) -> None:
    """Delete the parts of an import, and then their key."""
    key_id = found.key_id
    ImportPart.objects.filter(of_id=found.id).delete()
    Import.objects.filter(id=found.id).update(key_id=None)
    if key_id is not None:
        transaction.on_commit(lambda: vault.destroy_key(key_id))


def name_of(found: Import) -> str:
    """What the file was called."""
    return vault.open_(found, "name_sealed")
