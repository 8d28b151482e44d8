from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scope", "0004_reasons_under_the_key")]
    operations = [migrations.AddField("scoperow", "gap_estimate", models.JSONField(default=dict))]
