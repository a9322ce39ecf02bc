"""Deciding what the columns are, looking at what would be kept, and the dry run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line, fold
from groundswell.people.imports.choices import FILL, REPLACE, SOURCES, Choices
from groundswell.people.imports.cleaning import TAG_MOST, source_code
from groundswell.people.imports.columns import FIELD, ONCE, TELLS_WHO, is_target
from groundswell.people.models import Consent, Field, Import, ImportPart, Topic
from groundswell.people.operations.imports import rows
from groundswell.people.operations.imports.book import Book, Row, Verdict, suppressed
from groundswell.people.operations.imports.counting import Counts
from groundswell.people.operations.imports.uploading import IsUnderWay, check

PARTS_AT_ONCE = 4  # 2,000 rows: as many as a page waits for
State = Import.State
_OPEN = {State.COLUMNS, State.CHECKING, State.CHECKED}


class NobodyToTell(Refusal):
    sentence = _("Say which column holds the e-mail, the phone or the name.")


class TwiceTheSame(Refusal):
    sentence = _("Two columns go to the same place, where only one can be kept. Leave one out.")


class NoSuchColumn(Refusal):
    sentence = _("Choose for each column one of the answers shown.")


class WhereDoesConsentComeFrom(Refusal):
    sentence = _(
        "Say where their consent comes from. Without one you can keep people, and nobody writes "
        "to them."
    )
    field = "consent"


class ConsentIsOver(Refusal):
    sentence = _("Their consent is over by then. Choose a day after today, or none.")
    field = "ends_on"


class AboutWhat(Refusal):
    sentence = _("Choose what they agreed to hear about.")
    field = "about"


def decide(*, import_id: int, columns: Sequence[str], choices: Choices, by: Actor) -> Import:
    """Say what the columns are and where the consent comes from; then the dry run begins.

    A short file's is over when this returns. Raises MayNotImport, IsUnderWay, NobodyToTell,
    TwiceTheSame, NoSuchColumn, WhereDoesConsentComeFrom, ConsentIsOver, AboutWhat.
    """
    check(by)
    with transaction.atomic():
        found = Import.objects.select_for_update().get(id=import_id)
        if found.state not in _OPEN:
            raise IsUnderWay
        _weigh_columns(found, columns)
        found.columns, found.choices = list(columns), _weighed(choices).as_json()
        found.state, found.place, found.expected = State.CHECKING, 0, {}
        found.changed_at = clock.now()
        found.save(update_fields=["columns", "choices", "state", "place", "expected", "changed_at"])
    if found.part_count <= PARTS_AT_ONCE:
        Check(found).all()
    return Import.objects.get(id=import_id)


def _weigh_columns(found: Import, columns: Sequence[str]) -> None:
    if len(columns) != len(found.head) or not all(is_target(to) for to in columns):
        raise NoSuchColumn
    keys = {to.removeprefix(FIELD) for to in columns if to.startswith(FIELD)}
    if Field.objects.filter(key__in=keys, is_closed=False).count() != len(keys):
        raise NoSuchColumn
    if not TELLS_WHO & set(columns):
        raise NobodyToTell
    single = {str(to) for to in ONCE} | {f"{FIELD}{key}" for key in keys}
    if any(count > 1 and to in single for to, count in Counter(columns).items()):
        raise TwiceTheSame


def _weighed(choices: Choices) -> Choices:
    if choices.consent not in SOURCES:
        raise WhereDoesConsentComeFrom
    if choices.ends_on and choices.ends_on <= clock.now().date().isoformat():
        raise ConsentIsOver
    if choices.purpose not in {Consent.Purpose.NEWS, Consent.Purpose.CAMPAIGN}:
        raise AboutWhat
    if choices.purpose == Consent.Purpose.CAMPAIGN and not choices.about_id:
        raise AboutWhat
    is_topic = choices.purpose == Consent.Purpose.NEWS and choices.about_id
    if is_topic and not Topic.objects.filter(id=choices.about_id).exists():
        raise AboutWhat
    tags = (clean_line(tag)[:TAG_MOST] for tag in choices.tags)
    return replace(
        choices,
        answers=REPLACE if choices.answers == REPLACE else FILL,
        tags=tuple(tag for tag in tags if fold(tag)),
        source=source_code(choices.source),
        tag_separator=choices.tag_separator[:1] or ",",
    )


def preview(found: Import, *, most: int = 10) -> list[tuple[Row, Verdict]]:
    """The first rows as they would be kept, and whom each is about. Writes nothing."""
    part = found.parts.order_by("number").first()
    if part is None:
        return []
    reader = rows.Reader(found)
    read = reader.read(rows.lines_of(part)[:most])
    return list(zip(read, rows.judged(Book(reader.choices, import_id=found.id), read), strict=True))


class Check:
    """A dry run under way. It only reads, so one that is lost begins again."""

    def __init__(self, found: Import) -> None:
        self.import_, self.place, self.counts = found, 0, Counts()
        self.reader = rows.Reader(found)
        self.book = Book(self.reader.choices, import_id=found.id)

    def more(self, parts: int) -> bool:
        """Look at so many parts; True at the end, once what was found is kept."""
        found = self.import_
        some = found.parts.filter(number__gte=self.place, number__lt=self.place + parts)
        for part in some.order_by("number"):
            self._look_at(part)
        self.place += parts
        is_over = self.place >= found.part_count
        # Unless somebody decided anew in the meantime.
        mine = Import.objects.filter(id=found.id, state=State.CHECKING, changed_at=found.changed_at)
        if is_over:
            mine.update(state=State.CHECKED, place=0, expected=self.counts.as_json())
        else:
            mine.update(place=self.place)
        return is_over

    @rows.no_collections()
    def _look_at(self, part: ImportPart) -> None:
        read = self.reader.read(rows.lines_of(part))
        listed = suppressed(read)
        for row, verdict in zip(read, rows.judged(self.book, read), strict=True):
            self.counts.add(row, verdict, listed.keys())

    def all(self, heard: Callable[[int], None] = lambda rows: None) -> None:
        """The whole file."""
        while not self.more(PARTS_AT_ONCE):
            heard(self.counts.rows)
        heard(self.counts.rows)


_under_way: dict[int, Check] = {}


def check_round() -> int:
    """A step of the oldest dry run that waits (config/wiring.py: a round of the worker, for it
    holds no transaction open). Returns the parts looked at."""
    found = (
        Import.objects.filter(key_id__isnull=False, state=State.CHECKING)
        .order_by("changed_at")
        .first()
    )
    if found is None:
        _under_way.clear()
        return 0
    under_way = _under_way.get(found.id)
    if under_way is None or under_way.import_.changed_at != found.changed_at:
        under_way = Check(found)
        _under_way.clear()
        _under_way[found.id] = under_way
    if under_way.more(PARTS_AT_ONCE):
        del _under_way[found.id]
    return PARTS_AT_ONCE
