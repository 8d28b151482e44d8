import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notify", "0010_edits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(model_name="approvalrow", name="places", field=models.JSONField(default=dict)),
        migrations.AddField(model_name="approvalrow", name="holds_unsure", field=models.BooleanField(default=False)),
        migrations.AlterField(model_name="sendingrow", name="priority", field=models.PositiveSmallIntegerField(default=10000)),
        # Who waits got no place of their own before; the next sweep gives them theirs.
        migrations.RunSQL("update notify_sendingrow set priority = 10000 where state in ('queued', 'idle')", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="AttemptsRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("channel", models.CharField(max_length=30)),
                ("is_drill", models.BooleanField()),
                ("minute", models.DateTimeField()),
                ("n", models.IntegerField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("channel", "is_drill", "minute"), name="attempts_of_a_minute")]},
        ),
        migrations.CreateModel(
            name="TrialRow",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("became", models.CharField(blank=True, max_length=15)),
                ("answer", models.CharField(blank=True, max_length=300)),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "incident",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="respond.incident"),
                ),
                (
                    "notice",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="notify.noticerow"),
                ),
                (
                    "to",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={"indexes": [models.Index(fields=["incident", "-at"], name="trials_of_incident")]},
        ),
    ]
