"""Reading a page as a test wants it: its text, its links, its fields."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import Any

import time_machine

from groundswell.kernel import clock
from groundswell.web import form_guard

_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)


def text(response: Any) -> str:
    """The words of a page, spaces run together."""
    bare = _TAGS.sub(" ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(bare)).strip()


def titles(response: Any) -> list[str]:
    """The titles of the event rows, in order."""
    found = re.findall(r'<div class="what"><h3><a[^>]*><bdi>(.*?)</bdi>', response.content.decode())
    return [html.unescape(title) for title in found]


def errors(response: Any) -> list[str]:
    """The sentences of the error summary."""
    page = response.content.decode()
    if 'class="summary"' not in page:
        return []
    summary = page.split('class="summary"')[1].split("</div>")[0]
    found = re.findall(r"<li>(?:<a[^>]*>)?(.*?)(?:</a>)?</li>", summary, re.DOTALL)
    return [html.unescape(sentence) for sentence in found]


def value_of(response: Any, name: str) -> str:
    """What an input of the page holds."""
    page = response.content.decode()
    tag = next(tag for tag in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in tag)
    found = re.search(r'value="([^"]*)"', tag)
    return html.unescape(found.group(1)) if found else ""


def linked_data(response: Any) -> Any:
    """The schema.org data of the page."""
    block = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', response.content.decode(), re.DOTALL
    )
    return json.loads(block.group(1)) if block else None


def quiet(about: str, *, age: int = 60, **changes: str) -> dict[str, str]:
    """The quiet fields as a person's browser sends them: a form opened ``age`` seconds ago."""
    with time_machine.travel(clock.now() - timedelta(seconds=age), tick=False):
        stamp = form_guard.stamp(about)
    return {"stamp": stamp, "homepage": "", "script": "", "work": "", **changes}
