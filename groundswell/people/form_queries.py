"""Questions about forms. Nothing here writes."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from groundswell.people.forms import content as contents
from groundswell.people.forms.content import Content, Texts
from groundswell.people.models import Form, FormEntry


def forms() -> QuerySet[Form]:
    """Every form with how many entries count and how many wait, the newest first."""
    state = FormEntry.State
    return (
        Form.objects.select_related("version")
        .annotate(
            in_count=Count("entries", filter=Q(entries__state=state.IN)),
            held_count=Count("entries", filter=Q(entries__state=state.HELD)),
        )
        .order_by("-created_at", "-id")
    )


def by_slug(slug: str) -> Form | None:
    """A form with its newest version."""
    return Form.objects.select_related("version").filter(slug=slug).first()


def published(form: Form) -> Content | None:
    """What visitors see; None before it was published."""
    return contents.of_json(form.version.content) if form.version else None


def draft(form: Form) -> Content:
    """What is being written."""
    return contents.of_json(form.draft)


def title(form: Form, language: str) -> str:
    """What the form is called for a reader, as it is being written."""
    return draft(form).texts_in(language, form.languages).title


def entry(entry_id: int) -> FormEntry | None:
    """A form that somebody filled in."""
    found = FormEntry.objects.select_related("form", "version", "person")
    return found.filter(id=entry_id).first()


def texts_of(entry: FormEntry) -> Texts:
    """The words that this person read."""
    content = contents.of_json(entry.version.content)
    return content.texts_in(entry.language, entry.form.languages)
