"""``groundswell worker``: background work only."""

from __future__ import annotations

import resource
from argparse import ArgumentParser
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand

from groundswell.cli import lock_watch, worker_process


class Command(BaseCommand):
    help = "Do background work: mails, reminders, counting. Any number may run side by side."
    requires_system_checks = (Tags.security,)  # config/checks.py; pages are no business of its

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing is left to do")

    def handle(self, *args: Any, **options: Any) -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold opened keys
        lock_watch.start()
        worker_process.run(once=options["once"])
