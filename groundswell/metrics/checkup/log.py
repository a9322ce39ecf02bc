"""The log: was it looked through, is it whole, and is its head kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groundswell.kernel import clock, formats
from groundswell.ledger import chain, proof
from groundswell.ledger.proof import Break, What
from groundswell.metrics.checkup.finding import Finding, ago, unsafe, well
from groundswell.site import anchors, auditing

LOOKED_WITHIN = timedelta(days=2)
ANCHORED_WITHIN = timedelta(hours=3)
LAST_LINKS = 500  # looked at whenever somebody asks: some milliseconds

_TOLD: dict[What, Promise] = {
    What.CHANGED: gettext_lazy("Entry {id} was changed after it was written."),
    What.MISSING: gettext_lazy("Entry {id} is missing, and nothing says why."),
    What.UNRECORDED: gettext_lazy(
        "Entry {id} is gone, and the record of the removal that it names does not fit."
    ),
    What.AFTER_A_GAP: gettext_lazy(
        "What stood before entry {id} was taken out, or that entry was changed."
    ),
    What.ADDED: gettext_lazy("Entry {id} was added later: the log did not write it."),
    What.REORDERED: gettext_lazy("Entry {id} stands in another place than where it was written."),
    What.REWRITTEN: gettext_lazy(
        "The log was written anew from entry {id} on, or a part of it: it differs from the heads "
        "that were kept apart (places {place} to {until})."
    ),
    What.CUT_OFF: gettext_lazy(
        "The end of the log was cut off: entry {id} is the last (place {place}), and there was one "
        "at place {until}."
    ),
    What.MARKS: gettext_lazy(
        "The heads that are kept apart were themselves changed, from the one at place {place} on."
    ),
}


def told(broken: Break) -> str:
    """What was done, as a sentence that names the entry."""
    words = str(_TOLD[broken.what])
    return words.format(id=broken.entry_id, place=broken.place, until=broken.until)


def what_to_do() -> str:
    return _("Find out who can write to the database. groundswell doctor --audit looks again; a "
             "backup from before shows what stood there.")  # fmt: skip


def looked_through() -> Iterator[Finding]:
    """What the last whole look found, and a quick look at the newest entries."""
    look = auditing.last_look()
    place, _digest = chain.head()
    broken = look.broken if look else None
    broken = broken or next(proof.verify(from_place=max(0, place - LAST_LINKS)), None)
    if broken is not None:
        yield Finding(
            False,
            _("The log is not whole. {sentence}").format(sentence=told(broken)),
            what_to_do(),
            "log",
            _("Read the log"),
        )
    elif look is None and not place:
        yield well(_("The log is still empty."))
    elif look is None:
        yield well(
            _("The newest entries of the log fit each other. Nobody has looked at the whole yet."),
            _("The worker does it once a day. To do it now: groundswell doctor --audit"),
        )
    elif clock.now() - look.at > LOOKED_WITHIN:
        yield unsafe(
            _("The log was last looked through {ago}: what was changed since stays unseen.").format(
                ago=ago(look.at)
            ),
            _("The worker does it once a day; is one running? Or run: groundswell doctor --audit"),
        )
    else:
        sentence = ngettext(
            "The log is whole: {number} entry, looked at {ago}. This is its head:",
            "The log is whole: {number} entries, looked at {ago}. This is its head:",
            look.links,
        )
        yield Finding(
            True,
            sentence.format(number=formats.number(look.links), ago=ago(look.at)),
            _("Write it down, away from this machine. Later, groundswell doctor --audit --expect "
              "with this head proves that nothing before it was changed."),
            to_copy=look.head,
        )  # fmt: skip


def anchored() -> Iterator[Finding]:
    kept = anchors.kept()
    first = chain.first_told_after(kept.place)
    if first is not None and clock.now() - first > ANCHORED_WITHIN:
        yield unsafe(
            _("The head of the log has not been kept apart for what was written {ago}: it could be "
              "rewritten unseen.").format(ago=ago(first)),
            _("The worker does it every hour. Is one running? Start one with: groundswell worker"),
        )  # fmt: skip


QUESTIONS = (looked_through, anchored)
