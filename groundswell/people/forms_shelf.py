"""What the room holds about a person of forms that they filled in."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext as _

from groundswell.people import fields
from groundswell.people.forms import answers as answering
from groundswell.people.forms import content as contents
from groundswell.people.models import FormEntry
from groundswell.people.moving import Moves, Parting
from groundswell.people.operations import filling, tallies
from groundswell.people.sockets import Fate, Rows, Told
from groundswell.site import vault

_DOUBLE = "people.form"


class FormsShelf:
    """Forms that somebody filled in, with every answer."""

    models: tuple[str, ...] = ("people.formentry",)

    def rows(self, person_id: int) -> list[Rows]:
        return [Rows(_of(person_id), _form)]

    def tell(self, person_id: int) -> list[Told]:
        return [_told(entry) for entry in _of(person_id)]

    def keeps(self, person_ids: Collection[int]) -> set[int]:
        return set()

    def merge(self, moves: Moves) -> None:
        own = _of(moves.kept_id).filter(state=FormEntry.State.IN)
        stands = set(own.values_list("form_id", flat=True))
        for entry in _of(moves.gone_id):
            row = FormEntry.objects.filter(id=entry.id)
            if entry.state == FormEntry.State.IN and entry.form_id in stands:
                filling.take_out(entry)
                moves.delete(row)
                moves.note(_DOUBLE, entry=entry.id)
            else:
                moves.change(row, person_id=moves.kept_id)

    def part(self, parting: Parting) -> None:
        for note in parting.notes:
            if note["note"] == _DOUBLE:
                for entry in FormEntry.objects.select_related("version").filter(id=note["entry"]):
                    filling.put_in(entry)
        parting.reseal(FormEntry.objects.filter(person_id=parting.gone_id), "typed_sealed")

    def erase(self, person_id: int) -> None:
        for entry in _of(person_id):
            try:
                filling.take_out(entry)
            except vault.KeyIsGone:  # the key went first: how many there are is still known
                tallies.count(entry.form_id, [], by=-1)
        _of(person_id).delete()


def _of(person_id: int) -> Any:
    found = FormEntry.objects.filter(person_id=person_id).order_by("id")
    return found.select_related("form", "version")


def _form(entry: FormEntry) -> dict[str, Any]:
    content = contents.of_json(entry.version.content)
    return {"form": content.texts_in(entry.language, entry.form.languages).title}


def _told(entry: FormEntry) -> Told:
    content = contents.of_json(entry.version.content)
    lines = [content.texts_in(entry.language, entry.form.languages).title]
    with suppress(vault.KeyIsGone):
        typed = filling.typed_of(entry)
        lines += [
            " ".join(part for part in (typed["given"], typed["family"]) if part),
            *(typed[name] for name in ("phone", "postcode") if typed[name]),
        ]
        shown = answering.shown(content, typed["answers"], fields.in_language)
        lines += [f"{question} {answer}" for question, answer in shown]
        lines += [f"{question} {answer}" for question, answer in typed["others"].items()]
    waits = entry.state != FormEntry.State.IN
    return Told(
        what=_("A form that you filled in, and your answers"),
        lines=tuple(lines),
        since=entry.at,
        why=_("You sent it to us."),
        until=_("A week, unless you open the link in our mail.")
        if waits
        else _("Until 24 months after you last took part, or until you erase it."),
        fate=Fate.GOES,
    )
