"""When and how people came: days, sources, who brought them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel.actor import Actor
from groundswell.people.criteria.choices import LATELY, begins, day_before, fixed, moment_before
from groundswell.people.models import Person, SourceCode, Touch
from groundswell.people.segments.criterion import Asking, Criterion, Family, Given, Rows
from groundswell.people.segments.parameters import Day, ManyOf, Number, OneOf

ONE_DAY = timedelta(days=1)


def _sources(by: Actor) -> Sequence[tuple[str, str]]:
    found = SourceCode.objects.order_by("code").values_list("id", "code", "name")
    return [(str(source_id), name or code) for source_id, code, name in found]


def _codes(by: Actor) -> Sequence[tuple[str, str]]:
    found = SourceCode.objects.order_by("code").values_list("id", "code")
    return [(str(source_id), code) for source_id, code in found]


def _joined(given: Given, asking: Asking) -> Q:
    found = Q()
    if "since" in given:
        found &= Q(created_at__gte=begins(date.fromisoformat(given["since"])))
    if "until" in given:
        found &= Q(created_at__lt=begins(date.fromisoformat(given["until"]) + ONE_DAY))
    return found


def _from_source(given: Given, asking: Asking) -> Q | Rows:
    sources = [int(one) for one in given["sources"]]
    match given["which"]:
        case "first":
            return Q(first_source_id__in=sources)
        case "last":
            return Q(last_source_id__in=sources)
    return Rows(Touch.objects.filter(source_id__in=sources))


def _recruited(given: Given, asking: Asking) -> Rows:
    brought = Person.objects.filter(recruiter__isnull=False)
    if given["count"] == 1:
        return Rows(brought, "recruiter_id")
    counted = brought.values("recruiter_id").annotate(how_many=Count("id"))
    return Rows(counted.filter(how_many__gte=given["count"]), "recruiter_id")


def _long_ago(given: Given, asking: Asking) -> Q:
    if given["what"] == "hosted":
        return Q(has_hosted=True)
    column = "going_count" if given["what"] == "going" else "attended_count"
    return Q(**{f"{column}__gte": given["count"]})


def _words_of_joining(given: Given, shown: Mapping[str, str], is_not: bool) -> str:
    if "since" in given and "until" in given:
        told = (
            _("did not join between {since} and {until}")
            if is_not
            else _("joined between {since} and {until}")
        )
    elif "since" in given:
        told = _("joined before {since}") if is_not else _("joined on {since} or later")
    elif "until" in given:
        told = _("joined after {until}") if is_not else _("joined on {until} or before")
    else:
        told = _("did not join on any day") if is_not else _("joined on any day")
    return told.format(**shown)


def _words_of_the_past(given: Given, shown: Mapping[str, str], is_not: bool) -> str:
    told = {
        ("going", False): _("signed up at least {count} times, more than 30 days ago"),
        ("going", True): _("signed up less than {count} times, more than 30 days ago"),
        ("attended", False): _("came at least {count} times, more than 30 days ago"),
        ("attended", True): _("came less than {count} times, more than 30 days ago"),
        ("hosted", False): _("held an event, more than 90 days ago"),
        ("hosted", True): _("held no event that ended more than 90 days ago"),
    }
    return told[given["what"], is_not].format(**shown)


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        name="people.new",
        family=Family.CAME_BY,
        title=gettext_lazy("joined lately"),
        parameters=(LATELY,),
        fits=lambda given, asking: Q(created_at__gte=moment_before(asking, given["days"])),
        says=gettext_lazy("joined in the last {days} days"),
        says_not=gettext_lazy("joined more than {days} days ago"),
    ),
    Criterion(
        name="people.joined",
        family=Family.CAME_BY,
        title=gettext_lazy("joined between two days"),
        parameters=(
            Day(name="since", label=gettext_lazy("First day"), is_optional=True),
            Day(name="until", label=gettext_lazy("Last day"), is_optional=True),
        ),
        fits=_joined,
        clause=_words_of_joining,
    ),
    Criterion(
        name="people.source",
        family=Family.CAME_BY,
        title=gettext_lazy("came by a source"),
        parameters=(
            OneOf(
                name="which",
                label=gettext_lazy("Which time"),
                default="first",
                choices=fixed(
                    ("first", gettext_lazy("the first time")),
                    ("last", gettext_lazy("the last time")),
                    ("any", gettext_lazy("at any time")),
                ),
            ),
            ManyOf(
                name="sources",
                label=gettext_lazy("Any of these sources"),
                choices=_sources,
                names=_codes,
            ),
        ),
        fits=_from_source,
        says=gettext_lazy("came by {sources}, {which}"),
        says_not=gettext_lazy("did not come by {sources}, {which}"),
    ),
    Criterion(
        name="people.recruited",
        family=Family.CAME_BY,
        title=gettext_lazy("were brought by somebody"),
        fits=lambda given, asking: Q(recruiter__isnull=False),
        says=gettext_lazy("were brought by somebody"),
        says_not=gettext_lazy("came by themselves"),
    ),
    Criterion(
        name="people.recruiter",
        family=Family.DID,
        title=gettext_lazy("brought other people"),
        parameters=(
            Number(name="count", label=gettext_lazy("At least how many"), most=1000, default=1),
        ),
        fits=_recruited,
        says=gettext_lazy("brought at least {count} other people"),
        says_not=gettext_lazy("brought fewer than {count} other people"),
    ),
    Criterion(
        name="people.active",
        family=Family.DID,
        title=gettext_lazy("were active lately"),
        parameters=(LATELY,),
        fits=lambda given, asking: Q(last_active_on__gte=day_before(asking, given["days"])),
        says=gettext_lazy("were active in the last {days} days"),
        says_not=gettext_lazy("were not active in the last {days} days"),
    ),
    Criterion(
        name="people.past",
        family=Family.DID,
        title=gettext_lazy("took part long ago"),
        hint=gettext_lazy(
            "Of events that ended more than 30 days ago we only keep how often, never which; five "
            "means five or more."
        ),
        parameters=(
            OneOf(
                name="what",
                label=gettext_lazy("What they did"),
                default="attended",
                choices=fixed(
                    ("going", gettext_lazy("signed up")),
                    ("attended", gettext_lazy("came")),
                    ("hosted", gettext_lazy("held an event")),
                ),
            ),
            Number(name="count", label=gettext_lazy("At least how often"), most=5, default=1),
        ),
        fits=_long_ago,
        clause=_words_of_the_past,
    ),
)
