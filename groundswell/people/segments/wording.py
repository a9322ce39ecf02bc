"""A segment in sentences, in the reader's language: on the page, and as a text to take along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.people.models import Segment
from groundswell.people.segments import reading
from groundswell.people.segments.reading import Row, Verb, Whom

VERBS: dict[str, Promise] = {
    Verb.KEEP: gettext_lazy("Keep only people who …"),
    Verb.ADD: gettext_lazy("Also add people who …"),
    Verb.LEAVE: gettext_lazy("Leave out people who …"),
}

_SENTENCES: dict[str, Promise] = {
    Verb.START: gettext_lazy("Start with {clause}."),
    Verb.KEEP: gettext_lazy("Keep only people who {clause}."),
    Verb.ADD: gettext_lazy("Also add people who {clause}."),
    Verb.LEAVE: gettext_lazy("Leave out people who {clause}."),
}

LAST: dict[str, Promise] = {
    Whom.EMAIL: gettext_lazy("Leave out everybody who must not be e-mailed."),
    Whom.TEXT: gettext_lazy("Leave out everybody who must not be texted."),
    Whom.LOOK: gettext_lazy(
        "Leave out everybody who asked not to be contacted. Nothing can be sent to this segment."
    ),
}


def sentence(row: Row, by: Actor) -> str:
    """One row as a whole sentence."""
    criterion = reading.criterion_of(row.criterion)
    if criterion is None:
        return str(reading.NoSuchCriterion.sentence)
    parameters = {one.name: one for one in criterion.parameters}
    shown = {
        name: parameters[name].shown(value, by)
        for name, value in row.given.items()
        if name in parameters
    }
    if row.verb == Verb.START:
        return str(_SENTENCES[row.verb]).format(clause=shown["whom"])
    clause = criterion.words(row.given, shown, is_not=row.is_not)
    return str(_SENTENCES[row.verb]).format(clause=clause)


def sentences(rows: Sequence[Row], by: Actor) -> list[str]:
    """Every row, and the last one that nobody can remove."""
    return [*(sentence(row, by) for row in rows), str(LAST[reading.whom_of(list(rows))])]


def told(stored: Iterable[Any], by: Actor) -> list[str]:
    """Stored rows in sentences. What the reader may not read, or is gone, is said to be so."""
    rows, whom = list(stored), Whom.LOOK
    for one in rows:
        named = one.get("with", {}).get("whom")
        whom = Whom(named) if named in set(Whom) else whom
    return [*(of_stored(one, by) for one in rows), str(LAST[whom])]


def of_stored(one: Mapping[str, Any], by: Actor, *, inside: str | None = None) -> str:
    """A stored row as a sentence; ``inside`` names the segment that it asks for, while that one
    is not saved yet."""
    try:
        if inside is not None:
            criterion, verb, is_not = reading.beginning(one, by=by)
            clause = criterion.words({}, {"segment": inside}, is_not=is_not)
            return str(_SENTENCES[verb]).format(clause=clause)
        return sentence(reading.read_row(one, by=by), by)
    except Refusal as refusal:
        return _("A row that you cannot read: {why}").format(why=refusal)


def as_text(segment: Segment, by: Actor) -> str:
    """The segment as a text file: its name, its version, one numbered sentence in each line."""
    lines = [
        segment.name,
        _("Version {number}").format(number=segment.version),
        "",
        *(f"{number}. {line}" for number, line in enumerate(told(segment.rows, by), start=1)),
    ]
    return "\n".join(lines) + "\n"
