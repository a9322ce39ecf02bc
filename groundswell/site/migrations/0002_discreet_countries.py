from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("site", "0001_first_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="installation",
            name="discreet_countries",
            field=models.JSONField(default=list),
        ),
    ]
