"""``groundswell serve``: web and worker in one command."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from groundswell.cli import serving, web_process


class Command(BaseCommand):
    help = "Answer web requests, and do the background work beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        serving.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serving.serve(
                host=options["host"],
                port=options["port"],
                web_processes=options["processes"] or settings.GROUNDSWELL_WEB_PROCESSES,
                has_worker=not options["no_worker"],
            )
        except web_process.PortIsTaken as error:
            raise CommandError(
                f"Port {options['port']} cannot be used ({error}). Choose another: --port 8001"
            ) from error
        except serving.NotReady as error:
            raise CommandError(str(error)) from error
