"""Persons, and what they are found by; the other nouns of the room have files of their own."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, SENSITIVE, Retention
from groundswell.people.models.consents import Consent, Topic
from groundswell.people.models.contacts import Block, Contact, NewAddress, Suppression
from groundswell.people.models.exports import Canary, Export, ExportPart
from groundswell.people.models.forms import Form, FormEntry, FormTally, FormVersion
from groundswell.people.models.imports import Import, ImportPart
from groundswell.people.models.leads import LeadPost, LeadSource
from groundswell.people.models.lists import BulkAct, BulkPart, View, ViewMember
from groundswell.people.models.merging import LikenessKey, Lookalike, Merge
from groundswell.people.models.profile import (
    Field,
    FieldValue,
    Household,
    Note,
    PostalAddress,
    Relation,
    Tag,
    Tagging,
)
from groundswell.people.models.segments import Segment, SegmentVersion
from groundswell.people.models.sources import SourceCode, Spend, Touch

__all__ = [
    "Block",
    "BulkAct",
    "BulkPart",
    "Canary",
    "Consent",
    "Contact",
    "Export",
    "ExportPart",
    "Field",
    "FieldValue",
    "Form",
    "FormEntry",
    "FormTally",
    "FormVersion",
    "Household",
    "Import",
    "ImportPart",
    "LeadPost",
    "LeadSource",
    "LikenessKey",
    "Look",
    "Lookalike",
    "Merge",
    "NameBlind",
    "NewAddress",
    "Note",
    "Person",
    "PostalAddress",
    "Relation",
    "SearchName",
    "SearchWord",
    "Segment",
    "SegmentVersion",
    "SourceCode",
    "Spend",
    "Suppression",
    "Tag",
    "Tagging",
    "Topic",
    "Touch",
    "View",
    "ViewMember",
]


class Person(models.Model):
    """Somebody we know.

    ``key_id`` names the data key of everything sealed about this person (site.vault); deleting
    that key erases it, in old backups too.
    """

    class ZoneFrom(models.TextChoices):
        """How we know the time zone, the surest first."""

        SAID = "said"
        ADDRESS = "address"
        PHONE = "phone"
        COUNTRY = "country"

    id = IdColumn()
    key_id = models.BigIntegerField(unique=True)
    name_sealed = SealedColumn()  # JSON: {"given": "Amina", "family": "Khan"}, see queries.Name
    language = models.CharField(max_length=12)
    other_languages = models.JSONField(default=list)
    country = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(max_length=40, blank=True, default="", db_default="")  # IANA
    zone_from = models.CharField(
        max_length=8, choices=ZoneFrom.choices, blank=True, default="", db_default=""
    )
    # Ways to reach them: 1 by e-mail, 2 by text. Set while the do-not-contact list and the consent
    # ledger both allow more than messages about one event (operations/reach.py).
    reach = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Most people have none of these, so each has an index of only those who do (Meta).
    point_person = models.ForeignKey(
        "accounts.Account", models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    recruiter = models.ForeignKey(
        "self", models.SET_NULL, null=True, db_index=False, related_name="recruited"
    )
    household = models.ForeignKey(
        "people.Household", models.SET_NULL, null=True, db_index=False, related_name="members"
    )
    first_source = models.ForeignKey(
        "people.SourceCode", models.SET_NULL, null=True, db_index=False, related_name="first_of"
    )
    last_source = models.ForeignKey(
        "people.SourceCode", models.SET_NULL, null=True, db_index=False, related_name="last_of"
    )
    is_synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    last_active_on = models.DateField()
    # What is left of events that were 30 days ago: how often, never which. 5 means five or more.
    going_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    attended_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    has_hosted = models.BooleanField(default=False, db_default=False)
    # Nothing is left but the six fields of operations/thinning.
    is_thin = models.BooleanField(default=False, db_default=False)
    warned_on = models.DateField(null=True)  # when the notice before forgetting was written
    # Looked through for others who look alike since the last change (operations/lookalikes.py).
    is_compared = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["last_active_on"], name="people_person_active"),
            # Most segments begin here; the id in it saves them a look at the sealed names.
            models.Index(
                fields=["reach", "language", "country", "last_active_on", "id"],
                name="people_person_reached",
                condition=models.Q(reach__gt=0),
            ),
            models.Index(
                fields=["point_person"],
                name="people_person_point",
                condition=models.Q(point_person__isnull=False),
            ),
            models.Index(
                fields=["recruiter"],
                name="people_person_recruiter",
                condition=models.Q(recruiter__isnull=False),
            ),
            models.Index(
                fields=["household"],
                name="people_person_household",
                condition=models.Q(household__isnull=False),
            ),
            models.Index(
                fields=["first_source"],
                name="people_person_first",
                condition=models.Q(first_source__isnull=False),
            ),
            models.Index(
                fields=["last_source"],
                name="people_person_last",
                condition=models.Q(last_source__isnull=False),
            ),
            models.Index(
                fields=["id"],
                name="people_person_to_compare",
                condition=models.Q(is_compared=False),
            ),
        ]

    class Privacy:
        id = INTERNAL
        key_id = INTERNAL
        name_sealed = SENSITIVE
        language = PERSONAL
        other_languages = PERSONAL
        country = PERSONAL
        time_zone = PERSONAL
        zone_from = PERSONAL
        reach = PERSONAL
        point_person = PERSONAL
        recruiter = PERSONAL
        household = PERSONAL
        first_source = PERSONAL
        last_source = PERSONAL
        is_synthetic = INTERNAL
        created_at = PERSONAL
        last_active_on = PERSONAL
        going_count = PERSONAL
        attended_count = PERSONAL
        has_hosted = PERSONAL
        is_thin = INTERNAL
        warned_on = PERSONAL
        is_compared = INTERNAL
        retention = Retention(days=730, after="last_active_on", by="forget people")

    def __str__(self) -> str:
        return f"person {self.id}"


def _by_beginning(name: str, whose: str) -> models.Index:
    """An index of how folded names begin that tells whose they are. PostgreSQL has to be told to
    compare letter by letter; SQLite does."""
    return models.Index(
        fields=["folded", whose], name=name, opclasses=["varchar_pattern_ops", "int8_ops"]
    )


class SearchName(models.Model):
    """The folded name for search. Left out of backups; absent in high-risk installations."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True)
    folded = models.CharField(max_length=200)

    class Meta:
        indexes = [_by_beginning("people_name_folded", "person")]

    class Privacy:
        person = PERSONAL
        folded = SENSITIVE
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"search name of {self.person_id}"


