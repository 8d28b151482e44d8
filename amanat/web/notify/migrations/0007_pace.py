import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notify", "0006_outlets"),
        ("respond", "0009_promises"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaceRow",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "choice",
                    models.CharField(
                        choices=[("all_at_once", "As fast as the channels carry"), ("follow_desk", "As the desk can follow")], max_length=12
                    ),
                ),
                ("per_hour", models.JSONField(default=dict)),
                ("staff_n", models.PositiveIntegerField(null=True)),
                ("hours", models.CharField(default="0-24", max_length=5)),
                ("days", models.CharField(default="mon-sun", max_length=30)),
                ("zone", models.CharField(default="UTC", max_length=60)),
                ("service_level", models.CharField(default="80/60", max_length=10)),
                ("why", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="respond.incident")),
            ],
            options={"indexes": [models.Index(fields=["incident", "-at"], name="notify_pace_inciden_2a420d_idx")]},
        ),
        migrations.AddField(model_name="sendingrow", name="is_at_once", field=models.BooleanField(default=False)),
    ]
