"""The field for a code of digits, wherever one is typed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise

from groundswell.web.forms import Line


class OneTimeCode(Line):
    """Digits in any script, spaced as people like; phones offer the code from the mail."""

    def __init__(
        self, *, label: str | Promise, help_text: str | Promise, missing: str | Promise
    ) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            error_messages={"required": missing},
            autocomplete="one-time-code",
            max_length=40,
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "dir": "ltr", "spellcheck": "false"}
