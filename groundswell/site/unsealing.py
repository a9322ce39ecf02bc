"""Opening one sealed column of many rows, for an export or a mailing to everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import models

from groundswell.kernel import sealing
from groundswell.site import vault
from groundswell.site.models import DataKey

AT_ONCE = 1_000


def open_many(
    model: type[models.Model], column: str, sealed: Iterable[tuple[int, bytes]]
) -> Iterator[tuple[int, str]]:
    """The clear texts of one column of many rows, given as (id, sealed value), in their order.

    No objects of the model, one query for the keys of each thousand, and no key stays in memory
    longer than its block. Rows whose key is gone are left out. Raises CannotOpen when a value was
    moved or changed.
    """
    table, pairs = model._meta.db_table, iter(sealed)
    while block := list(islice(pairs, AT_ONCE)):
        ids = {sealing.key_id_of(value) for _row_id, value in block if value}
        keys = {
            key_id: vault.unwrapped(bytes(wrapped))
            for key_id, wrapped in DataKey.objects.filter(id__in=ids).values_list("id", "wrapped")
        }
        for row_id, value in block:
            if not value:
                yield row_id, ""
            elif key := keys.get(sealing.key_id_of(value)):
                where = sealing.place(table, column, row_id)
                yield row_id, sealing.open_(value, key=key, place=where).decode()
