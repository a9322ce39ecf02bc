"""Blind indexes of this room, made anew from the sealed addresses."""

from __future__ import annotations

from django.db import transaction

from groundswell.accounts import addresses
from groundswell.accounts.models import Account, Limit, PendingCode
from groundswell.site import vault


@transaction.atomic
def reindex() -> int:
    """Find every account under its coming index; codes and limits on the way are forgotten.

    Twice is harmless. Returns how many accounts there are.
    """
    accounts = list(Account.objects.order_by("id"))
    for account in accounts:
        account.email = addresses.coming(vault.open_(account, "email_sealed"))
    Account.objects.bulk_update(accounts, ["email"])
    PendingCode.objects.all().delete()
    Limit.objects.all().delete()
    return len(accounts)
