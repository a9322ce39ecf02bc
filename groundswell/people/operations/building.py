"""Building a form in the office: its texts, what it asks, its questions; publishing and closing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id, new_slug
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
from groundswell.people import policy
from groundswell.people.form_facts import FormChanged, FormClosed, FormPublished
from groundswell.people.forms import content as contents
from groundswell.people.forms.content import (
    CHOICES_MOST,
    CHOSEN,
    QUESTIONS_MOST,
    Ask,
    Choice,
    Condition,
    Content,
    Kind,
    Question,
    Texts,
)
from groundswell.people.models import Consent, Field, Form, FormVersion, Topic

ORIGINS_MOST, TAGS_MOST = 10, 20


class OnlyTheTeamBuildsForms(Refusal):
    sentence = _("Only organisers and data managers build forms.")


class NoSuchForm(Refusal):
    sentence = _("This form is gone. Go back to the list of forms.")


class FormNeedsATitle(Refusal):
    sentence = _("Write a title in the first language of the form.")
    field = "title"


class FormNeedsALanguage(Refusal):
    sentence = _("Choose at least one language.")
    field = "languages"


class NotAnOrigin(Refusal):
    sentence = _("Write each website as https:// and its name, for example https://example.org.")
    field = "origins"


class TooManyQuestions(Refusal):
    sentence = _("A form holds 30 questions at most. Remove one first.")


class QuestionNeedsWords(Refusal):
    sentence = _("Write the question in the first language of the form.")
    field = "label"


class TwoAnswersAtLeast(Refusal):
    sentence = _("Write at least two answers and at most 30, each on a line of its own.")
    field = "choices"


class AnswersDoNotMatch(Refusal):
    sentence = _("Write as many answers in each language as in the first, in the same order.")
    field = "choices"


class ConditionIsLater(Refusal):
    sentence = _("A question can only follow from an answer to a question above it.")
    field = "only_if"


class FieldDoesNotFit(Refusal):
    sentence = _("This field holds another kind of answer. Choose another field, or none.")
    field = "writes"


class ConsentIsUnclear(Refusal):
    sentence = _("Choose what people agree to hear about.")
    field = "purpose"


def _changed(form_id: int, by: Actor, change: Callable[[Form, Content], Content]) -> Form:
    """Lock the form, change its draft, note it; in the caller's transaction."""
    form = _locked(form_id, by)
    form.draft = change(form, contents.of_json(form.draft)).as_json()
    form.save()
    ledger_ops.record(FormChanged(form_id=form.id), by=by)
    return form


def _locked(form_id: int, by: Actor) -> Form:
    if not policy.can_take_in(by):
        raise OnlyTheTeamBuildsForms
    form = Form.objects.select_for_update().filter(id=form_id).first()
    if form is None:
        raise NoSuchForm
    return form


@transaction.atomic
def add(*, title: str, kind: str, languages: Sequence[str], by: Actor) -> Form:
    """Begin a form; its address comes from its title."""
    if not policy.can_take_in(by):
        raise OnlyTheTeamBuildsForms
    chosen, words = _languages(languages), clean_line(title)[: contents.TITLE_MOST]
    if not words:
        raise FormNeedsATitle
    wanted = slugify(words)[:50].strip("-")
    is_free = wanted and not Form.objects.filter(slug=wanted).exists()
    form = Form(
        id=new_id(),
        slug=wanted if is_free else f"{wanted[:40]}-{new_slug()}".lstrip("-"),
        kind=Form.Kind(kind),
        languages=chosen,
        draft=Content(texts={chosen[0]: Texts(title=words)}).as_json(),
        created_at=clock.now(),
    )
    form.save(force_insert=True)
    ledger_ops.record(FormChanged(form_id=form.id), by=by)
    return form


def _languages(given: Sequence[str]) -> list[str]:
    known = dict(settings.LANGUAGES)
    chosen = [code for code in dict.fromkeys(given) if code in known]
    if not chosen:
        raise FormNeedsALanguage
    return chosen


@transaction.atomic
def set_texts(*, form_id: int, texts: Mapping[str, Texts], by: Actor) -> Form:
    """The words of the form in each language; the first needs a title."""

    def change(form: Form, content: Content) -> Content:
        found = {**content.texts, **texts}
        if not found.get(form.languages[0], Texts()).title:
            raise FormNeedsATitle
        return replace(content, texts=found)

    return _changed(form_id, by, change)


@transaction.atomic
def set_form(
    *,
    form_id: int,
    languages: Sequence[str],
    goal: int | None,
    campaign_id: int | None,
    origins: Sequence[str],
    by: Actor,
) -> Form:
    """Languages, goal and campaign, and which websites may frame the form: in force at once."""
    chosen, allowed = _languages(languages), _origins(origins)

    def change(form: Form, content: Content) -> Content:
        form.languages, form.goal, form.campaign_id = chosen, goal, campaign_id
        form.origins = allowed
        return content

    return _changed(form_id, by, change)


def _origins(given: Sequence[str]) -> list[str]:
    """Origins as a browser writes them; a policy is made of them, so nothing else gets in."""
    found = []
    for line in given:
        text = clean_line(line).lower().rstrip("/")
        if not text:
            continue
        parts = urlsplit(text)
        is_plain = re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", text) is not None
        is_local = parts.hostname in {"localhost", "127.0.0.1"}
        if not is_plain or (parts.scheme == "http" and not is_local):
            raise NotAnOrigin
        found.append(text)
    if len(found) > ORIGINS_MOST:
        raise NotAnOrigin
    return list(dict.fromkeys(found))


