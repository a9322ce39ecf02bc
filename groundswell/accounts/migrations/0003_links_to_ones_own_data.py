from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_scopes_of_grants"),
    ]

    # One more purpose of a link: a choice of Python's, no column changes.
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="link",
                    name="purpose",
                    field=models.CharField(
                        choices=[
                            ("host", "Host"),
                            ("rsvp", "Rsvp"),
                            ("prove", "Prove"),
                            ("data", "Data"),
                            ("wizard", "Wizard"),
                            ("sign_in", "Sign In"),
                            ("done", "Done"),
                        ],
                        max_length=8,
                    ),
                ),
            ]
        ),
    ]
