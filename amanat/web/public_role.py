"""What the public door may do in the database: an account of its own, which holds these rights and no others.

It cannot read who works here or how they log in, what staff handed in, decided or measured, and it changes nothing but what a person
does on their page, reports of fakes, and its own counts. The tests of the public pages run under this account, so a page that needs
a further right fails there first.
"""

from typing import Any
from urllib.parse import unquote, urlsplit

from amanat.lib.errors import Fixable

ROLE = "amanat_public"  # of the embedded server; with a server of your own, whoever DATABASE_URL_PUBLIC names

# Locking the row of an incident, as every line of the journal does, takes the right to change one of its columns: here one that
# `assess` makes anew.
RIGHTS = {
    "respond_incident": "select, update (next_deadline_for)",
    "respond_factrow": "select",
    "respond_journalentry": "select, insert",
    "respond_promiserow": "select",
    "respond_signingkeyrow": "select (id, public, since, until, is_revoked)",
    "respond_certificaterow": "select",
    "respond_treeheadrow": "select",
    "scope_affectedperson": "select",
    "notify_noticerow": "select",
    "notify_approvalrow": "select",
    "notify_sendingrow": "select",
    "notify_togetherrow": "select",
    "notify_proofrow": "select, insert",
    "notify_reportrow": "insert",
    "notify_statementrow": "select",
    "notify_outletrow": "select",
    "notify_artefactrow": "select",
    "accounts_tries": "select, insert, update, delete",
    "public_statusupdate": "select",
    "public_fakereport": "select, insert",
    "public_fakecount": "select, insert, update",
    "public_strangecode": "select, insert, update",
    "public_strangesign": "select, insert, update",
    "public_originalsrow": "select",
    "bulletin_subscriber": "select, insert, update (language, confirmed_at, confirm_hash, left_at, address, address_index)",
    "care_visit": "select, insert, update",
    "care_stepdone": "select, insert, delete",
    "care_caserow": "select, insert, update (state, opened_at, answered_at, due_at)",
    "care_casemessage": "select, insert",
    "care_claimrow": "select, insert",
    "care_claimfile": "select, insert",
    "care_offerplan": "select",
    "care_offerrow": "select, insert, update (state, changed_at)",
    "care_offerentry": "select, insert",
    "care_surveyanswer": "select, insert",
    "procrastinate_jobs": "select, insert",
    "procrastinate_events": "insert",
}
SEQUENCES = ("procrastinate_jobs_id_seq", "procrastinate_events_id_seq")
# The jobs that it may ask for; any other would have the worker, which may do more, act for whoever broke in.
JOB = "task_name in ('send_proof', 'make_proofs', 'ask_reader') and queue_name = 'proofs'"


class NoSuchRole(Fixable):
    """DATABASE_URL_PUBLIC names an account that the database server does not know."""


def role_of(url: str) -> str:
    """The account in a postgresql://… address."""
    return unquote(urlsplit(url).username or "")


def grant(cursor: Any, role: str) -> None:
    """Gives the account exactly these rights, and takes all others away; run by the owner of the tables, after every migration."""
    from psycopg import sql

    cursor.execute("select current_user, exists (select 1 from pg_roles where rolname = %s)", [role])
    owner, is_there = cursor.fetchone()
    if not is_there:
        raise NoSuchRole(f"DATABASE_URL_PUBLIC: the database server has no account {role!r}; make it with CREATE ROLE {role} LOGIN PASSWORD '…'")
    if role == owner:
        raise NoSuchRole("DATABASE_URL_PUBLIC: names the same account as DATABASE_URL; make one of its own with CREATE ROLE … LOGIN PASSWORD '…'")
    who = sql.Identifier(role)
    for kind in ("tables", "sequences"):
        cursor.execute(sql.SQL("revoke all on all {} in schema public from {}").format(sql.SQL(kind), who))
    # Taking a right on a whole table away takes those on its columns, too.
    for table, rights in RIGHTS.items():
        cursor.execute(sql.SQL("grant {} on {} to {}").format(sql.SQL(rights), sql.Identifier(table), who))
    for sequence in SEQUENCES:
        cursor.execute(sql.SQL("grant usage on {} to {}").format(sql.Identifier(sequence), who))
    # The owner passes by these policies; the public door's account meets them.
    cursor.execute("alter table procrastinate_jobs enable row level security")
    for act, clause in (("insert", "with check"), ("select", "using")):
        name = sql.Identifier(f"public_door_{act}")
        cursor.execute(sql.SQL("drop policy if exists {} on procrastinate_jobs").format(name))
        cursor.execute(
            sql.SQL("create policy {} on procrastinate_jobs for {} to {} {} ({})").format(name, sql.SQL(act), who, sql.SQL(clause), sql.SQL(JOB))
        )
