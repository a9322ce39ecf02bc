"""The content of a form: its texts in each language, what it asks, and under which condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

QUESTIONS_MOST, CHOICES_MOST = 30, 30
LABEL_MOST, TITLE_MOST, INTRO_MOST, CONSENT_MOST = 200, 120, 8000, 400


class Kind(StrEnum):
    """How a question is answered."""

    SHORT = "short"
    LONG = "long"
    ONE = "one"
    MANY = "many"
    NUMBER = "number"
    DATE = "date"
    YES = "yes"


# A condition can ask about these: their answers are known beforehand.
CHOSEN = frozenset({Kind.ONE, Kind.MANY, Kind.YES})


class Ask(StrEnum):
    """Whether a part of the person is asked for. First name and e-mail always are."""

    NO = "no"
    MAY = "may"
    MUST = "must"


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of a form in one language; the introduction is Markdown."""

    title: str = ""
    intro: str = ""
    button: str = ""
    thanks: str = ""
    consent: str = ""  # what is agreed to; "" for the house's own sentence


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer; ``tag`` goes onto whoever gives it."""

    key: str
    labels: Mapping[str, str]
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask only those who gave this answer to an earlier question ("yes" of a yes-question)."""

    question: str
    choice: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``writes`` is the key of a custom field that takes the answer."""

    key: str
    kind: Kind
    labels: Mapping[str, str]
    is_required: bool = False
    choices: tuple[Choice, ...] = ()
    only_if: Condition | None = None
    writes: str = ""
    tag: str = ""  # for the answer "yes"

    def choice(self, key: str) -> Choice | None:
        return next((one for one in self.choices if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a version of a form is."""

    texts: Mapping[str, Texts] = field(default_factory=dict)
    family: Ask = Ask.NO
    phone: Ask = Ask.NO
    postcode: Ask = Ask.NO
    purpose: str = ""  # people.models.Consent.Purpose; "": the form asks for no consent
    about_id: int = 0  # the campaign or the topic of the consent
    country: str = ""  # where its people live, if that is one country
    tags: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()

    def question(self, key: str) -> Question | None:
        return next((one for one in self.questions if one.key == key), None)

    def texts_in(self, language: str, languages: list[str]) -> Texts:
        """The words for a reader; what is missing in their language comes from the first."""
        first = self.texts.get(languages[0] if languages else "en", Texts())
        own = self.texts.get(language) or self.texts.get(language.split("-")[0]) or Texts()
        names = ("title", "intro", "button", "thanks", "consent")
        return Texts(**{name: getattr(own, name) or getattr(first, name) for name in names})

    def lacking(self, languages: list[str]) -> list[str]:
        """The languages in which something is not written that the first one has."""
        labels = [one.labels for one in self.questions]
        labels += [choice.labels for one in self.questions for choice in one.choices]
        whole = {name for name, text in self._words(languages[0]).items() if text}
        return [
            code
            for code in languages[1:]
            if any(not self._words(code)[name] for name in whole)
            or any(not each.get(code) for each in labels)
        ]

    def _words(self, language: str) -> dict[str, str]:
        return asdict(self.texts.get(language, Texts()))

    def with_question(self, question: Question) -> Content:
        """With this question in the place of its namesake, or at the end."""
        if self.question(question.key) is None:
            return replace(self, questions=(*self.questions, question))
        kept = tuple(question if one.key == question.key else one for one in self.questions)
        return replace(self, questions=kept)

    def without(self, key: str) -> Content:
        return replace(self, questions=tuple(one for one in self.questions if one.key != key))

    def moved(self, key: str, steps: int) -> Content:
        """With a question one place up (-1) or down (+1); at an end nothing moves."""
        rows = list(self.questions)
        at = next((number for number, one in enumerate(rows) if one.key == key), None)
        if at is None or not 0 <= at + steps < len(rows):
            return self
        rows[at], rows[at + steps] = rows[at + steps], rows[at]
        return replace(self, questions=tuple(rows))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def of_json(told: Mapping[str, Any]) -> Content:
    """The content that :meth:`Content.as_json` wrote."""
    return Content(
        texts={code: Texts(**words) for code, words in told["texts"].items()},
        family=Ask(told["family"]),
        phone=Ask(told["phone"]),
        postcode=Ask(told["postcode"]),
        purpose=told["purpose"],
        about_id=told["about_id"],
        country=told["country"],
        tags=tuple(told["tags"]),
        questions=tuple(_question(one) for one in told["questions"]),
    )


def _question(told: Mapping[str, Any]) -> Question:
    return Question(
        key=told["key"],
        kind=Kind(told["kind"]),
        labels=told["labels"],
        is_required=told["is_required"],
        choices=tuple(Choice(**one) for one in told["choices"]),
        only_if=Condition(**told["only_if"]) if told["only_if"] else None,
        writes=told["writes"],
        tag=told["tag"],
    )
