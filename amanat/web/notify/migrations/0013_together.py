import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notify", "0012_reports_of_no_notice"), ("respond", "0009_promises"), ("scope", "0006_audit")]

    operations = [
        migrations.CreateModel(
            name="TogetherRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "approval",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="notify.approvalrow"),
                ),
                (
                    "incident",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="respond.incident"),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scope.affectedperson"),
                ),
                (
                    "told_with",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scope.affectedperson"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["approval", "told_with"], name="told_with_whom")],
                "constraints": [models.UniqueConstraint(fields=("approval", "person"), name="told_with_one")],
            },
        ),
    ]
