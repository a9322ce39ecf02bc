"""The numbers beside a segment's rows, who is in it by language and channel, and why one is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Case, Count, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.people.models import Person
from groundswell.people.operations import reach
from groundswell.people.segments.compiling import Question
from groundswell.people.segments.nodes import condition
from groundswell.people.segments.reading import Verb
from groundswell.people.segments.sizes import fingerprint

KEPT_SECONDS = 30
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Left:
    """How many are left after a row, and how many there were before it."""

    before: int | None
    after: int

    @property
    def change(self) -> int:
        return self.after - (self.before or 0)


def after_each_row(asked: Question, *, is_fresh: bool = False) -> list[Left]:
    """One number for each row and one for the last, that nobody can remove. Numbers of half a
    minute ago are taken as they are, so a change of row 5 does not count rows 1 to 4 again."""
    found = [_count(asked, step, is_fresh=is_fresh) for step in range(len(asked.steps))]
    return [Left(before, after) for before, after in zip([None, *found], found, strict=False)]


def how_many(asked: Question) -> int:
    """The number of people now, counted by the question that lists them."""
    return asked.people().count()


def _count(asked: Question, step: int, *, is_fresh: bool) -> int:
    people = asked.people(step)
    try:
        key = f"segment:{fingerprint(people).hex()}"
    except EmptyResultSet:
        return 0
    kept = None if is_fresh else cache.get(key)
    if kept is not None:
        return int(kept)
    counted = people.count()
    cache.set(key, counted, KEPT_SECONDS)
    return counted


@dataclass(frozen=True, slots=True)
class Split:
    """The people of a segment by the language they read and by how they may be reached."""

    languages: list[tuple[str, int]]
    by_email: int
    by_text: int


def split(asked: Question) -> Split:
    """Both splits in one question; the most spoken language first."""
    grouped = asked.people().order_by().values_list("language", "reach").annotate(Count("id"))
    languages: Counter[str] = Counter()
    reached: Counter[int] = Counter()
    for language, ways, count in grouped:
        languages[language] += count
        for way in (reach.EMAIL, reach.TEXT):
            reached[way] += count if ways & way else 0
    named = sorted(languages.items(), key=lambda pair: (-pair[1], pair[0]))
    return Split(named, reached[reach.EMAIL], reached[reach.TEXT])


def some(asked: Question) -> list[Person]:
    """A few of the people, the latest active first."""
    return list(asked.people().order_by("-last_active_on", "-id")[:SHOWN])


@dataclass(frozen=True, slots=True)
class Answer:
    """What one row says about one person."""

    because: str | Promise
    is_in: bool  # after the row


_BECAUSE: dict[tuple[str, bool, bool], Promise] = {
    (Verb.START, False, True): _("In: the segment starts with them."),
    (Verb.START, False, False): _("Not in: the segment does not start with them."),
    (Verb.KEEP, True, True): _("Stays in: this fits."),
    (Verb.KEEP, True, False): _("Goes out: this does not fit."),
    (Verb.KEEP, False, False): _("Is out already."),
    (Verb.ADD, True, True): _("Was in already."),
    (Verb.ADD, False, True): _("Comes in: this fits."),
    (Verb.ADD, False, False): _("Stays out: this does not fit."),
    (Verb.LEAVE, True, True): _("Stays in: this does not fit, so it leaves nobody like them out."),
    (Verb.LEAVE, True, False): _("Goes out: this fits."),
    (Verb.LEAVE, False, False): _("Is out already."),
}
_AT_LAST: dict[tuple[bool, bool], Promise] = {
    (True, True): _("In the segment."),
    (True, False): _("Out: they must not be contacted so."),
    (False, False): _("Not in the segment."),
}


def why(asked: Question, person_id: int) -> list[Answer] | None:
    """Row by row whether somebody is in, in one question; None for whom the reader does not see."""
    columns = {
        f"step_{number}": Case(
            When(Q(id=person_id) & condition(node), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        for number, node in enumerate(asked.steps)
    }
    seen = asked.among(Q(id=person_id)).annotate(**columns).values_list(*columns).first()
    return _in_words(asked, seen) if seen is not None else None


def _in_words(asked: Question, is_in: Sequence[bool]) -> list[Answer]:
    answers, was_in = [], False
    for row, after in zip(asked.rows, is_in, strict=False):
        answers.append(Answer(_BECAUSE[row.verb, was_in, after], after))
        was_in = after
    return [*answers, Answer(_AT_LAST[was_in, is_in[-1]], is_in[-1])]