class SearchWord(models.Model):
    """A search name turned so that its second, third, … word stands in front: an index finds
    somebody by the beginning of any word. Goes with its search name, and is left out where that
    is."""

    id = IdColumn()
    name = models.ForeignKey(SearchName, models.CASCADE, related_name="words")
    folded = models.CharField(max_length=200)

    class Meta:
        indexes = [_by_beginning("people_word_folded", "name")]

    class Privacy:
        id = INTERNAL
        name = PERSONAL
        folded = SENSITIVE
        retention = Retention(with_="name")

    def __str__(self) -> str:
        return f"search word {self.id}"


class NameBlind(models.Model):
    """In a high-risk installation, in place of the search name: who knows the exact name finds
    the person, and nobody can list or guess their way through the table without the keys."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True)
    blind = models.BinaryField(max_length=16, db_index=True)

    class Privacy:
        person = PERSONAL
        blind = SENSITIVE
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"name blind of {self.person_id}"


class Look(models.Model):
    """Somebody of the team saw this person's name on a day: counted, so that nobody copies the
    list page by page. Who looked is for the count only; the person reads what was opened."""

    id = IdColumn()
    account_id = models.BigIntegerField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="looks")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "on", "person"], name="people_look_once_a_day"
            )
        ]

    class Privacy:
        id = INTERNAL
        account_id = PERSONAL
        person = PERSONAL
        on = PERSONAL
        retention = Retention(days=2, after="on", by="forget looks")

    def __str__(self) -> str:
        return f"look {self.id}"
