"""Saved views of people, hand-picked lists, and what was done to many people at once."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, Retention


class View(models.Model):
    """A table of people that somebody wants to see again: whom, which columns, in what order.

    A picked view holds people one by one (``ViewMember``); any other asks its ``wish`` anew each
    time. It is its maker’s; the roles in ``shared_with`` see it too, each whom they see anyway.
    """

    id = IdColumn()
    name = models.CharField(max_length=80)
    folder = models.CharField(max_length=80, blank=True)
    by_id = models.BigIntegerField(db_index=True)
    shared_with = models.JSONField(default=list)  # kernel.roles.Role
    is_picked = models.BooleanField(default=False)
    wish = models.JSONField(default=dict)  # people.lists.wishes.Wish
    columns = models.JSONField(default=list)  # keys of people.lists.columns
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)  # can be put back for seven days

    class Privacy:
        id = INTERNAL
        name = INTERNAL
        folder = INTERNAL
        by_id = INTERNAL
        shared_with = INTERNAL
        is_picked = INTERNAL
        wish = INTERNAL
        columns = INTERNAL
        created_at = INTERNAL
        removed_at = INTERNAL

    def __str__(self) -> str:
        return self.name


class ViewMember(models.Model):
    """Somebody on a hand-picked list."""

    id = IdColumn()
    view = models.ForeignKey(View, models.CASCADE, related_name="members")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="on_views")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["view", "person"], name="people_view_member_once")
        ]

    class Privacy:
        id = INTERNAL
        view = PERSONAL
        person = PERSONAL
        at = PERSONAL
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"view member {self.id}"


class BulkAct(models.Model):
    """One thing done to many people: its parts say to whom, so that it can be undone."""

    class Kind(models.TextChoices):
        TAG = "tag"
        UNTAG = "untag"
        POINT = "point"
        PICK = "pick"
        UNPICK = "unpick"

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    id = IdColumn()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    about_id = models.BigIntegerField()  # the tag, the account (0: nobody) or the view
    account_id = models.BigIntegerField(db_index=True)
    wish = models.JSONField()  # people.lists.wishes.Wish: whom
    place = models.BigIntegerField(default=0)  # the last person looked at
    wanted_count = models.PositiveIntegerField()  # when it was asked for
    changed_count = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices)
    at = models.DateTimeField()

    class Privacy:
        id = INTERNAL
        kind = INTERNAL
        about_id = INTERNAL
        account_id = INTERNAL
        wish = PERSONAL
        place = INTERNAL
        wanted_count = INTERNAL
        changed_count = INTERNAL
        state = INTERNAL
        at = INTERNAL
        retention = Retention(days=7, after="at", by="tidy lists")

    def __str__(self) -> str:
        return f"bulk act {self.id}"


class BulkPart(models.Model):
    """Up to 500 people whom an act changed, each with what stood there before."""

    id = IdColumn()
    act = models.ForeignKey(BulkAct, models.CASCADE, related_name="parts")
    changed = models.JSONField()  # [[person id, what was before], …]

    class Privacy:
        id = INTERNAL
        act = INTERNAL
        changed = PERSONAL
        retention = Retention(with_="act")

    def __str__(self) -> str:
        return f"bulk part {self.id}"
