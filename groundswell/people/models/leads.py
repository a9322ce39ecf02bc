"""Leads of ad services: forms filled in over there that come here into one of ours."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, SECRET, SENSITIVE, Retention


class LeadSource(models.Model):
    """Where leads come from, the form of ours that takes them, and the code they are counted by.

    Whoever filled in the form over there read the consent of our form, word by word.
    """

    id = IdColumn()
    key = models.SlugField(max_length=20, unique=True)  # in the address that the service posts to
    name = models.CharField(max_length=120)
    form = models.ForeignKey("people.Form", models.CASCADE, related_name="lead_sources")
    source = models.ForeignKey("people.SourceCode", models.CASCADE, related_name="lead_sources")
    secret_sealed = SealedColumn()  # under the house key
    is_off = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Privacy:
        id = INTERNAL
        key = INTERNAL
        name = INTERNAL
        form = INTERNAL
        source = INTERNAL
        secret_sealed = SECRET
        is_off = INTERNAL
        created_at = INTERNAL

    def __str__(self) -> str:
        return self.name


class LeadPost(models.Model):
    """One lead as it came: stored before it is answered, worked on by a job, blanked when taken."""

    id = IdColumn()
    lead_source = models.ForeignKey(LeadSource, models.CASCADE, related_name="posts")
    key = models.BinaryField(max_length=32, unique=True)  # hash of the source and the lead's own id
    told_sealed = SealedColumn()  # JSON: the fields of the lead; under the house key
    # "": waits; "taken", "blocked", "test"; else why it could not be taken (operations/leads.py)
    verdict = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["lead_source", "verdict"], name="people_lead_verdict")]

    class Privacy:
        id = INTERNAL
        lead_source = INTERNAL
        key = INTERNAL
        told_sealed = SENSITIVE
        verdict = INTERNAL
        at = PERSONAL
        retention = Retention(days=30, after="at", by="tidy leads")

    def __str__(self) -> str:
        return f"lead post {self.id}"
