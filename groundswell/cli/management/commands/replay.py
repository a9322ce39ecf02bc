"""``groundswell replay FILE``: a table of a past day of action becomes a campaign."""

from __future__ import annotations

import gc
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from groundswell.cli import serving
from groundswell.cli.progress import bar as progress_bar
from groundswell.cli.replay import plan as plans
from groundswell.cli.replay import report, running, timeline, words
from groundswell.cli.replay.files import CannotReplay
from groundswell.kernel import clock
from groundswell.kernel.refusal import Refusal

_UNUSABLE = 2
_INTERRUPTED = 130


class Command(BaseCommand):
    help = (
        "Turn a table of a past day of action into a campaign: its places and counts, with "
        "invented people who are never written to. Interrupt it as you like; the same command "
        "goes on where it stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV file with one row for each event")
        parser.add_argument("--title", default="", help="the campaign's title (the file's name)")
        parser.add_argument("--slug", default="", help="the campaign's address (from the title)")
        parser.add_argument(
            "--action-day", type=_day, help="YYYY-MM-DD (the most frequent date in the file)"
        )
        parser.add_argument(
            "--scale",
            type=float,
            help="invented sign-ups for each counted person (about 20,000 in all)",
        )
        parser.add_argument(
            "--languages",
            default=",".join(words.LANGUAGES),
            help="of the campaign, the first one is the fall-back (en,es,fr,ar)",
        )
        parser.add_argument("--limit", type=int, help="take the first rows only")
        parser.add_argument(
            "--dry-run", action="store_true", help="judge the rows and write nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console()
        chosen = plans.Options(
            title=options["title"],
            slug=str(options["slug"]),  # argparse makes a list of "--slug=--"
            action_on=options["action_day"],
            scale=options["scale"],
            languages=tuple(filter(None, options["languages"].replace(" ", "").split(","))),
            limit=options["limit"],
        )
        try:
            if not options["dry_run"]:
                serving.check_databases()
            _replay(options["file"], chosen, console, is_dry=options["dry_run"])
        except (CannotReplay, Refusal, serving.NotReady) as error:
            raise CommandError(str(error), returncode=_UNUSABLE) from error
        except KeyboardInterrupt:
            console.print("Stopped. The same command goes on from here.")
            raise SystemExit(_INTERRUPTED) from None


def _replay(file: Path, chosen: plans.Options, console: Console, *, is_dry: bool) -> None:
    with progress_bar(console) as bar:
        reading = bar.add_task("Reading rows", total=None)

        def progress(_what: str, done: int, whole: int) -> None:
            bar.update(reading, completed=done, total=whole)

        kept = {} if is_dry else {"kept_day": running.kept_day}
        plan = plans.make(file, chosen, today=clock.now().date(), progress=progress, **kept)
        bar.remove_task(reading)
        bar.stop()
        report.show(plan, console)
        if is_dry:
            console.print("Nothing was written (--dry-run).")
            return
        bar.start()
        whole = timeline.count_about(plan.gatherings, plan.scale)
        gc.freeze()  # the plan stays to the end; looking through it again and again takes a tenth
        walking = bar.add_task("Replaying", total=whole)

        def heard(done: int, at: Any) -> None:
            bar.update(
                walking,
                completed=done,
                total=max(whole, done),
                description=f"Replaying {at:%d %b %Y %H:%M}",
            )

        done = running.run(plan, heard=heard)
    lines, sums = report.write(plan, done, Path(settings.GROUNDSWELL_DATA_DIR) / "replays")
    report.show_done(plan, done, console)
    console.print(f"Report: {lines} and {sums.name}", highlight=False, soft_wrap=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"write the day as YYYY-MM-DD, not {text!r}") from error
