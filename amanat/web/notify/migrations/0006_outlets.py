import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notify", "0005_proofs"),
        ("respond", "0008_signing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StatementRow",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("outlets", models.JSONField()),
                ("notices", models.JSONField()),
                ("statement_hash", models.CharField(max_length=64)),
                ("next_at", models.DateTimeField(null=True)),
                ("authored_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "approver",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("author", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="respond.incident")),
            ],
            options={
                "indexes": [models.Index(fields=["incident", "-released_at"], name="notify_stat_inciden_4c64a4_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("approver", None), models.Q(("approver", models.F("author")), _negated=True), _connector="OR"),
                        name="statement_approver_is_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approver", None), ("released_at", None)),
                            models.Q(("approver__isnull", False), ("released_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="statement_released_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutletRow",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("outlet", models.CharField(max_length=40)),
                ("code", models.CharField(max_length=20)),
                ("code_hash", models.BinaryField(max_length=16, unique=True)),
                ("title", models.CharField(max_length=300)),
                ("language", models.CharField(max_length=35)),
                ("released_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="respond.incident")),
                ("statement", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="notify.statementrow")),
                (
                    "withdrawn_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["incident", "outlet", "-released_at"], name="notify_outl_inciden_5b2396_idx")],
                "constraints": [models.UniqueConstraint(fields=("statement", "outlet"), name="outlet_once_a_statement")],
            },
        ),
        migrations.CreateModel(
            name="ArtefactRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=120)),
                ("language", models.CharField(blank=True, max_length=35)),
                ("content", models.BinaryField()),
                ("content_hash", models.CharField(max_length=64)),
                ("outlet", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="notify.outletrow")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("outlet", "name"), name="artefact_once")]},
        ),
    ]
