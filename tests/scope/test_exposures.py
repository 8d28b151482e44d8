"""How many persons have which kinds of data."""

import pyarrow as pa

from amanat.scope import exposures


def test_persons_are_counted_by_kind_and_state_however_many_are_counted_at_once(monkeypatch):
    table = pa.table(
        {
            "kinds": pa.array([["name", "email"], ["email"], [], ["phone"], ["email"]], pa.list_(pa.string())),
            "state": ["sure", "review", "sure", "outsider", "sure"],
        }
    )
    expected = {"email": {"sure": 2, "review": 1}, "name": {"sure": 1}, "phone": {"outsider": 1}}
    assert exposures.persons_by_kind(table) == expected and list(exposures.persons_by_kind(table)) == ["email", "name", "phone"]
    monkeypatch.setattr(exposures, "_AT_ONCE", 2)
    assert exposures.persons_by_kind(table) == expected
    assert exposures.persons_by("state", table) == {"sure": 3, "review": 1, "outsider": 1}
