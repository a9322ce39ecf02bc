"""The installation's own questions, and the topics people can ask to hear about."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.people import fields
from groundswell.people.models import Field, Topic
from groundswell.people.operations import building, questions
from groundswell.web import guards
from groundswell.web.forms import Card, Choice, Line, OneOf, Paragraphs, PlainForm, Yes
from groundswell.web.requests import HouseRequest

KIND_WORDS = {
    Field.Kind.TEXT: Card(gettext_lazy("Words"), gettext_lazy("At most 200 characters.")),
    Field.Kind.NUMBER: Card(gettext_lazy("A number")),
    Field.Kind.DATE: Card(gettext_lazy("A day")),
    Field.Kind.YES: Card(gettext_lazy("Yes or no")),
    Field.Kind.ONE: Card(gettext_lazy("One of several answers")),
    Field.Kind.MANY: Card(gettext_lazy("Any of several answers")),
}
DEPTH_WORDS = [
    (Right.SEE_NAMES.value, gettext_lazy("Everybody of the team who sees their name")),
    (Right.SEE_CONTACTS.value, gettext_lazy("Only who may open their address")),
    (Right.SEE_ALL.value, gettext_lazy("Only organisers, data managers and owners")),
]


def _label_fields(form: PlainForm) -> None:
    """One line for each language of the installation; one of them is enough."""
    for code, _name in settings.LANGUAGES:
        form.fields[f"label_{code}"] = Line(
            label=_("What it is called: {language}").format(language=formats.endonym(code)),
            max_length=questions.LABEL_MOST,
            required=False,
        )


def _labels(form: PlainForm) -> dict[str, str]:
    return {code: form.cleaned_data[f"label_{code}"] for code, _name in settings.LANGUAGES}


def _known_labels(texts: dict[str, str]) -> dict[str, str]:
    return {f"label_{code}": text for code, text in texts.items()}


def _choice_fields(form: PlainForm) -> None:
    """The answers to choose from: line by line the same ones in each language."""
    for number, (code, _name) in enumerate(settings.LANGUAGES):
        form.fields[f"choices_{code}"] = Paragraphs(
            label=_("Answers to choose from: {language}").format(language=formats.endonym(code)),
            help_text=_("The same lines, translated.") if number else _("One on each line."),
            rows=4,
            required=False,
        )
        widget = form.fields[f"choices_{code}"].widget
        widget.attrs |= {"lang": code, "dir": formats.direction(code)}


def _lines(told: dict[str, Any], code: str) -> list[str]:
    return [line for line in told.get(f"choices_{code}", "").splitlines() if line.strip()]


def _choices(told: dict[str, Any]) -> list[dict[str, str]]:
    """Each answer with its words by language."""
    by_language = [
        [(code, line) for line in _lines(told, code)] for code, _name in settings.LANGUAGES
    ]
    return [dict(row) for row in zip(*filter(None, by_language), strict=True)]


def _known_choices(found: Field) -> dict[str, str]:
    """What stands in the lines. A language in which an answer has no words shows the words that
    people read there."""
    known = {}
    for code, _name in settings.LANGUAGES:
        if any(code in each["labels"] for each in found.choices):
            with override(code):
                lines = [fields.in_language(each["labels"]) for each in found.choices]
            known[f"choices_{code}"] = "\n".join(lines)
    return known


class _Labelled(PlainForm):
    """A form with a label in each language."""

    def refuse(self, refusal: Refusal) -> None:
        """Trouble with the label stands beside that of the first language."""
        if refusal.field == "label":
            self.add_error(f"label_{settings.LANGUAGES[0][0]}", str(refusal))
            return
        super().refuse(refusal)


class QuestionForm(_Labelled):
    """One question: its words, what kind of answer, who reads and writes it."""

    kind = OneOf(label=gettext_lazy("What kind of answer?"), choices=list(KIND_WORDS.items()))
    sees = Choice(label=gettext_lazy("Who reads the answers?"), choices=DEPTH_WORDS)
    writes = Choice(label=gettext_lazy("Who writes them?"), choices=DEPTH_WORDS)
    is_private = Yes(
        label=gettext_lazy("Seal the answers: nobody can search by them, and a thief reads nothing")
    )

    def __init__(self, *args: Any, before: Field | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rest = list(self.fields)
        _label_fields(self)
        _choice_fields(self)
        labels = [name for name in self.fields if name.startswith("label_")]
        choices = [name for name in self.fields if name.startswith("choices_")]
        self.order_fields([*labels, "kind", *choices, *rest])
        if before is not None:
            del self.fields["kind"], self.fields["is_private"]
        if before is not None and before.kind not in {Field.Kind.ONE, Field.Kind.MANY}:
            for name in choices:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Lines that stand for one another must be as many in every language."""
        told = super().clean() or {}
        lines = {code: _lines(told, code) for code, _name in settings.LANGUAGES}
        most = max(map(len, lines.values()))
        for code, some in lines.items():
            if some and len(some) != most:
                self.add_error(f"choices_{code}", building.AnswersDoNotMatch.sentence)
        return told

    def refuse(self, refusal: Refusal) -> None:
        """Trouble with the choices stands beside those of the first language."""
        if refusal.field == "choices":
            self.add_error(f"choices_{settings.LANGUAGES[0][0]}", str(refusal))
            return
        super().refuse(refusal)

    def wanted(self, before: Field | None) -> questions.Wanted:
        told = self.cleaned_data
        return questions.Wanted(
            labels=_labels(self),
            kind=before.kind if before else told["kind"],
            sees=told["sees"],
            writes=told["writes"],
            choices=_choices(told),
            is_private=before.is_private if before else told["is_private"],
        )


