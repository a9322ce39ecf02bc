"""Asking to take people out, agreeing, refusing, stopping. The file itself: ``export_files``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import limits
from groundswell.accounts import operations as accounts_ops
from groundswell.kernel import clock, formats
from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.kernel.ids import hash_token, new_id, new_slug
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.kernel.text import clean_text
from groundswell.ledger import operations as ledger_ops
from groundswell.people import contacts, stand_ins
from groundswell.people.exports import deciding, layouts, wishes
from groundswell.people.exports.wishes import Wish
from groundswell.people.facts import ExportAgreed, ExportAsked, ExportLeaked, ExportStopped
from groundswell.people.models import Canary, Export
from groundswell.people.operations import export_files, looking
from groundswell.site import vault

REASON_LEAST, REASON_MOST = 10, 500
XLSX_MOST = 20_000  # a workbook is made in memory: about 40 MB
_ALARM = "an export leaked"

State = Export.State
_GOING_ON = (State.ASKED, State.MAKING, State.READY)


class MayNotExport(Refusal):
    sentence = _("Your role does not let you take people out.")


class SayWhy(Refusal):
    sentence = _("Say in a few words what the file is for. Whoever must agree reads it.")
    field = "reason"


class NoColumns(Refusal):
    sentence = _("Choose at least one column.")
    field = "columns"


class ChooseTheCampaign(Refusal):
    sentence = _(
        "Choose a campaign: only people who agreed to its news may be written to, so only they "
        "can be in a file with addresses."
    )
    field = "campaign"


class NoSuchTool(Refusal):
    sentence = _("Choose one of the tools shown, and CSV or XLSX.")
    field = "layout"


class ToolNeedsMore(Refusal):
    sentence = _("{tool} takes nobody without: {columns}. Choose it too.")
    field = "columns"


class OneAddress(Refusal):
    sentence = _("{tool} takes one address of each person: the stand-in or their own, not both.")
    field = "columns"


class TooLongForXlsx(Refusal):
    sentence = _("A workbook holds at most 20,000 people here. Choose CSV, or fewer people.")
    field = "layout"


class WhoWrites(Refusal):
    sentence = _(
        "Say from which address you will write to them. Mail from any other address does not "
        "reach them, and tells us that the file is in other hands."
    )
    field = "writes_from"


class NoStandIns(Refusal):
    sentence = _(
        "This installation takes no mail, so it has no stand-in addresses. Ask whoever runs it "
        "to set GROUNDSWELL_RELAY_DOMAIN."
    )
    field = "columns"


class NobodyFits(Refusal):
    sentence = _("Nobody fits, so there is nothing to take out.")


class NotForYouToDecide(Refusal):
    sentence = _("Somebody else must decide about this.")


class DecidedAlready(Refusal):
    sentence = _("This was decided already.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody typed: whom, which columns, what for, and who will write to stand-ins."""

    wish: Wish
    columns: Sequence[str]
    reason: str
    writes_from: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What would happen: so many people; whether somebody must agree, and whether anybody can."""

    count: int
    needs_agreement: bool
    others: int


def weigh(asked: Asked, *, by: Actor) -> Weighed:
    """Check what somebody asks for, and say what it takes. Writes nothing.

    Raises MayNotExport, NoSuchTool, NoColumns, ToolNeedsMore, OneAddress, NoStandIns,
    ChooseTheCampaign, WhoWrites, NotAnEmail, SayWhy, NobodyFits, TooLongForXlsx.
    """
    if not by.may_somewhere(Right.EXPORT) or by.id is None:
        raise MayNotExport
    columns = _columns(asked, by)
    if "stand_in" in columns and not stand_ins.domain():
        raise NoStandIns
    if asked.wish.campaign_id is None and wishes.NEEDS_A_CAMPAIGN & set(columns):
        raise ChooseTheCampaign
    if "stand_in" in columns:
        _writer(asked.writes_from)
    if len(clean_text(asked.reason)) < REASON_LEAST:
        raise SayWhy
    count = wishes.people_of(asked.wish, by).count()
    if not count:
        raise NobodyFits
    if asked.wish.kind == wishes.Kind.XLSX and count > XLSX_MOST:
        raise TooLongForXlsx
    needs = deciding.needs_agreement(columns, count, by)
    return Weighed(count, needs, len(deciding.who_may_agree(by)))


def _columns(asked: Asked, by: Actor) -> list[str]:
    """The columns of the file: those that the tool can take and ``by`` may take out."""
    layout = layouts.LAYOUTS.get(asked.wish.layout)
    if layout is None or asked.wish.kind not in set(wishes.Kind):
        raise NoSuchTool
    fields = wishes.fields_for(by)
    takes = {*layout.codes, *map(wishes.code_of, fields)}
    columns = wishes.ordered([code for code in asked.columns if code in takes], fields)
    if not columns:
        raise NoColumns
    lacks = layouts.missing(layout, columns)
    if lacks:
        names = formats.listing([str(wishes.COLUMNS[group[0]]) for group in lacks])
        raise ToolNeedsMore(ToolNeedsMore.sentence.format(tool=layout.title, columns=names))
    if layout.has_one_address and {"stand_in", "email"} <= set(columns):
        raise OneAddress(OneAddress.sentence.format(tool=layout.title))
    return columns


def _writer(text: str) -> bytes:
    if not text.strip():
        raise WhoWrites
    try:
        return contacts.lasting_email(contacts.normalised_email(text))
    except contacts.NotAnEmail as wrong:
        raise WhoWrites from wrong


def ask(asked: Asked, *, by: Actor) -> Export:
    """Ask for a file. A short one without real addresses is made at once; for any other somebody
    must agree, or a day must pass where nobody else could.

    The people of a short one count among those whom ``by`` may see in a day. Raises what
    :func:`weigh` raises, and EnoughForToday.
    """
    found = weigh(asked, by=by)
    assert by.id is not None
    columns, now = _columns(asked, by), clock.now()
    with transaction.atomic():
        accounts_ops.one_at_a_time(by.id)
        # Once more: another request of theirs may have come in between.
        needs = found.needs_agreement or deciding.needs_agreement(columns, found.count, by)
        is_alone = needs and not found.others
        if not needs:
            people = wishes.people_of(asked.wish, by).values_list("id", flat=True)
            looking.note_seen(person_ids=people, by=by)
        export = Export(
            id=new_id(),
            slug=new_slug(),
            account_id=by.id,
            columns=columns,
            wish=asked.wish.as_json(),
            has_addresses=bool(wishes.OWN_ADDRESSES & set(columns)),
            writes_from=_writer(asked.writes_from) if "stand_in" in columns else b"",
            people_count=found.count,
            state=State.ASKED if needs else State.MAKING,
            asked_at=now,
            opens_at=now + deciding.ALONE_AFTER if is_alone else None,
        )
        reason = clean_text(asked.reason)[:REASON_MOST]
        export.reason_sealed = vault.seal(
            export, "reason_sealed", reason, key_id=vault.house_key_id()
        )
        export.save(force_insert=True)
        fact = ExportAsked(export_id=export.id, count=found.count, is_alone=is_alone)
        ledger_ops.record(fact, by=by)
        if not needs:
            export_files.begin(export)
    return export


def _locked(export_id: int) -> Export:
    return Export.objects.select_for_update().get(id=export_id)


@transaction.atomic
def agree(*, export_id: int, by: Actor) -> None:
    """The second person agrees, and the file is made. Raises NotForYouToDecide, DecidedAlready."""
    export = _locked(export_id)
    if not deciding.may_agree(by, export):
        raise NotForYouToDecide
    if export.state != State.ASKED:
        raise DecidedAlready
    export.state, export.decided_by_id, export.decided_at = State.MAKING, by.id, clock.now()
    export.save(update_fields=["state", "decided_by_id", "decided_at"])
    ledger_ops.record(ExportAgreed(export_id=export.id), by=by)
    export_files.begin(export)


@transaction.atomic
def stop(*, export_id: int, by: Actor) -> None:
    """Refuse somebody's export, or withdraw one's own; after it was fetched, end its stand-ins.

    Raises NotForYouToDecide, DecidedAlready.
    """
    export = _locked(export_id)
    is_own = by.id == export.account_id
    if not is_own and not deciding.may_refuse(by, export):
        raise NotForYouToDecide
    now = clock.now()
    if export.state in _GOING_ON:
        export.state = State.WITHDRAWN if is_own else State.REFUSED
        export.decided_by_id, export.decided_at = by.id, now
        because = str(export.state)
    elif export.state == State.FETCHED and export.ended_at is None:
        export.ended_at, because = now, "stand_ins"
    else:
        raise DecidedAlready
    export.save(update_fields=["state", "decided_by_id", "decided_at", "ended_at"])
    ledger_ops.record(ExportStopped(export_id=export.id, because=because), by=by)
    transaction.on_commit(lambda: export_files.destroy(export.id))


def canary_of(local: str) -> Canary | None:
    """The made-up person whose address begins like this, whatever became of their export."""
    found = Canary.objects.select_related("export").filter(local_hash=hash_token(local.lower()))
    return found.first()


def hear_canary(canary: Canary) -> None:
    """Mail came to somebody made up: the file leaked, or was loaded into a tool that wrote to
    everybody in it."""
    Canary.objects.filter(id=canary.id, heard_at=None).update(heard_at=clock.now())
    raise_alarm(export_id=canary.export_id)


def raise_alarm(*, export_id: int) -> None:
    """Tell the owners that an export is in other hands, once a day for each."""
    if limits.take(_ALARM, str(export_id), most=1, per=deciding.ALONE_AFTER):
        with transaction.atomic():
            ledger_ops.record(ExportLeaked(export_id=export_id), by=SYSTEM)


def trace(text: str) -> Export | None:
    """The export that an address or the code of a row stands in, alive or dead; None for any of
    no export."""
    stands = stand_ins.read(text) or stand_ins.read_local(text.strip().lower())
    if stands is not None:
        return Export.objects.filter(id=stands.export_id).first()
    canary = canary_of(text.strip().lower().partition("@")[0])
    return canary.export if canary else None
