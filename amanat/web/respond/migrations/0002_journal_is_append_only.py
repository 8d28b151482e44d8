from django.db import migrations


class Migration(migrations.Migration):
    # Whoever holds the database can still drop the trigger; the hash chain then shows what was changed.
    dependencies = [("respond", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            create function respond_journal_is_append_only() returns trigger language plpgsql as $$
            begin
                raise exception 'the journal is append-only';
            end $$;
            create trigger append_only before update or delete on respond_journalentry
                for each row execute function respond_journal_is_append_only();
            create trigger append_only_truncate before truncate on respond_journalentry
                for each statement execute function respond_journal_is_append_only();
            """,
            """
            drop trigger append_only_truncate on respond_journalentry;
            drop trigger append_only on respond_journalentry;
            drop function respond_journal_is_append_only();
            """,
        )
    ]
