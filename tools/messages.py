"""Collect, update, compile and check the translations, without the system's gettext.

    python tools/messages.py extract            # prints how many sentences the code holds
    python tools/messages.py update [es fr ar]  # brings the catalogues in line with the code
    python tools/messages.py compile            # writes the .mo files that Django reads
    python tools/messages.py check              # fails when a catalogue is behind, open or broken

Python is read by Babel; templates are first turned into calls by Django's own ``templatize``.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from gettext import c2py
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "groundswell"
LOCALE = PACKAGE / "locale"
SOURCE = "en"
TRANSLATION = "django.utils.translation"
# Unicode's own order of Arabic's six forms: zero, one, two, few, many, other. Babel's last two
# are the other way round.
_ARABIC = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 ? 4 : 5);"
)
PLURALS = {"ar": _ARABIC}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
NOTES = ("Translators:",)
_PLACEHOLDER = re.compile(r"\{(\w+)[^{}]*\}|%\((\w+)\)[sd]")
_TAG = re.compile(r"</?[a-z]\w*[^<>]*>")
_QUESTION = re.compile(r"\?(?!\w)")  # not the one in ?source=
# How a language writes the marks that end an English sentence.
MARKS = {"ar": {"؟": "?", "،": ",", "؛": ";"}}
EVERYWHERE = (
    (re.compile(r"!(?!\w)"), "shouts: the house uses no exclamation marks"),
    (re.compile('[“”„"]'), "uses quotation marks of another language"),
)
TYPOGRAPHY = {
    "ar": (
        (re.compile(r"\?(?!\w)|[\u0621-\u064a][,;]"), "uses a Latin mark where Arabic has its own"),
        (re.compile(r"[٠-٩۰-۹]"), "uses other digits than 0 to 9"),
    ),
    "fr": (
        (
            re.compile(r"[^\u00a0\u202f][;?!:](?=\s|$)|[^\u00a0\u202f]»|«[^\u00a0\u202f]"),
            "needs a no-break space beside a double mark",
        ),
        (re.compile("'"), "uses a straight apostrophe"),
    ),
}

Found = tuple[int, str | tuple[str, ...], list[str], str | None]


def languages() -> list[str]:
    """The languages of the settings that need a catalogue."""
    sys.path.insert(0, str(ROOT))
    os.environ["GROUNDSWELL_MODE"] = "test"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GROUNDSWELL_DATA_DIR"] = folder
        from groundswell.config.settings import LANGUAGES

    return [code for code, _name in LANGUAGES if code != SOURCE]


def _template(file: Path) -> Iterable[Found]:
    from django.utils.translation.template import templatize

    # In parentheses the tokenizer minds neither indentation nor line ends.
    source = f"({templatize(file.read_text(encoding='utf-8'), origin=str(file))}\n)"
    return extract(extract_python, BytesIO(source.encode()), KEYWORDS, NOTES, {})


def other_names(source: str) -> dict[str, str]:
    """The names under which a file imports the functions of gettext, as in ``gettext as _t``."""
    return {
        alias.asname: alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION
        for alias in node.names
        if alias.asname
    }


def _python(file: Path) -> Iterable[Found]:
    source = file.read_text(encoding="utf-8")
    renamed = {
        ours: KEYWORDS[theirs] for ours, theirs in other_names(source).items() if theirs in KEYWORDS
    }
    return extract("python", BytesIO(source.encode()), {**KEYWORDS, **renamed}, NOTES)


def _files() -> Iterator[tuple[Path, Iterable[Found]]]:
    for file in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in file.parts:
            yield file, _python(file)
    for file in sorted(PACKAGE.rglob("templates/**/*")):
        if file.suffix in {".html", ".txt", ".mjml", ".svg", ".ics"}:
            yield file, _template(file)


def collected() -> Catalog:
    """Every sentence of the code, with the files where it stands."""
    catalog = Catalog(charset="utf-8")
    for file, found in _files():
        place = (file.relative_to(ROOT).as_posix(), None)
        for _line, message, notes, context in found:
            catalog.add(message, None, [place], auto_comments=notes, context=context)
    return catalog


def _path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


_HEADER = """# Groundswell in this language. Same licence as Groundswell.
msgid ""
msgstr ""
"Project-Id-Version: Groundswell 1\\n"
"Language: {language}\\n"
{plurals}"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""
# What changes without a change of words, or names a person.
_NOISE = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To'
    rb"|Generated-By):.*\n",
    re.MULTILINE,
)


def _read(language: str) -> Catalog:
    path = _path(language)
    if not path.exists():
        forms = PLURALS.get(language)
        plurals = f'"Plural-Forms: {forms}\\n"\n' if forms else ""
        header = _HEADER.format(language=language, plurals=plurals)
        return read_po(BytesIO(header.encode()), locale=language)
    with path.open("rb") as handle:
        return read_po(handle, locale=language)


def _written(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=100, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return _NOISE.sub(b"", out.getvalue())


def _merged(language: str, template: Catalog) -> tuple[Catalog, Catalog]:
    """The catalogue as it is and as it should be; a changed sentence is translated anew."""
    before, after = _read(language), _read(language)
    after.update(template, no_fuzzy_matching=True, update_creation_date=False)
    return before, after


def extract_() -> int:
    print(f"{len(collected())} sentences.")
    return 0


def update(chosen: list[str]) -> int:
    template = collected()
    for language in chosen or languages():
        _before, after = _merged(language, template)
        path = _path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_written(after))
        still_open = sum(1 for message in after if message.id and not _is_done(message))
        print(f"{language}: {len(after)} sentences, {still_open} to translate.")
    return 0


