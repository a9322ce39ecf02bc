"""Columns that every room declares the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from groundswell.kernel.ids import new_id

if TYPE_CHECKING:  # the stubs make fields generic; at run time they are plain classes
    _BigIntegerField = models.BigIntegerField[int, int]
    _BinaryField = models.BinaryField[bytes, bytes]
else:
    _BigIntegerField = models.BigIntegerField
    _BinaryField = models.BinaryField


class IdColumn(_BigIntegerField):
    """A primary key made by :func:`groundswell.kernel.ids.new_id` before the insert."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("primary_key", True)
        options.setdefault("default", new_id)
        options.setdefault("editable", False)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        # Migrations must not import our code: the default belongs to the process, not the schema.
        name, _path, args, options = super().deconstruct()
        options.pop("default", None)
        return name, "django.db.models.BigIntegerField", args, options


class SealedColumn(_BinaryField):
    """A value sealed by ``site.vault``; empty bytes mean "nothing given"."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("default", b"")
        options.setdefault("blank", True)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.BinaryField", args, options
