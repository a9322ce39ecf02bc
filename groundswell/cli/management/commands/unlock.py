"""``groundswell unlock``: open the panic lock again, from the server."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.kernel.actor import SYSTEM


class Command(BaseCommand):
    help = "Open everything again after a lock; or one account with --account."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--account", metavar="E-MAIL", help="unlock this account only")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False, soft_wrap=True)
        if options["account"] is None:
            accounts_ops.unlock_everything(by=SYSTEM)
            console.print("[green]✓[/green] Everything is open. What waited goes on by itself.")
            return
        account = accounts_queries.account_by_email(options["account"])
        if account is None:
            raise CommandError(f"No open account has the address {options['account']}.")
        accounts_ops.unlock_account(account_id=account.id, by=SYSTEM)
        console.print("[green]✓[/green] This account can sign in again.")
