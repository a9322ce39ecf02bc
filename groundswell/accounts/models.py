"""Accounts, grants, sessions, signed links, one-time codes and limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, SECRET, SENSITIVE, Retention
from groundswell.kernel.roles import Role
from groundswell.kernel.scopes import Scope, ScopeKind
from groundswell.site import vault


class Account(AbstractBaseUser):
    """Somebody who may sign in.

    There is no password: people prove themselves by a code sent to them, a passkey, an
    authenticator app. ``stamp`` is part of every session; a new stamp ends them all.
    """

    id = IdColumn()
    email = models.CharField(max_length=80, unique=True)  # synthetic: accounts/addresses.py
    email_sealed = SealedColumn()
    name_sealed = SealedColumn()
    language = models.CharField(max_length=12, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    is_active = models.BooleanField(default=True)
    stamp = models.CharField(max_length=32)
    created_at = models.DateTimeField()
    last_seen_on = models.DateField(null=True)
    password = None  # type: ignore[assignment]  # Django's documented way to drop the column
    last_login = None  # a day is enough: last_seen_on

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    is_staff = False  # the office is the admin; there is no other

    class Privacy:
        id = INTERNAL
        email = SENSITIVE
        email_sealed = SENSITIVE
        name_sealed = SENSITIVE
        language = PERSONAL
        zone = PERSONAL
        is_active = INTERNAL
        stamp = SECRET
        created_at = PERSONAL
        last_seen_on = PERSONAL
        retention = Retention(until="an owner removes the account")

    def __str__(self) -> str:
        return f"account {self.id}"

    def has_usable_password(self) -> bool:
        return False

    def get_session_auth_hash(self) -> str:
        """What a session must carry to stay valid (``sign out everywhere`` changes it)."""
        return vault.lasting_blind("session", self.stamp).hex()


class GrantsAreClosed(RuntimeError):
    """Somebody tried to write a grant past ``accounts.operations``: a bug, or worse."""


def is_live(now: datetime) -> models.Q:
    """Grants that hold now: neither ended nor past the day that was agreed."""
    return models.Q(ended_at=None) & (models.Q(ends_at=None) | models.Q(ends_at__gt=now))


_grants_are_open: ContextVar[bool] = ContextVar("grants_are_open", default=False)


@contextmanager
def grants_open() -> Iterator[None]:
    """Let grants be written inside the block. Only ``accounts.operations.grants`` may use it."""
    token = _grants_are_open.set(True)
    try:
        yield
    finally:
        _grants_are_open.reset(token)


def _check_open() -> None:
    if not _grants_are_open.get():
        raise GrantsAreClosed("grants are written by accounts.operations only")


class GrantQuerySet(models.QuerySet["Grant"]):
    """Reads like any other; every way to write asks whether grants are open."""

    def update(self, **values: Any) -> int:
        _check_open()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        _check_open()
        return super().delete()

    def _raw_delete(self, using: str | None) -> int:
        _check_open()
        return super()._raw_delete(using)  # private, and a way in

    def bulk_create(self, *args: Any, **options: Any) -> list[Grant]:
        _check_open()
        return super().bulk_create(*args, **options)

    def bulk_update(self, *args: Any, **options: Any) -> int:
        _check_open()
        return super().bulk_update(*args, **options)


class Grant(models.Model):
    """A role that an account holds over a scope, from ``created_at`` until it is ended.

    The scope is a kind and an id without a foreign key: its object lives in a room above
    (``kernel.scopes``). ``parent`` is the grant that it is a part of: it ends with it.
    ``created_by_id`` is the account that gave it, empty for the command line. Written only by
    ``accounts.operations.grants``.
    """

    id = IdColumn()
    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    scope_kind = models.CharField(
        max_length=12,
        choices=[(kind.value, kind.value) for kind in ScopeKind],
        default=ScopeKind.INSTALLATION,
    )
    scope_id = models.CharField(max_length=40, blank=True, default="")  # "": everything
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # as agreed; none: until somebody ends it
    ended_at = models.DateTimeField(null=True)  # when it was ended

    objects: ClassVar[models.Manager[Grant]] = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "scope_kind", "scope_id"],
                condition=models.Q(ended_at=None),
                name="accounts_grant_once",
            )
        ]
        indexes = [models.Index(fields=["scope_kind", "scope_id"], name="accounts_grant_scope")]

    class Privacy:
        id = INTERNAL
        account = PERSONAL
        role = PERSONAL
        scope_kind = INTERNAL
        scope_id = INTERNAL
        parent = INTERNAL
        created_by_id = PERSONAL
        created_at = INTERNAL
        ends_at = INTERNAL
        ended_at = INTERNAL
        retention = Retention(until="an owner removes the account")

    def __str__(self) -> str:
        return f"{self.role} {self.account_id}"

    def save(self, *args: Any, **options: Any) -> None:
        _check_open()
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        _check_open()
        return super().delete(*args, **options)

    @property
    def scope(self) -> Scope:
        """What the role is held over."""
        return Scope(ScopeKind(self.scope_kind), self.scope_id)


class Session(models.Model):
    """One signed-in device, or one visitor in the middle of signing in.

    The cookie's key is stored hashed and the data sealed. Never an address, never a user agent:
    ``device_name`` is a coarse guess such as "Firefox on Android".
    """

    id = IdColumn()
    key_hash = models.BinaryField(max_length=32, unique=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    data_sealed = SealedColumn()
    device_name = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    last_seen_on = models.DateField()
    expires_at = models.DateTimeField(db_index=True)

    class Privacy:
        id = INTERNAL
        key_hash = SECRET
        account = PERSONAL
        data_sealed = SECRET
        device_name = PERSONAL
        created_at = PERSONAL
        last_seen_on = PERSONAL
        expires_at = INTERNAL
        retention = Retention(days=0, after="expires_at", by="tidy accounts")

    def __str__(self) -> str:
        return f"session {self.id}"


class Link(models.Model):
    """A signed link of a mail: 128 random bits that open one thing for one person.

    Only the token's hash is stored.
    """

    class Purpose(models.TextChoices):
        HOST = "host"
        RSVP = "rsvp"
        PROVE = "prove"  # a new e-mail address
        DATA = "data"  # everything held about a person
        WIZARD = "wizard"
        SIGN_IN = "sign_in"
        DONE = "done"
        FORM = "form"  # a form that was filled in

    id = IdColumn()
    token_hash = models.BinaryField(max_length=32, unique=True)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    person_id = models.BigIntegerField(null=True, db_index=True)
    object_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["object_id", "purpose"], name="accounts_link_object")]

    class Privacy:
        id = INTERNAL
        token_hash = SECRET
        purpose = INTERNAL
        person_id = PERSONAL
        object_id = INTERNAL
        created_at = PERSONAL
        expires_at = INTERNAL
        used_at = PERSONAL
        retention = Retention(days=30, after="expires_at", by="tidy accounts")

    def __str__(self) -> str:
        return f"{self.purpose} link {self.id}"


class PendingCode(models.Model):
    """A one-time code on its way to somebody who signs in.

    ``email`` is the synthetic address that was asked for. Whether an account has it is looked up
    only when the mail is written and after the right code came back, so that an address that
    nobody has takes the same work. ``code_sealed`` is blanked once used.
    """

    id = IdColumn()
    email = models.CharField(max_length=80)
    code_sealed = SealedColumn()
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Privacy:
        id = INTERNAL
        email = SENSITIVE
        code_sealed = SECRET
        tries = INTERNAL
        created_at = PERSONAL
        expires_at = INTERNAL
        used_at = INTERNAL
        retention = Retention(days=1, after="expires_at", by="tidy accounts")

    def __str__(self) -> str:
        return f"pending code {self.id}"


class UsedCode(models.Model):
    """The time step of an authenticator app's code that was used: no process takes it again."""

    id = IdColumn()
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    step = models.BigIntegerField()  # RFC 6238's T: half minutes since 1970
    used_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "step"], name="accounts_used_code_once")
        ]

    class Privacy:
        id = INTERNAL
        account = PERSONAL
        step = INTERNAL
        used_at = PERSONAL
        retention = Retention(days=1, after="used_at", by="tidy accounts")

    def __str__(self) -> str:
        return f"used code {self.id}"


class Limit(models.Model):
    """How often something was done for one key in the current window. The key is blind.

    Retention: ``window_ends_at``.
    """

    id = IdColumn()
    name = models.CharField(max_length=40)
    key = models.BinaryField(max_length=16)
    window_ends_at = models.DateTimeField(db_index=True)
    taken = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "key"], name="accounts_limit_once")]

    class Privacy:
        id = INTERNAL
        name = INTERNAL
        key = INTERNAL
        window_ends_at = INTERNAL
        taken = INTERNAL

    def __str__(self) -> str:
        return f"limit {self.name}"
