"""What this installation knows about itself."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn
from groundswell.kernel.privacy import INTERNAL, PUBLIC, SECRET


class Installation(models.Model):
    """The one row about this installation (id 1)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=120, default="Groundswell")
    language = models.CharField(max_length=12, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    contact = models.CharField(max_length=200, blank=True)  # shown on "Get help"
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
        created_at = INTERNAL

    def __str__(self) -> str:
        return self.name


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
