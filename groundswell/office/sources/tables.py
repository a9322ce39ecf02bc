"""A table that comes as a file, or pasted: costs, and leads of ad services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from groundswell.kernel.refusal import Refusal
from groundswell.people.imports import pasting
from groundswell.web.forms import PlainForm


def lines() -> forms.Textarea:
    """Where a table is pasted: its letters run from left to right in every language."""
    return forms.Textarea(attrs={"rows": 6, "dir": "ltr", "spellcheck": "false"})


class TableForm(PlainForm):
    """A file, or else what is pasted into ``table``, which subclasses declare.

    ``missing`` is raised where there is neither.
    """

    letters_most: int
    missing: type[Refusal]

    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy("CSV, XLSX, XLS or ODS. Or paste its rows below."),
        required=False,
        widget=forms.FileInput,  # nothing is kept that a box could take away again
        error_messages={"empty": gettext_lazy("The file is empty. Choose another.")},
    )

    def given_by(self) -> str:
        """The field in which the table came."""
        return "file" if self.cleaned_data.get("file") else "table"

    def refuse(self, refusal: Refusal) -> None:
        """What is wrong with the table stands beside where it came from."""
        if refusal.field == "table":
            self.add_error(self.given_by(), str(refusal))
            return
        super().refuse(refusal)

    def text(self) -> str:
        """The table as text. Raises ``missing`` and what ``pasting.text_of`` raises."""
        if self.given_by() == "file":
            file: Any = self.cleaned_data["file"]
            return pasting.text_of(file, letters_most=self.letters_most)
        pasted: str = self.cleaned_data["table"]
        if not pasted.strip():
            raise self.missing
        return pasted
