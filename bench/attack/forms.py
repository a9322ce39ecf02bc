"""Every field of every form, found by looking: the pages are read for their forms, and what a view
asks for beyond them is overheard while it works."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.http import QueryDict
from django.urls import Resolver404, resolve
from PIL import Image

import groundswell
from bench.attack import structure
from bench.attack.asking import Answer, Ground, Pairs
from bench.attack.corpus import PLAIN
from tests.house.routes import Route
from tests.house.world import Asker

_TEXTS = frozenset({"text", "email", "tel", "search", "url", "textarea", "password", "hidden"})
_GOOD = {"email": "amal.noor@example.org", "tel": "+447911123456", "date": "2026-03-21",
         "time": "11:00", "color": "#112233", "number": "3", "textarea": "Some plain words.",
         "search": "Leeds", "url": "https://example.org/"}  # fmt: skip
# What fits where neither the page nor the kind of the input says it.
_GOOD_NAMES = {
    "ends": "12:00", "starts": "11:00", "day": "2026-03-21", "town": "Leeds", "capacity": "40",
    "starts_on": "2026-03-01", "ends_on": "2026-03-31", "action_on": "2026-03-21",
    "slug": "a-plain-name", "party": "2", "came": "yes", "phone": "+447911123456", "turn": "on",
    "email": "amal.noor@example.org", "language": "en", "main_language": "en", "countries": "GB",
    "best_count": "30", "low_count": "20", "high_count": "40", "sure": "yes", "role": "organiser",
    "scope": "everywhere", "publicity": "everyone", "kind": "meeting", "do": "save",
    "reason": "asked", "near": "Leeds", "q": "Leeds", "zone": "Asia/Tokyo", "days": "7",
    "security_policy": "https://example.org/policy", "security_contact": "safe@example.org",
    "point": "53.8,-1.55", "forms": "auto", "goal_events": "40", "goal_people": "400",
}  # fmt: skip
_VIEW = re.compile(r'href="([^"#]*\?[^"#]*)"')
_NOT_OURS = frozenset({"csrfmiddlewaretoken", "stamp", "work", "script", "homepage"})


@dataclass
class Field:
    """One input: its name, kind, the value it came with, and the values it offers."""

    name: str
    kind: str
    value: str = ""
    offers: list[str] = field(default_factory=list)
    is_ticked: bool = False

    @property
    def takes_words(self) -> bool:
        return self.kind in _TEXTS

    def good(self) -> str:
        """Something that somebody would put in."""
        if _GOOD_NAMES.get(self.name) in self.offers:
            return _GOOD_NAMES[self.name]
        if self.offers:
            return self.value or next((one for one in self.offers if one), "")
        if self.value:
            return self.value
        return _GOOD_NAMES.get(self.name) or _GOOD.get(self.kind, "Plain words")


@dataclass
class Form:
    """A form on a page, with the button that is pressed, and whoever may press it."""

    asker: Asker
    path: str
    route: str
    method: str
    is_upload: bool
    fields: list[Field]
    also: list[str] = field(default_factory=list)  # names that the view asks for besides
    takes: bool = False  # good values are taken
    shown: dict[str, list[tuple[Asker, str]]] = field(default_factory=dict)  # where words come out

    def filled(self, **given: str) -> Pairs:
        """Good values, except for what is given."""
        pairs = [
            (one.name, given.pop(one.name, None) or one.good())
            for one in self.fields
            if one.kind not in {"file", "submit"} or one.value
        ]
        return [*pairs, *given.items()]

    def words(self) -> list[Field]:
        """The inputs that somebody writes into."""
        return [one for one in self.fields if one.takes_words and one.name not in _NOT_OURS]

    def others(self) -> list[str]:
        """The names of everything else, what only the view knows of included."""
        words = {one.name for one in self.words()}
        return [*(one.name for one in self.fields if one.name not in words), *self.also]

    def __str__(self) -> str:
        return f"{self.route} ({', '.join(one.name for one in self.fields)})"


class _Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, Any]] = []
        self._select: Field | None = None
        self._area: Field | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append({**told, "fields": [], "buttons": []})
        elif not self.found:
            return
        elif tag == "input" and told.get("name") and told["name"] != "csrfmiddlewaretoken":
            self._input(told)
        elif tag == "select" and told.get("name"):
            self._select = Field(told["name"], "select")
            self.found[-1]["fields"].append(self._select)
        elif tag == "option" and self._select is not None:
            self._select.offers.append(told.get("value", ""))
            if "selected" in told:
                self._select.value = told.get("value", "")
        elif tag == "textarea" and told.get("name"):
            self._area = Field(told["name"], "textarea")
            self.found[-1]["fields"].append(self._area)
        elif tag == "button" and told.get("name"):
            self.found[-1]["buttons"].append((told["name"], told.get("value", "")))

    def _input(self, told: dict[str, str]) -> None:
        kind, name = told.get("type", "text"), told["name"]
        is_numeric = told.get("inputmode") == "numeric"
        if kind in {"radio", "checkbox"}:
            same = [one for one in self.found[-1]["fields"] if one.name == name]
            one = same[0] if same else Field(name, kind)
            if not same:
                self.found[-1]["fields"].append(one)
            one.offers.append(told.get("value", "on"))
            if "checked" in told:
                one.value = told.get("value", "on")
            return
        kind = "number" if is_numeric and kind == "text" else kind
        self.found[-1]["fields"].append(Field(name, kind, told.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._area = None


@contextmanager
def overheard() -> Iterator[set[str]]:
    """The names that a view asks a form or a query for, on whatever page."""
    names: set[str] = set()
    asked = ("__getitem__", "__contains__", "get", "getlist")
    kept = {name: QueryDict.__dict__.get(name) for name in asked}

    def listening(really: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: QueryDict, key: str, *rest: Any, **named: Any) -> Any:
            names.add(str(key))
            return really(self, key, *rest, **named)

        return call

    for name in kept:
        setattr(QueryDict, name, listening(getattr(QueryDict, name)))
    try:
        yield names
    finally:
        for name, before in kept.items():
            if before is None:
                delattr(QueryDict, name)
            else:
                setattr(QueryDict, name, before)


def route_name(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


def pages(ground: Ground) -> Iterator[tuple[Route, Asker, str]]:
    """Every address with somebody whom it lets in."""
    for route in ground.routes:
        if route.guard and route.guard.name != "demo":
            asker = ground.seat(route)
            for path in ground.paths(route):
                yield route, asker, path


@dataclass
class Found:
    """What the crawl found: forms, and the names that each address reads from its query."""

    forms: list[Form]
    queries: dict[str, set[str]]  # by path
    askers: dict[str, Asker]


def discover(ground: Ground) -> Found:
    """Crawl everything once, harmlessly: forms, query names, and the bones of our pages."""
    found = Found([], {}, {})
    ground.known |= structure.written(Path(groundswell.__file__).parent)
    seen: set[tuple[str, ...]] = set()
    for route, asker, path in pages(ground):
        with overheard() as names, ground.visit(asker):
            answer = ground.ask("crawl", asker, "GET", path)
        found.queries[path], found.askers[path] = set(names), asker
        if answer.is_page:
            _learn(ground, answer)
            _learn_views(ground, asker, path, answer, names)
            found.forms += _forms_of(answer, route, asker, path, seen)
        if route.guard and "POST" in route.guard.methods:
            found.forms += _unseen(ground, route, asker, path, seen)
    for form in found.forms:
        _press(ground, form)
    return found


def _learn_views(ground: Ground, asker: Asker, path: str, answer: Answer, names: set[str]) -> None:
    """The same page as its own links and good words in its queries show it: other bones."""
    views = {urljoin(path, html.unescape(link)) for link in _VIEW.findall(answer.text)}
    views = set(sorted(view for view in views if urlsplit(view).path == urlsplit(path).path)[:8])
    views |= {f"{path}?{name}={_GOOD_NAMES.get(name, PLAIN)}" for name in names}
    for view in sorted(views):
        with ground.visit(asker):
            other = ground.ask("crawl", asker, "GET", view)
        if other.is_page:
            _learn(ground, other)


def _learn(ground: Ground, answer: Answer) -> None:
    page = structure.Page(answer.text)
    ground.known |= page.bones
    for fault in page.faults:
        ground.tally.broke("crawl", f"a page of ours is crooked: {fault}", answer.again)


def _forms_of(
    answer: Answer, route: Route, asker: Asker, path: str, seen: set[tuple[str, ...]]
) -> Iterator[Form]:
    for told in _Forms(answer.text).found:
        target = urljoin(path, told.get("action", "") or path)
        method = told.get("method", "get").upper()
        name = route_name(target)
        for button in told["buttons"] or [None]:
            fields = [*told["fields"]]
            if button is not None:
                fields.append(Field(button[0], "submit", button[1]))
            key = (target, method, *(f"{one.name}={one.kind}" for one in fields), str(button))
            if key not in seen and name and name != "set_language":
                seen.add(key)
                is_upload = "multipart" in told.get("enctype", "")
                yield Form(asker, target, name, method, is_upload, fields)


def _unseen(
    ground: Ground, route: Route, asker: Asker, path: str, seen: set[tuple[str, ...]]
) -> Iterator[Form]:
    """What a program posts: the names that the view asks for when nothing is in the form."""
    with overheard() as names, ground.visit(asker):
        answer = ground.ask("crawl", asker, "POST", path)
    if answer.is_page:
        _learn(ground, answer)
    names -= {"csrfmiddlewaretoken"}
    if names and (path, *sorted(names)) not in seen:
        seen.add((path, *sorted(names)))
        fields = [Field(name, "text") for name in sorted(names)]
        yield Form(asker, path, route.name, "POST", is_upload=False, fields=fields)


def _press(ground: Ground, form: Form) -> None:
    """Press once with good values: is it taken, what else is asked for, and where do words show?"""
    if form.method != "POST":
        return
    with overheard() as names, ground.visit(form.asker):
        answer = send(ground, "crawl", form, form.filled())
    form.takes = answer.is_gone_on or answer.status == 204
    if answer.is_page:
        _learn(ground, answer)
    listed = {one.name for one in form.fields}
    form.also = sorted(names - listed - {"csrfmiddlewaretoken"})


def send(ground: Ground, kind: str, form: Form, pairs: Pairs, **headers: str) -> Answer:
    """Post a form as its page would."""
    if not form.is_upload:
        return ground.ask(kind, form.asker, form.method, form.path, data=pairs, **headers)
    body = multipart(pairs, {one.name: PNG for one in form.fields if one.kind == "file"})
    kind_of = f"multipart/form-data; boundary={BOUNDARY}"
    return ground.ask(
        kind, form.asker, form.method, form.path, body=body, content_type=kind_of, **headers
    )


BOUNDARY = "zqxboundaryzqx"


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (20, 90, 120)).save(out, "PNG")
    return out.getvalue()


PNG = _png()


def multipart(
    pairs: Pairs, files: dict[str, bytes], *, filename: str = "a.png", kind: str = "image/png"
) -> bytes:
    """A form with files, put together by hand: nothing corrects what is in it."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + value.encode("utf-8", "surrogatepass")
        + b"\r\n"
        for name, value in pairs
    ]
    parts += [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        f"Content-Type: {kind}\r\n\r\n".encode("utf-8", "surrogatepass")
        + content
        + b"\r\n"
        for name, content in files.items()
    ]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
