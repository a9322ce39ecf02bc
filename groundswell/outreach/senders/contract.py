"""What a sender promises, and the four things that can come of handing a mail over."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from groundswell.outreach.mail.mime import Mail


class Result(StrEnum):
    """What is known after a hand-over."""

    TAKEN = "taken"  # the other side has it, by its own word
    NOT_NOW = "not_now"  # it surely has not got it; another time may do
    NEVER = "never"  # it refused for good
    PERHAPS = "perhaps"  # the mail had left when the connection failed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail. ``code`` is short and holds no words of the other side.

    ``is_bounce``: the address does not exist. ``is_our_trouble``: nothing is wrong with this mail
    or its address; the sender itself cannot work now (no connection, sign-in refused).
    """

    result: Result
    code: str = ""
    is_bounce: bool = False
    is_our_trouble: bool = False


class Sender(Protocol):
    """A way out of the house.

    ``is_idempotent``: handing the same ``provider_ref`` over twice delivers once.
    ``is_askable``: it can be asked later what became of a ``provider_ref``.
    """

    name: str
    is_idempotent: bool
    is_askable: bool

    def send(self, mail: Mail, content: bytes) -> Outcome:
        """Hand one mail over; ``content`` is its bytes.

        Takes twice TIMEOUT_SECONDS at most. Raises nothing for what the other side or the
        network does.
        """
        ...

    def ask(self, provider_ref: str) -> Result | None:
        """What became of it; None when the other side does not know (yet). Only if askable."""
        ...


# One hand-over may take this long on a connection that stands, and opening one as long again.
TIMEOUT_SECONDS = 30.0
