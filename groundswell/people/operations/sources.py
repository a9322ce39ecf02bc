"""Where people come from: codes in links, what somebody came by, and what a source cost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import limits
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
from groundswell.people import policy, referrals
from groundswell.people.models import Person, SourceCode, Spend, Touch
from groundswell.people.source_facts import SourceAdded, SourceNamed, SpendNoted, SpendRemoved

CODE_MOST, NAME_MOST = 40, 120
FOUND_A_DAY = 200  # codes that nobody has made: links are typed by anybody
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
AMOUNT_MOST = 10**12  # of the minor unit
SPENDS_AT_ONCE = 500


class OnlyTheTeamKeepsSources(Refusal):
    sentence = _("Only organisers and data managers look after sources.")


class CodeIsMissing(Refusal):
    sentence = _("Write a code of letters and digits, for example leaflet-leeds.")
    field = "code"


class CodeIsTaken(Refusal):
    sentence = _("This code is there already. Choose another, or use that one.")
    field = "code"


class NoSuchSource(Refusal):
    sentence = _("This source is gone. Choose another.")
    field = "source"


class DaysOutOfOrder(Refusal):
    sentence = _("The last day comes before the first. Change one of them.")
    field = "to_on"


class AmountOutOfRange(Refusal):
    sentence = _("Write what it cost as an amount above nothing.")
    field = "amount"


class TooManySpends(Refusal):
    sentence = _("Take in at most 500 rows at a time. Cut the file in two.")


@dataclass(frozen=True, slots=True)
class CameBy:
    """What a link said about where somebody came from; empty for most."""

    code: str = ""  # ``?source=``
    utm: Mapping[str, str] = field(default_factory=dict)
    ref: str = ""  # somebody's own code (people/referrals.py)

    def __bool__(self) -> bool:
        return bool(self.code or self.utm or self.ref)

    @staticmethod
    def read(told: Mapping[str, str]) -> CameBy:
        """The parts of an address or a form that say it, cut to size."""
        utm = {name: clean_line(told.get(name, ""))[:100] for name in UTM}
        ref = told.get("ref", "")[: referrals.LENGTH + 1]
        given = {name: value for name, value in utm.items() if value}
        return CameBy(normalised(told.get("source", "")), given, ref)

    def as_dict(self) -> dict[str, str]:
        """The same as hidden fields of a form; only what was given."""
        told = {"source": self.code, **self.utm, "ref": self.ref}
        return {name: value for name, value in told.items() if value}


_NOT_IN_A_CODE = re.compile(r"[^a-z0-9._]+")


def normalised(text: str) -> str:
    """A code as it is kept: lower case, other letters as one hyphen, at most forty."""
    return _NOT_IN_A_CODE.sub("-", text.lower()).strip("-")[:CODE_MOST]


def touch(
    *, person_id: int, came_by: CameBy, what: str, about_id: int | None = None
) -> Touch | None:
    """Note what somebody came by, in the caller's transaction. Nothing where they said nothing.

    The first source and the recruiter are kept for ever; the last source is always the newest.
    ``about_id``: the campaign, the form or the import.
    """
    if not came_by:
        return None
    code = normalised(came_by.code or came_by.utm.get("utm_source", ""))
    source_id = found_source(code) if code else None
    referrer_id = _referrer(came_by.ref, person_id)
    if source_id is None and referrer_id is None and not came_by.utm:
        return None
    row = Touch(
        id=new_id(),
        person_id=person_id,
        source_id=source_id,
        referrer_id=referrer_id,
        what=what,
        about_id=about_id,
        utm=dict(came_by.utm),
        at=clock.now(),
    )
    row.save(force_insert=True)
    changed: dict[str, object] = {}
    if source_id is not None:
        changed["first_source"] = Coalesce(F("first_source"), source_id)
        changed["last_source"] = source_id
    if referrer_id is not None:
        changed["recruiter"] = Coalesce(F("recruiter"), referrer_id)
    if changed:
        Person.objects.filter(id=person_id).update(**changed)
    return row


def _referrer(ref: str, person_id: int) -> int | None:
    """Who sent them; nobody brings in themselves."""
    found = referrals.person_id_of(ref) if ref else None
    if found is None or found == person_id or not Person.objects.filter(id=found).exists():
        return None
    return found


def found_source(code: str) -> int | None:
    """The id of a code that came in; a new one is kept as found, 200 a day for everybody."""
    for source_id in SourceCode.objects.filter(code=code).values_list("id", flat=True):
        return source_id
    if not limits.take("source_found", "all", most=FOUND_A_DAY, per=timedelta(days=1)):
        return None
    row = SourceCode(id=new_id(), code=code, is_found=True, created_at=clock.now())
    SourceCode.objects.bulk_create([row], ignore_conflicts=True)
    source_id = SourceCode.objects.values_list("id", flat=True).get(code=code)
    if source_id == row.id:
        ledger_ops.record(SourceAdded(source_id=row.id, is_found=True), by=SYSTEM)
    return source_id


def forget_unused(source_ids: Iterable[int]) -> None:
    """Codes that came with a link, that nobody has named, and by which nobody is left: they may
    hold what somebody typed. In the caller's transaction."""
    SourceCode.objects.filter(
        id__in=list(source_ids), is_found=True, touches=None, spends=None
    ).delete()


