"""What a log line may hold: what happened and where, never what somebody is called.

The last net under a rule that stands elsewhere (models name themselves by id, jobs note the kind
of an error): whatever is given to a logger is told by kind. A row is its table and id, bytes are
their number, any other object is its class; addresses and link tokens in words are masked; a
traceback has its places and kinds of error and not their words, because words of databases and of
``int()`` quote what people typed.
"""

from __future__ import annotations

import logging
import re
import traceback
from datetime import date, timedelta
from types import TracebackType
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.views.debug import SafeExceptionReporterFilter  # noqa: TID251 - its place in Django

_PLAIN = (str, int, float, bool, date, timedelta, Promise, type(None))
_ADDRESS = re.compile(r"[^\s<>@\"'(]+@[^\s<>@\"')]+\.[^\s<>@\"').,;]+")
_NUMBER = re.compile(r"\+\d[\d ().-]{6,}\d")
# 22 random letters or more (kernel/ids.py); the names of pages have no capital ones.
_TOKEN = re.compile(r"(?<=/)(?=[a-z0-9_-]*[A-Z])[A-Za-z0-9_-]{20,}(?=[/?#\s]|$)")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def masked(text: str) -> str:
    """The text without e-mail addresses, phone numbers and the secrets of links."""
    return _TOKEN.sub("…", _NUMBER.sub("+…", _ADDRESS.sub("…@…", text)))


def told(value: Any) -> Any:
    """How a value given to a logger is written."""
    if isinstance(value, Model):
        return f"{value._meta.label_lower} {value.pk}"
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    if isinstance(value, BaseException):
        return type(value).__name__
    return value if isinstance(value, _PLAIN) else f"<{type(value).__name__}>"


class QuietFormatter(logging.Formatter):
    """Writes a record of any logger, ours or a library's, by the rules above."""

    def format(self, record: logging.LogRecord) -> str:
        quiet = logging.makeLogRecord(record.__dict__)
        quiet.exc_text = None  # another handler may have kept the loud one
        if isinstance(record.args, dict) and "%(" not in str(record.msg):
            quiet.args = (told(record.args),)
        elif isinstance(record.args, dict):
            quiet.args = {name: told(value) for name, value in record.args.items()}
        elif record.args:
            quiet.args = tuple(told(value) for value in record.args)
        if not isinstance(record.msg, str):
            quiet.msg = str(told(record.msg))
        return masked(super().format(quiet))

    def formatException(self, ei: Any) -> str:  # noqa: N802  # logging's own name
        """Where it happened and what kind of error, innermost last; never its words."""
        error = ei[1]
        lines = []
        while error is not None:
            places = traceback.extract_tb(error.__traceback__)
            lines += [f"  {place.filename}:{place.lineno} {place.name}" for place in places]
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


class QuietReporterFilter(SafeExceptionReporterFilter):
    """For Django's crash reports, should anybody ever switch them on: kinds, never values."""

    def is_active(self, request: Any) -> bool:
        return True

    def get_safe_settings(self) -> dict[str, Any]:
        return {}

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        return {}

    def get_safe_cookies(self, request: Any) -> dict[str, Any]:
        return {}

    def get_post_parameters(self, request: Any) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> Any:
        return [(name, f"<{type(value).__name__}>") for name, value in tb_frame.f_locals.items()]
