"""``groundswell inbound``: takes answers by SMTP."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError

from groundswell.cli import inbound_process


class Command(BaseCommand):
    help = (
        "Take people's answers by SMTP, behind your own mail server (docs/operate/inbound-mail.md)."
    )
    requires_system_checks = (Tags.security,)  # config/checks.py

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="where to listen")
        parser.add_argument("--port", type=int, default=8025)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.GROUNDSWELL_RELAY_DOMAIN:
            raise CommandError("Set GROUNDSWELL_RELAY_DOMAIN first: aliases need a domain.")
        inbound_process.run(options["host"], options["port"])
