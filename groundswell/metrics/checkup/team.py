"""Who may sign in: enough owners, a second step for everybody, no rights that nobody uses.

Counts only. The page of the team says who they are, to those who may see it.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.accounts.standing import Standing, standing
from groundswell.kernel import formats
from groundswell.metrics.checkup.finding import Finding, is_live, unsafe, well

MANY_SEE_CONTACTS = 10


def everybody() -> Iterator[Finding]:
    if not is_live():
        return
    now = standing()
    yield from _owners(now)
    yield from _second_steps(now)
    yield from _unused(now)
    if now.see_contacts > MANY_SEE_CONTACTS:
        yield _at_the_team(
            ngettext(
                "{number} person sees the addresses of everybody: each device of theirs is a way "
                "to all of them.",
                "{number} people see the addresses of everybody: each device of theirs is a way "
                "to all of them.",
                now.see_contacts,
            ).format(number=formats.number(now.see_contacts)),
            _("Give most of them their role over a campaign, a country or a region instead."),
        )


def _at_the_team(sentence: str, what_to_do: str) -> Finding:
    return unsafe(sentence, what_to_do, "team", _("Look at the team"))


def _owners(now: Standing) -> Iterator[Finding]:
    if not now.owners:
        yield unsafe(
            _("There is no owner, so nobody can change settings, unlock or mend anything here."),
            _("Run: groundswell init"),
        )
    elif now.owners == 1:
        yield _at_the_team(
            _("There is only one owner: if they lose their device, nobody is left, and a panic "
              "lock cannot be opened by two."),
            _("Make a second person an owner."),
        )  # fmt: skip
    else:
        yield well(_("There is more than one owner."))
    if now.owners_unseen:
        words = ngettext(
            "{number} owner has not signed in for 180 days, and still may do everything.",
            "{number} owners have not signed in for 180 days, and still may do everything.",
            now.owners_unseen,
        )
        yield _at_the_team(
            words.format(number=formats.number(now.owners_unseen)),
            _("Ask them, or end their role."),
        )


def _second_steps(now: Standing) -> Iterator[Finding]:
    if now.owners_without_second_step:
        words = ngettext(
            "{number} owner has no second step: who reads their mailbox may do everything here "
            "once they set one up.",
            "{number} owners have no second step: who reads their mailboxes may do everything "
            "here once they set one up.",
            now.owners_without_second_step,
        )
        yield _at_the_team(
            words.format(number=formats.number(now.owners_without_second_step)),
            _("They sign in and add a passkey or an authenticator app, today."),
        )
    others = now.without_second_step
    if others:
        words = ngettext(
            "{number} person with a role has signed in and set up no second step: whoever reads "
            "their mailbox could do it in their place.",
            "{number} people with a role have signed in and set up no second step: whoever reads "
            "their mailboxes could do it in their place.",
            others,
        )
        yield _at_the_team(
            words.format(number=formats.number(others)),
            _("Ask them to add a passkey or an authenticator app, or end their role."),
        )
    if not others and not now.owners_without_second_step and now.owners:
        yield well(_("Everybody with a role who has come has a second step."))


def _unused(now: Standing) -> Iterator[Finding]:
    if now.unending_unseen:
        words = ngettext(
            "{number} person has a role without an end and has not signed in for 90 days: rights "
            "that nobody uses are rights that nobody misses.",
            "{number} people have a role without an end and have not signed in for 90 days: "
            "rights that nobody uses are rights that nobody misses.",
            now.unending_unseen,
        )
        yield _at_the_team(
            words.format(number=formats.number(now.unending_unseen)),
            _("End these roles, or give them an end."),
        )
    if now.never_came:
        words = ngettext(
            "{number} person was invited two weeks ago or earlier and has never come.",
            "{number} people were invited two weeks ago or earlier and have never come.",
            now.never_came,
        )
        yield _at_the_team(
            words.format(number=formats.number(now.never_came)),
            _("Perhaps the address is wrong and somebody else reads it. Ask, or close it."),
        )


QUESTIONS = (everybody,)
