"""Homes by the region that stands in the address, for the segment “live in a part of a country”."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0013_lookalikes_and_merges")]

    operations = [
        migrations.AddIndex(
            model_name="postaladdress",
            index=models.Index(
                condition=models.Q(("region__gt", "")),
                fields=["country", "region", "kind", "person"],
                name="people_address_region",
            ),
        ),
    ]
