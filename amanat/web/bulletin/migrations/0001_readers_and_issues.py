import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("notify", "0006_outlets"),
    ]

    operations = [
        migrations.CreateModel(
            name="Issue",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("begun_at", models.DateTimeField()),
                ("n", models.PositiveBigIntegerField()),
                ("alive_at", models.DateTimeField(null=True)),
                ("not_before", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("outlet", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="notify.outletrow")),
            ],
        ),
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("company", models.CharField(max_length=200)),
                ("language", models.CharField(max_length=35)),
                ("address", models.TextField(blank=True)),
                ("address_index", models.BinaryField(max_length=16, null=True)),
                ("asked_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
                ("confirm_hash", models.BinaryField(max_length=32, null=True, unique=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("leave_hash", models.BinaryField(max_length=32, unique=True)),
                ("left_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["address_index", "mailed_at"], name="bulletin_su_address_e37dab_idx"),
                    models.Index(fields=["asked_at"], name="bulletin_su_asked_a_acd28f_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_at__isnull", False)), fields=("company", "address_index"), name="subscribed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("left_at", None), models.Q(("address", ""), ("address_index", None)), _connector="OR"),
                        name="whoever_left_has_no_address",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IssueMail",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("state", models.CharField(default="queued", max_length=15)),
                ("n_attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("leased_until", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, max_length=300)),
                ("issue", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bulletin.issue")),
                (
                    "subscriber",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="bulletin.subscriber"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["issue", "state", "id"], name="bulletin_is_issue_i_bfdd03_idx")],
                "constraints": [models.UniqueConstraint(fields=("issue", "subscriber"), name="issue_once")],
            },
        ),
    ]
