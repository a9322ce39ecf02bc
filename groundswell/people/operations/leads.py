"""Leads of ad services: where they come from, storing them once, taking each into a form."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.kernel.ids import new_id, new_slug, new_token
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line, fold
from groundswell.ledger import operations as ledger_ops
from groundswell.people import contacts, lead_files, policy, queries
from groundswell.people.forms import content as contents
from groundswell.people.forms.content import Content, Kind
from groundswell.people.lead_files import Lead
from groundswell.people.models import Form, FormVersion, LeadPost, LeadSource, SourceCode
from groundswell.people.operations import filling, sources
from groundswell.people.operations.sources import CameBy
from groundswell.people.source_facts import LeadSourceAdded, LeadSourceClosed, LeadTaken
from groundswell.site import vault

KEPT = timedelta(days=30)
AT_ONCE = 500
TAKEN, BLOCKED, TEST = "taken", "blocked", "test"
# Why a lead was not taken, by the code that is kept of it.
WHY = {
    "email": _("Its e-mail address is not one. Only a number came, perhaps: take in the CSV."),
    "closed": _("The form was closed."),
    BLOCKED: _("The address is blocked."),
    TEST: _("It was a test of the service."),
    "other": _("Something in it does not fit the form."),
}


class OnlyTheTeamTakesLeads(Refusal):
    sentence = _("Only organisers and data managers take in leads.")


class NameTheService(Refusal):
    sentence = _("Say where the leads come from, for example Meta, spring campaign.")
    field = "name"


class FormNeedsItsConsent(Refusal):
    sentence = _(
        "This form has no consent in its own words, or is not published. People must have read "
        "over there what they agree to here: write it into the form, publish it, and put the very "
        "same words into the ad."
    )
    field = "form"


class NoSuchLeadSource(Refusal):
    sentence = _("These leads are taken in no more. Open the list of them again.")


@transaction.atomic
def add(*, name: str, form_id: int, code: str, by: Actor) -> tuple[LeadSource, str]:
    """Begin taking leads into a form; returns the secret that signs the posts, shown once."""
    _may(by)
    words = clean_line(name)[:120]
    if not words:
        raise NameTheService
    form = Form.objects.select_related("version").filter(id=form_id).first()
    if form is None or not _has_consent(form.version, form.languages):
        raise FormNeedsItsConsent
    clean = sources.normalised(code)
    if not clean:
        raise sources.CodeIsMissing
    source = SourceCode.objects.filter(code=clean).first()
    if source is None:
        source = sources.add(code=clean, name=words, channel=SourceCode.Channel.AD, by=by)
    row = LeadSource(
        id=new_id(),
        key=new_slug(12),
        name=words,
        form=form,
        source=source,
        created_at=clock.now(),
    )
    secret = new_token()
    row.secret_sealed = vault.seal(row, "secret_sealed", secret, key_id=vault.house_key_id())
    row.save(force_insert=True)
    ledger_ops.record(LeadSourceAdded(lead_source_id=row.id, form_id=form.id), by=by)
    return row, secret


def _has_consent(version: FormVersion | None, languages: list[str]) -> bool:
    if version is None:
        return False
    content = contents.of_json(version.content)
    return bool(content.purpose and content.texts_in(languages[0], languages).consent)


@transaction.atomic
def close(*, lead_source_id: int, by: Actor) -> None:
    """Take no more posts. Twice is harmless."""
    _may(by)
    if LeadSource.objects.filter(id=lead_source_id, is_off=False).update(is_off=True):
        ledger_ops.record(LeadSourceClosed(lead_source_id=lead_source_id), by=by)


def _may(by: Actor) -> None:
    if not policy.can_take_in(by):
        raise OnlyTheTeamTakesLeads


# --- storing -----------------------------------------------------------------------------------


def take_table(*, lead_source_id: int, text: str, by: Actor) -> int:
    """Store the leads of a CSV file. Returns how many are new; one that came before is not taken
    twice. Raises lead_files.NoLeads, TooManyLeads."""
    _may(by)
    row = LeadSource.objects.filter(id=lead_source_id, is_off=False).first()
    if row is None:
        raise NoSuchLeadSource
    return store(lead_source=row, leads=lead_files.of_table(text))


@transaction.atomic
def store(*, lead_source: LeadSource, leads: list[Lead]) -> int:
    """Keep each lead with its job, before anybody is answered. Returns how many are new."""
    fresh = 0
    for lead in leads[:AT_ONCE]:
        named = f"{lead_source.id}\0{lead.id}".encode("utf-8", "surrogatepass")
        row = LeadPost(
            id=new_id(), lead_source=lead_source, key=sha256(named).digest(), at=clock.now()
        )
        told = json.dumps(asdict(lead), ensure_ascii=False)
        row.told_sealed = vault.seal(row, "told_sealed", told, key_id=vault.house_key_id())
        LeadPost.objects.bulk_create([row], ignore_conflicts=True)
        if LeadPost.objects.filter(id=row.id).exists():
            _enqueue(row.id)
            fresh += 1
    return fresh


@transaction.atomic
def try_again(*, lead_source_id: int, by: Actor) -> int:
    """Work once more on what could not be taken, at most 500 of them. Returns how many."""
    _may(by)
    failed = LeadPost.objects.filter(lead_source_id=lead_source_id)
    failed = failed.exclude(verdict__in=["", TAKEN, TEST])
    ids = list(failed.order_by("id").values_list("id", flat=True)[:AT_ONCE])
    LeadPost.objects.filter(id__in=ids).update(verdict="")
    for post_id in ids:
        _enqueue(post_id)
    return len(ids)


def _enqueue(post_id: int) -> None:
    ledger_ops.enqueue(work_on.module_path, {"args": [post_id], "kwargs": {}}, priority=10)


@task()
def work_on(post_id: int) -> None:
    """Take one lead into its form; what cannot be taken says why, and waits 30 days."""
    found = LeadPost.objects.select_for_update(of=("self",)).filter(id=post_id, verdict="")
    row = found.select_related("lead_source__form__version", "lead_source__source").first()
    if row is None:
        return
    lead = Lead(**json.loads(vault.open_(row, "told_sealed")))
    row.verdict = _verdict(row, lead)
    if row.verdict in {TAKEN, TEST}:
        row.told_sealed = b""
    row.save(update_fields=["verdict", "told_sealed"])


def _verdict(row: LeadPost, lead: Lead) -> str:
    form = row.lead_source.form
    if lead.is_test:
        return TEST
    try:
        email = contacts.normalised_email(lead.email)
        if queries.is_blocked(contacts.lasting_email(email)):
            return BLOCKED
        entry = filling.fill(form_id=form.id, filled=_filled(row, lead), by=SYSTEM)
    except contacts.NotAnEmail:
        return "email"
    except filling.FormIsClosed:
        return "closed"
    except Refusal:
        return "other"
    fact = LeadTaken(person_id=entry.person_id, lead_source_id=row.lead_source_id, form_id=form.id)
    ledger_ops.record(fact, by=SYSTEM)
    return TAKEN


def _filled(row: LeadPost, lead: Lead) -> filling.Filled:
    form = row.lead_source.form
    assert form.version is not None
    content = contents.of_json(form.version.content)
    answers, others = _matched(content, lead)
    try:
        phone = contacts.normalised_phone(lead.phone, country=content.country)
    except contacts.NotAPhone:
        phone = ""
    return filling.Filled(
        given=lead.given,
        family=lead.family,
        email=lead.email,
        phone=phone,
        postcode=lead.postcode,
        has_agreed=True,
        language=form.languages[0],
        answers=answers,
        came_by=CameBy.read({**lead.utm, "source": row.lead_source.source.code}),
        others=others,
        lead_id=row.id,
    )


def _matched(content: Content, lead: Lead) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Answers to the questions that our form asks too, in any of its languages; and the others."""
    answers: dict[str, list[str]] = {}
    others = dict(lead.others)
    for question in content.questions:
        words = {fold(text).replace("_", " ") for text in (question.key, *question.labels.values())}
        name = next((one for one in others if fold(one).replace("_", " ") in words), None)
        if name is None:
            continue
        if question.kind not in {Kind.ONE, Kind.MANY}:
            answers[question.key] = [others.pop(name)]
            continue
        known = {fold(label): one.key for one in question.choices for label in one.labels.values()}
        given = [others[name]] if question.kind == Kind.ONE else others[name].split(",")
        keys = [known.get(fold(one.replace("_", " ").strip()), "") for one in given]
        if all(keys):
            answers[question.key] = keys
            others.pop(name)
    return answers, others


# --- forgetting --------------------------------------------------------------------------------


def posts_due(now: datetime) -> QuerySet[LeadPost]:
    """What came a month ago; whoever was taken is in the form."""
    return LeadPost.objects.filter(at__lt=now - KEPT)


@task()
def tidy_leads() -> None:
    """Every hour (config/wiring.py)."""
    ids = list(posts_due(clock.now()).order_by("id").values_list("id", flat=True)[:AT_ONCE])
    LeadPost.objects.filter(id__in=ids).delete()
