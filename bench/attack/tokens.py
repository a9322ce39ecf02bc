"""Links, stamps, cookies and signed posts that were changed, cut, lent, replayed or made up."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from urllib.parse import quote

from django.test import Client

from bench.attack.asking import Ground
from bench.attack.corpus import MARK, Supply, of
from bench.attack.structure import around, goes_off_site
from groundswell.kernel import clock, signed_posts
from groundswell.outreach import stopping
from groundswell.people.models import Consent
from groundswell.public import slips
from groundswell.web import form_guard
from tests.house import test_matrix as matrix
from tests.house.routes import Route
from tests.house.world import Asker, Token

KIND = "token"
_BY_ROUTE, _PURE, _POSTS, _COOKIES, _STOPS = 36, 5_000, 1_200, 400, 100
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_SECRET = "a-secret-of-the-bench-that-is-long-enough"
_FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')  # letters by chance
SIGNED = {"stop", "stop_again", "your_data_from_mail"}


def attack(ground: Ground) -> None:
    """Everything that opens something by being known."""
    for route in ground.routes:
        if "token" in route.parts:
            _links(ground, route)
        if route.name in SIGNED:
            _stops(ground, route)
    _made_up_stops(ground)
    _stamps(ground)
    _slips(ground)
    _signed_posts(ground)
    _cookies(ground)
    _redirects(ground)
    _without_form_token(ground)


def changed(token: str, dice: random.Random, others: tuple[str, ...] = ()) -> Iterator[str]:
    """Ways to write something else than ``token``, never itself; they do not end."""
    while True:
        at, letter = dice.randrange(max(len(token), 1)), dice.choice(_ALPHABET)
        other = dice.choice(others) if others else token[::-1]
        ways = (
            token[:at] + letter + token[at + 1 :],
            token[:at],
            token[at:],
            token + letter,
            letter + token,
            token[:at] + token[at:].swapcase(),
            token[:at] + other[at:],
            other[:at] + token[at:],
            token[:at] + token[at + 1 :],
            token[:at] + dice.choice(" .~=%\u00e9\x00/") + token[at:],
            token + dice.choice(("=", "==", "\n", " ", ".", "%00", "\u200b")),
            token.translate(str.maketrans("-_", "+/")),
            token * 2,
            token.upper(),
            "".join(dice.sample(token, len(token))),
            "".join(dice.choices(_ALPHABET, k=len(token) or 22)),
        )
        found = dice.choice(ways)
        if found not in {token, *others}:
            yield found


def some(
    token: str, dice: random.Random, count: int, others: tuple[str, ...] = ()
) -> Iterator[str]:
    """So many of them."""
    ways = changed(token, dice, others)
    for _turn in range(count):
        yield next(ways)


# --- links -------------------------------------------------------------------------------------


def _links(ground: Ground, route: Route) -> None:
    """Changed, another purpose's and expired links, read and pressed."""
    world, asker = ground.world, ground.asker("visitor")
    guard = route.guard.name if route.guard else ""
    purpose = guard if (guard, Token.OWN) in world.tokens else "sign_in"
    own = world.tokens[purpose, Token.OWN]
    foreign = tuple(
        token
        for (name, which), token in world.tokens.items()
        if name != purpose and which is Token.OWN
    )
    parts = world.parts(route, {}, Token.OWN)
    expired = world.tokens[purpose, Token.EXPIRED]
    tries = [*foreign, expired, *some(own, ground.dice, ground.share(_BY_ROUTE), foreign)]
    for token in tries:
        path = route.path({**parts, "token": "zqxstandin"})
        path = path.replace("zqxstandin", quote(token, safe="=~") or "%20")
        for method in ("GET", "POST"):
            _refused(ground, asker, method, path, f"{route}: a changed link opens")


def _refused(ground: Ground, asker: Asker, method: str, path: str, what: str) -> None:
    with ground.visit(asker) as wrote:
        answer = ground.ask(KIND, asker, method, path)
        if answer.is_gone_on and answer.location.startswith("/"):  # to a page that says no
            answer = ground.ask(KIND, asker, "GET", answer.location)
    ground.tally.count(KIND)
    ground.look(KIND, answer)
    if answer.status < 400 or set(wrote) - matrix.ALWAYS_MAY_WRITE:
        ground.tally.got_through(KIND, f"{what} ({answer.status})", answer.again)


def _stops(ground: Ground, route: Route) -> None:
    own, other = ground.world.stops
    for signed in some(own, ground.dice, ground.share(_STOPS), (other,)):
        path = route.path({"signed": "zqxstandin"}).replace("zqxstandin", quote(signed) or "%20")
        for method in ("GET", "POST"):
            _refused(ground, ground.asker("visitor"), method, path, f"{route}: a changed link")


