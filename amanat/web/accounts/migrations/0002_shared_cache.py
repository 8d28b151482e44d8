from django.db import migrations


class Migration(migrations.Migration):
    # The table behind CACHES, so that limits on attempts hold across processes.
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            create table amanat_cache (cache_key varchar(255) primary key, value text not null, expires timestamptz not null);
            create index amanat_cache_expires on amanat_cache (expires);
            """,
            "drop table amanat_cache",
        )
    ]
