import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bulletin", "0001_readers_and_issues"),
        ("notify", "0012_reports_of_no_notice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(model_name="issuemail", name="reader_left_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="issue", name="stopped_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="issue",
            name="stopped_by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
    ]
