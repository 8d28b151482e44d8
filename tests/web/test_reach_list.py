"""The reach board person by person: every person owed a message has a row for each channel, and harm is counted once in each family."""

import csv
import io

import pyarrow.parquet as pq
import pytest
from django.urls import reverse

from amanat.web.notify import reach_export
from amanat.web.respond import journal
from amanat.web.scope import people

from .test_approval import alice, fresh, incident, person, story  # noqa: F401  fixtures
from .test_notify_reach import told

pytestmark = pytest.mark.django_db


def take(fresh, incident, who="Alice", **form):  # noqa: F811
    return fresh(who).post(reverse("reach_file", args=[incident.pk]), {"form": "csv", "why": "the board asks"} | form)


def test_each_person_has_a_row_for_each_channel_with_what_became_of_it(incident, fresh):  # noqa: F811
    told(incident, fresh)
    rows = list(csv.DictReader(io.StringIO(b"".join(take(fresh, incident).streaming_content).decode("utf-8-sig"))))
    assert tuple(rows[0]) == reach_export.COLUMNS
    assert sorted((row["residence"], row["standing"], row["channel"], row["state"], row["answer"]) for row in rows) == [
        ("FR", "failed", "email", "refused", "550 <address> unknown"),
        ("FR", "never", "", "never", ""),
        ("FR", "open", "email", "refused", "550 <address> unknown"),
        ("FR", "open", "letter", "queued", "the channel before it failed"),
        ("FR", "reached", "email", "delivered", ""),
        ("US-CA", "reached", "email", "accepted", ""),
    ]
    assert {row["harm"] for row in rows} == {"contact; identity"}
    whole = str(rows)
    assert not [secret for secret in ("Guest", "guest0", "example.org", "rue Exemple") if secret in whole]


def test_the_same_rows_stand_in_the_parquet_file(incident, fresh, tmp_path):  # noqa: F811
    told(incident, fresh)
    (tmp_path / "list.parquet").write_bytes(b"".join(take(fresh, incident, form="parquet").streaming_content))
    table = pq.read_table(tmp_path / "list.parquet")
    assert table.num_rows == 6
    assert table["harm"][0].as_py() == ["contact", "identity"]
    assert str(table.schema.field("at").type) == "timestamp[us, tz=UTC]"


def test_who_takes_it_says_why_and_may(incident, fresh, staff_of):  # noqa: F811
    told(incident, fresh)
    staff_of("eve")
    assert take(fresh, incident, why=" ").status_code == 400
    assert take(fresh, incident, form="exe").status_code == 400
    assert [take(fresh, incident, who=who).status_code for who in ("Charlie", "Dana", "Eve")] == [403, 403, 404]
    b"".join(take(fresh, incident).streaming_content)
    taken = [entry for entry in journal.entries(incident.pk) if entry["act"] == "reach.exported"]
    assert [(entry["why"], entry["what"]) for entry in taken] == [("the board asks", {"form": "csv"})]


def test_harm_is_counted_by_family_each_person_once_in_each(incident, fresh):  # noqa: F811
    kinds = [("iban", "card_with_code"), ("iban", "email"), ("password",)]
    people.load(incident, [person(n, kinds=some) for n, some in enumerate(kinds)])
    found = {row["name"]: (row["n_never"], row["n_left"]) for row in reach_export.by_harm(incident)}
    assert found == {"money": (2, 2), "contact": (1, 1), "credentials": (1, 1)}
    page = fresh("Charlie").get(reverse("reach", args=[incident.pk])).content.decode()
    assert "By what was exposed" in page
    assert "Passwords and keys" in page
    assert "List by person and channel" not in page  # a viewer may not
