"""What this machine offers to tests and developers: browser, PostgreSQL, Redis, fonts.

python tools/machine.py browser     # prints the path of a Chromium, or nothing
python tools/machine.py postgres    # prints the address of a PostgreSQL for tests, or nothing
python tools/machine.py redis       # prints the address of a Redis for tests, or nothing
python tools/machine.py doctor      # says in sentences what is here and what is missing
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = "postgres://postgres@127.0.0.1:5432/groundswell"
REDIS = "redis://127.0.0.1:6379/15"
# The shell first: it draws the same pages with half the processes, as nobody looks at a window.
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
)


def browser() -> str:
    """GROUNDSWELL_BROWSER, the system's Chromium, or Playwright's own download."""
    given = os.environ.get("GROUNDSWELL_BROWSER")
    if given:
        return given
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return ""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else ""


def postgres() -> str:
    """The test server's address when it answers and lets us make databases."""
    import psycopg

    url = os.environ.get("GROUNDSWELL_TEST_POSTGRES_URL", POSTGRES)
    try:
        with psycopg.connect(urlsplit(url)._replace(path="/postgres").geturl(), connect_timeout=3):
            return url
    except psycopg.Error:
        return ""


def redis() -> str:
    """The test server's address when it answers a PING."""
    url = os.environ.get("GROUNDSWELL_TEST_REDIS_URL", REDIS)
    parts = urlsplit(url)
    try:
        address = (parts.hostname or "127.0.0.1", parts.port or 6379)
        with socket.create_connection(address, timeout=3) as wire:
            wire.sendall(b"PING\r\n")
            # A server that asks for a password is a server all the same.
            return url if wire.recv(64).startswith((b"+PONG", b"-NOAUTH")) else ""
    except OSError:
        return ""


def _has_font_for(language: str) -> bool:
    fc = shutil.which("fc-list")
    if fc is None:
        return False
    asked = [fc, f":lang={language}"]
    return bool(subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip())


def _lock_is_installed() -> bool:
    stamp = ROOT / ".venv" / "installed-requirements-dev.lock"
    lock = ROOT / "requirements-dev.lock"
    return stamp.exists() and stamp.read_bytes() == lock.read_bytes()


def doctor() -> int:
    """Prints one sentence per question; fails only when tests could not run at all."""
    here, there, cache = browser(), postgres(), redis()
    free = shutil.disk_usage(ROOT).free / 2**30
    version = ".".join(map(str, sys.version_info[:3]))
    lines = [
        (True, f"Python {version} runs this project.", ""),
        (
            _lock_is_installed(),
            "The packages are the ones of requirements-dev.lock.",
            "The packages differ from requirements-dev.lock: ./dev test brings them in line.",
        ),
        (free > 1, f"{free:.0f} GB of disk are free.", f"Only {free:.1f} GB of disk are free."),
        (
            bool(there),
            f"PostgreSQL answers at {_without_password(there)}; tests run on it too.",
            "No PostgreSQL answers: tests run on SQLite only. Set GROUNDSWELL_TEST_POSTGRES_URL.",
        ),
        (
            bool(cache),
            f"Redis answers at {_without_password(cache)}.",
            "No Redis answers: tests that need it are skipped. Set GROUNDSWELL_TEST_REDIS_URL.",
        ),
        (
            bool(here),
            f"The browser for tests is {here}.",
            "No Chromium: browser tests are skipped. Install chromium.",
        ),
        (
            _has_font_for("ar"),
            "There is a font for Arabic, so pictures of pages look right.",
            "No font for Arabic: pictures of pages show boxes. Install fonts-noto-core.",
        ),
    ]
    for is_good, yes, no in lines:
        print(f"✓ {yes}" if is_good else f"✗ {no}")
    return 0 if lines[1][0] and lines[2][0] else 1


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if url else ""


def main() -> int:
    asked = sys.argv[1] if len(sys.argv) == 2 else ""
    questions = {"browser": browser, "postgres": postgres, "redis": redis}
    if asked == "doctor":
        return doctor()
    if asked not in questions:
        print(__doc__)
        return 2
    print(questions[asked]())
    return 0


if __name__ == "__main__":
    sys.exit(main())
