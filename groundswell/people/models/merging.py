"""The same person twice: pairs that look alike, and what was merged, so that it can be undone."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, SENSITIVE, Retention


class Merge(models.Model):
    """Two records became one. While it stands, ``gone_id`` is another name of ``kept``.

    The key of the one that went stays: what it sealed is opened by it as before, and erasing
    ``kept`` destroys it too. ``moved_sealed`` says, row by row, what was where (people/moving.py);
    it is sealed by that key, and empty once the merge is undone.
    """

    class Because(models.TextChoices):
        REVIEW = "review"  # somebody looked at the two
        EMAIL = "email"  # both have proven the same mailbox, under one name

    id = IdColumn()
    kept = models.ForeignKey("people.Person", models.CASCADE, related_name="merges")
    gone_id = models.BigIntegerField()
    gone_key_id = models.BigIntegerField(db_index=True)
    moved_sealed = SealedColumn()
    because = models.CharField(max_length=8, choices=Because.choices)
    by_id = models.BigIntegerField(null=True)  # the account; null: by itself
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gone_id"],
                condition=models.Q(undone_at=None),
                name="people_merge_gone_once",
            )
        ]
        indexes = [models.Index(fields=["-at"], name="people_merge_newest")]

    class Privacy:
        id = INTERNAL
        kept = PERSONAL
        gone_id = PERSONAL
        gone_key_id = INTERNAL
        moved_sealed = SENSITIVE
        because = PERSONAL
        by_id = PERSONAL
        at = PERSONAL
        undone_at = PERSONAL
        undone_by_id = PERSONAL
        retention = Retention(with_="kept")

    def __str__(self) -> str:
        return f"merge {self.id}"


class Lookalike(models.Model):
    """Two people who look like one, for somebody to decide. ``one`` has the smaller id.

    A pair that was judged stays, so that it never comes back.
    """

    class State(models.TextChoices):
        OPEN = "open"
        DIFFERENT = "different"  # two different people
        TOGETHER = "together"  # two who live together

    id = IdColumn()
    one = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    other = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    chance = models.PositiveSmallIntegerField()  # per cent, 1 to 99
    reasons = models.JSONField(default=list)  # codes: duplicates.scoring.Reason
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True)
    judged_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="people_lookalike_once"),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="people_lookalike_in_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-chance", "id"],
                name="people_lookalike_open",
                condition=models.Q(state="open"),
            )
        ]

    class Privacy:
        id = INTERNAL
        one = PERSONAL
        other = PERSONAL
        chance = PERSONAL
        reasons = PERSONAL
        state = PERSONAL
        found_at = PERSONAL
        judged_at = PERSONAL
        judged_by_id = PERSONAL
        retention = Retention(with_="one")

    def __str__(self) -> str:
        return f"lookalike {self.id}"


class LikenessKey(models.Model):
    """A keyed hash of something that two records of one person have in common, in a form that
    survives slips: how a name sounds with a town, a number. Who shares one is compared.

    Eight bytes of it: enough to find, too few to prove anything. Left out of backups and made
    anew; nobody can read or list names by it without the keys.
    """

    id = IdColumn()
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="likeness_keys")
    blind = models.BinaryField(max_length=8)

    class Meta:
        indexes = [models.Index(fields=["blind", "person"], name="people_likeness_blind")]

    class Privacy:
        id = INTERNAL
        person = PERSONAL
        blind = SENSITIVE
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"likeness key {self.id}"