class TopicForm(_Labelled):
    """One topic, by its name in each language."""

    is_closed = Yes(label=gettext_lazy("Offer it no more; who asked for it stays on the list"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label_fields(self)
        self.order_fields([*(name for name in self.fields if name != "is_closed"), "is_closed"])


@guards.office(Right.EXPORT, is_everywhere=True)
def index(request: HouseRequest) -> HttpResponse:
    """Every question and every topic."""
    rows = [
        {
            "href": reverse("office:question", args=[field.id]),
            "label": fields.label(field),
            "kind": KIND_WORDS[Field.Kind(field.kind)].title,
            "is_closed": field.is_closed,
            "is_private": field.is_private,
        }
        for field in Field.objects.order_by("is_closed", "position", "id")
    ]
    topics = [
        {
            "href": reverse("office:topic", args=[topic.id]),
            "label": fields.in_language(topic.names),
            "is_closed": topic.is_closed,
        }
        for topic in Topic.objects.order_by("is_closed", "position", "id")
    ]
    context = {"questions": rows, "topics": topics}
    return frame.page(request, "office/people/questions.html", context, current="questions")


def _page(request: HouseRequest, form: PlainForm, heading: str, **more: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "heading": heading, **more}
    return frame.page(
        request, "office/people/question.html", context, current="questions", status=status
    )


@guards.office(Right.EXPORT, is_everywhere=True, post=True)
def question(request: HouseRequest, field_id: int = 0) -> HttpResponse:
    """Add a question, change one, or close it (``do=close``; ``do=open`` asks it again)."""
    found = Field.objects.filter(id=field_id).first() if field_id else None
    if field_id and found is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    if posted is not None and found is not None and posted.get("do") in {"close", "open"}:
        is_closed = posted["do"] == "close"
        questions.set_field_closed(field_id=found.id, is_closed=is_closed, by=frame.by(request))
        messages.success(request, _("Closed. The answers stay.") if is_closed else _("Open again."))
        return HttpResponseRedirect(reverse("office:questions"))
    form = QuestionForm(posted, initial=_known(found), before=found)
    if posted is not None and form.is_valid():
        try:
            wanted = form.wanted(found)
            if found is None:
                questions.add_field(wanted=wanted, by=frame.by(request))
            else:
                questions.change_field(field_id=found.id, wanted=wanted, by=frame.by(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("office:questions"))
    heading = fields.label(found) if found else _("Add a question")
    return _page(request, form, heading, question=found)


def _known(found: Field | None) -> dict[str, Any]:
    if found is None:
        return {
            "sees": Right.SEE_CONTACTS.value,
            "writes": Right.SEE_CONTACTS.value,
            "kind": "text",
        }
    return {
        **_known_labels(found.labels),
        **_known_choices(found),
        "sees": found.sees,
        "writes": found.writes,
    }


@guards.office(Right.EXPORT, is_everywhere=True, post=True)
def topic(request: HouseRequest, topic_id: int = 0) -> HttpResponse:
    """Add a topic, or change one."""
    found = Topic.objects.filter(id=topic_id).first() if topic_id else None
    if topic_id and found is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    known = {**_known_labels(found.names), "is_closed": found.is_closed} if found else None
    form = TopicForm(posted, initial=known)
    if posted is not None and form.is_valid():
        try:
            questions.put_topic(
                topic_id=found.id if found else None,
                names=_labels(form),
                is_closed=form.cleaned_data["is_closed"],
                by=frame.by(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("office:questions"))
    return _page(request, form, fields.in_language(found.names) if found else _("Add a topic"))


urlpatterns = [
    path("people/questions/", index, name="questions"),
    path("people/questions/add/", question, name="question_add"),
    path("people/questions/<id:field_id>/", question, name="question"),
    path("people/topics/add/", topic, name="topic_add"),
    path("people/topics/<id:topic_id>/", topic, name="topic"),
]
