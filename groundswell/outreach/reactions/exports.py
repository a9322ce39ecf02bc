"""What the team learns about people who are taken out of the installation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from groundswell.accounts import queries as account_queries
from groundswell.kernel.actor import SYSTEM, Role
from groundswell.ledger.wires import Happening
from groundswell.outreach.operations import outbox
from groundswell.people.exports import deciding
from groundswell.people.models import Export

_TOLD_FOR = timedelta(days=2)


def export_asked(happening: Happening) -> None:
    """Whoever may agree is asked; where nobody could, everybody with a role hears of it."""
    export = Export.objects.filter(id=happening.fact.export_id).first()
    if export is None or export.state != Export.State.ASKED:
        return
    if happening.fact.is_alone:
        team = {member.account.id for member in account_queries.team(SYSTEM)}
        _tell(happening, team - {export.account_id}, "alone")
        return
    asker = deciding.asker_of(export)
    if asker is not None:
        _tell(happening, deciding.who_may_agree(asker), "asked")


def export_agreed(happening: Happening) -> None:
    """Whoever asked hears that the file is being made."""
    export = Export.objects.filter(id=happening.fact.export_id).first()
    if export is not None:
        _tell(happening, {export.account_id}, "agreed")


def export_fetched(happening: Happening) -> None:
    """Every owner hears that a file left."""
    _tell(happening, _owners(), "fetched")


def export_leaked(happening: Happening) -> None:
    """Every owner hears that a file is in other hands."""
    _tell(happening, _owners(), "leaked")


def _owners() -> set[int]:
    team = account_queries.team(SYSTEM)
    return {member.account.id for member in team if Role.OWNER in member.roles}


def _tell(happening: Happening, account_ids: Iterable[int], what: str) -> None:
    outbox.write(
        [
            outbox.new_message(
                "export_notice",
                key=f"{happening.entry_id}:{account_id}",
                language=account_queries.language_of(account_id),
                expires_at=happening.at + _TOLD_FOR,
                entry_id=happening.entry_id,
                args={"what": what},
                account_id=account_id,
            )
            for account_id in sorted(account_ids)
        ]
    )
