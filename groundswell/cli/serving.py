"""Serving an installation: what must be true first, then processes that keep running."""

from __future__ import annotations

import os
import resource
import socket
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver
from rich.console import Console
from rich.panel import Panel

from groundswell.cli import lock_watch, static_files, web_process, worker_process
from groundswell.cli.supervisor import Slot, Supervisor
from groundswell.metrics.checkup.databases import migrations_wait
from groundswell.places.gazetteer import building
from groundswell.site import vault
from groundswell.site.sqlite.pragmas import wrong_pragmas


class NotReady(RuntimeError):
    """The installation cannot be served yet; the message says what to do."""


def add_arguments(parser: ArgumentParser) -> None:
    """The options that every command that serves has."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=_port, default=None, help="port (PORT, or 8000)")
    parser.add_argument("--processes", type=_count, default=0, help="how many web processes")
    parser.add_argument("--no-worker", action="store_true", help="web only; run worker elsewhere")


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise ArgumentTypeError(f"write a number up to 65535, not {text!r}")
    return int(text)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 64:
        raise ArgumentTypeError(f"write a number from 1 to 64, not {text!r}")
    return int(text)


def chosen_port(port: int | None) -> int:
    """The port from the option, else from PORT, else 8000."""
    if port is not None:
        return port
    told = os.environ.get("PORT", "").strip() or "8000"
    try:
        return _port(told)
    except ArgumentTypeError as error:
        raise ImproperlyConfigured(f"PORT: {error}") from error


def check_databases() -> None:
    """Raises NotReady when a migration waits or SQLite's settings are not safe."""
    for alias in settings.DATABASES:
        if problems := wrong_pragmas(alias):
            raise NotReady(" ".join(problems))
        if migrations_wait(alias):
            raise NotReady("The databases are not up to date. Run: groundswell migrate")


def check_keys() -> None:
    """Raises NotReady when this master key, or passphrase, is not the one of these databases."""
    if vault.opens_newest_key() is False:
        raise NotReady(
            "The master key does not open the data keys. Is it another installation's, or a "
            "passphrase with a slip of the finger?"
        )


def serve(
    *,
    host: str,
    port: int | None,
    web_processes: int,
    has_worker: bool,
    greeting: Sequence[str] = (),
) -> None:
    """Serve until SIGTERM or SIGINT. ``greeting`` adds lines to the panel that is printed.

    Raises NotReady, PortIsTaken.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold opened keys
    listeners = web_process.listen(host, chosen_port(port), web_processes)
    check_databases()
    check_keys()
    _prepare()
    application = get_wsgi_application()
    _ = get_resolver().url_patterns  # loads every page now, so that a fork has it
    connections.close_all()  # no connection may be shared by two processes
    slots = [
        Slot(f"web {number}", partial(_answer, listener, application))
        for number, listener in enumerate(listeners, start=1)
    ]
    if has_worker:
        slots.append(Slot("worker", _work))
    address = listeners[0].getsockname()
    _greet(f"http://{address[0]}:{address[1]}", web_processes, has_worker, greeting)
    Supervisor(slots).run()


def _prepare() -> None:
    """What is made once per version, a few seconds each, with a sentence for whoever waits."""
    console = Console(highlight=False, stderr=True)
    if not building.default_path().exists():
        console.print("Unpacking the gazetteer of towns.")
        building.ensure_built()
    static_files.collect_if_changed(
        before=lambda: console.print("Collecting and compressing the static files.")
    )


def _answer(listener: socket.socket, application: Callable[..., Any]) -> None:
    lock_watch.start()
    web_process.serve(listener, application, threads=settings.GROUNDSWELL_WEB_THREADS)


def _work() -> None:
    lock_watch.start()
    worker_process.run()


def _greet(url: str, count: int, has_worker: bool, greeting: Sequence[str]) -> None:
    web = "1 web process" if count == 1 else f"{count} web processes"
    lines = [
        f"[bold]{url}[/bold]",
        *greeting,
        f"{web}, {'1 worker' if has_worker else 'no worker here'}. Ctrl-C stops.",
    ]
    console = Console(highlight=False)
    console.print(Panel("\n".join(lines), title="Groundswell is up", expand=False))
