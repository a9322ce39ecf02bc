"""Counting the answers of forms, in the transaction that lets an entry in or takes it out."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from groundswell.kernel.ids import new_id
from groundswell.people.models import FormTally

TOTAL = ("", "")


def count(form_id: int, chosen: Iterable[tuple[str, str]], *, by: int) -> None:
    """Add ``by`` (+1 or -1) to the total and to each answer."""
    for question, choice in [TOTAL, *sorted(set(chosen))]:
        row = FormTally.objects.filter(form_id=form_id, question=question, choice=choice)
        if by < 0:
            row.filter(count__gt=0).update(count=F("count") + by)
            continue
        if row.update(count=F("count") + by):
            continue
        FormTally.objects.bulk_create(
            [FormTally(id=new_id(), form_id=form_id, question=question, choice=choice)],
            ignore_conflicts=True,
        )
        row.update(count=F("count") + by)


def of_form(form_id: int) -> dict[tuple[str, str], int]:
    """How many gave each answer, by question and choice; ``TOTAL``: how many entries count."""
    found = FormTally.objects.filter(form_id=form_id)
    rows = found.values_list("question", "choice", "count")
    return {(question, choice): number for question, choice, number in rows}
