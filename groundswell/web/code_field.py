"""What proves a second step, wherever it is asked for: a code of digits, a passkey's answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.web.forms import Line, PlainForm


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


class AppCodeForm(PlainForm):
    """The code that an authenticator app shows now."""

    code = OneTimeCode(
        label=_("Code"),
        help_text=_("6 digits from your authenticator app"),
        missing=_("Enter the code."),
    )


class PasskeyAnswer(forms.Form):
    """What a device answered (static/js/passkeys.js)."""

    answer = forms.CharField(max_length=20_000)
