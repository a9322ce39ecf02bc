"""Our own session rows (named by ``SESSION_ENGINE``): hashed keys, sealed data, a coarse device.

A row that was ended stays ended: saving a session whose row is gone fails instead of making it
again, so "sign out" holds from the next request on.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction

from groundswell.accounts.models import Session
from groundswell.kernel import clock
from groundswell.kernel.ids import hash_token, new_id
from groundswell.kernel.sealing import CannotOpen
from groundswell.site import vault

ACCOUNT_KEY = "_auth_user_id"  # where django.contrib.auth keeps the account's id
DEVICE_KEY = "device_name"


class SessionStore(SessionBase):
    """Django's session interface over :class:`groundswell.accounts.models.Session`."""

    row_id: int | None = None

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_hash=hash_token(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # not in the stubs
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # not in the stubs
        now = clock.now()
        row = Session(
            id=new_id() if must_create else self._id_of_row(),
            key_hash=hash_token(self.session_key),
            account_id=int(data[ACCOUNT_KEY]) if ACCOUNT_KEY in data else None,
            device_name=str(data.get(DEVICE_KEY, ""))[:60],
            created_at=now,
            last_seen_on=now.date(),
            expires_at=now + timedelta(seconds=self.get_expiry_age()),
        )
        row.data_sealed = vault.seal(
            row, "data_sealed", json.dumps(data), key_id=vault.house_key_id()
        )
        if must_create:
            return self._insert(row)
        kept = Session.objects.filter(id=row.id).update(
            account_id=row.account_id,
            data_sealed=row.data_sealed,
            device_name=row.device_name,
            expires_at=row.expires_at,
        )
        if not kept:
            raise UpdateError("the session was ended")
        return None

    def _insert(self, row: Session) -> None:
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as taken:
            raise CreateError from taken
        self.row_id = row.id

    def _id_of_row(self) -> int:
        if self.row_id is None:
            found = Session.objects.filter(key_hash=hash_token(self.session_key or ""))
            self.row_id = found.values_list("id", flat=True).first()
        if self.row_id is None:
            raise UpdateError("the session was ended")
        return self.row_id

    def load(self) -> dict[str, Any]:
        now = clock.now()
        row = Session.objects.filter(
            key_hash=hash_token(self.session_key or ""), expires_at__gt=now
        ).first()
        try:
            text = vault.open_(row, "data_sealed") if row else ""
        except CannotOpen:  # the house key was changed: everybody signs in again
            text = ""
        if row is None or not text:
            self._session_key = None
            return {}
        self.row_id = row.id
        if row.last_seen_on != now.date():
            Session.objects.filter(id=row.id).update(last_seen_on=now.date())
        data: dict[str, Any] = json.loads(text)
        return data

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(key_hash=hash_token(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expires_at__lte=clock.now()).delete()
