"""``groundswell demo``: a fictional campaign to try everything on; nothing is sent to anybody."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from groundswell.cli import serving
from groundswell.cli.demo import build, words
from groundswell.site import demonstration


class Command(BaseCommand):
    help = "Set up a demonstration with a fictional campaign, and serve it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        serving.add_arguments(parser)
        parser.add_argument("--no-serve", action="store_true", help="set it up and stop")
        parser.add_argument("--fresh", action="store_true", help="build it again from nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.GROUNDSWELL_MODE != "demo":
            raise CommandError("This installation is a real one. Start the demonstration with "
                               "`groundswell demo` and without GROUNDSWELL_MODE.")  # fmt: skip
        console, started = Console(), time.monotonic()
        if options["fresh"] or not demonstration.exists():
            _build(console)
        else:
            demonstration.lay_back()
        seconds = time.monotonic() - started
        console.print(f"[green]✓[/green] Ready in {seconds:.0f} s; nothing left this computer")
        if options["no_serve"]:
            return
        host, port = options["host"], serving.chosen_port(options["port"])
        serving.serve(
            host=host,
            port=port,
            web_processes=options["processes"] or settings.GROUNDSWELL_WEB_PROCESSES,
            has_worker=not options["no_worker"],
            greeting=_greeting(f"http://{host}:{port}"),
        )


def _build(console: Console) -> None:
    """Empty databases, five weeks of campaign, and the pristine copy."""
    for database in settings.DATABASES.values():
        for ending in ("", "-wal", "-shm"):
            Path(f"{database['NAME']}{ending}").unlink(missing_ok=True)
    for alias in settings.DATABASES:
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Five weeks of a campaign")

        def progress(step: str, done: int, whole: int) -> None:
            bar.update(task, completed=done, total=whole)

        build.build(progress)
    demonstration.keep()
    console.print("[green]✓[/green] A campaign in four languages, two weeks before its day")


def _greeting(base: str) -> list[str]:
    """What to open first."""
    return [
        f"Public page   {base}/{words.SLUG}",
        f"Sit in as     {base}/demo   (organiser, data manager, host, supporter: one click)",
        f"Outbox        {base}/demo/outbox   (every mail lands here)",
        "",
        "[red]The key that seals the data lies beside them: for a demonstration only.[/red]",
        "Start for real: groundswell init",
    ]
