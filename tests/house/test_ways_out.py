"""S14: the ways out of the house are counted, and what somebody typed takes one of them only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house import source

# What opens connections, in the standard library and beside it.
OPENERS = {
    "aiohttp", "asyncio", "ftplib", "http.client", "httpx", "imaplib", "nntplib", "poplib",
    "requests", "smtplib", "socket", "telnetlib", "urllib.request", "urllib3", "websockets",
    "xmlrpc.client",
}  # fmt: skip
# File and module, and where it may go.
ALLOWED = {
    ("groundswell/kernel/outgoing/client.py", "http.client"): "public addresses, checked",
    ("groundswell/kernel/outgoing/client.py", "socket"): "public addresses, checked",
    ("groundswell/outreach/senders/smtp/send.py", "smtplib"): "the mail server of the settings",
    ("groundswell/metrics/checkup/network.py", "smtplib"): "the same, to look whether it answers",
    ("groundswell/cli/receive_mail.py", "http.client"): "our own origin, of the settings",
    ("groundswell/cli/inbound_process.py", "asyncio"): "listens to the mail server",
    ("groundswell/cli/serving.py", "socket"): "listens for the proxy in front",
    ("groundswell/cli/web_process.py", "socket"): "is handed the socket that listens",
}


def openers(tree: ast.Module) -> Iterator[str]:
    """Modules that open connections and are imported, wherever it is said."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            yield from (known for known in OPENERS if name == known or name.startswith(f"{known}."))


def test_every_way_out_is_on_the_list() -> None:
    found = {
        (source.name(path), module)
        for path in source.python("groundswell")
        for module in openers(source.tree(path))
    }

    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("import socket", "socket"),
        ("import http.client as web", "http.client"),
        ("from http import client", "http.client"),
        ("from urllib.request import urlopen", "urllib.request"),
        ("def f():\n    import requests", "requests"),
        ("from urllib3.util import Retry", "urllib3"),
    ],
)
def test_a_way_out_is_found(line: str, module: str) -> None:
    assert set(openers(ast.parse(line))) == {module}
    assert set(openers(ast.parse("from urllib.parse import urlsplit"))) == set()
