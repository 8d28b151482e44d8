from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notify", "0011_in_line")]

    operations = [
        migrations.AddIndex(
            model_name="reportrow",
            index=models.Index(condition=models.Q(("became", "unknown")), fields=["noted_at"], name="reports_of_no_notice"),
        ),
    ]
