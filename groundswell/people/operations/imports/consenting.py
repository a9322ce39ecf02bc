"""Which lines of the consent ledger a part of an import writes.

A row can say yes only for somebody who never said no; what a row says no to is written down even
where nobody was asked before, so that no later file can say yes for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from groundswell.kernel import clock
from groundswell.kernel.ids import new_ids
from groundswell.people.imports.choices import NO_CONSENT, Choices
from groundswell.people.models import Consent
from groundswell.people.operations import consents, reach
from groundswell.people.operations.consents import Imported
from groundswell.people.operations.imports.drafts import Draft
from groundswell.people.operations.imports.held import Held, Stands

EMAIL, TEXT = Consent.Channel.EMAIL.value, Consent.Channel.TEXT.value
_NO = {"no", "never", "complained"}


@dataclass(slots=True)
class Agreed:
    """The lines of a part, and how far the new people of it may be reached."""

    lines: list[Imported] = field(default_factory=list)
    reach: dict[int, int] = field(default_factory=dict)

    @property
    def people(self) -> set[int]:
        return {line.person_id for line in self.lines}

    def of_known(self, new: Collection[int]) -> list[int]:
        """The ids of the lines of people who were known."""
        return [line.id for line in self.lines if line.person_id not in new]

    def write(self, choices: Choices) -> None:
        """Write them, in the caller's transaction."""
        consents.take_in(
            self.lines,
            purpose=choices.purpose,
            about_id=choices.about_id,
            wording=f"import-{choices.consent}-1",
            expires_at=_after(date.fromisoformat(choices.ends_on)) if choices.ends_on else None,
        )


def _after(day: date) -> datetime:
    """The first moment that is no longer this day, by the clock of the installation (UTC)."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)


def moment_of(day: date) -> datetime:
    """Noon of a day, which is that day nearly everywhere."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def lines_of(
    drafts: Sequence[Draft],
    held: Held,
    choices: Choices,
    problems: Mapping[str, str],
    *,
    import_id: int,
) -> Agreed:
    """What each draft says by e-mail and by text. ``problems``: addresses not to be written to."""
    found = Agreed()
    ids = iter(new_ids(2 * len(drafts)))
    for draft in drafts:
        for channel in (EMAIL, TEXT):
            line = _line(draft, channel, held, choices, problems, import_id, ids)
            if line is None:
                continue
            found.lines.append(line)
            if line.is_given and draft.is_new:
                bit = reach.EMAIL if channel == EMAIL else reach.TEXT
                found.reach[draft.who.id] = found.reach.get(draft.who.id, 0) | bit
    return found


def _line(
    draft: Draft,
    channel: str,
    held: Held,
    choices: Choices,
    problems: Mapping[str, str],
    import_id: int,
    ids: Iterator[int],
) -> Imported | None:
    is_email = channel == EMAIL
    addresses = draft.emails if is_email else draft.phones
    status = draft.email_status if is_email else draft.text_status
    if not addresses:
        return None
    is_given = status not in _NO
    if is_given and (
        choices.consent == NO_CONSENT
        or not _says_yes(status, choices, is_email)
        or addresses.keys() <= problems.keys()
    ):
        return None
    stands = held.consents[draft.who.id] if not draft.is_new else ()
    now_stands = _same(stands, channel, choices)
    if now_stands is not None and (now_stands.is_given == is_given or not now_stands.is_given):
        return None
    if is_given and (now_stands is not None or _said_no(stands, channel)):
        return None
    day = draft.consent_on
    at = None
    if is_given and day is not None and day < clock.now().date():
        at = moment_of(day)
    return Imported(
        next(ids), draft.who.id, channel, is_given, f"import:{import_id}:{draft.row}", at,
        now_stands.id if now_stands else None,
    )  # fmt: skip


def _says_yes(status: str, choices: Choices, is_email: bool) -> bool:
    """A file without a column of subscriptions says yes by what whoever imports answered; texts
    need a word of their own."""
    return status == "yes" or (status == "" and (is_email or choices.texts))


def _same(stands: Sequence[Stands], channel: str, choices: Choices) -> Stands | None:
    wanted = (channel, choices.purpose, choices.about_id)
    return next((s for s in stands if (s.channel, s.purpose, s.about_id) == wanted), None)


def _said_no(stands: Sequence[Stands], channel: str) -> bool:
    """To any news or campaign by this channel: a file does not undo it with another topic."""
    return any(
        not each.is_given and each.channel == channel and each.purpose in reach.BEYOND_EVENTS
        for each in stands
    )
