"""An approval says when the ledger held all its rows; those of before were filled while the second signature was written."""

from typing import Any

from django.db import migrations, models
from django.db.models import F


def filled_when_approved(apps: Any, _editor: Any) -> None:
    """As it was until now."""
    apps.get_model("notify", "ApprovalRow").objects.exclude(approved_at=None).update(filled_at=F("approved_at"))


class Migration(migrations.Migration):
    dependencies = [("notify", "0013_together")]

    operations = [
        migrations.AddField(model_name="approvalrow", name="filled_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="approvalrow", name="prepared", field=models.JSONField(default=dict)),
        migrations.RunPython(filled_when_approved, migrations.RunPython.noop),
    ]
