"""Parts of addresses: ids that the database can hold, and nothing larger."""

from __future__ import annotations

from django.urls.converters import IntConverter

LARGEST = 2**63 - 1


class IdConverter(IntConverter):
    """A row's id. A larger number is no address of ours (404), instead of a database error."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > LARGEST:
            raise ValueError("no id is that large")
        return number
