"""One world, requests to it, and everything undone afterwards."""

from __future__ import annotations

import random
import traceback
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from django.db import connections, transaction
from django.test import Client

from bench.attack import structure
from bench.attack.tally import Tally
from groundswell.people import queries as people_queries
from groundswell.site import queries as site_queries
from tests.house.routes import Route, all_routes
from tests.house.world import Asker, Token, World

_NO_TABLE = {"INTO", "FROM", "OR", "IGNORE"}  # what stands between the verb and the table
_WRITES = {"INSERT", "UPDATE", "DELETE", "REPLACE"}
FORM = "application/x-www-form-urlencoded"
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    again: str

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def is_page(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html")

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    @property
    def is_gone_on(self) -> bool:
        return self.status in {301, 302, 303}


@contextmanager
def undone() -> Iterator[list[str]]:
    """Everything inside is rolled back; yields the tables that it changed."""
    changed: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        verb, _space, rest = sql.lstrip(" (").partition(" ")
        if verb.upper() in _WRITES and context["cursor"].rowcount:
            words = [word for word in rest.split() if word.upper() not in _NO_TABLE]
            changed.append(words[0].strip('"') if words else sql)
        return result

    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(transaction.atomic(using=alias))
            stack.enter_context(connections[alias].execute_wrapper(watch))
        try:
            yield changed
        finally:
            for alias in connections:
                transaction.set_rollback(True, using=alias)
            site_queries.forget_name()
            people_queries.forget_blocks()


@dataclass
class Ground:
    """What every attack stands on."""

    world: World
    tally: Tally
    dice: random.Random
    size: float = 1.0  # of a whole run
    routes: list[Route] = field(default_factory=all_routes)
    known: structure.Vocabulary = field(default_factory=set)

    def share(self, whole: int) -> int:
        """So many of ``whole``, at least one."""
        return max(1, int(whole * self.size))

    def asker(self, name: str) -> Asker:
        """Somebody by name: visitor, owner, halfway signed in…"""
        return next(one for one in self.world.askers if one.name == name)

    def seat(self, route: Route) -> Asker:
        """Somebody whom this address lets in, so that what is behind the guard is reached."""
        guard = route.guard.name if route.guard else ""
        if guard in {"office", "signed_in"}:
            return self.asker("owner")
        waits = {"second_step", "sign_in_recovery", "sign_in_passkey_begin", "sign_in_passkey"}
        return self.asker("halfway signed in" if route.name in waits else "visitor")

    def paths(self, route: Route) -> list[str]:
        """The addresses of our own things behind a route; those of every step and section."""
        several = {
            "step": ["kind", "when", "where", "you"],
            "section": ["types", "moments", "tasks", "words"],
        }
        parts = self.world.parts(route, {}, Token.OWN)
        for name, values in several.items():
            if name in parts:
                return [route.path({**parts, name: value}) for value in values]
        return [route.path(parts)]

    @contextmanager
    def visit(self, *askers: Asker) -> Iterator[list[str]]:
        """Some requests of these, after which nothing has happened."""
        before = [deepcopy(asker.client.cookies) for asker in askers]
        with undone() as changed:
            yield changed
        for asker, cookies in zip(askers, before, strict=True):
            asker.client.cookies = cookies

    def ask(
        self,
        kind: str,
        asker: Asker,
        method: str,
        path: str,
        *,
        data: Pairs | None = None,
        body: bytes | None = None,
        content_type: str = FORM,
        **headers: str,
    ) -> Answer:
        """One request, from another network each time; a 500 is noted."""
        content = body if body is not None else encoded(data or [])
        again = f"{method} {path[:300]} by {asker.name}"
        again += f" with {(data if body is None else body[:200])!r}" if content else ""
        again += f" and {headers!r}" if headers else ""
        given = {"HTTP_X_FORWARDED_FOR": self._network(), **headers}
        return self._send(kind, asker.client, method, path, content, content_type, given, again)

    def _send(
        self,
        kind: str,
        client: Client,
        method: str,
        path: str,
        content: bytes,
        content_type: str,
        given: dict[str, str],
        again: str,
    ) -> Answer:
        client.raise_request_exception = False
        try:
            response = client.generic(method, path, content, content_type, **given)
            body = b"".join(response) if response.streaming else response.content
        except Exception as error:
            self.tally.broke(kind, _told(error), again)
            return Answer(500, {}, b"", again)
        if response.status_code >= 500:
            held = getattr(response, "exc_info", None)
            why = _told(held[1]) if held else f"status {response.status_code}"
            self.tally.broke(kind, why, again)
        return Answer(response.status_code, dict(response.headers.items()), body, again)

    def _network(self) -> str:
        return f"203.{self.dice.randrange(256)}.{self.dice.randrange(256)}.7"

    def look(self, kind: str, answer: Answer, *, what: str = "") -> None:
        """Note whatever a hostile text did to this answer."""
        for name, value in answer.headers.items():
            if name.lower() == "x-zqx" or "\n" in value or "\r" in value:
                self.tally.got_through(kind, f"header {name} added", answer.again)
        if answer.is_gone_on and structure.goes_off_site(answer.location):
            self.tally.got_through(kind, f"leads to {answer.location[:80]}", answer.again)
        is_style = answer.headers.get("Content-Type", "").startswith("text/css")
        if is_style and structure.holds_mark(answer.text):
            self.tally.got_through(kind, "words in a stylesheet", answer.again)
        if not answer.is_page:
            return
        text = answer.text
        if structure.holds_mark(text):
            for fault in structure.faults(text, self.known)[:2]:
                self.tally.got_through(kind, f"{what}{fault}", answer.again)


def encoded(data: Pairs) -> bytes:
    """A form as a browser or a program sends it; lone surrogates as the bytes of no text."""
    return "&".join(
        f"{quote_plus(name, errors='surrogatepass')}={quote_plus(value, errors='surrogatepass')}"
        for name, value in data
    ).encode()


def _told(error: BaseException) -> str:
    """The exception and the line of ours that it came from."""
    ours = [
        f"{frame.filename.rpartition('groundswell/')[2]}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "/groundswell/" in frame.filename
    ]
    return f"{type(error).__name__}: {str(error)[:120]} at {ours[-1] if ours else 'the framework'}"
