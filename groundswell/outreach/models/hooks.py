"""Other programs that hear what is public here, and what was posted to each."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, SECRET, SENSITIVE, Retention


class Hook(models.Model):
    """Another program and where it listens. Its address often holds a password: it is sealed."""

    class State(models.TextChoices):
        ON = "on"
        PAUSED = "paused"  # what happens meanwhile waits

    class Because(models.TextChoices):
        """Why it is paused."""

        OWNER = "owner"
        FAILING = "failing"  # a post was refused eight times
        GONE = "gone"  # it answered 410: it does not want to hear any more

    id = IdColumn()
    slug = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)  # what owners call it
    address_sealed = SealedColumn()
    secret_sealed = SealedColumn()  # signs every post (kernel/signed_posts.py)
    old_secret_sealed = SealedColumn()  # signs too, for a day after a new one was made
    old_secret_until = models.DateTimeField(null=True)
    hears = models.JSONField(default=list)  # codes of hooks/telling.py
    state = models.CharField(max_length=8, choices=State.choices, default=State.ON)
    because = models.CharField(max_length=8, choices=Because.choices, blank=True)
    rests_until = models.DateTimeField(null=True)  # after a failure nothing is tried so soon
    created_at = models.DateTimeField()

    class Privacy:
        id = INTERNAL
        slug = INTERNAL
        name = INTERNAL
        address_sealed = SENSITIVE
        secret_sealed = SECRET
        old_secret_sealed = SECRET
        old_secret_until = INTERNAL
        hears = INTERNAL
        state = INTERNAL
        because = INTERNAL
        rests_until = INTERNAL
        created_at = INTERNAL
        retention = Retention(until="an owner removes it")

    def __str__(self) -> str:
        return f"hook {self.slug}"


class HookPost(models.Model):
    """One thing that happened, for one program. Codes and ids: its words are made when it leaves.

    ``post_id`` is the same for every try, so that a receiver can drop repeats.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        CLAIMED = "claimed"  # a worker holds the lease; it may have left
        TAKEN = "taken"  # the other side said 2xx
        FAILED = "failed"  # a try-out is not repeated
        LEFT_OUT = "left_out"  # it is not public any more
        KEPT = "kept"  # a demonstration: it stayed in the house

    id = IdColumn()
    hook = models.ForeignKey(Hook, models.CASCADE, related_name="posts")
    post_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=24)  # hooks/telling.py
    event_id = models.BigIntegerField(null=True)
    campaign_id = models.BigIntegerField(null=True)
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_token = models.BigIntegerField(null=True)
    lease_until = models.DateTimeField(null=True)  # by the database's clock
    code = models.CharField(max_length=40, blank=True)  # of the last try; never a server's words
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hook", "post_id"], name="outreach_hookpost_once")
        ]
        indexes = [
            models.Index(
                fields=["hook", "not_before"],
                name="outreach_hookpost_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(
                fields=["lease_until"],
                name="outreach_hookpost_leased",
                condition=models.Q(lease_until__isnull=False),
            ),
            models.Index(fields=["happened_at"], name="outreach_hookpost_old"),
        ]

    class Privacy:
        id = INTERNAL
        hook = INTERNAL
        post_id = INTERNAL
        kind = INTERNAL
        event_id = INTERNAL
        campaign_id = INTERNAL
        happened_at = INTERNAL
        state = INTERNAL
        attempts = INTERNAL
        not_before = INTERNAL
        lease_token = INTERNAL
        lease_until = INTERNAL
        code = INTERNAL
        tried_at = INTERNAL
        retention = Retention(days=14, after="happened_at", by="tidy other programs")

    def __str__(self) -> str:
        return f"{self.kind} {self.post_id}"
