"""Guards taken away one at a time: an attack that finds nothing then is worth nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.template import engines
from django.template.loaders.filesystem import Loader

from bench.attack import races
from bench.attack.asking import Ground
from groundswell.accounts import operations as accounts_ops
from groundswell.accounts.models import Account, Link
from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns import pictures
from groundswell.events import calendar_file
from groundswell.events.models import Event
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.office import csv_file
from groundswell.office.people import one as people_pages
from groundswell.outreach import stopping
from groundswell.outreach.mail import compiled, mime
from groundswell.outreach.relay import machines
from groundswell.people.sight import Depth
from groundswell.web import signing_in
from tests.house import test_matrix as matrix

Off = Callable[[Ground, ExitStack], None]


@dataclass(frozen=True, slots=True)
class Control:
    """A guard, how it is taken away, and which attack must see that it is gone."""

    attack: str
    off: Off


@contextmanager
def without(name: str, ground: Ground) -> Iterator[None]:
    """The house without one of its guards."""
    with ExitStack() as stack:
        CONTROLS[name].off(ground, stack)
        yield


def _escaping(ground: Ground, stack: ExitStack) -> None:
    """The template of every large input shows what was typed as it is."""
    really = Loader.get_contents
    raw = "{% autoescape off %}{{ widget.value }}{% endautoescape %}"

    def contents(self: Loader, origin: Any) -> str:
        text = str(really(self, origin))
        is_area = origin.template_name == "django/forms/widgets/textarea.html"
        return text.replace("{{ widget.value }}", raw) if is_area else text

    stack.enter_context(mock.patch.object(Loader, "get_contents", contents))
    loaders = engines["django"].engine.template_loaders
    for loader in loaders:
        loader.reset()
        stack.callback(loader.reset)


def _sight(ground: Ground, stack: ExitStack) -> None:
    """Whoever may see anybody sees everybody."""
    seen = SimpleNamespace(**{**vars(people_pages.sight), "depth_of": lambda by, person: Depth.ALL})
    stack.enter_context(mock.patch.object(people_pages, "sight", seen))


def _link_hash(ground: Ground, stack: ExitStack) -> None:
    """The page of a link does not ask what the link is for."""

    def find(token: str, purpose: str) -> Link | None:
        from groundswell.kernel.ids import hash_token

        return Link.objects.filter(token_hash=hash_token(token)).first()

    stack.enter_context(mock.patch("groundswell.accounts.queries.find_link", find))


def _signature(ground: Ground, stack: ExitStack) -> None:
    """A stop link is read without its signature."""
    easy = SimpleNamespace(new=stopping.hmac.new, compare_digest=lambda one, other: True)
    stack.enter_context(mock.patch.object(stopping, "hmac", easy))


def _way_back(ground: Ground, stack: ExitStack) -> None:
    """``next`` is believed."""

    def believed(request: Any) -> str:
        return str(request.GET.get(signing_in.NEXT, ""))

    stack.enter_context(mock.patch.object(signing_in, "page_wanted", believed))


def _formulas(ground: Ground, stack: ExitStack) -> None:
    stack.enter_context(mock.patch.object(csv_file, "safe", lambda cell: cell))


def _calendar_text(ground: Ground, stack: ExitStack) -> None:
    """Calendar files hold line ends as they were typed."""
    really = calendar_file.calendar_file

    def typed(*args: Any, **kwargs: Any) -> bytes:
        return really(*args, **kwargs).replace(b"\\n", b"\r\n")

    stack.enter_context(mock.patch.object(calendar_file, "calendar_file", typed))


def _header(ground: Ground, stack: ExitStack) -> None:
    """A display name stands in a head as it was typed."""
    stack.enter_context(mock.patch.object(mime, "_phrase", lambda name: name))


def _mail_words(ground: Ground, stack: ExitStack) -> None:
    """The values of a mail stand in its HTML as they are."""
    stack.enter_context(mock.patch.object(compiled, "escape", str))


def _machine(ground: Ground, stack: ExitStack) -> None:
    """Nobody asks whether a person wrote a mail."""
    stack.enter_context(mock.patch.object(machines, "why_not_a_person", return_value=""))


def _recoding(ground: Ground, stack: ExitStack) -> None:
    """Pictures are kept as they came."""

    def as_sent(raw: bytes) -> pictures.Cleaned:
        found = pictures_cleaned(raw)
        return pictures.Cleaned(raw, found.width, found.height, found.digest)

    pictures_cleaned = pictures.cleaned
    stack.enter_context(mock.patch.object(campaign_ops.pictures, "cleaned", as_sent))


def _columns(ground: Ground, stack: ExitStack) -> None:
    """A view that puts into a row whatever column the form names."""
    (route,) = (route for route in ground.routes if route.name == "my_host_message")
    really = matrix._cell(route.view, "view").cell_contents

    def greedy(request: Any, *args: Any, **kwargs: Any) -> Any:
        answer = really(request, *args, **kwargs)
        if request.method == "POST" and request.POST.get("state"):
            Event.objects.filter(id=request.link.object_id).update(words=request.POST["state"])
        return answer

    stack.enter_context(matrix.swapped(route, "view", greedy))


def _once(ground: Ground, stack: ExitStack) -> None:
    """A sign-in link is looked at first and marked afterwards, when all have looked."""
    looked = threading.Barrier(races.AT_ONCE)

    def enter(*, link: Link, by: Actor) -> Account:
        looked.wait(timeout=20)
        Link.objects.filter(id=link.id).update(used_at=clock.now())
        return Account.objects.get(id=link.object_id)

    stack.enter_context(mock.patch.object(accounts_ops, "enter_link", enter))


CONTROLS = {
    "escaping": Control("fields", _escaping),
    "sight": Control("ids", _sight),
    "purpose": Control("tokens", _link_hash),
    "signature": Control("tokens", _signature),
    "next": Control("tokens", _way_back),
    "columns": Control("mass", _columns),
    "formulas": Control("tables", _formulas),
    "calendar": Control("tables", _calendar_text),
    "header": Control("letters", _header),
    "words": Control("letters", _mail_words),
    "machine": Control("inbound", _machine),
    "recoding": Control("uploads", _recoding),
    "once": Control("races", _once),
}
