"""What people are found by: folded names in the clear, or blind indexes where the risk is high.

Made from the sealed names, never the other way round; left out of backups.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from groundswell.kernel.ids import new_id
from groundswell.kernel.plans import begins_with
from groundswell.kernel.rows import Batch
from groundswell.people.models import NameBlind, Person, SearchName, SearchWord
from groundswell.site import vault

TURNS_MOST = 8
# A word that begins more names than this is no help: nearly whoever one looks at has it, so the
# list of people is walked in its own order until the page is full.
FEW, SEVERAL = 20_000, 100_000
_AFTER_ALL = "\U0010ffff"


def made(
    person_id: int, folded: str, *, blind: Callable[[str, str], bytes] = vault.blind
) -> list[SearchName | SearchWord | NameBlind]:
    """Fresh rows for one person, not saved: a name stands before its words."""
    if settings.GROUNDSWELL_HIGH_RISK:
        return [NameBlind(person_id=person_id, blind=blind("name", folded))]
    words = [SearchWord(id=new_id(), name_id=person_id, folded=turn) for turn in turns_of(folded)]
    return [SearchName(person_id=person_id, folded=folded), *words]


def write(named: Iterable[tuple[int, str]]) -> None:
    """Rows for many people (id, folded name) who have none, in the caller's transaction; those
    without a name get none."""
    if settings.GROUNDSWELL_HIGH_RISK:
        blind = vault.blinder("name")
        blinds = Batch(NameBlind, "person_id", "blind")
        for person_id, folded in named:
            if folded:
                blinds.add(person_id, blind(folded))
        blinds.insert()
        return
    names = Batch(SearchName, "person_id", "folded")
    words = Batch(SearchWord, "id", "name_id", "folded")
    for person_id, folded in named:
        if folded:
            names.add(person_id, folded)
            for turn in turns_of(folded):
                words.add(new_id(), person_id, turn)
    names.insert()
    words.insert()


def turns_of(folded: str) -> list[str]:
    """A folded name with its second word in front, its third, and so on; what stood before it
    follows."""
    words = folded.split(" ")
    places = range(1, min(len(words), TURNS_MOST + 1))
    return [" ".join([*words[at:], *words[:at]]) for at in places]


def forget(person_ids: Collection[int]) -> None:
    """Nobody finds these people by name any more; words go with their names."""
    SearchName.objects.filter(person_id__in=person_ids).delete()
    NameBlind.objects.filter(person_id__in=person_ids).delete()


def having(people: QuerySet[Person], folded: str) -> QuerySet[Person]:
    """Those in whose names every word of ``folded`` begins a word, in any order.

    The rarest word makes a list by an index, of which the other words strike out names. Where even
    that one is common, whoever comes next is asked for all of them.
    """
    words = sorted(set(folded.split()[:6]))
    most = FEW if len(words) == 1 else SEVERAL
    sizes = {word: _size(word, most) for word in words}
    rarest = min(words, key=lambda word: sizes[word])
    if sizes[rarest] > most:
        named = SearchName.objects.filter(_with_all(words), person=OuterRef("pk"))
        return people.filter(Exists(named))
    fits = _begins(rarest) & _with_all(word for word in words if word != rarest)
    names = SearchName.objects.filter(fits).values("person_id")
    ids = names.union(SearchWord.objects.filter(fits).values("name_id"))
    return people.filter(begins_with(ids))


def _size(word: str, most: int) -> int:
    """How many names and words begin so, counted no further than beyond ``most``."""
    return sum(
        model._default_manager.filter(_begins(word)).values("folded")[: most + 1].count()
        for model in (SearchName, SearchWord)
    )


def _with_all(words: Iterable[str]) -> Q:
    """Each of these begins a word, in whatever turn."""
    found = Q()
    for word in words:
        found &= Q(folded__startswith=word) | Q(folded__contains=f" {word}")
    return found


def _begins(word: str) -> Q:
    """A condition that the index answers: SQLite has none for LIKE, and PostgreSQL compares
    letters by the rules of a language."""
    if connection.vendor == "sqlite":
        return Q(folded__gte=word, folded__lt=word + _AFTER_ALL)
    return Q(folded__startswith=word)
