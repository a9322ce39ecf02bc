"""Reading what somebody answered: each kind in one written form, conditions heard, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line, clean_text
from groundswell.people.fields import in_language
from groundswell.people.forms.content import Content, Kind, Question

SHORT_MOST, LONG_MOST = 200, 4000
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")

Answer = str | list[str]


class AnswerIsMissing(Refusal):
    sentence = _("Please answer: “{question}”")

    def __init__(self, question: str) -> None:
        super().__init__(str(self.sentence).format(question=question))


class ChooseAnAnswer(Refusal):
    sentence = _("Choose one of the answers shown.")


class WriteANumber(Refusal):
    sentence = _("Write a number, for example 12 or 2.5.")


class WriteADay(Refusal):
    sentence = _("Choose a day that exists, for example 2026-12-05.")


class AnswerIsTooLong(Refusal):
    sentence = _("Make this shorter: it is longer than we can keep.")


def read(
    content: Content, given: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Answer], dict[str, Refusal]]:
    """The answers by the questions' keys, and what is wrong with the others.

    A question whose condition does not hold is not asked: what came for it is left out.
    """
    answers: dict[str, Answer] = {}
    wrong: dict[str, Refusal] = {}
    for question in content.questions:
        if not is_asked(question, answers):
            continue
        try:
            answer = _read_one(question, [str(one) for one in given.get(question.key, ())])
        except Refusal as refusal:
            wrong[question.key] = refusal
            continue
        if answer:
            answers[question.key] = answer
        elif question.is_required:
            wrong[question.key] = AnswerIsMissing(in_language(dict(question.labels)))
    return answers, wrong


def is_asked(question: Question, answers: Mapping[str, Answer]) -> bool:
    """Whether the answers so far lead to this question."""
    if question.only_if is None:
        return True
    answer = answers.get(question.only_if.question, "")
    return question.only_if.choice in (answer if isinstance(answer, list) else [answer])


def _read_one(question: Question, given: Sequence[str]) -> Answer:
    if question.kind == Kind.MANY:
        known = {one.key for one in question.choices}
        wanted = {one for one in given if one}
        if not wanted <= known:
            raise ChooseAnAnswer
        return [one.key for one in question.choices if one.key in wanted]
    text = given[0] if given else ""
    match question.kind:
        case Kind.LONG:
            return _short_enough(clean_text(text.replace("\x00", "")), LONG_MOST)
        case Kind.ONE:
            if text and question.choice(text) is None:
                raise ChooseAnAnswer
            return text
        case Kind.YES:
            return "yes" if text in {"on", "yes", "true", "1"} else ""
        case Kind.NUMBER:
            return _number(clean_line(text))
        case Kind.DATE:
            return _day(clean_line(text))
    return _short_enough(clean_line(text.replace("\x00", "")), SHORT_MOST)


def _short_enough(text: str, most: int) -> str:
    if len(text) > most:
        raise AnswerIsTooLong
    return text


def _number(text: str) -> str:
    """Digits of any script and a comma for a point are numbers too; kept as ``2.5``."""
    plain = "".join(str(int(one)) if one.isdecimal() else one for one in text)
    plain = plain.replace(" ", "").replace("٫", ".").replace(",", ".")
    if not plain:
        return ""
    if not _NUMBER.fullmatch(plain):
        raise WriteANumber
    try:
        found = Decimal(plain).normalize()
    except InvalidOperation as wrong:
        raise WriteANumber from wrong
    return f"{found:f}"


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as wrong:
        raise WriteADay from wrong


def chosen(content: Content, answers: Mapping[str, Answer]) -> Iterator[tuple[str, str]]:
    """Question and choice of every answer that can be counted."""
    for key, answer in answers.items():
        question = content.question(key)
        if question is None or question.kind not in {Kind.ONE, Kind.MANY, Kind.YES}:
            continue
        for one in answer if isinstance(answer, list) else [answer]:
            yield key, one


def tags(content: Content, answers: Mapping[str, Answer]) -> list[str]:
    """The tags of the form and of the answers, each once, in order."""
    found = list(content.tags)
    for key, one in chosen(content, answers):
        question = content.question(key)
        choice = question.choice(one) if question else None
        found.append((choice.tag if choice else question.tag if question else "") or "")
    return list(dict.fromkeys(tag for tag in found if tag))


def shown(content: Content, answers: Mapping[str, Any], in_language: Any) -> list[tuple[str, str]]:
    """Question and answer as they are read. ``in_language``: picks a text of several."""
    rows = []
    for question in content.questions:
        if question.key not in answers:
            continue
        answer = answers[question.key]
        labels = [
            in_language(choice.labels) if (choice := question.choice(one)) else one
            for one in (answer if isinstance(answer, list) else [answer])
        ]
        words = str(_("Yes")) if question.kind == Kind.YES else ", ".join(labels)
        rows.append((in_language(question.labels), words))
    return rows