def compile_() -> int:
    """Write each .mo that is older than its .po."""
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > path.stat().st_mtime_ns:
            continue
        with path.open("rb") as source:
            catalog = read_po(source, locale=path.parts[-3])
        temporary = target.with_suffix(".mo-new")
        with temporary.open("wb") as out:
            write_mo(out, catalog)
        temporary.replace(target)
    return 0


def _texts(value: str | Iterable[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _is_done(message: Message) -> bool:
    texts = _texts(message.string)
    return bool(texts) and all(texts) and not message.fuzzy


def _names(texts: Iterable[str]) -> set[str]:
    return {one or two for text in texts for one, two in _PLACEHOLDER.findall(text)}


def _is_well_formed(text: str, message: Message) -> bool:
    """Whether the placeholders can be filled in; a stray % or brace would break the page."""
    values = dict.fromkeys(_names(_texts(message.id)), 0)
    try:
        if message.python_format:
            text % values
        elif values:
            text.format(**values)
    except (ValueError, KeyError, TypeError, IndexError):
        return False
    return True


def _end(text: str, language: str) -> str:
    """The mark that ends a text, as English writes it; "" after a letter."""
    last = text.rstrip()[-1:]
    return last if (last := MARKS.get(language, {}).get(last, last)) in ".?!:;,…" else ""


def _ends_otherwise(text: str, told: str, language: str) -> bool:
    blanks = (len(text) - len(text.lstrip()), len(text) - len(text.rstrip()))
    return blanks != (len(told) - len(told.lstrip()), len(told) - len(told.rstrip())) or (
        _end(text, language) != _end(told, SOURCE)
    )


@cache
def _form_counts(plural_expr: str) -> Counter[int]:
    """For how many of the first thousand numbers each plural form stands."""
    return Counter(map(c2py(plural_expr), range(1000)))


def form_faults(text: str, told: str, message: Message, language: str) -> Iterator[str]:
    """What is wrong in one text of a translation; ``told`` is the English one it stands for."""
    if extra := _names([text]) - _names(_texts(message.id)):
        yield f"names {sorted(extra)}, which the sentence does not have"
    elif not _is_well_formed(text, message):
        yield "cannot be filled in: a % or a brace is wrong"
    if Counter(_TAG.findall(text)) != Counter(_TAG.findall(told)):
        yield "has other tags"
    if text.count("\n") != told.count("\n"):
        yield "has other line breaks"
    if _ends_otherwise(text, told, language):
        yield "begins or ends with another space or mark"
    for pattern, what in (*EVERYWHERE, *TYPOGRAPHY.get(language, ())):
        if pattern.search(text):
            yield what
    if language == "es" and text.count("¿") != len(_QUESTION.findall(text)):
        yield "has a question without both of its marks"


def faults(message: Message, language: str, plural_expr: str) -> Iterator[str]:
    """What is wrong with one translation, in words; nothing when it is good."""
    english, texts = _texts(message.id), _texts(message.string)
    if not _is_done(message):
        yield "not translated, or marked fuzzy"
        return
    counts = _form_counts(plural_expr)
    if len(english) > 1 and len(texts) != len(counts):
        yield "lacks a plural form, or has one too many"
        return
    of_one = c2py(plural_expr)(1)
    for form, text in enumerate(texts):
        missing = _names([english[0 if form == of_one else -1]]) - _names([text])
        # A form for one number only, such as Arabic's two, need not name it.
        if len(missing) > (len(english) > 1 and counts[form] == 1):
            yield f"leaves out {sorted(missing)}"
        yield from form_faults(text, english[-1], message, language)


def troubles(language: str, template: Catalog) -> Iterator[str]:
    """What stands between this catalogue and a page that is wholly in its language."""
    before, after = _merged(language, template)
    if {(m.context, m.id) for m in before} != {(m.context, m.id) for m in after}:
        yield "it is behind the code: run tools/messages.py update"
    plural_expr = PLURALS[language].partition("plural=")[2] if language in PLURALS else ""
    plural_expr = (plural_expr or Catalog(locale=language).plural_expr).rstrip(";")
    theirs, ours = c2py(after.plural_expr), c2py(plural_expr)
    if any(theirs(number) != ours(number) for number in range(1000)):
        yield f"its Plural-Forms should be: {plural_expr}"
        return
    for message in after:
        if message.id:
            for fault in faults(message, language, plural_expr):
                yield f"{fault}: {_texts(message.id)[0]!r}"


def check() -> int:
    template, is_bad = collected(), False
    for language in languages():
        for trouble in troubles(language, template):
            print(f"{language}: {trouble}")
            is_bad = True
    return 1 if is_bad else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("verb", choices=["extract", "update", "compile", "check"])
    parser.add_argument("language", nargs="*", help="for update: only these languages")
    chosen = parser.parse_args()
    if chosen.verb == "update":
        return update(chosen.language)
    return {"extract": extract_, "compile": compile_, "check": check}[chosen.verb]()


if __name__ == "__main__":
    sys.exit(main())
