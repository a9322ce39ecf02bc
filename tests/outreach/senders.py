"""A sender for tests of delivery: it takes notes, and answers what it is told to answer.

It stands where another machine would stand; nothing of our own is replaced.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from groundswell.outreach.mail.mime import Mail
from groundswell.outreach.senders.contract import Outcome, Result

TAKEN = Outcome(Result.TAKEN)


class NotingSender:
    """Notes each mail; ``answers`` are given in turn, the last one for ever."""

    name = "noting"

    def __init__(
        self,
        *answers: Outcome,
        is_idempotent: bool = False,
        is_askable: bool = False,
        known: Result | None = None,
    ) -> None:
        self.is_idempotent = is_idempotent
        self.is_askable = is_askable
        self.known = known
        self.mails: list[Mail] = []
        self.contents: list[bytes] = []
        self.when_sending: Callable[[Mail], None] | None = None
        self._answers = list(answers) or [TAKEN]

    def send(self, mail: Mail, content: bytes) -> Outcome:
        self.mails.append(mail)
        self.contents.append(content)
        if self.when_sending is not None:
            self.when_sending(mail)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def ask(self, provider_ref: str) -> Result | None:
        return self.known

    def kinds(self) -> list[str]:
        return [mail.kind for mail in self.mails]


def use(monkeypatch: pytest.MonkeyPatch, sender: NotingSender | None) -> None:
    """Let this sender be the installation's."""
    from groundswell.outreach import senders

    monkeypatch.setattr(senders, "current", lambda: sender)
