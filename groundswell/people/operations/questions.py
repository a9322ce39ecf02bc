"""The installation’s own questions and topics: setting up what people are asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.kernel.text import clean_line, fold
from groundswell.ledger import operations as ledger_ops
from groundswell.people import policy
from groundswell.people.facts_of_profiles import FieldAdded, FieldChanged, TopicChanged
from groundswell.people.models import Field, FieldValue, Topic
from groundswell.people.sight import DEPTHS

LABEL_MOST, KEY_MOST, CHOICES_MOST, FIELDS_MOST = 80, 40, 60, 200


class NotYoursToSetUp(Refusal):
    sentence = _("Only owners and data managers change what everybody is asked.")


class WriteALabel(Refusal):
    sentence = _("Write what it is called, at most 80 characters.")
    field = "label"


class WriteChoices(Refusal):
    sentence = _("Write at least two choices, one on a line; at most 60.")
    field = "choices"


class ChoiceIsUsed(Refusal):
    sentence = _("Somebody gave an answer that you took out. Put it back, or close the question.")
    field = "choices"


class NoSuchKind(Refusal):
    sentence = _("Choose what kind of answer it is.")
    field = "kind"


class NoSuchRight(Refusal):
    sentence = _("Choose who reads and who writes the answers.")
    field = "sees"


class TooManyFields(Refusal):
    sentence = _("There are 200 questions already. Close those that nobody needs first.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question as the office's form holds it. ``choices``: each with its label by language."""

    labels: Mapping[str, str]
    kind: str
    sees: str
    writes: str
    choices: Sequence[Mapping[str, str]] = ()
    is_private: bool = False


@transaction.atomic
def add_field(*, wanted: Wanted, by: Actor) -> Field:
    """Add a question. Raises NotYoursToSetUp, TooManyFields and what :func:`change_field` does."""
    if not policy.can_set_up(by):
        raise NotYoursToSetUp
    if Field.objects.count() >= FIELDS_MOST:
        raise TooManyFields
    labels, choices = _checked(wanted)
    last = Field.objects.aggregate(last=Max("position"))["last"] or 0
    field = Field(
        id=new_id(),
        key=_free_key(next(iter(labels.values()))),
        kind=wanted.kind,
        labels=labels,
        choices=choices,
        sees=wanted.sees,
        writes=wanted.writes,
        is_private=wanted.is_private,
        position=last + 1,
        created_at=clock.now(),
    )
    field.save(force_insert=True)
    ledger_ops.record(FieldAdded(field_id=field.id), by=by)
    return field


@transaction.atomic
def change_field(*, field_id: int, wanted: Wanted, by: Actor) -> Field:
    """Change labels, choices and rights; kind and privacy stay, since answers stand in them.

    Raises NotYoursToSetUp, WriteALabel, WriteChoices, ChoiceIsUsed, NoSuchRight.
    """
    if not policy.can_set_up(by):
        raise NotYoursToSetUp
    field = Field.objects.select_for_update().get(id=field_id)
    labels, choices = _checked(wanted, before=field)
    kept = {each["key"] for each in choices}
    used = set(FieldValue.objects.filter(field=field).values_list("text", flat=True).distinct())
    if field.kind in {Field.Kind.ONE, Field.Kind.MANY} and not field.is_private and used - kept:
        raise ChoiceIsUsed
    field.labels, field.choices = labels, choices
    field.sees, field.writes = wanted.sees, wanted.writes
    field.save(update_fields=["labels", "choices", "sees", "writes"])
    ledger_ops.record(FieldChanged(field_id=field.id), by=by)
    return field


@transaction.atomic
def set_field_closed(*, field_id: int, is_closed: bool, by: Actor) -> None:
    """Ask a question no more, or again. Its answers stay. Raises NotYoursToSetUp."""
    if not policy.can_set_up(by):
        raise NotYoursToSetUp
    if Field.objects.filter(id=field_id).exclude(is_closed=is_closed).update(is_closed=is_closed):
        ledger_ops.record(FieldChanged(field_id=field_id), by=by)


def _checked(
    wanted: Wanted, before: Field | None = None
) -> tuple[dict[str, str], list[dict[str, object]]]:
    labels = {code: clean_line(text) for code, text in wanted.labels.items() if clean_line(text)}
    if not labels or any(len(text) > LABEL_MOST for text in labels.values()):
        raise WriteALabel
    kind = before.kind if before else wanted.kind
    if kind not in Field.Kind.values:
        raise NoSuchKind
    depths = {right.value for right in DEPTHS}
    if wanted.sees not in depths or wanted.writes not in depths:
        raise NoSuchRight
    if DEPTHS[Right(wanted.writes)] < DEPTHS[Right(wanted.sees)]:
        raise NoSuchRight(_("Who writes an answer must be able to read it."), field="writes")
    if kind not in {Field.Kind.ONE, Field.Kind.MANY}:
        return labels, []
    return labels, _with_keys(wanted.choices, before)


def _with_keys(
    choices: Sequence[Mapping[str, str]], before: Field | None
) -> list[dict[str, object]]:
    """Choices with their keys: one of which a label is known keeps its key. Raises WriteChoices."""
    told = [
        {code: clean_line(text)[:LABEL_MOST] for code, text in each.items() if clean_line(text)}
        for each in choices
    ]
    words = [labels for number, labels in enumerate(told) if labels not in told[:number] and labels]
    if not 2 <= len(words) <= CHOICES_MOST:
        raise WriteChoices
    known = {
        (code, text): str(each["key"])
        for each in (before.choices if before else [])
        for code, text in each["labels"].items()
    }
    taken = set(known.values())
    found: dict[str, dict[str, object]] = {}
    for labels in words:
        keys = [known[pair] for pair in labels.items() if pair in known]
        key = next((each for each in keys if each not in found), "")
        key = key or _unused(_slug(next(iter(labels.values()))) or "choice", taken)
        taken.add(key)
        found[key] = {"key": key, "labels": labels}
    return list(found.values())


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[: KEY_MOST - 4]


def _unused(key: str, taken: set[str]) -> str:
    number, found = 1, key
    while found in taken:
        number += 1
        found = f"{key}-{number}"
    return found


def _free_key(label: str) -> str:
    return _unused(_slug(label) or "question", set(Field.objects.values_list("key", flat=True)))


@transaction.atomic
def put_topic(
    *, topic_id: int | None, names: Mapping[str, str], is_closed: bool, by: Actor
) -> Topic:
    """Add a topic, or change one. Closed ones are offered no more; consents to them stand.

    Raises NotYoursToSetUp, WriteALabel.
    """
    if not policy.can_set_up(by):
        raise NotYoursToSetUp
    told = {code: clean_line(text) for code, text in names.items() if clean_line(text)}
    if not told or any(len(text) > LABEL_MOST for text in told.values()):
        raise WriteALabel
    topic = Topic.objects.filter(id=topic_id).first() if topic_id else None
    if topic is None:
        taken = set(Topic.objects.values_list("key", flat=True))
        key = _unused(_slug(next(iter(told.values()))) or "topic", taken)
        last = Topic.objects.aggregate(last=Max("position"))["last"] or 0
        topic = Topic(id=new_id(), key=key, position=last + 1, created_at=clock.now())
        topic.names, topic.is_closed = told, is_closed
        topic.save(force_insert=True)
    else:
        topic.names, topic.is_closed = told, is_closed
        topic.save(update_fields=["names", "is_closed"])
    ledger_ops.record(TopicChanged(topic_id=topic.id), by=by)
    return topic
