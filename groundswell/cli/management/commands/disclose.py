"""``groundswell disclose PERSON``: everything that is held about one person.

What this prints is what anybody can be made to hand over; there is nothing else. For a supporter
ninety days after their last event it is six fields at most (docs/decisions/0013).
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.people import exporting, queries
from groundswell.people.models import Person


class Command(BaseCommand):
    help = "Print everything that is held about one person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="an e-mail address, or the number of a person")

    def handle(self, *args: Any, **options: Any) -> None:
        person = _find(options["person"])
        if person is None:
            raise CommandError("We hold nothing about that address or number.")
        held = exporting.export(person.id)
        fields = exporting.fields(held)
        self.stdout.write(f"{len(fields)} fields: {', '.join(fields)}")
        self.stdout.write(json.dumps(held, ensure_ascii=False, indent=2))


def _find(typed: str) -> Person | None:
    if (person_id := read_id(typed)) is not None:
        return Person.objects.filter(id=person_id).first()
    try:
        return queries.person_of_email(typed)
    except Refusal as refusal:
        raise CommandError(str(refusal)) from refusal
