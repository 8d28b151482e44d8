import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("respond", "0009_promises")]

    operations = [
        migrations.CreateModel(
            name="CertificateRow",
            fields=[
                (
                    "key",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="respond.signingkeyrow",
                    ),
                ),
                ("pem", models.TextField()),
            ],
        ),
    ]
