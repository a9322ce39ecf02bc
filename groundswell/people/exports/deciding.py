"""Who must agree to an export, and who may.

Nobody takes more than fifty people out alone, or a single real address: somebody else agrees, by
a right that they did not get from whoever asks. Where there is nobody else, everybody at a desk
hears of it, and a day passes in which others can refuse or pull the panic lock.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, Sum

from groundswell.accounts import queries as accounts_queries
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.roles import Right
from groundswell.kernel.scopes import EVERYWHERE
from groundswell.people.exports.wishes import OWN_ADDRESSES, exporter
from groundswell.people.models import Export

ALONE_MOST = 50  # people in a week, without anybody else
ALONE_WITHIN = timedelta(days=7)
ALONE_AFTER = timedelta(hours=24)
DECIDED_WITHIN = timedelta(days=7)
FETCHED_WITHIN = timedelta(hours=24)


def needs_agreement(columns: list[str], count: int, by: Actor) -> bool:
    """Does somebody else have to agree before ``by`` takes so many people out?"""
    since = clock.now() - ALONE_WITHIN
    mine = Export.objects.filter(account_id=by.id or 0, asked_at__gt=since)
    alone = mine.filter(decided_by_id=None, opens_at=None).exclude(state=Export.State.ASKED)
    taken = alone.aggregate(total=Sum("people_count"))["total"] or 0
    return bool(OWN_ADDRESSES & set(columns)) or taken + count > ALONE_MOST


def who_may_agree(asked_by: Actor) -> set[int]:
    """The accounts that may agree to what this actor asks for: they could take the same people
    out, hold that right from somebody else, and have a second step."""
    wanted = exporter(asked_by).scopes_of(Right.EXPORT)
    holders = accounts_queries.holders_of(Right.EXPORT, not_given_by=asked_by.id)
    return {
        account_id
        for account_id, scopes in holders.items()
        if account_id != asked_by.id and (EVERYWHERE in scopes or wanted <= scopes)
    }


def asker_of(export: Export) -> Actor | None:
    """Whoever asked, with the roles held now; None for a closed account."""
    account = accounts_queries.find_account(export.account_id)
    return accounts_queries.actor_of(account) if account else None


def may_agree(by: Actor, export: Export) -> bool:
    """May this actor agree to this export?"""
    asker = asker_of(export)
    return asker is not None and by.id in who_may_agree(asker)


def may_refuse(by: Actor, export: Export) -> bool:
    """Anybody else with the right over everything, and whoever may agree."""
    return by.id != export.account_id and (by.may(Right.EXPORT) or may_agree(by, export))


def seen_by(by: Actor) -> list[Export]:
    """Owners, and whoever may export everything, see all; others their own, and what waits for
    their word. The newest first, of three years."""
    found = Export.objects.order_by("-asked_at", "-id")
    if by.may(Right.EXPORT):
        return list(found)
    waiting = found.filter(state=Export.State.ASKED).exclude(account_id=by.id or 0)
    asked = {export.id for export in waiting if may_agree(by, export)}
    return list(found.filter(Q(account_id=by.id or 0) | Q(id__in=asked)))
