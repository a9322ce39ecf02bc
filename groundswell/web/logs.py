"""What the log may say of a request: the shape of its address, never the address.

Django logs the path of every answer of 400 and more, and our paths hold signed links. The shape
(``my/event/<str:token>/change``) says as much to whoever mends something.
"""

from __future__ import annotations

import logging


class ShapesNotAddresses(logging.Filter):
    """Replaces the path in the lines of ``django.request`` and its neighbours."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path is None or not isinstance(record.args, tuple):
            return True
        match = getattr(request, "resolver_match", None)
        shape = f"/{match.route}" if match is not None else "(no such page)"
        record.args = tuple(shape if each == path else each for each in record.args)
        return True