def _made_up_stops(ground: Ground) -> None:
    """Only what we signed is read, and in one spelling."""
    for signed in ground.world.stops:
        told = stopping.read(signed)
        for other in some(signed, ground.dice, ground.share(_PURE), ground.world.stops):
            ground.tally.count(KIND)
            if other not in ground.world.stops and stopping.read(other) is not None:
                ground.tally.got_through(KIND, "a made-up stop link is read", repr(other))
        for purpose in Consent.Purpose:
            ground.tally.count(KIND)
            lent = stopping.Stop(told.person_id + 1, purpose, told.about_id) if told else None
            if lent is not None and stopping.sign(lent) == signed:
                ground.tally.got_through(KIND, "one signature for two people", signed)


def _stamps(ground: Ground) -> None:
    """A stamp counts for its own form only, and says when it was made."""
    own = form_guard.stamp("sign-up:one")
    for other in some(own, ground.dice, ground.share(_PURE), (form_guard.stamp("report:one"),)):
        ground.tally.count(KIND)
        if form_guard._made_at(other, "sign-up:one") is not None and other != own:
            ground.tally.got_through(KIND, "a changed stamp counts", repr(other))
    made_at, _dot, tag = own.partition(".")
    for step in range(1, ground.share(2_000)):
        ground.tally.count(KIND)
        if form_guard._made_at(f"{int(made_at) - step}.{tag}", "sign-up:one") is not None:
            ground.tally.got_through(KIND, "an older stamp with the same tag counts", own)


def _slips(ground: Ground) -> None:
    """A slip of another event, an old one, and a changed one say nothing."""
    event, other = ground.world.events
    own = slips._sealed(slips.Slip(event.id, "Amina", "going", 1, 5), slips.KEPT)
    old = slips._sealed(slips.Slip(event.id, "Amina", "going", 1, 5), -slips.KEPT)
    lent = slips._sealed(slips.Slip(other.id, "Amina", "going", 1, 5), slips.KEPT)
    tries = [old, lent, *some(own, ground.dice, ground.share(_PURE), (lent,))]
    for slip in tries:
        ground.tally.count(KIND)
        found = slips._opened(slip, event.id)
        is_same = slip.rstrip("=\n ") == own.rstrip("=")  # padding more or less is no change
        if found is not None and not is_same and not _same_bytes(slip, own):
            ground.tally.got_through(KIND, "a changed slip is read", repr(slip))


def _same_bytes(one: str, other: str) -> bool:
    """Base 64 is read loosely: letters of no alphabet are passed over, and mean the same slip."""
    from base64 import urlsafe_b64decode

    try:
        return urlsafe_b64decode(one) == urlsafe_b64decode(other)
    except ValueError:
        return False


# --- posts of machines -------------------------------------------------------------------------


def _signed_posts(ground: Ground) -> None:
    """A mail posted with everything about its signature changed in turn; and the same one twice."""
    visitor, dice = ground.asker("visitor"), ground.dice
    now = int(clock.now().timestamp())
    for number in range(ground.share(_POSTS)):
        post_id, body = f"m{number}", b"Return-Path: <a@example.org>\r\n\r\nhello %d" % number
        good = signed_posts.sign(secret=_SECRET, post_id=post_id, timestamp=now, body=body)
        headers = {"id": post_id, "timestamp": str(now), "signature": good}
        name = dice.choice((*headers, "body", "time", "version", "key", "none"))
        if name in headers:
            ways = changed(headers[name], dice)  # blanks around a header are no part of it
            headers[name] = next(way for way in ways if way.strip() != headers[name])
        elif name == "body":
            body += dice.choice((b" ", b"\0", b"x", b"\r\n"))
        elif name == "time":  # signed well, but long ago or in the future
            then = now + dice.choice((-1, 1)) * dice.randrange(330, 10**7)
            told = signed_posts.sign(secret=_SECRET, post_id=post_id, timestamp=then, body=body)
            headers.update(timestamp=str(then), signature=told)
        elif name == "version":
            headers["signature"] = good.replace("v1,", dice.choice(("v0,", "v1a,", "V1,", ",", "")))
        elif name == "key":
            headers["signature"] = signed_posts.sign(
                secret=dice.choice(("", "x", _SECRET + "x", _SECRET[:-1])), post_id=post_id,
                timestamp=now, body=body,
            )  # fmt: skip
        else:
            headers.pop(dice.choice(sorted(headers)))
        _posted_in_vain(ground, visitor, body, headers)


