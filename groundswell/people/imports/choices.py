"""What whoever imports says about a whole file, beside its columns."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NO_CONSENT = "none"
# Where the consent of the people in a file comes from.
SOURCES: dict[str, str | Promise] = {
    "list": _("They signed up to an earlier list of ours"),
    "paper": _("They signed a paper form of ours"),
    "event": _("They told us so at an event"),
    "partner": _("A partner passed them on, with their permission"),
    NO_CONSENT: _("They gave no consent: keep them without writing to them"),
}
FILL, REPLACE = "fill", "replace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """``consent`` is a key of SOURCES and must be answered; ``purpose`` and ``about_id`` say what
    they agreed to (0: all news). ``texts``: they agreed to texts too. ``ends_on``: the last day
    on which their consent holds (ISO 8601), "" where nobody set one. ``answers`` says what
    happens to fields that are answered already. ``language`` and ``country`` are for rows
    without; ``tags`` and ``source`` for every row."""

    consent: str = ""
    purpose: str = "news"
    about_id: int = 0
    texts: bool = False
    ends_on: str = ""
    answers: str = FILL
    without_contact: bool = False
    language: str = "en"
    country: str = ""
    month_first: bool = False
    tag_separator: str = ","
    tags: tuple[str, ...] = ()
    source: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is stored beside the import."""
        return {**asdict(self), "tags": list(self.tags)}

    @classmethod
    def of_json(cls, told: dict[str, Any]) -> Choices:
        return cls(**{**told, "tags": tuple(told.get("tags", ()))})
