"""Sentences that staff wrote otherwise than amanat stand beside the text."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notify", "0009_line")]

    operations = [migrations.AddField(model_name="noticerow", name="edits", field=models.JSONField(default=list))]
