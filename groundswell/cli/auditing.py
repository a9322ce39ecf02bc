"""``groundswell doctor --audit``: the whole log, or what came after a head that was kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from rich.console import Console

from groundswell.cli.progress import bar
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import chain
from groundswell.ledger.proof import Break
from groundswell.metrics.checkup import log as told_of
from groundswell.metrics.checkup.databases import can_be_asked
from groundswell.metrics.checkup.finding import Finding, unsafe, well
from groundswell.site import anchors, auditing

MOST_SHOWN = 20


class CannotLook(RuntimeError):
    """With a sentence that says why, and what to do."""


def audit(console: Console, expected: str | None, since: str | None) -> list[Finding]:
    """Look with a bar; the findings are what to print. A whole look is remembered for the page.

    Raises NotAHead, CannotLook.
    """
    if not can_be_asked():
        raise CannotLook("The databases do not answer or are not up to date: groundswell doctor")
    heads = [anchors.read(expected)] if expected else []
    start = anchors.read(since) if since else None
    before = chain.links(start.place - 1) if start else 0
    head, kept, seen = anchors.head(), anchors.kept().count, 0
    with bar(console) as shown:
        task = shown.add_task("Entries", total=chain.links() - before)

        def heard(links: int) -> None:
            nonlocal seen
            seen += links
            shown.advance(task, links)

        looked = auditing.look(since=start, expected=heads, heard=heard)
        broken = list(islice(looked, MOST_SHOWN + 1))
    if start is None:
        auditing.note_look(links=seen, head=head, broken=next(iter(broken), None), by=SYSTEM)
    if broken:
        return list(_told(broken))
    given = len(heads) + (start is not None)
    return list(_whole(head, seen, kept, given, is_part=start is not None))


def _told(broken: list[Break]) -> Iterator[Finding]:
    """The first first, and that there is more."""
    for each in broken[:MOST_SHOWN]:
        yield Finding(False, told_of.told(each))
    if len(broken) > MOST_SHOWN:
        yield Finding(False, f"There is more; these are the first {MOST_SHOWN}.")
    yield unsafe("So the log is not whole.", told_of.what_to_do())


def _whole(head: str, seen: int, kept: int, given: int, *, is_part: bool) -> Iterator[Finding]:
    part = "What stands behind that head is whole" if is_part else "The log is whole"
    heads = "the head that was" if kept == 1 else f"the {kept:,} heads that were"
    against = [f"{heads} kept apart"] if kept else []
    against += ["the head that you gave"] if given else []
    fits = f". It fits {' and '.join(against)}" if against else ""
    yield well(f"{part}: {seen:,} entries, each as it was written{fits}.")
    if not kept:
        yield well(
            "No head has been kept apart yet: had somebody written all of it anew, only a head on "
            "paper would show it.",
            "The worker keeps one every hour.",
        )
    if head:
        yield Finding(
            True,
            "This is its head:",
            "Write it down, away from this machine. Later, this proves that nothing before it was "
            f"changed: groundswell doctor --audit --expect {head}",
            to_copy=head,
        )
