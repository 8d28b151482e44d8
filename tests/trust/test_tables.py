"""Tables of other systems are read under our names; what cannot be used is counted, never guessed."""

from datetime import datetime, timezone

import pytest

from amanat.trust.tables import MissingColumn, read_events, read_exposures


def written(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_of_other_systems_have_our_names(tmp_path):
    events, aside = read_events(written(tmp_path, "Customer ID,Timestamp,Type,Amount\n7,2026-03-01T10:00:00Z,order,12.50\n"))

    [row] = events.to_pylist()
    assert (row["person_id"], row["kind"], row["value_eur"]) == ("7", "order", 12.5)
    assert row["at"] == datetime(2026, 3, 1, 10, tzinfo=timezone.utc)
    assert aside == []


def test_our_own_name_wins_where_both_are_there(tmp_path):
    events, _aside = read_events(written(tmp_path, "type,kind,person,at,date\nweb,login,7,2026-03-01T10:00:00Z,2020-01-01\n"))

    [row] = events.to_pylist()
    assert (row["kind"], row["at"].year) == ("login", 2026)


def test_a_table_without_a_column_that_could_be_the_time_says_so(tmp_path):
    with pytest.raises(MissingColumn, match="no column 'at'"):
        read_events(written(tmp_path, "person,kind\n7,order\n"))


def test_exposures_name_their_persons_as_others_do(tmp_path):
    table, _aside = read_exposures(written(tmp_path, "customer_id,State\n7,sure\n8,review\n"))

    assert table.select(["person_id", "state"]).to_pylist() == [{"person_id": "7", "state": "sure"}, {"person_id": "8", "state": "review"}]


def test_columns_may_be_parted_by_semicolons_or_tabs(tmp_path):
    for sign in ";\t":
        lines = (["person_id", "at", "kind"], ["7", "2026-03-01", "login"])
        events, _aside = read_events(written(tmp_path, "".join(sign.join(line) + "\n" for line in lines)))
        assert [row["person_id"] for row in events.to_pylist()] == ["7"]
