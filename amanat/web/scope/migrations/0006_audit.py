import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("respond", "0007_erasure"),
        ("scope", "0005_gap_estimate"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Audit",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField()),
                ("n_wanted", models.PositiveIntegerField()),
                ("seed", models.PositiveBigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "waiting"), ("running", "running"), ("done", "done"), ("failed", "failed")], default="asked", max_length=10
                    ),
                ),
                ("n_attempts", models.PositiveSmallIntegerField(default=0)),
                ("alive_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("sentence", models.TextField(blank=True)),
                ("drawn", models.JSONField(default=dict)),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="respond.incident")),
            ],
        ),
        migrations.CreateModel(
            name="AuditItem",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("ask", models.CharField(max_length=10)),
                ("secret", models.BinaryField()),
                ("audit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="items", to="scope.audit")),
            ],
        ),
        migrations.CreateModel(
            name="AuditAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("word", models.CharField(max_length=6)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="scope.audititem")),
            ],
        ),
        migrations.AddIndex(
            model_name="audit",
            index=models.Index(fields=["incident", "-asked_at"], name="scope_audit_inciden_f5675c_idx"),
        ),
        migrations.AddConstraint(
            model_name="audit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("asked", "running"))), fields=("incident",), name="one_audit_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="audititem",
            constraint=models.UniqueConstraint(fields=("audit", "number"), name="item_once"),
        ),
        migrations.AddConstraint(
            model_name="auditanswer",
            constraint=models.UniqueConstraint(fields=("item", "by"), name="one_answer_each"),
        ),
    ]