# --- by the office -----------------------------------------------------------------------------


@transaction.atomic
def add(*, code: str, name: str, channel: str, by: Actor) -> SourceCode:
    """Make a code, or name one that came in with a link."""
    _may(by)
    clean = normalised(code)
    if not clean:
        raise CodeIsMissing
    known = SourceCode.objects.select_for_update().filter(code=clean).first()
    if known is not None and not known.is_found:
        raise CodeIsTaken
    if known is not None:
        return _name(known, name, channel, by)
    row = SourceCode(
        id=new_id(),
        code=clean,
        name=clean_line(name)[:NAME_MOST],
        channel=SourceCode.Channel(channel),
        created_at=clock.now(),
    )
    row.save(force_insert=True)
    ledger_ops.record(SourceAdded(source_id=row.id, is_found=False), by=by)
    return row


@transaction.atomic
def rename(*, source_id: int, name: str, channel: str, by: Actor) -> SourceCode:
    """Give a code its name and channel; one that came in with a link is then the team's own."""
    _may(by)
    row = SourceCode.objects.select_for_update().filter(id=source_id).first()
    if row is None:
        raise NoSuchSource
    return _name(row, name, channel, by)


def _name(row: SourceCode, name: str, channel: str, by: Actor) -> SourceCode:
    row.name, row.channel = clean_line(name)[:NAME_MOST], SourceCode.Channel(channel)
    row.is_found = False
    row.save(update_fields=["name", "channel", "is_found"])
    ledger_ops.record(SourceNamed(source_id=row.id), by=by)
    return row


@dataclass(frozen=True, slots=True)
class Cost:
    """What a source cost from a day to a day. ``amount_minor``: of the currency's minor unit."""

    code: str
    from_on: date
    to_on: date
    amount_minor: int
    currency: str


@transaction.atomic
def note_spend(*, costs: list[Cost], by: Actor) -> int:
    """Write down what sources cost; the same source, days and currency again put the new amount in
    place of the old. Unknown codes are made. Returns how many rows."""
    _may(by)
    if len(costs) > SPENDS_AT_ONCE:
        raise TooManySpends
    for cost in costs:
        check(cost)
    codes = sorted({normalised(cost.code) for cost in costs})
    known = dict(SourceCode.objects.filter(code__in=codes).values_list("code", "id"))
    for code in codes:
        if code not in known:
            known[code] = add(code=code, name="", channel=SourceCode.Channel.AD, by=by).id
    now = clock.now()
    for cost in costs:
        Spend.objects.update_or_create(
            source_id=known[normalised(cost.code)],
            from_on=cost.from_on,
            to_on=cost.to_on,
            currency=cost.currency,
            defaults={"amount_minor": cost.amount_minor, "at": now},
            create_defaults={"id": new_id(), "amount_minor": cost.amount_minor, "at": now},
        )
    if costs:
        ledger_ops.record(SpendNoted(count=len(costs)), by=by)
    return len(costs)


def check(cost: Cost) -> None:
    """Raises CodeIsMissing, DaysOutOfOrder, AmountOutOfRange."""
    if not normalised(cost.code):
        raise CodeIsMissing
    if cost.to_on < cost.from_on:
        raise DaysOutOfOrder
    if not 0 < cost.amount_minor <= AMOUNT_MOST:
        raise AmountOutOfRange


@transaction.atomic
def remove_spend(*, spend_id: int, by: Actor) -> None:
    """Take a row of costs out again. Twice is harmless."""
    _may(by)
    gone, _per_model = Spend.objects.filter(id=spend_id).delete()
    if gone:
        ledger_ops.record(SpendRemoved(spend_id=spend_id), by=by)


def _may(by: Actor) -> None:
    if not policy.can_take_in(by):
        raise OnlyTheTeamKeepsSources
