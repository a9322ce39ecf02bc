"""What a test may need and this machine may lack: skipped by name, counted, refused under CI.

``lacks("browser", "…")`` inside a fixture skips the test. The closing lines count each kind, so
that a green run never hides that a part of it did not happen.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

import pytest

IS_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
_PREFIX = "not run here: "


def lacks(kind: str, why: str) -> NoReturn:
    """Skip the test because this machine lacks a ``kind`` (browser, pdf, real data, redis)."""
    pytest.skip(f"{_PREFIX}{kind} ({why})")


def browser() -> str:
    """The path of a Chromium: the system's, GROUNDSWELL_BROWSER, or Playwright's download."""
    from tools import machine  # cost: only tests in a browser ask

    return machine.browser() or lacks("browser", "install chromium")


def real_data() -> Path:
    folder = os.environ.get("GROUNDSWELL_REAL_DATA", "")
    if not folder:
        lacks("real data", "set GROUNDSWELL_REAL_DATA to their folder")
    path = Path(folder)
    if not path.is_dir():
        pytest.fail(f"GROUNDSWELL_REAL_DATA: {folder} is not a folder")
    return path


def _skipped(reporter: Any) -> list[str]:
    reasons = []
    for report in reporter.stats.get("skipped", []):
        told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons.append(told.removeprefix("Skipped: "))
    return reasons


def refused(reasons: list[str]) -> list[str]:
    """The skips that CI does not accept: all but real data, which need not lie on every machine."""
    return [reason for reason in reasons if not reason.startswith(f"{_PREFIX}real data")]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if IS_CI and reporter is not None and refused(_skipped(reporter)) and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reasons = _skipped(terminalreporter)
    for reason, count in sorted(Counter(reasons).items()):
        terminalreporter.write_line(f"{count} × {reason}", yellow=True)
    if IS_CI and refused(reasons):
        terminalreporter.write_line("CI refuses skipped tests: the run fails.", red=True)
