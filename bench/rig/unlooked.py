"""The control of the flood: ``groundswell`` whose pages see nothing of a form."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """``groundswell`` with the look taken away."""
    import django

    django.setup()
    from groundswell.cli import main as groundswell
    from groundswell.web import form_guard

    form_guard.look = lambda *given, **named: None  # type: ignore[assignment]  # the guard away
    return groundswell(arguments)
