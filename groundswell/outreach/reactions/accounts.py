"""Sign-in and security mail: top priority, to accounts."""

from __future__ import annotations

from datetime import timedelta

from groundswell.accounts import facts as account_facts
from groundswell.accounts import queries as account_queries
from groundswell.accounts.operations.accounts import INVITATION_LASTS
from groundswell.accounts.operations.codes import CODE_LASTS
from groundswell.kernel.actor import SYSTEM, Role
from groundswell.ledger.wires import Happening
from groundswell.outreach import facts as outreach_facts
from groundswell.outreach.operations import outbox
from groundswell.people import facts as people_facts
from groundswell.site import facts as site_facts

_NOTICE_TOLD_FOR = timedelta(days=2)

# What somebody must know at once, because it opens or closes a way into their account.
_WAYS_IN: dict[type, str] = {
    account_facts.SecondFactorAdded: "added",
    account_facts.SecondFactorRemoved: "removed",
    account_facts.RecoveryCodeUsed: "recovery_code",
    account_facts.SignedInOnNewDevice: "device",
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
    """A second step was added or removed, a recovery code used, or a device is new."""
    what = _WAYS_IN[type(happening.fact)]
    account_id = happening.fact.account_id
    _tell("new_device", happening, account_id=account_id, lasts=_NOTICE_TOLD_FOR, what=what)


_ABOUT_LOCKS: dict[type, str] = {
    account_facts.EverythingLocked: "everything_locked",
    account_facts.UnlockBegun: "unlock_begun",
    account_facts.EverythingUnlocked: "everything_unlocked",
    account_facts.AccountLocked: "account_locked",
    account_facts.AccountUnlocked: "account_unlocked",
}


def panic_lock(happening: Happening) -> None:
    """Everybody with a role learns of a lock; of a single account's, its person and the owners."""
    what = _ABOUT_LOCKS[type(happening.fact)]
    team = account_queries.team(SYSTEM)
    about = getattr(happening.fact, "account_id", None)
    if about is None and what != "unlock_begun":
        told = {member.account.id for member in team}
    else:
        told = {member.account.id for member in team if Role.OWNER in member.roles}
        told |= {about} if about else set()
    for account_id in sorted(told):
        _tell(
            "panic_lock",
            happening,
            account_id=account_id,
            lasts=_NOTICE_TOLD_FOR,
            key=f"{happening.entry_id}:{account_id}",
            what=what,
        )


# What the owners learn: a leak that begins, what may hide one, a program that stopped listening.
_FOR_OWNERS: dict[type, str] = {
    people_facts.LookedAtTooMany: "looked",
    site_facts.LogFoundBroken: "log",
    outreach_facts.HookGaveUp: "program",
}


def owners_told(happening: Happening) -> None:
    """Every owner learns of something that they should look at."""
    what = _FOR_OWNERS[type(happening.fact)]
    for member in account_queries.team(SYSTEM):
        if Role.OWNER in member.roles:
            _tell(
                "owner_notice",
                happening,
                account_id=member.account.id,
                lasts=_NOTICE_TOLD_FOR,
                key=f"{happening.entry_id}:{member.account.id}",
                what=what,
            )


def _tell(
    kind: str,
    happening: Happening,
    *,
    account_id: int,
    lasts: timedelta,
    language: str = "",
    key: str = "",
    **args: object,
) -> None:
    message = outbox.new_message(
        kind,
        key=key or str(happening.entry_id),
        language=language or account_queries.language_of(account_id),
        expires_at=happening.at + lasts,
        entry_id=happening.entry_id,
        args=args,
        account_id=account_id,
    )
    outbox.write([message])
