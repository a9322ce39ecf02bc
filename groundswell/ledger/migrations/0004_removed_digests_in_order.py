from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_who_recorded_a_removal"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="digest",
            index=models.Index(
                condition=models.Q(("removed_by__isnull", False)),
                fields=["removed_by", "entry_id"],
                name="ledger_digest_removed",
            ),
        ),
    ]
