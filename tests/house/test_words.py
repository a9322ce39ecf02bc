"""12: sentences that translators can translate, and templates that a strict policy lets through."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house import source

GETTEXT = {
    "_", "_t", "_l", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy",
    "pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy",
}  # fmt: skip
_POSITIONAL = re.compile(r"\{\}|\{\d+\}|%[sd]")


def traps(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Calls of gettext with something other than whole sentences with named placeholders."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or source.dotted(node.func) not in GETTEXT:
            continue
        count = 3 if "npgettext" in source.dotted(node.func) else 2
        is_plural = source.dotted(node.func).startswith("n") and "gettext" in source.dotted(
            node.func
        )
        has_context = "pgettext" in source.dotted(node.func)
        sentences = node.args[: count if is_plural or has_context else 1]
        for sentence in sentences:
            if isinstance(sentence, ast.JoinedStr):
                yield node.lineno, "an f-string is never found in a catalogue"
            elif not isinstance(sentence, ast.Constant) or not isinstance(sentence.value, str):
                yield node.lineno, "only a plain text can be collected for translators"
            elif _POSITIONAL.search(sentence.value):
                yield node.lineno, "placeholders need names, so translators can move them"
        if is_plural and len(sentences) >= 2:
            one, many = (
                set(re.findall(r"\{(\w+)", str(ast.literal_eval(part))))
                for part in sentences[-2:]
                if isinstance(part, ast.Constant)
            )
            if not one <= many:
                yield node.lineno, "the singular names something that the plural does not"


def test_every_sentence_can_be_translated() -> None:
    found = [
        f"{source.name(path)}:{line} {what}"
        for path in source.python("groundswell")
        for line, what in traps(source.tree(path))
    ]

    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("_(f'Hello {name}')", "an f-string is never found in a catalogue"),
        ("_('Hello ' + name)", "only a plain text can be collected for translators"),
        ("_('Hello %s' % name)", "only a plain text can be collected for translators"),
        ("_('Hello {}').format(name)", "placeholders need names, so translators can move them"),
        (
            "ngettext('{n} of {all}', '{n} people', 2)",
            "the singular names something that the plural does not",
        ),
    ],
)
def test_a_trap_for_translators_is_found(line: str, finding: str) -> None:
    assert list(traps(ast.parse(line))) == [(1, finding)]


def test_whole_sentences_are_no_trap() -> None:
    good = "_('Hello {name}').format(name=name)\nngettext('{n} person', '{n} people', 2)"

    assert list(traps(ast.parse(good))) == []


# --- templates ---------------------------------------------------------------------------------

_BREAKS_THE_POLICY = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a handler attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an inline style": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(
        r"""<script(?![^>]*\ssrc=)(?![^>]*type=["']application/(?:ld\+)?json)""", re.IGNORECASE
    ),
    "an address of another origin": re.compile(
        r"""(?:href|src|srcset|action|poster|data)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?https?:"""
    ),
    "a javascript address": re.compile(r"""["'=]\s*javascript:""", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off"),
}
_COMMENTS = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)
# Mails are laid out for mail programs, which know neither our origin nor our policy.
_MAIL = ("outreach", "mail")


def broken_lines(text: str) -> Iterator[tuple[int, str]]:
    bare = _COMMENTS.sub(lambda found: "\n" * found.group().count("\n"), text)
    for what, pattern in _BREAKS_THE_POLICY.items():
        for found in pattern.finditer(bare):
            yield bare.count("\n", 0, found.start()) + 1, what


def test_no_template_breaks_the_strict_policy() -> None:
    pages = [path for path in source.templates() if path.suffix in {".html", ".svg"}]
    found = [
        f"{source.name(path)}:{line} {what}"
        for path in pages
        if not set(_MAIL) <= set(path.parts)
        for line, what in broken_lines(path.read_text(encoding="utf-8"))
    ]

    assert len(pages) > 30
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('<p style="color: red">', "a style attribute"),
        ('<a\n onclick="go()">', "a handler attribute"),
        ("<style>p {}</style>", "an inline style"),
        ("<script>go()</script>", "an inline script"),
        ('<img src="https://example.org/x.png">', "an address of another origin"),
        ('<img src="//example.org/x.png">', "an address of another origin"),
        ('<a href="javascript:go()">', "a javascript address"),
        ("{{ words|safe }}", "unescaped text"),
    ],
)
def test_a_template_that_breaks_the_policy_is_found(line: str, what: str) -> None:
    assert {found for _line, found in broken_lines(line)} == {what}


_WORD = re.compile(
    r">([^<>{}%]*[A-Za-z]{3,}[^<>{}%]*)<"
    r"""|\s(?:aria-label|alt|title|placeholder|content)=["']([A-Z][a-z]+ [^"']*)["']"""
)


def untranslated(text: str) -> Iterator[tuple[int, str]]:
    """Words between tags that pass by gettext."""
    bare = _COMMENTS.sub(lambda found: "\n" * found.group().count("\n"), text)
    bare = re.sub(
        r"{%\s*blocktrans(?:late)?.*?endblocktrans(?:late)?\s*%}",
        lambda found: "\n" * found.group().count("\n"),
        bare,
        flags=re.DOTALL,
    )
    bare = re.sub(r"{%.*?%}|{{.*?}}", "", bare)
    for found in _WORD.finditer(bare):
        words = found.group(1) or found.group(2)
        yield bare.count("\n", 0, found.start()) + 1, " ".join(words.split())


def test_every_word_of_a_page_can_be_translated() -> None:
    found = [
        f"{source.name(path)}:{line} {words!r}"
        for path in source.templates()
        if path.suffix == ".html" and not path.name.endswith(".mjml.html")
        for line, words in untranslated(path.read_text(encoding="utf-8"))
        if words not in NOT_WORDS
    ]

    assert found == [], "\n".join(found)


# Names, and the class that two bases put on the body.
NOT_WORDS = {"Groundswell", "CC BY 4.0", "GeoNames", "Natural Earth", "office", "public"}


def test_a_word_that_passes_by_translators_is_found() -> None:
    good = '{% translate "Yes" %}{% blocktranslate %}<b>No</b>{% endblocktranslate %}'
    bad = '<p>\n  Count me in</p><img alt="Two people">'

    assert list(untranslated(good)) == []
    assert list(untranslated(bad)) == [(1, "Count me in"), (2, "Two people")]
