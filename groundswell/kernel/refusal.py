"""A refusal is an expected "no" with a sentence for the person. Anything else raised is a bug."""

from __future__ import annotations

from django.utils.functional import Promise


class Refusal(Exception):
    """Raised by operations; shown to the person; nothing has been written.

    Subclasses are named as sentences (``EventIsFull``) and set ``sentence``, a whole translated
    sentence that says what to do next. ``field`` names the form field it belongs to, if one.
    """

    sentence: str | Promise = ""
    field: str | None = None

    def __init__(self, sentence: str | Promise | None = None, *, field: str | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        if field is not None:
            self.field = field
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return str(self.sentence)
