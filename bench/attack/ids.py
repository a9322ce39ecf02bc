"""Somebody else's things by their number or name, asked for from every seat; and near guesses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.attack.asking import Ground
from tests.house import test_matrix as matrix
from tests.house.routes import Route
from tests.house.world import Asker, Token, Whose

KIND = "id"
_GUESSES = 6  # by part and seat of a whole run
_SEATS = ("visitor", "account", "organiser", "owner", "texter our campaign", "read_only our event")
_NOTHING_THERE = {301, 302, 303, 403, 404, 405, 410}
# Roots of words that only people of the world have; none may come with a refused page.
CANARIES = ("amina@", "bea@example", "carla@", "other.host@", "third.host@", "dolores@")


def attack(ground: Ground) -> None:
    """What must come out follows from each guard, as in the authorisation matrix."""
    for route in ground.routes:
        parts = [part for part in route.parts if part != "token"]
        if route.guard is None or route.guard.name == "demo" or not parts:
            continue
        for part in parts:
            _foreign(ground, route, part)
            for name in _SEATS:
                asker = next((one for one in ground.world.askers if one.name == name), None)
                if asker is not None:
                    _guess(ground, route, part, asker)


def _foreign(ground: Ground, route: Route, part: str) -> None:
    """The other world's thing, from every seat that the matrix knows."""
    for case in matrix.cases(ground.world, route):
        if not case.changed or case.changed[0] != (part, Whose.FOREIGN):
            continue
        if ground.dice.random() > max(0.2, ground.size * 2):
            continue
        ground.tally.count(KIND)
        wrong = matrix.deviation(ground.world, case)
        if wrong is not None and matrix.BROKEN in wrong:
            ground.tally.broke(KIND, wrong, str(case))
        elif wrong is not None:
            ground.tally.got_through(KIND, wrong, str(case))


def _guess(ground: Ground, route: Route, part: str, asker: Asker) -> None:
    if route.name == "leads":
        return  # one answer for every key, known or not: tests/contracts/test_lead_posts.py
    good = ground.world.parts(route, {}, Token.OWN)
    guesses = list(_near(good[part], ground))
    for guess in ground.dice.sample(guesses, min(len(guesses), ground.share(_GUESSES))):
        path = route.path({**good, part: guess})
        for method in ("GET", "POST"):
            with ground.visit(asker) as changed:
                answer = ground.ask(KIND, asker, method, path)
            ground.tally.count(KIND)
            wrote = set(changed) - matrix.ALWAYS_MAY_WRITE
            shown = [word for word in CANARIES if word in answer.text]
            if answer.status < 400 and answer.status not in _NOTHING_THERE:
                ground.tally.got_through(KIND, f"{route}: a guessed {part} is there", answer.again)
            elif wrote and answer.status >= 400:
                ground.tally.got_through(KIND, f"{route}: wrote {wrote}", answer.again)
            elif shown and answer.status >= 400:
                ground.tally.got_through(KIND, f"{route}: shows {shown}", answer.again)


def _near(own: Any, ground: Ground) -> Iterator[Any]:
    """Neighbours of an id or a name: what somebody would try next. None of them exists."""
    if isinstance(own, int):
        steps = [1, 2, 3, 1 << 10, 1 << 11, 1 << 22, 1 << 30]
        taken = _taken(ground)
        near = [own + way * step for step in steps for way in (1, -1)]
        near += [own ^ (1 << bit) for bit in range(0, 62, 5)]
        yield from (one for one in [*near, 1, 2, 2**63 - 1] if 0 < one < 2**63 and one not in taken)
        return
    letters = "23456789abcdefghjkmnpqrstvwxyz"
    for _turn in range(30):
        at = ground.dice.randrange(len(own))
        other = own[:at] + ground.dice.choice(letters) + own[at + 1 :]
        if other != own and other not in _words(ground):
            yield other


def _taken(ground: Ground) -> set[int]:
    """The ids of everything in the world that an address could name."""
    world = ground.world
    groups = (
        world.passkey_ids, world.session_ids, world.mail_ids, world.member_ids, world.person_ids,
        world.region_ids, world.conversation_ids, tuple(one.id for one in world.rsvps),
    )  # fmt: skip
    from groundswell.accounts.models import Account, Session
    from groundswell.people.models import Person

    ids = {one for group in groups for one in group}
    for model in (Account, Session, Person):
        ids |= set(model.objects.values_list("id", flat=True))
    return ids


def _words(ground: Ground) -> set[str]:
    world = ground.world
    slugs = {one.slug for one in (*world.events, world.event_elsewhere, *world.campaigns)}
    known = {"types", "moments", "tasks", "words", "kind", "when", "where", "you", "host"}
    return slugs | known | {"en", "es", "fr", "ar"} | set(world.stops)
