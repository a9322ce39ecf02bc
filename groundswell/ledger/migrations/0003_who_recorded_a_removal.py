from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_bookmarks"),
    ]

    operations = [
        migrations.AddField(
            model_name="digest",
            name="removed_by",
            field=models.BigIntegerField(null=True),
        ),
    ]
