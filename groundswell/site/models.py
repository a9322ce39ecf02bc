"""What this installation knows about itself."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, PUBLIC, SECRET, Retention


class Installation(models.Model):
    """The one row about this installation (id 1)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=120, default="Groundswell")
    language = models.CharField(max_length=12, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    contact = models.CharField(max_length=200, blank=True)  # shown on "Get help"
    # Countries (ISO 3166) where a phone is searched: mails and calendars there name nothing.
    discreet_countries = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="site_one_installation")
        ]

    class Privacy:
        id = PUBLIC
        name = PUBLIC
        language = PUBLIC
        zone = PUBLIC
        contact = PUBLIC
        discreet_countries = INTERNAL
        created_at = INTERNAL

    def __str__(self) -> str:
        return self.name


class Lock(models.Model):
    """A panic lock: of the whole installation (``account_id`` 0, a row that stays), or of one
    account (a row as long as it is locked). Written by ``accounts.operations.locking``.

    ``unlock_by_id`` is the first of the two owners who open a locked installation.
    """

    id = IdColumn()
    account_id = models.BigIntegerField(unique=True)
    locked_at = models.DateTimeField(null=True)
    locked_by_id = models.BigIntegerField(null=True)  # the account; empty for the command line
    unlock_by_id = models.BigIntegerField(null=True)
    unlock_at = models.DateTimeField(null=True)

    class Privacy:
        id = INTERNAL
        account_id = PERSONAL
        locked_at = INTERNAL
        locked_by_id = PERSONAL
        unlock_by_id = PERSONAL
        unlock_at = INTERNAL
        retention = Retention(until="an owner unlocks")

    def __str__(self) -> str:
        return f"lock of {self.account_id}"


class Safeguards(models.Model):
    """How this installation protects its public pages (id 1); without the row, the defaults."""

    class Forms(models.TextChoices):
        BY_ITSELF = "auto"  # public forms ask for work only while a flood comes in
        ALWAYS = "always"  # an owner sees an attack coming
        NEVER = "never"  # a crowd is expected: counted, and nobody is asked

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    forms = models.CharField(max_length=8, choices=Forms.choices, default=Forms.BY_ITSELF)
    security_contact = models.CharField(max_length=200, blank=True)  # security.txt
    security_policy = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="site_one_safeguards")]

    class Privacy:
        id = PUBLIC
        forms = INTERNAL
        security_contact = PUBLIC
        security_policy = PUBLIC
        changed_at = INTERNAL

    def __str__(self) -> str:
        return f"safeguards: {self.forms}"


class DataKey(models.Model):
    """A data key, wrapped by the master key. Deleting the row erases everything it sealed.

    Retention: as long as a person row carries its id; unused keys go after seven days.
    """

    id = IdColumn()
    wrapped = models.BinaryField()
    created_at = models.DateTimeField()

    class Privacy:
        id = INTERNAL
        wrapped = SECRET
        created_at = INTERNAL

    def __str__(self) -> str:
        return f"data key {self.id}"


class Anchor(models.Model):
    """The head of the log's chain at some hour, kept in the keys database: whoever rewrites the log
    in the main database, or cuts off its end, contradicts it (``site.anchors``).

    ``proof`` is keyed and covers the anchor before, so none is made up or taken out in between.
    Retention: with the installation; it holds digests, nothing of a person.
    """

    number = models.BigAutoField(primary_key=True)
    follows = models.BigIntegerField(
        unique=True
    )  # the anchor before; 0: none. Two never follow one
    place = models.BigIntegerField()  # ledger.Digest.place; 0: there was none
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    is_after_restore = models.BooleanField(default=False)  # what stood behind it is gone rightly
    proof = models.BinaryField(max_length=32)

    class Privacy:
        number = INTERNAL
        follows = INTERNAL
        place = INTERNAL
        digest = INTERNAL
        made_at = INTERNAL
        is_after_restore = INTERNAL
        proof = INTERNAL

    def __str__(self) -> str:
        return f"anchor at {self.place}"
