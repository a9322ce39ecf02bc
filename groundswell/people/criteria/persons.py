"""Who people are: tags, language, notes, who looks after them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.accounts import queries as accounts_queries
from groundswell.kernel import formats
from groundswell.kernel.actor import Actor
from groundswell.kernel.roles import Right
from groundswell.kernel.text import fold
from groundswell.people import sight
from groundswell.people.criteria.choices import DAYS, moment_before
from groundswell.people.models import Note, Person, Tag, Tagging
from groundswell.people.segments.criterion import Asking, Criterion, Family, Given, Rows
from groundswell.people.segments.parameters import ManyOf, OneOf

ACCOUNTS_MOST = 200


def _tags(by: Actor) -> Sequence[tuple[str, str]]:
    found = Tag.objects.order_by("folded").values_list("id", "name")
    return [(str(tag_id), name) for tag_id, name in found]


def _languages(by: Actor) -> Sequence[tuple[str, str]]:
    spoken = Person.objects.exclude(language="").order_by().values_list("language", flat=True)
    known = set(spoken.distinct()[:200]) | {"en", "es", "fr", "ar"}
    return sorted(((code, formats.endonym(code)) for code in known), key=lambda pair: pair[1])


def _tagged(given: Given, asking: Asking) -> Rows:
    found = Tagging.objects.filter(tag_id__in=[int(one) for one in given["tags"]])
    if "days" in given:
        found = found.filter(at__gte=moment_before(asking, given["days"]))
    return Rows(found)


def _who_looks_after(by: Actor) -> Sequence[tuple[str, str | Promise]]:
    """Oneself, anybody, and everybody who looks after somebody whom the actor sees."""
    seen = Person.objects.filter(sight.seen(by), point_person__isnull=False).order_by()
    ids = list(seen.values_list("point_person_id", flat=True).distinct()[:ACCOUNTS_MOST])
    names = accounts_queries.names_of(ids)
    people = sorted(names.items(), key=lambda pair: (fold(pair[1]), pair[0]))
    return [
        ("me", gettext_lazy("me")),
        ("any", gettext_lazy("anybody")),
        *((str(account_id), name) for account_id, name in people),
    ]


def _names_of_who(by: Actor) -> Sequence[tuple[str, str]]:
    """In a file: “me” and “any” as they are, everybody else by name."""
    return [("me", "me"), ("any", "any"), *(
        (key, str(name)) for key, name in _who_looks_after(by)[2:]
    )]  # fmt: skip


def _looked_after(given: Given, asking: Asking) -> Q:
    match given["by"]:
        case "me":
            return Q(point_person_id=asking.by.id)
        case "any":
            return Q(point_person__isnull=False)
    return Q(point_person_id=int(given["by"]))


def _noted(given: Given, asking: Asking) -> Rows:
    """Notes that the reader may open; sensitive ones are no question for anybody."""
    readable = Q(pk__in=[])
    for right in (Right.SEE_NAMES, Right.SEE_CONTACTS):
        seen = sight.seen(asking.by, at_least=sight.DEPTHS[right])
        whose = Q() if seen == Q() else Q(person__in=Person.objects.filter(seen))
        readable |= Q(sees=right.value) & whose
    found = Note.objects.filter(readable, is_sensitive=False)
    if "days" in given:
        found = found.filter(at__gte=moment_before(asking, given["days"]))
    return Rows(found)


def _words_of_notes(given: Given, shown: Mapping[str, str], is_not: bool) -> str:
    if "days" in given:
        told = (
            _("have no note of the last {days} days")
            if is_not
            else _("have a note of the last {days} days")
        )
    else:
        told = _("have no note") if is_not else _("have a note")
    return told.format(**shown)


def _words_of_tags(given: Given, shown: Mapping[str, str], is_not: bool) -> str:
    if "days" in given:
        told = (
            _("were not tagged {tags} in the last {days} days")
            if is_not
            else _("were tagged {tags} in the last {days} days")
        )
    else:
        told = _("do not have the tag {tags}") if is_not else _("have the tag {tags}")
    return told.format(**shown)


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        name="people.tag",
        family=Family.PERSON,
        title=gettext_lazy("have a tag"),
        parameters=(
            ManyOf(
                name="tags",
                label=gettext_lazy("Any of these tags"),
                choices=_tags,
                names=_tags,
            ),
            DAYS,
        ),
        fits=_tagged,
        clause=_words_of_tags,
    ),
    Criterion(
        name="people.language",
        family=Family.PERSON,
        title=gettext_lazy("read a language"),
        parameters=(
            ManyOf(
                name="languages",
                label=gettext_lazy("Any of these languages"),
                choices=_languages,
            ),
        ),
        fits=lambda given, asking: Q(language__in=given["languages"]),
        says=gettext_lazy("read {languages}"),
        says_not=gettext_lazy("do not read {languages}"),
    ),
    Criterion(
        name="people.point_person",
        family=Family.PERSON,
        title=gettext_lazy("are looked after by somebody"),
        parameters=(
            OneOf(
                name="by",
                label=gettext_lazy("By whom"),
                default="me",
                choices=_who_looks_after,
                names=_names_of_who,
            ),
        ),
        hint=gettext_lazy(
            "For people whom nobody looks after, choose “anybody” and turn the row round."
        ),
        fits=_looked_after,
        says=gettext_lazy("are looked after by {by}"),
        says_not=gettext_lazy("are not looked after by {by}"),
    ),
    Criterion(
        name="people.note",
        family=Family.PERSON,
        title=gettext_lazy("have a note"),
        hint=gettext_lazy("Only notes that you may read, and never sensitive ones."),
        parameters=(DAYS,),
        fits=_noted,
        clause=_words_of_notes,
        needs=Right.SEE_NAMES,
    ),
    Criterion(
        name="people.household",
        family=Family.PERSON,
        title=gettext_lazy("share a household"),
        fits=lambda given, asking: Q(household__isnull=False),
        says=gettext_lazy("share a household with somebody here"),
        says_not=gettext_lazy("share no household with anybody here"),
    ),
)
