"""``groundswell doctor``: what is well, what is not, and what to do about it."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from groundswell.cli import auditing
from groundswell.kernel.refusal import Refusal
from groundswell.metrics import checkup
from groundswell.metrics.checkup.finding import Finding


class Command(BaseCommand):
    help = "Say what is well, what is not, and what to do about it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--audit",
            action="store_true",
            help="look through the whole log, and name the first entry that was tampered with",
        )
        parser.add_argument(
            "--expect", metavar="HEAD", help="with --audit: the log must hold this head"
        )
        parser.add_argument(
            "--since", metavar="HEAD", help="with --audit: only this head and what came after it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False, markup=False, soft_wrap=True)
        if options["audit"]:
            is_well = self._audit(console, options)
        elif options["expect"] or options["since"]:
            raise CommandError("--expect and --since belong to --audit.")
        else:
            is_well = True
            for finding in checkup.findings(with_network=True):
                is_well = is_well and finding.is_good
                show(console, finding)
        if not is_well:
            sys.exit(1)

    def _audit(self, console: Console, options: dict[str, Any]) -> bool:
        started = time.monotonic()
        try:
            findings = auditing.audit(console, options["expect"], options["since"])
        except (Refusal, auditing.CannotLook) as refused:
            raise CommandError(str(refused)) from refused
        for finding in findings:
            show(console, finding)
        console.print(f"Looking took {time.monotonic() - started:.1f} s.", style="dim")
        return all(finding.is_good for finding in findings)


def show(console: Console, finding: Finding) -> None:
    """A tick or a cross, the sentence, and below it what to do."""
    mark, style = ("✓", "green") if finding.is_good else ("✗", "red")
    console.print(mark, style=style, end=" ")
    console.print(finding.sentence)
    if finding.to_copy:
        console.print(f"  {finding.to_copy}")
    if finding.what_to_do:
        console.print(f"  → {finding.what_to_do}")
