"""The order of a run, and its closing line."""

from __future__ import annotations

import argparse
import json
import logging
import random
import resource
import time
import warnings
from collections.abc import Callable

from bench.attack import (
    addresses,
    bodies,
    controls,
    corpus,
    fields,
    forms,
    ids,
    inbound,
    letters,
    mass,
    races,
    tables,
    tokens,
    uploads,
)
from bench.attack.asking import Ground
from bench.attack.tally import Tally
from bench.rig import ground as rig
from groundswell.events.operations import proving
from tests.factories import events as make
from tests.house import world as worlds

Attack = Callable[[Ground, forms.Found], None]
ATTACKS: dict[str, Attack] = {
    "tokens": lambda ground, found: tokens.attack(ground),
    "ids": lambda ground, found: ids.attack(ground),
    "addresses": addresses.attack,
    "fields": fields.attack,
    "bodies": bodies.attack,
    "mass": mass.attack,
    "tables": lambda ground, found: tables.attack(ground),
    "letters": lambda ground, found: letters.attack(ground),
    "inbound": lambda ground, found: inbound.attack(ground),
    "uploads": uploads.attack,
    "races": lambda ground, found: races.attack(ground),
}


def run(asked: argparse.Namespace) -> int:
    """One run, or its controls; the exit code."""
    logging.disable(logging.CRITICAL)  # each refusal is a warning there
    warnings.simplefilter("ignore")  # of the decoders, about bombs
    began = time.perf_counter()
    ground = Ground(_world(), Tally(), random.Random(asked.seed), asked.size)
    found = forms.discover(ground)
    names = sum(len(form.fields) + len(form.also) for form in found.forms)
    rig.say(
        f"{len(found.queries)} addresses, {len(found.forms)} forms "
        f"({sum(form.takes for form in found.forms)} taken with good values), {names} fields, "
        f"{len(corpus.everything()):,} hostile texts"
    )
    if asked.control:
        return _controlled(asked, ground, found)
    for name in [name for name in asked.only.split(",") if name] or list(ATTACKS):
        before, started = ground.tally.inputs, time.perf_counter()
        ATTACKS[name](ground, found)
        rig.say(
            f"{name}: {ground.tally.inputs - before:,} inputs in "
            f"{time.perf_counter() - started:.0f} s; {len(ground.tally.through)} through, "
            f"{len(ground.tally.errors)} errors so far"
        )
    _tell(asked, ground.tally, time.perf_counter() - began)
    return 0 if ground.tally.is_clean else 1


def _world() -> worlds.World:
    """The world of the matrix, whose guest has proven their address: more pages open for them."""
    world = worlds.build()
    guest = world.rsvps[0]
    proving.prove_rsvps(person_id=guest.person_id or 0, by=make.supporter_of(guest))
    return world


def _controlled(asked: argparse.Namespace, ground: Ground, found: forms.Found) -> int:
    """The attack that must see it, with the guard away: one line of JSON for each."""
    every = asked.control == "every"
    missed = []
    for name in controls.CONTROLS if every else [asked.control]:
        started, ground.tally = time.perf_counter(), Tally()
        with controls.without(name, ground):
            ATTACKS[controls.CONTROLS[name].attack](ground, found)
        _tell(asked, ground.tally, time.perf_counter() - started, control=name)
        if not ground.tally.through:
            missed.append(name)
    if missed:
        rig.say(f"not seen: {', '.join(missed)}")
    return 1 if missed else 0


def _tell(asked: argparse.Namespace, tally: Tally, seconds: float, **more: str) -> None:
    """The line of JSON."""
    line = {
        "bench": "attack",
        "db": asked.db,
        "inputs": tally.inputs,
        "through": len(tally.through),
        "errors": len(tally.errors),
        "by_kind": dict(sorted(tally.tried.items())),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(time.process_time(), 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        **more,
    }
    print(json.dumps(line), flush=True)
