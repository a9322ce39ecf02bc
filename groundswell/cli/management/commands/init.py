"""``groundswell init``: from nothing to an installation that its owner can sign in to."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from rich.console import Console
from rich.panel import Panel

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.cli import questions
from groundswell.kernel import links
from groundswell.kernel.actor import SYSTEM, Role
from groundswell.kernel.refusal import Refusal
from groundswell.site import operations as site_ops
from groundswell.site import queries as site_queries
from groundswell.site.backups import sealed_file

ENV_FILE = Path(".env")


class Command(BaseCommand):
    help = "Set this installation up: master key, databases, name, first owner."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        for question in questions.QUESTIONS:
            parser.add_argument(f"--{question.key}", metavar="…", help=question.ask)
        parser.add_argument(
            "--no-input", action="store_true", help="ask nothing; take options and defaults"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False, soft_wrap=True)
        for alias in settings.DATABASES:
            call_command("migrate", database=alias, verbosity=0, interactive=False)
        console.print("[green]✓[/green] Both databases are ready.")
        has_owner = any(Role.OWNER in member.roles for member in accounts_queries.team(SYSTEM))
        try:
            answers = questions.answers(
                options, console, is_asking=not options["no_input"], has_owner=has_owner
            )
        except questions.NoAnswer as missing:
            raise CommandError(str(missing)) from missing
        site_ops.set_up(
            name=answers["name"],
            language=answers["language"],
            zone=answers["zone"],
            by=SYSTEM,
            contact=_contact_so_far(),
        )
        _remember_address(answers["address"], console)
        _make_backup_identity(console)
        if has_owner:
            console.print("[green]✓[/green] It has an owner already, who can invite others.")
        link = "" if has_owner else _invite(answers)
        console.print(_panel(answers["address"], link))


def _contact_so_far() -> str:
    """A second ``init`` keeps what the office has written since the first."""
    row = site_queries.installation()
    return row.contact if row else ""


def _remember_address(address: str, console: Console) -> None:
    """The address is a setting: it goes to .env, unless it is set already."""
    if address == settings.GROUNDSWELL_ORIGIN:
        return
    if "GROUNDSWELL_ORIGIN" in os.environ:
        console.print(f"Change GROUNDSWELL_ORIGIN in your environment to {address}.")
        return
    with ENV_FILE.open("a", encoding="utf-8") as file:
        file.write(f"GROUNDSWELL_ORIGIN={address}\n")
    console.print("[green]✓[/green] The address is in the file .env in this folder.")


def _make_backup_identity(console: Console) -> None:
    """Who can open backups: an identity in a file that its owner takes away from this machine."""
    if settings.GROUNDSWELL_BACKUP_RECIPIENT:
        return
    path = Path(settings.GROUNDSWELL_DATA_DIR) / sealed_file.IDENTITY_FILE
    if path.exists():  # an interrupted init: the same identity once more
        recipient = sealed_file.recipient_of(path.read_text(encoding="ascii"))
    else:
        identity, recipient = sealed_file.new_identity()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"# opens the backups of this installation\n{identity}\n")
    with ENV_FILE.open("a", encoding="utf-8") as file:
        file.write(f"GROUNDSWELL_BACKUP_RECIPIENT={recipient}\n")
    console.print(
        f"[green]✓[/green] Backups open only with {path}. Move this file off this machine, and "
        "keep a second copy."
    )


def _invite(answers: dict[str, str]) -> str:
    """The first owner's sign-in link."""
    try:
        account = accounts_ops.invite(
            email=answers["email"],
            name=answers["owner"],
            role=Role.OWNER,
            by=SYSTEM,
            language=answers["language"],
            zone=answers["zone"],
        )
        token = accounts_ops.sign_in_link(account_id=account.id, by=SYSTEM)
    except Refusal as refusal:
        raise CommandError(str(refusal)) from refusal
    with translation.override(answers["language"]):
        return answers["address"] + links.path("sign_in", token=token)


def _panel(address: str, link: str) -> Panel:
    lines = ["Start it:    groundswell serve", f"Then open:   {link or address}"]
    if link:
        lines.append("             (signs you in once, within seven days; tell nobody)")
    key = Path(settings.GROUNDSWELL_DATA_DIR) / "master.key"
    if key.exists():
        lines += [
            "",
            f"[bold]Keep a copy of {key} somewhere else.[/bold]",
            "Without this key nobody can ever read the addresses and numbers again.",
        ]
    if not settings.GROUNDSWELL_SMTP_URL:
        lines += ["", "Mails wait until GROUNDSWELL_SMTP_URL is set (docs/operate/settings.md)."]
    return Panel("\n".join(lines), title="Groundswell is set up", expand=False)
