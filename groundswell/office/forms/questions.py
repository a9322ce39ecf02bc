"""Adding and changing a question of a form. Moving and removing: the buttons of the form's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel import formats
from groundswell.kernel.ids import new_slug
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.forms.index import form_or_404
from groundswell.office.forms.one import QUESTION_KINDS, edit_page
from groundswell.people import fields, form_queries
from groundswell.people.forms import content as contents
from groundswell.people.forms.content import CHOSEN, Condition, Content, Kind, Question
from groundswell.people.forms.content import Choice as Answer
from groundswell.people.models import Field, Form
from groundswell.people.operations import building
from groundswell.web import guards
from groundswell.web.forms import Choice, Line, Paragraphs, PlainForm, Yes
from groundswell.web.requests import HouseRequest


class QuestionForm(PlainForm):
    """One question: its words and answers in each language, when it is asked, where it goes."""

    kind = Choice(label=gettext_lazy("How is it answered?"), choices=list(QUESTION_KINDS.items()))
    is_required = Yes(label=gettext_lazy("It must be answered"))
    only_if = Choice(label=gettext_lazy("Ask it"), required=False)
    writes = Choice(
        label=gettext_lazy("Keep the answer in the field"),
        help_text=gettext_lazy("A field of choices brings its own answers with it."),
        required=False,
    )
    tags = Paragraphs(
        label=gettext_lazy("Tags for the answers"),
        help_text=gettext_lazy(
            "One on each line, in the order of the answers; a line may be empty."
        ),
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, found: Form, content: Content, key: str, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.codes: list[str] = found.languages
        words: dict[str, Any] = {}
        for number, code in enumerate(self.codes):
            words |= self._fields_in(code, is_first=number == 0)
        self.fields = {**words, **self.fields}
        earlier = _earlier(content, key)
        conditions = [("", _("Everybody")), *earlier]
        self.fields["only_if"].choices = conditions  # type: ignore[attr-defined]  # a choice field
        own = Field.objects.filter(is_closed=False).order_by("position", "id")
        kept = [(one.key, fields.label(one)) for one in own]
        nowhere = [("", _("With the form only, sealed")), *kept]
        self.fields["writes"].choices = nowhere  # type: ignore[attr-defined]  # as above

    def _fields_in(self, code: str, *, is_first: bool) -> dict[str, Any]:
        name = formats.endonym(code)
        wrong = {"required": building.QuestionNeedsWords.sentence}
        label = Line(
            label=_("Question: {language}").format(language=name),
            required=is_first,
            max_length=contents.LABEL_MOST,
            error_messages=wrong,
        )
        choices = Paragraphs(
            label=_("Answers to choose from: {language}").format(language=name),
            help_text=_("One on each line.") if is_first else _("The same lines, translated."),
            rows=4,
            required=False,
        )
        for field in (label, choices):
            field.widget.attrs |= {"lang": code, "dir": formats.direction(code)}
        return {f"label_{code}": label, f"choices_{code}": choices}

    def question(self, key: str, before: Question | None) -> Question:
        """What was typed, as the room knows questions. Raises AnswersDoNotMatch."""
        given = self.cleaned_data
        condition, _colon, choice = given["only_if"].partition(":")
        kind, tags = Kind(given["kind"]), given["tags"].splitlines()
        is_yes = kind == Kind.YES
        return Question(
            key=key,
            kind=kind,
            labels={code: given[f"label_{code}"] for code in self.codes if given[f"label_{code}"]},
            is_required=given["is_required"],
            choices=() if is_yes else self._choices(given, before, tags),
            only_if=Condition(condition, choice) if condition else None,
            writes=given["writes"],
            tag=tags[0].strip()[:80] if is_yes and tags else "",
        )

    def _choices(
        self, given: Mapping[str, Any], before: Question | None, tags: list[str]
    ) -> tuple[Answer, ...]:
        lines = {
            code: [one.strip() for one in given[f"choices_{code}"].splitlines() if one.strip()]
            for code in self.codes
        }
        of_field = building.choices_of_field(given["writes"]) if given["writes"] else ()
        if of_field:
            return tuple(
                Answer(one.key, one.labels, _tag(tags, number))
                for number, one in enumerate(of_field)
            )
        first = lines[self.codes[0]]
        if any(len(others) not in {0, len(first)} for others in lines.values()):
            raise building.AnswersDoNotMatch(field=f"choices_{self.codes[0]}")
        keys = _keys(first, before, self.codes[0])
        return tuple(
            Answer(
                key,
                {code: those[number][:200] for code, those in lines.items() if those},
                _tag(tags, number),
            )
            for number, key in enumerate(keys)
        )


def _tag(tags: list[str], number: int) -> str:
    return tags[number].strip()[:80] if number < len(tags) else ""


def _keys(lines: list[str], before: Question | None, code: str) -> list[str]:
    """A line that was there keeps its key; one that took the place of a line that went is the same
    answer in better words; any other is new."""
    old = {one.labels.get(code, ""): one.key for one in before.choices} if before else {}
    at = [one.key for one in before.choices] if before else []
    gone = {key for text, key in old.items() if text not in lines}
    is_renaming = len(at) == len(lines)
    keys = []
    for number, text in enumerate(lines):
        known = old.get(text)
        if known is None and is_renaming and at[number] in gone:
            known = at[number]
        keys.append(known if known and known not in keys else new_slug(6))
    return keys


def _earlier(content: Content, key: str) -> list[tuple[str, str]]:
    """Answers to the questions above this one, of which it can follow."""
    found = []
    for question in content.questions:
        if question.key == key:
            break
        if question.kind not in CHOSEN:
            continue
        label = fields.in_language(dict(question.labels))
        answers = [(one.key, fields.in_language(dict(one.labels))) for one in question.choices]
        for choice, words in answers if question.kind != Kind.YES else [("yes", _("Yes"))]:
            sentence = _("Only if they answered “{answer}” to “{question}”")
            found.append(
                (f"{question.key}:{choice}", sentence.format(answer=words, question=label))
            )
    return found


def _initial(question: Question | None, codes: list[str]) -> dict[str, Any]:
    if question is None:
        return {"kind": Kind.SHORT}
    condition = question.only_if
    told = {
        "kind": question.kind,
        "is_required": question.is_required,
        "only_if": f"{condition.question}:{condition.choice}" if condition else "",
        "writes": question.writes,
        "tags": question.tag or "\n".join(one.tag for one in question.choices),
    }
    for code in codes:
        told[f"label_{code}"] = question.labels.get(code, "")
        lines = [one.labels.get(code, "") for one in question.choices]
        told[f"choices_{code}"] = "\n".join(lines).strip()
    return told


def _edit(request: HouseRequest, found: Form, before: Question | None) -> HttpResponse:
    content = form_queries.draft(found)
    key = before.key if before else new_slug(6)
    data = request.POST if request.method == "POST" else None
    initial = _initial(before, found.languages)
    form = QuestionForm(data, found=found, content=content, key=key, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            question = form.question(key, before)
            building.put_question(form_id=found.id, question=question, by=frame.by(request))
        except Refusal as refusal:
            if refusal.field in {"label", "choices"}:
                refusal.field = f"{refusal.field}_{found.languages[0]}"
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved. Visitors see it once you publish."))
            return HttpResponseRedirect(reverse("office:form", args=[found.slug]))
    return edit_page(request, found, form, _("Question"))


@guards.office(Right.TAKE_IN, post=True, is_everywhere=True)
def add(request: HouseRequest, form_slug: str) -> HttpResponse:
    """A new question, at the end."""
    return _edit(request, form_or_404(form_slug), None)


@guards.office(Right.TAKE_IN, post=True, is_everywhere=True)
def question(request: HouseRequest, form_slug: str, question_key: str) -> HttpResponse:
    """Change a question."""
    found = form_or_404(form_slug)
    before = form_queries.draft(found).question(question_key)
    if before is None:
        raise Http404
    return _edit(request, found, before)


urlpatterns = [
    path("forms/<slug:form_slug>/questions/add/", add, name="form_question_add"),
    path("forms/<slug:form_slug>/questions/<slug:question_key>/", question, name="form_question"),
]
