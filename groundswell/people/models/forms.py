"""Forms that bring people in: what is being written, what was published, what came of it."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, PUBLIC, SENSITIVE, Retention


class Form(models.Model):
    """A sign-up form, a petition or a survey, at ``/f/<slug>/``.

    ``draft`` is being written in the office; visitors see the newest version. ``campaign_id``
    names a campaign above by its id: people stands below campaigns.
    """

    class Kind(models.TextChoices):
        SIGN_UP = "sign_up"
        PETITION = "petition"
        SURVEY = "survey"

    class State(models.TextChoices):
        DRAFT = "draft"
        OPEN = "open"
        CLOSED = "closed"

    id = IdColumn()
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    languages = models.JSONField(default=list)  # the first is the one that must be complete
    goal = models.PositiveIntegerField(null=True)
    campaign_id = models.BigIntegerField(null=True)
    origins = models.JSONField(default=list)  # ["https://example.org"]: who may frame it
    draft = models.JSONField()  # people/forms/content.py
    version = models.ForeignKey(
        "people.FormVersion", models.SET_NULL, null=True, related_name="current_of"
    )
    created_at = models.DateTimeField()

    class Privacy:
        id = PUBLIC
        slug = PUBLIC
        kind = PUBLIC
        state = PUBLIC
        languages = PUBLIC
        goal = PUBLIC
        campaign_id = PUBLIC
        origins = INTERNAL
        draft = INTERNAL
        version = INTERNAL
        created_at = INTERNAL

    def __str__(self) -> str:
        return self.slug


class FormVersion(models.Model):
    """A form as it was published. It never changes: answers and consents name their version."""

    id = IdColumn()
    form = models.ForeignKey(Form, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="people_form_version_once")
        ]

    class Privacy:
        id = PUBLIC
        form = PUBLIC
        number = PUBLIC
        content = PUBLIC
        at = PUBLIC

    def __str__(self) -> str:
        return f"{self.form_id} version {self.number}"


class FormEntry(models.Model):
    """A form that somebody filled in.

    It is held while only its owner, by the link in our mail, or an organiser can let it in. What
    was typed about a person whom we knew changes nothing about them until that link is opened:
    ``is_applied`` says whether it has.
    """

    class State(models.TextChoices):
        HELD = "held"
        IN = "in"
        DELETED = "deleted"  # by an organiser; gone a day later

    id = IdColumn()
    form = models.ForeignKey(Form, models.CASCADE, related_name="entries")
    version = models.ForeignKey(FormVersion, models.CASCADE, related_name="entries")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="form_entries")
    state = models.CharField(max_length=8, choices=State.choices)
    because = models.CharField(
        max_length=10, blank=True
    )  # why it is held: accounts.doubts, "again"
    language = models.CharField(max_length=12)
    # JSON: everything that was typed, see operations/filling.py
    typed_sealed = SealedColumn()
    is_applied = models.BooleanField(default=False)
    is_confirmed = models.BooleanField(default=False)  # its own link was opened
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "person"],
                name="people_form_entry_once",
                condition=models.Q(state="in"),
            )
        ]
        indexes = [
            models.Index(fields=["form", "state", "-at"], name="people_form_entry_newest"),
            models.Index(fields=["state", "at"], name="people_form_entry_waiting"),
        ]

    class Privacy:
        id = INTERNAL
        form = PERSONAL
        version = PERSONAL
        person = PERSONAL
        state = INTERNAL
        because = INTERNAL
        language = PERSONAL
        typed_sealed = SENSITIVE
        is_applied = INTERNAL
        is_confirmed = PERSONAL
        at = PERSONAL
        decided_at = INTERNAL
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"form entry {self.id}"


class FormTally(models.Model):
    """How many entries that are in hold an answer; both keys empty: how many are in at all."""

    id = IdColumn()
    form = models.ForeignKey(Form, models.CASCADE, related_name="tallies")
    question = models.CharField(max_length=12, blank=True)
    choice = models.CharField(max_length=12, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "question", "choice"], name="people_form_tally_once"
            )
        ]

    class Privacy:
        id = INTERNAL
        form = INTERNAL
        question = INTERNAL
        choice = INTERNAL
        count = INTERNAL

    def __str__(self) -> str:
        return f"form tally {self.id}"
