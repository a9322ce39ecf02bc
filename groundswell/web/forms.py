"""How forms look and speak: a renderer, fields that clean what people type, and refusals.

``{{ form }}`` renders every field in the house's way: label, hint, the error above the input
with a bar at the start edge, ``aria-describedby`` and ``aria-invalid``, typed values kept.
The error summary is ``{% include "web/components/error_summary.html" %}``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line, clean_text


class PlainRenderer(TemplatesSetting):
    """Django's renderer with our templates (``settings.FORM_RENDERER``)."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"


@dataclass(frozen=True)
class Problem:
    """One line of the error summary: the sentence, and the id of the input it leads to."""

    sentence: str
    input_id: str


class PlainForm(forms.Form):
    """A form whose labels carry no colon and whose problems can be listed.

    Most fields are required, so only the optional ones say which they are.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def problems(self) -> list[Problem]:
        """The errors in the order of the fields; those of the whole form come first."""
        found = [Problem(str(error), "") for error in self.non_field_errors()]
        for bound in self:
            found += [Problem(str(error), input_id(bound)) for error in bound.errors]
        return found

    def refuse(self, refusal: Refusal) -> None:
        """Show an operation's refusal where it belongs: beside its field, or on top."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, str(refusal))


def input_id(bound: BoundField) -> str:
    """The id of the element to go to: the first choice of a group, else the input itself."""
    if isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return str(bound.id_for_label or bound.auto_id)


class Line(forms.CharField):
    """One line of text; control characters and doubled spaces are removed (kernel.text)."""

    default_error_messages = {
        "required": gettext_lazy("Fill this in."),
        "max_length": gettext_lazy(
            "Make this shorter: at most %(limit_value)d characters, now %(show_value)d."
        ),
        "min_length": gettext_lazy("Make this longer: at least %(limit_value)d characters."),
        "null_characters_not_allowed": gettext_lazy("Remove the characters that cannot be shown."),
    }

    def __init__(self, *, autocomplete: str = "", max_length: int = 200, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        if autocomplete:
            self.widget.attrs["autocomplete"] = autocomplete

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No ``maxlength``: it would cut a pasted text in silence. The error says it instead."""
        return {}

    def to_python(self, value: Any) -> str:
        if value in self.empty_values:
            return str(self.empty_value)
        return clean_line(str(value).replace("\x00", ""))

    def validate(self, value: Any) -> None:
        """Bytes of another encoding arrive as U+FFFD: a letter is lost that somebody typed."""
        super().validate(value)
        if "\ufffd" in str(value):
            raise forms.ValidationError(self.error_messages["null_characters_not_allowed"])


class Paragraphs(Line):
    """Several lines of text."""

    widget = forms.Textarea(attrs={"rows": 5})

    def __init__(self, *, rows: int = 5, max_length: int = 4000, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.widget.attrs["rows"] = rows

    def to_python(self, value: Any) -> str:
        if value in self.empty_values:
            return str(self.empty_value)
        return clean_text(str(value).replace("\x00", ""))


class FirstName(Line):
    """The name a host will see."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("First name"))
        kwargs.setdefault("error_messages", {"required": gettext_lazy("Write your first name.")})
        super().__init__(
            autocomplete="given-name", max_length=kwargs.pop("max_length", 60), **kwargs
        )

    def to_python(self, value: Any) -> str:
        """A name of nothing but invisible marks is no name."""
        name = super().to_python(value)
        return name if any(letter.isprintable() and letter != " " for letter in name) else ""


class Email(Line):
    """An e-mail address; always written left to right."""

    widget = forms.EmailInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("E-mail"))
        kwargs.setdefault(
            "error_messages", {"required": gettext_lazy("Write your e-mail address.")}
        )
        super().__init__(autocomplete="email", max_length=254, **kwargs)
        self.widget.attrs.update({"inputmode": "email", "dir": "ltr", "spellcheck": "false"})
        self.validators.append(
            EmailValidator(gettext_lazy("Finish the e-mail address, for example amina@example.org"))
        )