@transaction.atomic
def set_asks(
    *,
    form_id: int,
    family: str,
    phone: str,
    postcode: str,
    purpose: str,
    about_id: int,
    country: str,
    tags: Sequence[str],
    by: Actor,
) -> Form:
    """What is asked about the person, what they can agree to, which tags they get.

    ``about_id``: the campaign, or the topic (0: all news). Raises ConsentIsUnclear.
    """
    if purpose not in {"", Consent.Purpose.NEWS, Consent.Purpose.CAMPAIGN}:
        raise ConsentIsUnclear
    if purpose == Consent.Purpose.CAMPAIGN and not about_id:
        raise ConsentIsUnclear
    is_topic = purpose == Consent.Purpose.NEWS and about_id
    if is_topic and not Topic.objects.filter(id=about_id, is_closed=False).exists():
        raise ConsentIsUnclear
    clean = [clean_line(tag)[:80] for tag in tags]

    def change(form: Form, content: Content) -> Content:
        return replace(
            content,
            family=Ask(family),
            phone=Ask(phone),
            postcode=Ask(postcode),
            purpose=purpose,
            about_id=about_id if purpose else 0,
            country=country,
            tags=tuple(dict.fromkeys(tag for tag in clean if tag))[:TAGS_MOST],
        )

    return _changed(form_id, by, change)


@transaction.atomic
def put_question(*, form_id: int, question: Question, by: Actor) -> Form:
    """Add a question, or put one in the place of its namesake."""

    def change(form: Form, content: Content) -> Content:
        changed = content.with_question(_whole(question, form))
        if len(changed.questions) > QUESTIONS_MOST:
            raise TooManyQuestions
        _check_order(changed)
        return changed

    return _changed(form_id, by, change)


def _whole(question: Question, form: Form) -> Question:
    first = form.languages[0]
    if not question.labels.get(first):
        raise QuestionNeedsWords
    if question.kind in {Kind.ONE, Kind.MANY}:
        if not 2 <= len(question.choices) <= CHOICES_MOST:
            raise TwoAnswersAtLeast
        if any(not choice.labels.get(first) for choice in question.choices):
            raise AnswersDoNotMatch
    else:
        question = replace(question, choices=())
    if question.writes:
        _check_field(question)
    return question


_FIELD_KINDS = {
    Kind.SHORT: Field.Kind.TEXT,
    Kind.NUMBER: Field.Kind.NUMBER,
    Kind.DATE: Field.Kind.DATE,
    Kind.YES: Field.Kind.YES,
    Kind.ONE: Field.Kind.ONE,
    Kind.MANY: Field.Kind.MANY,
}


def _check_field(question: Question) -> None:
    found = Field.objects.filter(key=question.writes, is_closed=False).first()
    if found is None or _FIELD_KINDS.get(question.kind) != found.kind:
        raise FieldDoesNotFit
    known = {one["key"] for one in found.choices}
    if not {choice.key for choice in question.choices} <= known:
        raise FieldDoesNotFit


def choices_of_field(field_key: str) -> tuple[Choice, ...]:
    """The answers that a custom field of choices knows, for a question that writes into it."""
    found = Field.objects.filter(key=field_key, is_closed=False).first()
    told = found.choices if found else []
    return tuple(Choice(one["key"], one["labels"]) for one in told)


def _check_order(content: Content) -> None:
    """Every condition asks about an earlier question and an answer that it has."""
    earlier: dict[str, Question] = {}
    for question in content.questions:
        if question.only_if is not None and not _is_met(question.only_if, earlier):
            raise ConditionIsLater
        earlier[question.key] = question


def _is_met(condition: Condition, earlier: Mapping[str, Question]) -> bool:
    asked = earlier.get(condition.question)
    if asked is None or asked.kind not in CHOSEN:
        return False
    if asked.kind == Kind.YES:
        return condition.choice == "yes"
    return asked.choice(condition.choice) is not None


@transaction.atomic
def move_question(*, form_id: int, key: str, steps: int, by: Actor) -> Form:
    """One place up (-1) or down (+1). Raises ConditionIsLater where another follows from it."""

    def change(form: Form, content: Content) -> Content:
        changed = content.moved(key, -1 if steps < 0 else 1)
        _check_order(changed)
        return changed

    return _changed(form_id, by, change)


@transaction.atomic
def remove_question(*, form_id: int, key: str, by: Actor) -> Form:
    """Take a question out. Raises ConditionIsLater where another follows from it."""

    def change(form: Form, content: Content) -> Content:
        changed = content.without(key)
        _check_order(changed)
        return changed

    return _changed(form_id, by, change)


@transaction.atomic
def publish(*, form_id: int, by: Actor) -> FormVersion:
    """Make what was written the form that visitors see, and open it."""
    form = _locked(form_id, by)
    content = contents.of_json(form.draft)
    if not content.texts.get(form.languages[0], Texts()).title:
        raise FormNeedsATitle
    for question in content.questions:
        _whole(question, form)
    _check_order(content)
    number = form.versions.count() + 1
    version = FormVersion(id=new_id(), form=form, number=number, content=form.draft, at=clock.now())
    version.save(force_insert=True)
    form.version, form.state = version, Form.State.OPEN
    form.save(update_fields=["version", "state"])
    ledger_ops.record(FormPublished(form_id=form.id, version=number), by=by)
    return version


@transaction.atomic
def close(*, form_id: int, by: Actor) -> None:
    """No more entries. Its page says so and stays; publishing opens it again."""
    form = _locked(form_id, by)
    if form.state == Form.State.OPEN:
        form.state = Form.State.CLOSED
        form.save(update_fields=["state"])
        ledger_ops.record(FormClosed(form_id=form.id), by=by)
