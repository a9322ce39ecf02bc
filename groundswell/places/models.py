"""Postcodes that this installation has loaded, and which tables they came from."""

from __future__ import annotations

from django.db import models

from groundswell.kernel.columns import IdColumn
from groundswell.kernel.privacy import INTERNAL, PUBLIC


class PostcodeTable(models.Model):
    """One country's table: which file, and how far it has been read."""

    country = models.CharField(max_length=2, primary_key=True)
    digest = models.CharField(max_length=64)  # SHA-256 of the file, to go on where it stopped
    edition = models.PositiveIntegerField(default=1)  # grows with each new file
    lines_done = models.PositiveIntegerField(default=0)
    is_complete = models.BooleanField(default=False)
    loaded_at = models.DateTimeField()

    class Privacy:
        country = PUBLIC
        digest = INTERNAL
        edition = INTERNAL
        lines_done = INTERNAL
        is_complete = INTERNAL
        loaded_at = INTERNAL

    def __str__(self) -> str:
        return f"postcodes of {self.country}"


class Postcode(models.Model):
    """A postcode and a place that uses it; several places may share one code."""

    id = IdColumn()
    country = models.CharField(max_length=2)
    code = models.CharField(max_length=12)  # capitals, without blanks and hyphens
    name = models.CharField(max_length=180)
    lat = models.FloatField()
    lon = models.FloatField()
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "country", "name"], name="places_postcode_once"
            ),
            models.CheckConstraint(
                condition=models.Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="places_postcode_on_earth",
            ),
        ]
        indexes = [models.Index(fields=["country", "edition"], name="places_postcode_edition")]

    class Privacy:
        id = PUBLIC
        country = PUBLIC
        code = PUBLIC
        name = PUBLIC
        lat = PUBLIC
        lon = PUBLIC
        edition = INTERNAL

    def __str__(self) -> str:
        return f"{self.country} {self.code} {self.name}"


class Region(models.Model):
    """Several countries that one organiser looks after, such as "Latin America".

    Retention: with the installation; it says nothing about a person.
    """

    id = IdColumn()
    name = models.CharField(max_length=80, unique=True)
    countries = models.JSONField(default=list)  # ISO 3166-1 alpha-2, in alphabetical order
    created_at = models.DateTimeField()

    class Privacy:
        id = INTERNAL
        name = INTERNAL
        countries = INTERNAL
        created_at = INTERNAL

    def __str__(self) -> str:
        return self.name
