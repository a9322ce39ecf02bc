"""What is logged says what happened and where, and nothing of what a column about people holds."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError
from django.db.models import Model
from django.test import Client, RequestFactory
from django.views.debug import ExceptionReporter  # noqa: TID251 - its place in Django

from groundswell.config import logs
from groundswell.kernel import privacy
from groundswell.people.models import Person
from groundswell.people.operations.persons import Typed

CANARY = "Kestrel Canary"
ADDRESS = "kestrel@example.org"
ABOUT_PEOPLE = {privacy.PERSONAL, privacy.SENSITIVE, privacy.SECRET}


def private_models() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models()
        if ABOUT_PEOPLE & set(vars(getattr(model, "Privacy", object)).values())
    ]


def full_of_canaries(model: type[Model]) -> Model:
    """A row that was never saved, with a canary in every column about people that is no link."""
    row = model()
    row.pk = 7
    for column in model._meta.concrete_fields:
        is_private = getattr(model.Privacy, column.name, None) in ABOUT_PEOPLE  # type: ignore[attr-defined]  # it has one
        kind = column.get_internal_type()
        if is_private and kind in {"BinaryField", "CharField", "JSONField", "TextField"}:
            is_bytes = kind == "BinaryField"
            row.__dict__[column.attname] = CANARY.encode() if is_bytes else CANARY
    return row


@pytest.fixture
def formatter() -> logs.QuietFormatter:
    told = settings.LOGGING["formatters"]["plain"]
    assert told["()"] == "groundswell.config.logs.QuietFormatter"
    return logs.QuietFormatter(told["format"], style=told["style"])


def line(formatter: logging.Formatter, words: Any, *args: Any, exc_info: Any = None) -> str:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, words, args, exc_info)
    return formatter.format(record)


@pytest.mark.parametrize("model", private_models(), ids=lambda model: model.__name__)
def test_a_row_about_somebody_names_itself_by_its_id(
    model: type[Model], formatter: logs.QuietFormatter
) -> None:
    row = full_of_canaries(model)
    every = (str(row), repr(row), f"{row!s:>60}", line(formatter, "saved %s and %r", row, row))
    codes = {
        "Link",
        "Grant",
        "Contact",
        "Message",
        "ShownMail",
        "Entry",
    }  # their kind or role is a closed list of our own words

    if model.__name__ not in codes:
        assert [text for text in every[:3] if CANARY in text] == []
    assert CANARY not in every[3]
    assert f"{model._meta.label_lower} 7" in every[3]


def test_there_are_many_such_models() -> None:
    assert len(private_models()) > 15


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (b"\x01sealed", "<7 bytes>"),
        (memoryview(b"blind"), "<5 bytes>"),
        (Typed(given=CANARY, email=ADDRESS), "<Typed>"),
        ([CANARY], "<list>"),
        ({"name": CANARY}, "<dict>"),
        (ValueError(CANARY), "ValueError"),
        (datetime(2026, 3, 4, tzinfo=UTC), "2026-03-04 00:00:00+00:00"),
        (5, "5"),
        ("job", "job"),
        (None, "None"),
    ],
)
def test_values_are_told_by_kind(formatter: logs.QuietFormatter, given: Any, written: str) -> None:
    assert CANARY not in line(formatter, "seen: %s.", given)
    assert line(formatter, "seen: %s.", given).endswith(f"seen: {written}.")


def test_control_the_usual_formatter_shows_it() -> None:
    usual = logging.Formatter("{message}", style="{")

    assert CANARY in line(usual, "seen: %s", Typed(given=CANARY, email=ADDRESS))


@pytest.mark.parametrize(
    ("words", "written"),
    [
        (f"mail to {ADDRESS}, later", "mail to …@…, later"),
        ("call +44 7911 123456 now", "call +… now"),
        (
            "Not Found: /en/my/going/oFGmSHI5o2M64jDsIR6bQA/",
            "Not Found: /en/my/going/…/",
        ),
        ("Not Found: /en/office/c/bring-back-our-buses/", None),
        ("at 10:15 the worker 123456789012 took 3.5 s", None),
    ],
)
def test_addresses_numbers_and_tokens_in_words_are_masked(words: str, written: str | None) -> None:
    assert logs.masked(words) == (written or words)


def _crash(name: str = CANARY) -> None:
    person = Person(name_sealed=name.encode())
    typed = Typed(given=name, email=ADDRESS)
    try:
        int(typed.email)
    except ValueError as wrong:
        raise IntegrityError(f"DETAIL: Failing row contains ({person.pk}, {name})") from wrong


def _crashed() -> tuple[Any, Any, Any]:
    try:
        _crash()
    except IntegrityError:
        return sys.exc_info()
    raise AssertionError("it should have crashed")


def test_a_traceback_has_places_and_kinds_and_no_words(formatter: logs.QuietFormatter) -> None:
    text = line(formatter, "job failed", exc_info=_crashed())

    assert [word for word in (CANARY, "kestrel", "Failing row") if word in text] == []
    assert "test_logs.py" in text
    assert "_crash" in text
    assert "builtins.ValueError" in text
    assert "django.db.utils.IntegrityError" in text


def test_control_the_usual_traceback_quotes_the_row() -> None:
    usual = logging.Formatter("{message}", style="{")

    assert CANARY in line(usual, "job failed", exc_info=_crashed())


def test_a_crash_report_holds_kinds_and_no_values() -> None:
    request = RequestFactory().post("/x", {"name": CANARY}, headers={"cookie": f"a={CANARY}"})
    reporter = ExceptionReporter(request, *_crashed())

    frames = reporter.get_traceback_data()["frames"]
    values = [value for frame in frames for _name, value in frame["vars"]]

    assert settings.DEFAULT_EXCEPTION_REPORTER_FILTER.endswith("QuietReporterFilter")
    assert len(values) >= 3
    assert [value for value in values if CANARY in str(value) or ADDRESS in str(value)] == []
    assert [
        thing
        for thing in (
            reporter.filter.get_post_parameters(request),
            reporter.filter.get_safe_cookies(request),
            reporter.filter.get_safe_request_meta(request),
            reporter.filter.get_safe_settings(),
        )
        if thing
    ] == []


class _Noting(logging.Handler):
    """Keeps what the formatter writes."""

    def __init__(self, written: list[str]) -> None:
        super().__init__()
        self._written = written

    def emit(self, record: logging.LogRecord) -> None:
        self._written.append(self.format(record))


@pytest.fixture
def stderr_lines() -> Iterator[list[str]]:
    """What the configured logging writes, as it writes it."""
    written: list[str] = []
    handler = _Noting(written)
    told = settings.LOGGING["formatters"]["plain"]
    handler.setFormatter(logs.QuietFormatter(told["format"], style=told["style"]))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_link_that_opens_nothing_is_not_written_down(
    client: Client, stderr_lines: list[str]
) -> None:
    token = "oFGmSHI5o2M64jDsIR6bQA"

    client.get(f"/en/no-such-page/{token}/")

    assert [text for text in stderr_lines if token in text] == []
    assert any("Not Found: (no such page)" in text for text in stderr_lines)


def test_no_handler_mails_crash_reports() -> None:
    found = [
        (name, type(handler).__name__)
        for name in ("", "django", "django.request", "groundswell")
        for handler in logging.getLogger(name).handlers
        if type(handler).__name__ == "AdminEmailHandler"
    ]

    assert found == []
