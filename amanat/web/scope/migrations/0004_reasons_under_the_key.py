from django.db import migrations, models


def seal(apps, schema_editor):
    """Reasons that stand in the clear come under their incident's key; those of erased persons go."""
    from amanat.web import crypto

    keys = {}
    for row in apps.get_model("scope", "Review").objects.exclude(why="").select_related("incident").iterator():
        wrapped = row.incident.wrapped_keys
        if wrapped is not None:
            if row.incident_id not in keys:
                keys[row.incident_id] = crypto.unwrap(wrapped, incident_id=row.incident_id)
            row.secret = keys[row.incident_id].encrypt({"why": row.why}, place="scope_review.secret", row=row.pk)
            row.save(update_fields=["secret"])


class Migration(migrations.Migration):
    dependencies = [("scope", "0003_files"), ("respond", "0005_carried_alert")]
    operations = [
        migrations.AddField("review", "secret", models.BinaryField(editable=False, null=True)),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RemoveField("review", "why"),
    ]
