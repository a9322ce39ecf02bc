"""The exact words behind a key of the consent ledger: ours, or those of a form's version."""

from __future__ import annotations

from groundswell.people import wordings
from groundswell.people.forms import content as contents
from groundswell.people.models import FormVersion

NEWS = "form-news-1"
_FORM = "form"


def form_key(form_id: int, number: int, language: str) -> str:
    """The key of what a form's version said in a language."""
    return f"{_FORM}:{form_id}:{number}:{language}"


def words(key: str) -> str:
    """What the person read; "" for a key that nothing explains any more."""
    parts = key.split(":")
    if parts[0] != _FORM or len(parts) != 4:
        return str(wordings.WORDINGS.get(key, ""))
    form_id, number, language = parts[1:]
    found = FormVersion.objects.select_related("form").filter(form_id=form_id, number=number)
    version = found.first()
    if version is None:
        return ""
    texts = contents.of_json(version.content).texts_in(language, version.form.languages)
    return texts.consent or str(wordings.WORDINGS[NEWS])
