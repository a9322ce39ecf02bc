"""``groundswell lock``: the panic lock, from the server."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.kernel.actor import SYSTEM


class Command(BaseCommand):
    help = "Sign everybody out and stop everything at once; or one account with --account."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--account", metavar="E-MAIL", help="lock this account only")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False, soft_wrap=True)
        if options["account"] is None:
            accounts_ops.lock_everything(by=SYSTEM)
            console.print(
                "[green]✓[/green] Everything is locked: nobody is signed in, pages rest, nothing "
                "is sent. Open it again with: groundswell unlock"
            )
            return
        account = accounts_queries.account_by_email(options["account"])
        if account is None:
            raise CommandError(f"No open account has the address {options['account']}.")
        accounts_ops.lock_account(account_id=account.id, by=SYSTEM)
        console.print("[green]✓[/green] This account is signed out everywhere and locked.")
