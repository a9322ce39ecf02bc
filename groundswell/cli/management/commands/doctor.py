"""``groundswell doctor``: what is well, what is not, and what to do about it."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console

from groundswell.cli import checkup


class Command(BaseCommand):
    help = "Say what is well, what is not, and what to do about it."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        console, is_well = Console(highlight=False, markup=False, soft_wrap=True), True
        for finding in checkup.findings():
            is_well = is_well and finding.is_good
            mark, style = ("✓", "green") if finding.is_good else ("✗", "red")
            console.print(mark, style=style, end=" ")
            console.print(finding.sentence)
        if not is_well:
            sys.exit(1)
