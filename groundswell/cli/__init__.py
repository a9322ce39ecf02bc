"""Command line: what an owner does on the server. ``groundswell`` alone lists the verbs.

A door like the others: it reads, calls one operation and shows the result. Nothing is decided
here that a page would decide otherwise.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Sequence
from itertools import pairwise

VERBS = (
    ("init", "set this installation up: key, databases, name, first owner"),
    ("serve", "answer web requests and do the background work, in one command"),
    ("worker", "do background work only; run as many as you like"),
    ("inbound", "take people's answers by SMTP, behind your own mail server"),
    ("receive-mail", "hand one mail from a mail server's pipe to Groundswell"),
    ("migrate", "bring both databases up to date after an upgrade"),
    ("demo", "try everything on a fictional campaign; nothing is sent to anybody"),
    ("replay", "turn a table of a past day of action into a campaign"),
    ("import", "take a list of people in: CSV, XLSX, XLS or ODS"),
    ("segment", "write a segment into a file for another installation, or take one in"),
    ("places", "load a country's postcodes, so that people can type theirs"),
    ("disclose", "print everything that is held about one person, as an order could force it"),
    ("retention", "count what goes by itself today and within thirty days"),
    ("lock", "the panic lock: everybody out, nothing sent; unlock opens again"),
    ("unlock", "open the panic lock"),
    ("backup", "write both databases into a folder, encrypted"),
    ("restore", "an empty installation becomes what a backup holds"),
    ("drill", "try whether a backup could be restored"),
    ("scrub", "write a copy for developers in which nobody is left"),
    ("rotate-key", "change the master key, while everything goes on"),
    ("doctor", "say what is well, what is not, and what to do about it"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """The console script. Returns the exit status: 0 done, 1 not done, 2 wrong settings."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in {"help", "-h", "--help"}:
        _print_verbs()
        return 0
    if given[0] == "receive-mail":
        from groundswell.cli import receive_mail  # cost: it needs neither settings nor key

        return receive_mail.main(given[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundswell.config.settings")
    if given[0] == "demo":
        os.environ.setdefault("GROUNDSWELL_MODE", "demo")
        os.environ.setdefault("GROUNDSWELL_DATA_DIR", "data/demo")
        # It is built anew at will, so it never touches a database that somebody has set.
        for name in ("DATABASE_URL", "GROUNDSWELL_KEYS_URL"):
            os.environ.pop(name, None)
        os.environ.setdefault("GROUNDSWELL_ORIGIN", f"http://127.0.0.1:{_demo_port(given)}")

    from django.conf import settings  # cost: listing the verbs needs no Django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from groundswell.cli import env_file

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold opened keys
    try:
        env_file.read()
        if given[0] == "init":
            # The master key must exist before the settings are read (config/master_key.py).
            os.environ.setdefault("GROUNDSWELL_NEW_KEY", "yes")
        settings.INSTALLED_APPS  # noqa: B018  # asks for the settings, to refuse a bad one by name
        verb, *rest = given
        execute_from_command_line(["groundswell", verb.replace("-", "_"), *rest])
    except ImproperlyConfigured as error:
        print(f"✗ {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _demo_port(given: Sequence[str]) -> str:
    """The port that the demonstration will be served at: its mails carry whole addresses."""
    told = os.environ.get("PORT", "").strip()
    for before, argument in pairwise(given):
        if before == "--port":
            told = argument
        elif argument.startswith("--port="):
            told = argument.removeprefix("--port=")
    return told if told.isascii() and told.isdigit() else "8000"


def _print_verbs() -> None:
    from rich.console import Console  # cost: only this needs it
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2))
    for verb, what in VERBS:
        table.add_row(f"[bold]groundswell {verb}[/bold]", what)
    console = Console(highlight=False)
    console.print(table)
    console.print("\nEach verb explains itself with [bold]--help[/bold].")
