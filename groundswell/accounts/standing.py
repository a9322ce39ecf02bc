"""How safely the people with roles sign in, in counts: what a look at the installation asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from groundswell.accounts import second_factors
from groundswell.accounts.models import Account, Grant, is_live
from groundswell.kernel import clock
from groundswell.kernel.roles import Right, Role, carries
from groundswell.kernel.scopes import ScopeKind

OWNERS_SEEN_WITHIN = timedelta(days=180)
OTHERS_SEEN_WITHIN = timedelta(days=90)
INVITED_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts of accounts that hold a role now."""

    owners: int
    without_second_step: int  # they came, and have none; owners apart
    owners_without_second_step: int  # invited ones too
    owners_unseen: int  # for 180 days
    unending_unseen: int  # a role without an end, not seen for 90 days; owners apart
    never_came: int  # invited more than 14 days ago
    see_contacts: int  # of everybody, over the whole installation


def standing() -> Standing:
    """Everything at once, in two queries."""
    now = clock.now()
    grants = list(
        Grant.objects.filter(is_live(now), account__is_active=True).select_related("account")
    )
    accounts = {grant.account_id: grant.account for grant in grants}
    owners = {grant.account_id for grant in grants if grant.role == Role.OWNER}
    safe = second_factors.who_have_any(accounts)
    came = {key for key, account in accounts.items() if account.last_seen_on is not None}
    unending = {grant.account_id for grant in grants if grant.ends_at is None} - owners
    long_ago = {key for key, account in accounts.items() if not _seen(account, OTHERS_SEEN_WITHIN)}
    invited = {key for key, row in accounts.items() if row.created_at < now - INVITED_FOR}
    everywhere = {
        grant.account_id
        for grant in grants
        if grant.scope_kind == ScopeKind.INSTALLATION
        and carries(Role(grant.role), Right.SEE_CONTACTS)
    }
    return Standing(
        owners=len(owners),
        without_second_step=len(came - safe - owners),
        owners_without_second_step=len(owners - safe),
        owners_unseen=len([key for key in owners if not _seen(accounts[key], OWNERS_SEEN_WITHIN)]),
        unending_unseen=len(unending & long_ago & came),
        never_came=len(invited - came),
        see_contacts=len(everywhere),
    )


def _seen(account: Account, within: timedelta) -> bool:
    """Whether somebody was here lately; who never came counts from the day of the invitation."""
    last = account.last_seen_on or account.created_at.date()
    return last >= (clock.now() - within).date()
