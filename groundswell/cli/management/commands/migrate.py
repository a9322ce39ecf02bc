"""``groundswell migrate``: both databases with one word."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate

from groundswell.site.sqlite.pragmas import wrong_pragmas


class Command(migrate.Command):
    help = "Bring both databases up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=None)

    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        chosen = options["database"]
        return {"tags": None, "databases": [chosen] if chosen else list(settings.DATABASES)}

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = options.pop("database", None)
        for alias in [chosen] if chosen else settings.DATABASES:
            if problems := wrong_pragmas(alias):
                raise CommandError(" ".join(problems))
            super().handle(*args, database=alias, **options)
