import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notify", "0014_filled"), ("respond", "0010_certificates"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(model_name="artefactrow", name="shows", field=models.JSONField(default=dict)),
        migrations.AlterField(model_name="artefactrow", name="content_hash", field=models.CharField(db_index=True, max_length=64)),
        migrations.CreateModel(
            name="PictureRow",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("media_type", models.CharField(max_length=40)),
                ("secret", models.BinaryField()),
                ("size_bytes", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="respond.incident")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("incident", "name"), name="picture_name_once")]},
        ),
    ]
