"""Tells Django who a session belongs to. It authenticates nobody: our operations do."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend

from groundswell.accounts.models import Account


class AccountBackend(BaseBackend):
    """Finds the account of a session; a closed account has none."""

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.filter(id=user_id, is_active=True).first()
