"""Sign-in and security mail: top priority, to accounts."""

from __future__ import annotations

from datetime import timedelta

from groundswell.accounts import facts as account_facts
from groundswell.accounts import queries as account_queries
from groundswell.accounts.operations.accounts import INVITATION_LASTS
from groundswell.accounts.operations.codes import CODE_LASTS
from groundswell.ledger.wires import Happening
from groundswell.outreach.operations import outbox

_NOTICE_TOLD_FOR = timedelta(days=2)

# What somebody must know at once, because it opens or closes a way into their account.
_WAYS_IN: dict[type, str] = {
    account_facts.SecondFactorAdded: "added",
    account_facts.SecondFactorRemoved: "removed",
    account_facts.RecoveryCodeUsed: "recovery_code",
}


def sign_in_code_asked(happening: Happening) -> None:
    """The code, if the address belongs to somebody."""
    fact = happening.fact
    mail = account_queries.code_mail(fact.code_id)
    if mail is not None:
        _tell(
            "sign_in_code",
            happening,
            account_id=mail.account_id,
            language=fact.language,
            lasts=CODE_LASTS,
            code_id=fact.code_id,
        )


def account_invited(happening: Happening) -> None:
    """A link that signs in once."""
    account_id = happening.fact.account_id
    _tell("account_invited", happening, account_id=account_id, lasts=INVITATION_LASTS)


def way_in_changed(happening: Happening) -> None:
    """A second step was added or removed, or a recovery code was used."""
    what = _WAYS_IN[type(happening.fact)]
    account_id = happening.fact.account_id
    _tell("new_device", happening, account_id=account_id, lasts=_NOTICE_TOLD_FOR, what=what)


def _tell(
    kind: str,
    happening: Happening,
    *,
    account_id: int,
    lasts: timedelta,
    language: str = "",
    **args: object,
) -> None:
    message = outbox.new_message(
        kind,
        key=str(happening.entry_id),
        language=language or account_queries.language_of(account_id),
        expires_at=happening.at + lasts,
        entry_id=happening.entry_id,
        args=args,
        account_id=account_id,
    )
    outbox.write([message])