class Phone(Line):
    """A telephone number as typed; the people room decides what it means."""

    widget = forms.TextInput(attrs={"type": "tel"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Phone"))
        kwargs.setdefault("error_messages", {"required": gettext_lazy("Write your phone number.")})
        super().__init__(autocomplete="tel", max_length=40, **kwargs)
        self.widget.attrs.update({"type": "tel", "inputmode": "tel", "dir": "ltr"})


class Day(forms.DateField):
    """A calendar day by the browser's own picker; ISO 8601 where there is none."""

    default_error_messages = {
        "required": gettext_lazy("Choose a day."),
        "invalid": gettext_lazy("Choose a day that exists, for example 2026-12-05."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "dir": "ltr"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


class ClockTime(forms.TimeField):
    """A wall-clock time by the browser's own picker; 24 hours where there is none."""

    default_error_messages = {
        "required": gettext_lazy("Choose a time."),
        "invalid": gettext_lazy("Write the time as hours and minutes, for example 18:30."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "dir": "ltr"})
        super().__init__(widget=widget, input_formats=["%H:%M", "%H:%M:%S"], **kwargs)

    def to_python(self, value: Any) -> time | None:
        """Whole minutes: some browsers add seconds, and nobody means them."""
        found = super().to_python(value)
        return found.replace(second=0, microsecond=0) if found else None


class WholeNumber(forms.IntegerField):
    """A count; asks for digits on a phone and refuses what the database cannot hold."""

    default_error_messages = {
        "required": gettext_lazy("Write a number."),
        "invalid": gettext_lazy("Write a whole number, for example 40."),
        "max_value": gettext_lazy("Write a number of at most %(limit_value)d."),
        "min_value": gettext_lazy("Write a number of at least %(limit_value)d."),
    }

    def __init__(self, *, min_value: int = 0, max_value: int = 1_000_000, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"})
        super().__init__(min_value=min_value, max_value=max_value, widget=widget, **kwargs)

    def to_python(self, value: Any) -> int | None:
        """A number longer than any count is out of range, rather than slow to read."""
        if isinstance(value, str) and len(value.strip()) > 18:
            is_number = value.strip().isdecimal()
            sentence = self.error_messages["max_value" if is_number else "invalid"]
            raise forms.ValidationError(
                sentence, code="invalid", params={"limit_value": self.max_value}
            )
        return super().to_python(value)


class Yes(forms.BooleanField):
    """One tick box with its sentence; never required and never ticked for somebody."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)


@dataclass(frozen=True)
class Card:
    """A choice's label: its title and one line of explanation."""

    title: str | Promise
    hint: str | Promise = ""

    def __str__(self) -> str:
        return str(self.title)


class CardSelect(forms.RadioSelect):
    """Radio buttons as cards; give ``Card`` as labels for a line of explanation."""

    is_cards = True


CHOOSE: dict[str, Any] = {
    "required": gettext_lazy("Choose one."),
    "invalid_choice": gettext_lazy("Choose one of the answers shown."),
}


class Choice(forms.ChoiceField):
    """One choice of a list."""

    default_error_messages = CHOOSE


class OneOf(Choice):
    """One choice of a few, as radio cards."""

    widget = CardSelect


class Picture(forms.ImageField):
    """An uploaded picture; size in bytes is checked before it is decoded."""

    default_validators = []  # not Django's, of the file's name: what is in it counts
    default_error_messages = {
        "required": gettext_lazy("Choose a picture."),
        "invalid_image": gettext_lazy(
            "This file is not a picture. Choose a JPEG, PNG or WebP file."
        ),
        "invalid": gettext_lazy("The file did not arrive. Choose it again."),
        "empty": gettext_lazy("The file is empty. Choose another."),
    }

    def __init__(self, *, max_bytes: int = 5 * 1024 * 1024, **kwargs: Any) -> None:
        self.max_bytes = max_bytes
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = "image/jpeg,image/png,image/webp"

    def to_python(self, data: Any) -> Any:
        if data not in self.empty_values and data.size > self.max_bytes:
            size = self.max_bytes // (1024 * 1024)
            sentence = _("Choose a picture of at most {size} MB.").format(size=size)
            raise forms.ValidationError(sentence, code="too_big")
        if data not in self.empty_values and data.size:
            self._check_size(data)
        return super().to_python(data)

    def _check_size(self, data: Any) -> None:
        """A few bytes can promise billions of pixels; the name of a file promises nothing."""
        try:
            Image.open(data, formats=("PNG", "JPEG", "WEBP", "GIF"))  # reads the header only
        except Image.DecompressionBombError:
            sentence = _("This picture has too many pixels. Make it smaller, then choose it again.")
            raise forms.ValidationError(sentence, code="too_big") from None
        except (OSError, ValueError, SyntaxError) as wrong:
            # Not even shown to the decoders of the hundred formats that nobody uploads.
            refused = self.error_messages["invalid_image"]
            raise forms.ValidationError(refused, code="invalid_image") from wrong
        finally:
            data.seek(0)
