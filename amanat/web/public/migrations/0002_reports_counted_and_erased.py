import django.db.models.deletion
from django.db import migrations, models


def seal(apps, schema_editor):
    """Texts of reports come under the key of their incident; where it was erased they go."""
    from amanat.web import crypto

    for row in apps.get_model("public", "FakeReport").objects.exclude(incident=None).select_related("incident").iterator():
        if row.incident.wrapped_keys is None:
            row.secret = b""
        else:
            keys = crypto.unwrap(row.incident.wrapped_keys, incident_id=row.incident_id)
            text = crypto.decrypt_text(bytes(row.secret).decode(), purpose="fake report")
            row.secret = keys.encrypt({"text": text}, place="public_fakereport.secret", row=row.pk)
        row.save(update_fields=["secret"])


class Migration(migrations.Migration):
    dependencies = [("public", "0001_updates_and_reports"), ("respond", "0005_carried_alert")]
    operations = [
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.AddIndex("fakereport", models.Index(fields=["incident", "-at"], name="public_fake_inciden_9def34_idx")),
        migrations.AddIndex("fakereport", models.Index(fields=["at"], name="public_fake_at_88d1b8_idx")),
        migrations.CreateModel(
            name="FakeCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("hour", models.DateTimeField()),
                ("n", models.PositiveBigIntegerField()),
                ("n_kept", models.PositiveBigIntegerField()),
                (
                    "incident",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="respond.incident"),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("incident", "hour"), name="counted_by_the_hour")]},
        ),
    ]
