"""What a plan counts, kept so that nobody's contact is decrypted again to show the same page."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notify", "0002_sending"),
        ("respond", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanCount",
            fields=[
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to="respond.incident"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("notices_hash", models.CharField(max_length=64)),
                ("recipients_hash", models.CharField(max_length=64)),
                ("n", models.PositiveBigIntegerField()),
                ("counts", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
