"""Hostile words in every field: what the answer does with them, and every page that shows them."""

from __future__ import annotations

from bench.attack import structure
from bench.attack.asking import Answer, Ground
from bench.attack.corpus import PLAIN, Supply
from bench.attack.forms import Form, Found, pages, send
from bench.attack.tally import Finding
from tests.house.world import Asker

KIND = "field"
_AT_ONCE, _ALONE, _OTHERS = 40, 5, 2  # posts of a whole run: by form, field and other field
_TRACED = 15  # forms whose words are looked for on every page
_SHOWN_MOST = 4  # pages that a field is looked for on, after each post


def attack(ground: Ground, found: Found) -> None:
    """Every form with all fields hostile; then one field at a time, the others being good."""
    posts = [form for form in found.forms if form.method == "POST"]
    where_words_go(ground, posts)
    supply = Supply(ground.dice)
    for form in posts:
        for _turn in range(ground.share(_AT_ONCE)):
            _all_at_once(ground, form, supply)
        for one in form.words() if form.takes else ():
            for _turn in range(ground.share(_ALONE)):
                _alone(ground, form, one.name, supply.short(2_100).text)
        for name in form.others():
            for _turn in range(ground.share(_OTHERS)):
                _pressed(ground, form, {name: supply.next().text}, 1)


def _all_at_once(ground: Ground, form: Form, supply: Supply) -> None:
    given = {one.name: supply.next().text for one in form.words()}
    if given:
        _pressed(ground, form, given, len(given))


def _pressed(ground: Ground, form: Form, given: dict[str, str], count: int) -> None:
    with ground.visit(form.asker):
        answer = send(ground, KIND, form, form.filled(**given))
        ground.tally.count(KIND, count)
        ground.look(KIND, answer)
        if answer.is_gone_on:
            _follow(ground, form.asker, answer)


def _alone(ground: Ground, form: Form, name: str, text: str) -> None:
    """One field; when it is taken, the page after it and pages that show it."""
    shown = form.shown.get(name, [])
    with ground.visit(form.asker, *{id(asker): asker for asker, _path in shown}.values()):
        answer = send(ground, KIND, form, form.filled(**{name: text}))
        ground.tally.count(KIND)
        ground.look(KIND, answer)
        if not answer.is_gone_on:
            return
        _follow(ground, form.asker, answer)
        for asker, path in ground.dice.sample(shown, min(len(shown), _SHOWN_MOST)):
            page = ground.ask(KIND, asker, "GET", path)
            _looked(ground, page, f"{answer.again} and then {page.again}")


def _follow(ground: Ground, asker: Asker, answer: Answer) -> None:
    if answer.location.startswith("/") and not structure.goes_off_site(answer.location):
        page = ground.ask(KIND, asker, "GET", answer.location)
        _looked(ground, page, f"{answer.again} and then {page.again}")


def _looked(ground: Ground, page: Answer, again: str) -> None:
    """As ``ground.look``, with the post that came before in the words of how to repeat it."""
    before = len(ground.tally.through)
    ground.look(KIND, page)
    for number in range(before, len(ground.tally.through)):
        finding = ground.tally.through[number]
        ground.tally.through[number] = Finding(finding.kind, finding.what, again)


def where_words_go(ground: Ground, posts: list[Form]) -> None:
    """Put a plain word into each field of each form that is taken, then read every page for it."""
    done: set[tuple[str, str]] = set()
    for form in posts:
        words = [one for one in form.words() if one.kind not in {"hidden", "email", "tel"}]
        if not form.takes or not words or (form.route, form.path) in done:
            continue
        if len(done) >= ground.share(_TRACED):
            return
        done.add((form.route, form.path))
        told = {one.name: f"{PLAIN}{chr(97 + at)}" for at, one in enumerate(words)}
        for name, places in _places(ground, form, told).items():
            for other in posts:
                if other.route == form.route and other.path == form.path:
                    other.shown[name] = places


def _places(ground: Ground, form: Form, told: dict[str, str]) -> dict[str, list[tuple[Asker, str]]]:
    everywhere = list(pages(ground))
    askers = {id(asker): asker for _route, asker, _path in everywhere}
    found: dict[str, list[tuple[Asker, str]]] = {}
    with ground.visit(*askers.values()):
        answer = send(ground, "crawl", form, form.filled(**told))
        if not answer.is_gone_on:
            return {}
        for _route, asker, path in everywhere:
            page = ground.ask("crawl", asker, "GET", path)
            text = page.text.casefold()
            if page.is_page:
                ground.known |= structure.Page(page.text).bones
            for name, word in told.items():
                if word.casefold() in text:
                    found.setdefault(name, []).append((asker, path))
    return found
