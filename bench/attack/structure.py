"""Whether words stayed words: a page is read as a browser reads it, and its bones are looked at.

A page that holds a hostile text may hold it as text and in an attribute that is shown; never as an
element, an attribute's name, a place to go, a script, or an end of something that it did not begin.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from bench.attack.corpus import MARK

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
     "wbr"}
)  # fmt: skip
_WHERE = frozenset(
    {"href", "src", "action", "formaction", "data", "poster", "ping", "srcset", "cite",
     "xlink:href", "hx-get", "hx-post", "background", "manifest"}
)  # fmt: skip
# Attributes whose value is shown or sent, and nothing else: words may stand there.
_SAID = frozenset(
    {"value", "title", "alt", "content", "placeholder", "aria-label", "label", "data-text",
     "data-copy", "data-share", "data-title", "data-label", "data-words"}
)  # fmt: skip
_SCHEMES = frozenset({"", "http", "https", "mailto", "tel", "sms", "webcal", "geo", "data"})
_EVALUATED = re.compile(r"zqx(?:49|<WSGIRequest|&lt;WSGIRequest|<class|&lt;class)", re.IGNORECASE)
_OFF_SITE = re.compile(r"^[\s\x00-\x20]*(?:https?:)?[/\\]{2,}[^/\\]*zqx", re.IGNORECASE)
# Say something about words and do nothing, wherever they stand.
_HARMLESS = frozenset(
    {"lang", "dir", "aria-invalid", "aria-describedby", "role", "open", "hidden", "checked",
     "selected", "autofocus", "tabindex"}
)  # fmt: skip
_TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
Vocabulary = set[tuple[str, str]]


def holds_mark(text: str) -> bool:
    """Whether any of a hostile text came out here at all."""
    return MARK in text.casefold()


class Page(HTMLParser):
    """One page: the elements and attributes on it, and what is wrong with it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.bones: Vocabulary = set()
        self.faults: list[str] = []
        self._open: list[str] = []
        self._script: list[str] | None = None
        self.feed(text)
        self.close()
        if self._open:
            self.faults.append(f"never closed: {self._open[-1]}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, attrs)
        if tag not in _VOID:
            self._open.append(tag)
        if tag in {"script", "style"}:
            self._script = []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self._open or self._open[-1] != tag:
            last = self._open[-1] if self._open else "nothing"
            self.faults.append(f"</{tag}> closes {last}")
            if tag in self._open:
                while self._open.pop() != tag:
                    pass
            return
        self._open.pop()
        if tag in {"script", "style"} and self._script is not None:
            self._scripted(tag, "".join(self._script))
            self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)
        elif _EVALUATED.search(data):
            self.faults.append(f"evaluated: {around(data)}")

    def handle_comment(self, data: str) -> None:
        self._other("comment", data)

    def handle_decl(self, decl: str) -> None:
        self._other("declaration", decl)

    def unknown_decl(self, data: str) -> None:
        self._other("declaration", data)

    def handle_pi(self, data: str) -> None:
        self._other("instruction", data)

    def _other(self, what: str, data: str) -> None:
        if holds_mark(data):
            self.faults.append(f"{what}: {around(data)}")

    def _element(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.bones.add((tag, ""))
        for name, value in attrs:
            self.bones.add((tag, name))
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name in _WHERE:
            if fault := _leads_away(value):
                self.faults.append(f"<{tag} {name}> {fault}")
        elif name not in _SAID and holds_mark(value):
            self.faults.append(f"<{tag} {name}={value[:60]!r}>")

    def _scripted(self, tag: str, text: str) -> None:
        """Scripts on a page are data; a style is ours alone."""
        if not text.strip() or tag == "style":
            if holds_mark(text):
                self.faults.append(f"in <{tag}>: {around(text)}")
            return
        try:
            json.loads(text)
        except ValueError:
            self.faults.append(f"in <script>: {around(text)}")


def _leads_away(value: str) -> str:
    """Why an address on a page is one that words of somebody made; "" when it is fine.

    Browsers drop tabs and line breaks in it, and controls before it (URL standard, section 4.4).
    """
    plain = re.sub(r"[\t\r\n]", "", value).lstrip("\x00\x01\x02\x1f ")
    scheme = plain.partition(":")[0].lower() if re.match(r"[A-Za-z][\w+.-]*:", plain) else ""
    if scheme not in _SCHEMES:
        return f"runs {plain[:60]!r}"
    if scheme == "data" and holds_mark(plain):
        return f"shows {plain[:60]!r}"
    return f"leads to {plain[:60]!r}" if _OFF_SITE.match(plain) else ""


def around(text: str) -> str:
    """The words beside the mark."""
    at = max(text.casefold().find(MARK), 0)
    return repr(text[max(at - 30, 0) : at + 50])


def written(package: Path) -> Vocabulary:
    """The elements and attributes that stand in our templates, whichever state shows them."""
    known: Vocabulary = set()
    for path in package.glob("*/templates/**/*.html"):
        known |= Page(_TEMPLATE.sub("", path.read_text(encoding="utf-8"))).bones
    return known


def faults(text: str, known: Vocabulary) -> list[str]:
    """What is wrong with a page; ``known`` are the elements and attributes of harmless ones."""
    page = Page(text)
    tags = {tag for tag, _name in known}
    strange = sorted(
        (tag, name) for tag, name in page.bones - known if tag not in tags or name not in _HARMLESS
    )
    return [*page.faults, *(f"new: <{tag} {name}>".replace(" >", ">") for tag, name in strange)]


def goes_off_site(location: str) -> bool:
    """Whether a redirect leads a browser to another host."""
    plain = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    parts = urlsplit(plain)
    is_ours = parts.hostname in {None, "testserver", "localhost"}
    return plain.startswith("//") or not is_ours or parts.scheme not in {"", "http", "https"}