def _posted_in_vain(ground: Ground, visitor: Asker, body: bytes, headers: dict[str, str]) -> None:
    given = {f"HTTP_WEBHOOK_{name.upper()}": value for name, value in headers.items()}
    with ground.visit(visitor) as wrote:
        answer = ground.ask(
            KIND,
            visitor,
            "POST",
            "/webhooks/mail",
            body=body,
            content_type="message/rfc822",
            **given,
        )
    ground.tally.count(KIND)
    if answer.status != 400 or wrote:
        ground.tally.got_through(KIND, "a post with a changed signature is kept", answer.again)


# --- cookies, ways back, forms of other sites --------------------------------------------------


def _cookies(ground: Ground) -> None:
    """A session that is nearly an owner's is nobody's; words of a made-up cookie are not said."""
    owner = ground.asker("owner")
    key = owner.client.cookies["session"].value
    stranger = Asker("a stranger with a changed cookie", Client())
    for value in some(key, ground.dice, ground.share(_COOKIES)):
        stranger.client.cookies["session"] = value.encode().decode("latin-1")
        with ground.visit(stranger):
            answer = ground.ask(KIND, stranger, "GET", "/en/office/")
        ground.tally.count(KIND)
        is_refused = answer.is_gone_on and "/sign-in/" in answer.location
        if not is_refused and value.strip() != key:  # blanks around a cookie are passed over
            ground.tally.got_through(KIND, "a changed session is somebody's", f"session={value!r}")
    supply = Supply(ground.dice, "page", "data")
    for _turn in range(ground.share(_COOKIES)):
        text = supply.next().text
        said = f'[["__json_message",0,25,"{text}",""]]'
        stranger.client.cookies["messages"] = f"{said}:zqx:zqx".encode(
            "utf-8", "surrogatepass"
        ).decode("latin-1")
        with ground.visit(stranger):
            answer = ground.ask(KIND, stranger, "GET", "/en/sign-in/")
        ground.tally.count(KIND)
        if MARK in _FORM_TOKEN.sub("", answer.text).casefold():
            again = f"{answer.again} messages={said!r}: {around(answer.text)}"
            ground.tally.got_through(KIND, "words of a made-up cookie are said", again)


def _redirects(ground: Ground) -> None:
    """``next`` leads to pages of ours; signing in goes there at the end."""
    asker = ground.asker("owner since this morning")
    visitor = ground.asker("visitor")
    tries = [one.text for one in of("page", "header", "path") if _is_way(one.text)]
    for text in ground.dice.sample(tries, min(len(tries), max(60, ground.share(700)))):
        query = f"?next={quote(text, errors='surrogatepass')}"
        with ground.visit(visitor):
            data = [("email", "owner@example.org")]
            answer = ground.ask(KIND, visitor, "POST", f"/en/sign-in/{query}", data=data)
            kept = visitor.client.session.get("next") or ""
            page = ground.ask(KIND, asker, "GET", f"/en/my/account/prove/{query}")
        ground.tally.count(KIND, 2)
        ground.look(KIND, answer)
        ground.look(KIND, page)
        if kept and goes_off_site(kept):
            ground.tally.got_through(KIND, "signing in leads off the site", answer.again)


def _is_way(text: str) -> bool:
    return "/" in text or "\\" in text or ":" in text


def _without_form_token(ground: Ground) -> None:
    """Another site posts our forms from a browser that is signed in: 403, whatever the form."""
    free = {"inbound_mail", "inbound_provider", "stop", "leads"}  # the signature is the proof
    free |= {"form", "form_embed"}  # whoever is signed in, it is posted as a visitor and waits
    for route in ground.routes:
        guard = route.guard
        if guard is None or "POST" not in guard.methods or guard.name == "demo":
            continue
        seat = ground.seat(route)
        strict = Asker(f"{seat.name} from another site", Client(enforce_csrf_checks=True))
        strict.client.cookies = seat.client.cookies
        for path in ground.paths(route):
            for headers in ({}, {"HTTP_ORIGIN": "https://zqx.example"}, {"HTTP_REFERER": "x"}):
                data = [("csrfmiddlewaretoken", "z" * 64)] if headers else []
                with ground.visit(strict) as wrote:
                    answer = ground.ask(KIND, strict, "POST", path, data=data, **headers)
                ground.tally.count(KIND)
                is_stopped = answer.status in {403, 404} and not (
                    set(wrote) - matrix.ALWAYS_MAY_WRITE
                )
                if not is_stopped and route.name not in free:
                    ground.tally.got_through(KIND, f"{route}: posted by another site", answer.again)
