"""A form that the team built, and people who fill it in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.people.forms.content import Choice, Condition, Kind, Question, Texts, of_json
from groundswell.people.models import Form, FormEntry, LeadSource
from groundswell.people.operations import building, filling, leads

JOB = Question(
    key="job",
    kind=Kind.ONE,
    labels={"en": "What is your work?", "ar": "ما عملك؟"},
    is_required=True,
    choices=(
        Choice("a", {"en": "Nurse", "ar": "ممرّضة"}, tag="Nurse"),
        Choice("b", {"en": "Driver", "ar": "سائق"}),
    ),
)
WARD = Question(
    key="ward",
    kind=Kind.SHORT,
    labels={"en": "Which ward?", "ar": "أي جناح؟"},
    is_required=True,
    only_if=Condition("job", "a"),
)


def put(form: Form, *questions: Question) -> None:
    for question in questions:
        building.put_question(form_id=form.id, question=question, by=SYSTEM)


def asks(form: Form, **more: Any) -> None:
    told: dict[str, Any] = {
        "family": "no", "phone": "no", "postcode": "no", "purpose": "news", "about_id": 0,
        "country": "GB", "tags": [], **more,
    }  # fmt: skip
    building.set_asks(form_id=form.id, by=SYSTEM, **told)


def open_form(
    title: str = "Safe staffing", kind: str = "petition", questions: Any = (JOB, WARD), **more: Any
) -> Form:
    """A published form in English and Arabic."""
    form = building.add(title=title, kind=kind, languages=["en", "ar"], by=SYSTEM)
    building.set_texts(
        form_id=form.id,
        texts={
            "en": Texts(title, "We need **enough** nurses.", "", "You are one of many.", ""),
            "ar": Texts("عدد آمن من الممرّضين", "نحتاج ما يكفي.", "وقّع", "شكرًا لك.", ""),
        },
        by=SYSTEM,
    )
    asks(form, **more)
    put(form, *questions)
    building.publish(form_id=form.id, by=SYSTEM)
    return Form.objects.get(id=form.id)


def filled(email: str = "dara@example.org", **more: Any) -> filling.Filled:
    told: dict[str, Any] = {
        "given": "Dara", "email": email, "answers": {"job": ["a"], "ward": ["Seven"]}, **more,
    }  # fmt: skip
    return filling.Filled(**told)


def entry(form: Form, email: str = "dara@example.org", look: Any = None, **more: Any) -> FormEntry:
    return filling.fill(form_id=form.id, filled=filled(email, **more), by=VISITOR, look=look)


def lead_source(form: Form, code: str = "ads") -> LeadSource:
    """A service whose leads come into a form; the form gets a consent in its own words."""
    return lead_source_and_secret(form, code)[0]


def lead_source_and_secret(form: Form, code: str = "ads") -> tuple[LeadSource, str]:
    texts = of_json(Form.objects.get(id=form.id).draft).texts["en"]
    told = replace(texts, consent="Yes, write to me about staffing.")
    building.set_texts(form_id=form.id, texts={"en": told}, by=SYSTEM)
    building.publish(form_id=form.id, by=SYSTEM)
    return leads.add(name="Meta, spring", form_id=form.id, code=code, by=SYSTEM)
