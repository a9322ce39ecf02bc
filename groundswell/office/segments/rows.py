"""The rows of the builder between two presses: read from what was posted, changed, shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from groundswell.kernel.actor import Actor
from groundswell.office.segments.fields import AddForm, RowForm, initial_of_row
from groundswell.people.segments import reading
from groundswell.people.segments.reading import Row, Verb


@dataclass(slots=True)
class Draft:
    """The rows as forms. A row that was just added is not checked yet."""

    forms: list[RowForm]
    adding: AddForm

    def rows(self) -> list[Row] | None:
        """The rows, or None while one of them is not finished."""
        if any(not form.is_bound for form in self.forms):
            return None
        checked = [form.is_valid() for form in self.forms]  # every one, so that all errors show
        return [form.row for form in self.forms if form.row] if all(checked) else None


def of_stored(told: list[dict[str, Any]], by: Actor) -> Draft:
    """The rows of a saved segment, checked at once."""
    found = []
    for number, one in enumerate(told):
        criterion = reading.criterion_of(str(one.get("criterion", "")))
        if criterion is not None:
            initial = initial_of_row(one, criterion)
            data = _as_posted(initial, _prefix(number), criterion.name)
            found.append(
                RowForm(data, initial=initial, prefix=_prefix(number), criterion=criterion, by=by)
            )
    return Draft(found, AddForm(by=by))


def beginning() -> list[dict[str, Any]]:
    """A new segment: everyone who may be e-mailed."""
    return reading.as_json([reading.start(reading.Whom.EMAIL)])


def of_post(data: QueryDict, by: Actor) -> Draft:
    """The rows as they were posted, after the press of a button that moves, removes or adds."""
    do, _dash, at = data.get("do", "").partition("-")
    order = _moved(
        _numbers(data), do, int(at) if at.isascii() and at.isdigit() and len(at) < 4 else -1
    )
    found = []
    for place, number in enumerate(order):
        criterion = reading.criterion_of(data.get(f"{_prefix(number)}-criterion", ""))
        if criterion is None or (criterion.name == reading.EVERYONE) != (place == 0):
            continue
        posted = _renamed(data, _prefix(number), _prefix(place))
        found.append(RowForm(posted, prefix=_prefix(place), criterion=criterion, by=by))
    if not found:
        found = of_stored(beginning(), by).forms
    adding = AddForm(data if do == "add" else None, by=by)
    if do == "add" and adding.is_valid() and len(found) < reading.ROWS_MOST:
        criterion = reading.criterion_of(adding.cleaned_data["add"])
        assert criterion is not None
        is_sample = criterion.name == reading.SAMPLE
        verb = str(Verb.KEEP) if is_sample else adding.cleaned_data["add_verb"]
        initial = initial_of_row({"verb": verb}, criterion)
        prefix = _prefix(len(found))
        found.append(RowForm(initial=initial, prefix=prefix, criterion=criterion, by=by))
        adding = AddForm(by=by)
    return Draft(found, adding)


def _prefix(number: int) -> str:
    return f"row{number}"


def _numbers(data: QueryDict) -> list[int]:
    return [n for n in range(reading.ROWS_MOST) if f"{_prefix(n)}-criterion" in data]


def _moved(order: list[int], do: str, at: int) -> list[int]:
    """The first row stays where it is."""
    if at not in order or order.index(at) == 0:
        return order
    place = order.index(at)
    if do == "remove":
        return [one for one in order if one != at]
    swapped = {"up": place - 1, "down": place + 1}.get(do, 0)
    if 0 < swapped < len(order):
        order[place], order[swapped] = order[swapped], order[place]
    return order


def _renamed(data: QueryDict, was: str, becomes: str) -> QueryDict:
    found = QueryDict(mutable=True)
    for key in data:
        if key.startswith(f"{was}-"):
            found.setlist(becomes + key[len(was) :], data.getlist(key))
    return found


def _as_posted(initial: dict[str, Any], prefix: str, criterion: str) -> QueryDict:
    found = QueryDict(mutable=True)
    found[f"{prefix}-criterion"] = criterion
    for name, value in initial.items():
        key = f"{prefix}-{name}"
        if isinstance(value, list):
            found.setlist(key, value)
        elif value is True:
            found[key] = "on"
        elif value is not False:
            found[key] = str(value)
    return found
