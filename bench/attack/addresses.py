"""Hostile words in addresses, queries, cookies and headers of a request."""

from __future__ import annotations

import html
from urllib.parse import quote, urlencode

from bench.attack.asking import Ground
from bench.attack.corpus import PLAIN, Payload, Supply
from bench.attack.forms import Found
from tests.house.routes import Route
from tests.house.world import Asker, Token

_QUERIES, _PARTS, _HEADERS, _UNKNOWN = 40, 10, 8, 2  # by name, part and address of a whole run
_NUMBERS = {"IdConverter", "IntConverter"}
_HEADER_NAMES = (
    "HTTP_HOST", "HTTP_REFERER", "HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE", "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_ACCEPT_ENCODING", "HTTP_ORIGIN",
    "HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_RANGE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE",
    "HTTP_AUTHORIZATION", "HTTP_HX_REQUEST", "HTTP_X_ORIGINAL_URL", "CONTENT_TYPE",
    "CONTENT_LENGTH",
)  # fmt: skip
_COOKIES = ("slip", "messages", "known", "session", "csrf", "language", "django_language", "zqx")
# Words of people and events of the world: a question for something else must not show them.
_HELD = ("amina@example.org", "Hyde Park Corner", "Dolores", "bea@example.org", "Third stop")


def attack(ground: Ground, found: Found) -> None:
    """Every name that an address reads from its query, every part of its path, every header."""
    supply = Supply(ground.dice)
    for path, names in found.queries.items():
        for name in sorted(names):
            _query(ground, found.askers[path], path, name, supply)
        for _turn in range(ground.share(_UNKNOWN)):
            word = quote(supply.next().text, errors="surrogatepass")
            _ask(ground, "query", found.askers[path], f"{path}?{word}={word}")
        for _turn in range(ground.share(_HEADERS)):
            _header(ground, found.askers[path], path, supply)
    for route in ground.routes:
        if route.parts and route.guard and route.guard.name != "demo":
            _parts(ground, route, supply)


def _ask(ground: Ground, kind: str, asker: Asker, path: str, **headers: str) -> str:
    with ground.visit(asker):
        answer = ground.ask(kind, asker, "GET", path, **headers)
        ground.tally.count(kind)
        ground.look(kind, answer)
    return html.unescape(answer.text)


def _query(ground: Ground, asker: Asker, path: str, name: str, supply: Supply) -> None:
    everything = _held_in(_ask(ground, "query", asker, path))
    nothing = _held_in(_ask(ground, "query", asker, f"{path}?{urlencode({name: PLAIN})}"))
    is_filter = nothing < everything
    for _turn in range(ground.share(_QUERIES)):
        one = supply.next()
        text = quote(one.text, errors="surrogatepass")
        shown = _held_in(_ask(ground, "query", asker, f"{path}?{name}={text}"))
        if is_filter and _asks_for_more(one) and shown > nothing:
            what = f"?{name}= shows {', '.join(sorted(shown - nothing))}"
            ground.tally.got_through("query", what, f"GET {path}?{name}={text} by {asker.name}")


def _held_in(text: str) -> set[str]:
    return {word for word in _HELD if word in text}


def _asks_for_more(one: Payload) -> bool:
    """A statement that a database would read, with a word that nothing here holds."""
    return one.kind == "sql" and "DROP" not in one.text and "\x00" not in one.text


def _header(ground: Ground, asker: Asker, path: str, supply: Supply) -> None:
    text = supply.short(4_000).text.encode("utf-8", "surrogatepass").decode("latin-1")
    which = ground.dice.choice((*_HEADER_NAMES, *_COOKIES))
    if which in _HEADER_NAMES:
        _ask(ground, "header", asker, path, **{which: text})
        return
    with ground.visit(asker):
        asker.client.cookies[which] = text
        answer = ground.ask("header", asker, "GET", path)
        ground.tally.count("header")
        ground.look("header", answer)


def _parts(ground: Ground, route: Route, supply: Supply) -> None:
    """Something else where a name, a number or a link stands: there is no such page."""
    asker = ground.seat(route)
    good = ground.world.parts(route, {}, Token.OWN)
    for part in route.parts:
        for _turn in range(ground.share(_PARTS)):
            text = quote(supply.short(3_000).text, safe="", errors="surrogatepass")
            stand_in = 4611686018427387905 if route.parts[part] in _NUMBERS else "zqxstandin"
            path = route.path({**good, part: stand_in}).replace(str(stand_in), text or "%20")
            if not path.startswith("//"):
                _ask(ground, "address", asker, path)
