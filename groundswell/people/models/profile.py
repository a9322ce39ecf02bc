"""What we know of a person beyond name and contact: where they live, tags, fields, notes, ties."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn, SealedColumn
from groundswell.kernel.privacy import INTERNAL, PERSONAL, SENSITIVE, Retention


class PostalAddress(models.Model):
    """Where somebody lives or gets post. Street and postcode are sealed; what is left to ask
    questions by is no finer than the town: its name and a cell of a tenth of a degree."""

    class Kind(models.TextChoices):
        HOME = "home"
        POST = "post"
        WORK = "work"

    id = IdColumn()
    person = models.ForeignKey(
        "people.Person", models.CASCADE, db_index=False, related_name="addresses"
    )  # begins an index of its own (Meta)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.HOME)
    street_sealed = SealedColumn()  # JSON: {"lines": ["12 Mill Lane"], "postcode": "HX7 6AA"}
    town = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=80, blank=True)  # state, province, county
    country = models.CharField(max_length=2, blank=True)
    # floor(degrees * 10), about 11 km; null where the town is unknown to the gazetteer
    cell_lat = models.SmallIntegerField(null=True)
    cell_lon = models.SmallIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            # By area, and by person: both without a look at the rows with their sealed streets.
            models.Index(
                fields=["cell_lat", "cell_lon", "kind", "person"], name="people_address_area"
            ),
            models.Index(
                fields=["person", "kind", "cell_lat", "cell_lon"], name="people_address_home"
            ),
            models.Index(
                fields=["country", "region", "kind", "person"],
                name="people_address_region",
                condition=models.Q(region__gt=""),
            ),
        ]

    class Privacy:
        id = INTERNAL
        person = PERSONAL
        kind = PERSONAL
        street_sealed = SENSITIVE
        town = PERSONAL
        region = PERSONAL
        country = PERSONAL
        cell_lat = PERSONAL
        cell_lon = PERSONAL
        created_at = PERSONAL
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"address {self.id}"


class Tag(models.Model):
    """A word that organisers put on people."""

    id = IdColumn()
    name = models.CharField(max_length=80)
    folded = models.CharField(max_length=80, unique=True)  # kernel.text.fold: one tag per word
    created_at = models.DateTimeField()

    class Privacy:
        id = INTERNAL
        name = INTERNAL
        folded = INTERNAL
        created_at = INTERNAL

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """One tag on one person."""

    id = IdColumn()
    tag = models.ForeignKey(
        Tag, models.CASCADE, db_index=False, related_name="taggings"
    )  # begins an index of its own (Meta)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="taggings")
    by_id = models.BigIntegerField(null=True)  # the account; null: an import or a form
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tag", "person"], name="people_tagging_once")
        ]

    class Privacy:
        id = INTERNAL
        tag = PERSONAL
        person = PERSONAL
        by_id = PERSONAL
        at = PERSONAL
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"tagging {self.id}"


class Field(models.Model):
    """A question that this installation asks of people beyond what everybody is asked.

    ``sees`` and ``writes`` are rights (``kernel.roles``): whoever holds one over the person may
    read or write the answer. The answer to a private field is never in the clear, so it can be
    read and not searched by.
    """

    class Kind(models.TextChoices):
        TEXT = "text"
        NUMBER = "number"
        DATE = "date"
        YES = "yes"
        ONE = "one"  # one of ``choices``
        MANY = "many"  # any of ``choices``: a row of FieldValue for each

    id = IdColumn()
    key = models.SlugField(max_length=40, unique=True)  # in files and in segments
    labels = models.JSONField()  # {"en": "Union branch", "es": "Sección sindical"}
    kind = models.CharField(max_length=8, choices=Kind.choices)
    choices = models.JSONField(default=list)  # [{"key": "nurse", "labels": {"en": "Nurse"}}]
    sees = models.CharField(max_length=20)  # a kernel.roles.Right
    writes = models.CharField(max_length=20)  # a kernel.roles.Right
    is_private = models.BooleanField(default=False)
    is_closed = models.BooleanField(default=False)  # asked no more; its answers stay readable
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Privacy:
        id = INTERNAL
        key = INTERNAL
        labels = INTERNAL
        kind = INTERNAL
        choices = INTERNAL
        sees = INTERNAL
        writes = INTERNAL
        is_private = INTERNAL
        is_closed = INTERNAL
        position = INTERNAL
        created_at = INTERNAL

    def __str__(self) -> str:
        return self.key


class FieldValue(models.Model):
    """Somebody's answer to a field, in the column of its kind; a choice stands in ``text``."""

    id = IdColumn()
    # Each of both begins an index of its own (Meta).
    field = models.ForeignKey(Field, models.CASCADE, db_index=False, related_name="values")
    person = models.ForeignKey(
        "people.Person", models.CASCADE, db_index=False, related_name="field_values"
    )
    text = models.CharField(max_length=200, blank=True)  # "yes"/"no" for a yes-field
    number = models.FloatField(null=True)
    on = models.DateField(null=True)
    value_sealed = SealedColumn()  # of a private field, and nothing in the three above
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["field", "person", "text"], name="people_field_value_once"
            )
        ]
        indexes = [
            models.Index(fields=["field", "text", "person"], name="people_value_text"),
            models.Index(fields=["field", "number", "person"], name="people_value_number"),
            models.Index(fields=["field", "on", "person"], name="people_value_on"),
            # Of one person: a segment asks so, and does not look at the rows.
            models.Index(fields=["person", "field", "number", "on"], name="people_value_of"),
        ]

    class Privacy:
        id = INTERNAL
        field = PERSONAL
        person = PERSONAL
        text = SENSITIVE
        number = SENSITIVE
        on = SENSITIVE
        value_sealed = SENSITIVE
        at = PERSONAL
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"field value {self.id}"


class Note(models.Model):
    """What somebody of the team wrote down about a person.

    ``sees`` is the right that opens it; a sensitive note is for ``see_all`` alone.
    """

    id = IdColumn()
    person = models.ForeignKey(
        "people.Person", models.CASCADE, db_index=False, related_name="notes"
    )
    body_sealed = SealedColumn()
    sees = models.CharField(max_length=20)  # a kernel.roles.Right
    is_sensitive = models.BooleanField(default=False)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="people_note_newest")]

    class Privacy:
        id = INTERNAL
        person = PERSONAL
        body_sealed = SENSITIVE
        sees = INTERNAL
        is_sensitive = PERSONAL
        by_id = PERSONAL
        at = PERSONAL
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"note {self.id}"


class Household(models.Model):
    """People who live together: ``Person.household``."""

    id = IdColumn()
    created_at = models.DateTimeField()

    class Privacy:
        id = INTERNAL
        created_at = INTERNAL

    def __str__(self) -> str:
        return f"household {self.id}"


class Relation(models.Model):
    """A tie between two people, told from ``person`` to ``other``: ``other`` is their …"""

    class Kind(models.TextChoices):
        PARTNER = "partner"
        PARENT = "parent"
        CHILD = "child"
        SIBLING = "sibling"
        FRIEND = "friend"
        COLLEAGUE = "colleague"
        NEIGHBOUR = "neighbour"

    id = IdColumn()
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="relations")
    other = models.ForeignKey("people.Person", models.CASCADE, related_name="relations_of")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "other"], name="people_relation_once"),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("other")), name="people_relation_of_two"
            ),
        ]

    class Privacy:
        id = INTERNAL
        person = PERSONAL
        other = PERSONAL
        kind = PERSONAL
        at = PERSONAL
        retention = Retention(with_="person")

    def __str__(self) -> str:
        return f"relation {self.id}"
