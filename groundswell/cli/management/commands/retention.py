"""``groundswell retention``: what goes by itself, today and within the thirty days ahead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from groundswell.kernel import clock, retention

AHEAD = timedelta(days=30)


class Command(BaseCommand):
    help = "Count what goes by itself today and within thirty days. Nothing is changed."

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        table = Table(box=None, pad_edge=False)
        for title in ("What", "Rule", "Table"):
            table.add_column(title)
        for title in ("Today", "In 30 days"):
            table.add_column(title, justify="right")
        for each in retention.preview(now, now + AHEAD):
            rule = each.rule
            table.add_row(
                str(rule.what), str(rule.rule), rule.label, f"{each.now:,}", f"{each.soon:,}"
            )
        console = Console(highlight=False, markup=False, width=120)
        console.print(table)
        console.print("The worker does it by the hour. Nothing was changed now.")
