"""13: every sentence stands in every language that the house speaks, whole and well formed."""

from __future__ import annotations

import copy
import importlib.util
import sys
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message

from tests.house import source


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", source.ROOT / "tools/messages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


messages = _tool()
ARABIC = messages.PLURALS["ar"].partition("plural=")[2].rstrip(";")
ONE_OR_MORE = "(n > 1)"


@pytest.fixture(scope="module")
def template() -> Catalog:
    return messages.collected()  # type: ignore[no-any-return]  # Babel has no types here


@pytest.mark.parametrize("language", messages.languages())
def test_every_sentence_is_translated(language: str, template: Catalog) -> None:
    found = list(messages.troubles(language, template))

    assert len(template) > 1000
    assert found == [], "\n".join(found)


def _faults(
    told: str | tuple[str, str], text: str | tuple[str, ...], language: str, *, fuzzy: bool = False
) -> list[str]:
    message = Message(told, text, flags=["fuzzy"] if fuzzy else [])
    return list(messages.faults(message, language, ARABIC if language == "ar" else ONE_OR_MORE))


EVENTS = ("{number} event", "{number} events")
ARABIC_EVENTS = (
    "لا لقاءات", "لقاء واحد", "لقاءان",
    "{number} لقاءات", "{number} لقاءً", "{number} لقاء",
)  # fmt: skip
NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("told", "text", "language", "fault"),
    [
        ("Save", "", "fr", "not translated, or marked fuzzy"),
        (EVENTS, ("{number} événement", ""), "fr", "not translated, or marked fuzzy"),
        (EVENTS, ("{number} لقاء",) * 5, "ar", "lacks a plural form, or has one too many"),
        ("In {town}.", "En {pueblo}.", "es", "leaves out ['town']"),
        ("%(name)s is here", "Está aquí", "es", "leaves out ['name']"),
        (EVENTS, ("un événement", "{number} événements"), "fr", "leaves out ['number']"),
        ("%(share)s of it", "%(share)s % de", "es", "cannot be filled in: a % or a brace is wrong"),
        ("<b>%(done)s</b> done", "<i>%(done)s</i> hecho", "es", "has other tags"),
        ("One.\nTwo.", "Uno. Dos.", "es", "has other line breaks"),
        ("Ready.", "Listo", "es", "begins or ends with another space or mark"),
        ("Where?", "أين", "ar", "begins or ends with another space or mark"),
        ("and more", " y más", "es", "begins or ends with another space or mark"),
        ("Where?", "أين?", "ar", "uses a Latin mark where Arabic has its own"),
        ("At 11", "في ١١", "ar", "uses other digits than 0 to 9"),
        ("Where?", "Où ?", "fr", "needs a no-break space beside a double mark"),
        ("The house", "L'hôte", "fr", "uses a straight apostrophe"),
        ("Say “yes”", "Di “sí”", "es", "uses quotation marks of another language"),
        ("Thank you", "¡Gracias!", "es", "shouts: the house uses no exclamation marks"),
        ("Is it? Yes", "Es así? Sí", "es", "has a question without both of its marks"),
    ],
)
def test_a_broken_translation_is_found(
    told: str | tuple[str, str], text: str | tuple[str, ...], language: str, fault: str
) -> None:
    assert fault in _faults(told, text, language)


def test_a_fuzzy_translation_is_found() -> None:
    assert _faults("Save", "Guardar", "es", fuzzy=True) == ["not translated, or marked fuzzy"]


@pytest.mark.parametrize(
    ("told", "text", "language"),
    [
        (
            EVENTS,
            ARABIC_EVENTS,
            "ar",
        ),
        ("Where do you live?", "أين تسكن؟", "ar"),
        ("Where? <b>%(here)s</b>", f"Où{NBSP}? <b>%(here)s</b>", "fr"),
        ("Add ?source= to it.", "Añade ?source= a esto.", "es"),
    ],
)
def test_a_good_translation_passes(
    told: str | tuple[str, str], text: str | tuple[str, ...], language: str
) -> None:
    assert _faults(told, text, language) == []


def test_a_catalogue_that_is_behind_the_code_is_found(template: Catalog) -> None:
    ahead = copy.deepcopy(template)
    ahead.add("A sentence that nobody has translated.")

    found = set(messages.troubles("es", ahead)) - set(messages.troubles("es", template))

    assert "not translated, or marked fuzzy: 'A sentence that nobody has translated.'" in found


def test_a_name_given_to_gettext_hides_no_sentence() -> None:
    code = "from django.utils.translation import gettext as _now, ngettext\n"

    assert messages.other_names(code) == {"_now": "gettext"}
