"""A published form as Django fields: two for everybody, and whatever its builders ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.people.fields import in_language
from groundswell.people.forms import answers as answering
from groundswell.people.forms.content import Ask, Content, Kind, Question, Texts
from groundswell.people.operations import filling
from groundswell.people.operations.sources import CameBy
from groundswell.people.wordings import WORDINGS
from groundswell.web.forms import Email, FirstName, Line, Paragraphs, Phone, PlainForm, Yes


@dataclass(frozen=True, slots=True)
class Row:
    """A question in the page; ``only_if``: the sentence that stands above a conditional one, and
    the field and value that a script looks at to hide it."""

    field: BoundField
    only_if: str = ""
    looks_at: str = ""
    wants: str = ""


class FillForm(PlainForm):
    """What a visitor fills in. The room reads the answers (people/forms/answers.py)."""

    given = FirstName()
    email = Email()

    def __init__(self, data: QueryDict | None, *, content: Content, texts: Texts) -> None:
        super().__init__(data)
        self.content = content
        answers = answering.read(content, self._lists())[0] if data is not None else None
        if content.family != Ask.NO:
            self.fields["family"] = Line(
                label=gettext_lazy("Last name"),
                autocomplete="family-name",
                max_length=60,
                required=content.family == Ask.MUST,
                error_messages={"required": filling.FamilyNameIsMissing.sentence},
            )
        if content.phone != Ask.NO:
            self.fields["phone"] = Phone(
                help_text=gettext_lazy("Begin with the country code, such as +44."),
                required=content.phone == Ask.MUST,
            )
        if content.postcode != Ask.NO:
            self.fields["postcode"] = Line(
                label=gettext_lazy("Postcode"),
                autocomplete="postal-code",
                max_length=filling.POSTCODE_MOST,
                required=content.postcode == Ask.MUST,
                error_messages={"required": filling.PostcodeIsMissing.sentence},
            )
        for question in content.questions:
            field = _field(question)
            is_asked = answers is None or answering.is_asked(question, answers)
            field.required = question.is_required and is_asked
            self.fields[_name(question)] = field
        if content.purpose:
            self.fields["agree"] = Yes(label=texts.consent or WORDINGS["form-news-1"])

    def _lists(self) -> dict[str, list[str]]:
        data = self.data
        assert isinstance(data, QueryDict)
        return {one.key: data.getlist(_name(one)) for one in self.content.questions}

    def clean(self) -> dict[str, Any]:
        """Each answer as the room reads it; its refusal beside its question."""
        found = super().clean() or {}
        _answers, wrong = answering.read(self.content, self._lists())
        for key, refusal in wrong.items():
            if f"q_{key}" not in self.errors:
                self.add_error(f"q_{key}", str(refusal))
        return found

    def refuse_answer(self, refusal: Any) -> None:
        """A refusal of the operation, beside the question that it names."""
        if refusal.field and self.content.question(refusal.field):
            self.add_error(f"q_{refusal.field}", str(refusal))
        else:
            self.refuse(refusal)

    def about_them(self) -> list[BoundField]:
        """Who they are: the fields in the order of the page."""
        names = ("given", "family", "email", "phone", "postcode")
        return [self[name] for name in names if name in self.fields]

    def rows(self) -> Iterator[Row]:
        """The questions, each with the sentence of its condition."""
        for question in self.content.questions:
            bound = self[_name(question)]
            condition = question.only_if
            asked = self.content.question(condition.question) if condition else None
            if condition is None or asked is None:
                yield Row(bound)
                continue
            choice = asked.choice(condition.choice)
            answer = in_language(dict(choice.labels)) if choice else _("Yes")
            sentence = _("Only if you answered “{answer}” to “{question}”:").format(
                answer=answer, question=in_language(dict(asked.labels))
            )
            wants = "on" if asked.kind == Kind.YES else condition.choice
            yield Row(bound, sentence, _name(asked), wants)

    def filled(self, language: str, source: dict[str, str]) -> filling.Filled:
        """What was typed, for the operation."""
        given = self.cleaned_data
        return filling.Filled(
            given=given["given"],
            email=given["email"],
            family=given.get("family", ""),
            phone=given.get("phone", ""),
            postcode=given.get("postcode", ""),
            has_agreed=given.get("agree", False),
            language=language,
            answers=self._lists(),
            came_by=CameBy.read(source),
        )


def _name(question: Question) -> str:
    return f"q_{question.key}"


def _field(question: Question) -> forms.Field:
    label = in_language(dict(question.labels))
    wrong: dict[str, Any] = {
        "required": str(answering.AnswerIsMissing(label)),
        "invalid_choice": answering.ChooseAnAnswer.sentence,
    }
    choices = [(one.key, in_language(dict(one.labels))) for one in question.choices]
    match question.kind:
        case Kind.ONE:
            return forms.ChoiceField(
                label=label, choices=choices, widget=forms.RadioSelect, error_messages=wrong
            )
        case Kind.MANY:
            boxes = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(
                label=label, choices=choices, widget=boxes, error_messages=wrong
            )
        case Kind.YES:
            return forms.BooleanField(label=label, error_messages=wrong)
        case Kind.LONG:
            most = answering.LONG_MOST
            return Paragraphs(label=label, max_length=most, error_messages=wrong)
    field = Line(label=label, max_length=answering.SHORT_MOST, error_messages=wrong)
    if question.kind == Kind.NUMBER:
        field.widget.attrs |= {"inputmode": "decimal", "dir": "ltr"}
    if question.kind == Kind.DATE:
        field.widget = forms.TextInput(attrs={"type": "date", "dir": "ltr"})
    return field
