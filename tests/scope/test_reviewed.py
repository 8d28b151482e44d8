"""Reviews: what a reviewer decided holds in the next run, for what the reviewer saw."""

from datetime import date

import pyarrow as pa
import pytest

from amanat import scope
from amanat.scope.reviewed import BadReviews
from amanat.terms.exposure import EXPOSURES


def exposures(*rows):
    given = {
        "kinds": ["name"],
        "n_findings": 1,
        "n_records": 1,
        "belief": 0.5,
        "basis": "content",
        "residence": "FR",
        "language": "fr",
        "minor": None,
    }
    return pa.Table.from_pylist([given | row for row in rows], schema=EXPOSURES)


def reviews(tmp_path, *lines, head="person_id,decision,n_records"):
    file = tmp_path / "reviewed.csv"
    file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return file


def test_a_confirmed_person_is_sure_and_a_refused_one_is_gone(tmp_path):
    found = exposures({"person_id": "G-1", "state": "review"}, {"person_id": "G-2", "state": "review"}, {"person_id": "G-3", "state": "review"})

    after = scope.with_reviews(found, reviews(tmp_path, "G-1,confirmed,1", "G-2,refused,1"))

    assert after.select(["person_id", "state", "belief"]).to_pylist() == [
        {"person_id": "G-1", "state": "sure", "belief": 1.0},
        {"person_id": "G-3", "state": "review", "belief": 0.5},
    ]
    assert after.schema == EXPOSURES


def test_a_refusal_ends_when_more_records_were_found_and_never_touches_who_is_sure(tmp_path):
    found = exposures({"person_id": "G-1", "state": "review", "n_records": 3}, {"person_id": "G-2", "state": "sure"})

    after = scope.with_reviews(found, reviews(tmp_path, "G-1,refused,2", "G-2,refused,1"))

    assert after.column("state").to_pylist() == ["review", "sure"]


def test_a_file_that_is_none_says_what_to_mend(tmp_path):
    with pytest.raises(BadReviews, match="has no column decision"):
        scope.with_reviews(exposures(), reviews(tmp_path, head="person_id,n_records"))
    with pytest.raises(BadReviews, match="row 2: decision must be confirmed, refused, merged or split"):
        scope.with_reviews(exposures(), reviews(tmp_path, "G-1,maybe,1"))
    with pytest.raises(BadReviews, match="cannot be read"):
        scope.with_reviews(exposures(), tmp_path / "nothing.csv")


HEAD = "person_id,decision,n_records,same_as"


def files(tmp_path, **texts):
    home = tmp_path / "files"
    home.mkdir(exist_ok=True)
    for name, text in texts.items():
        (home / f"{name}.csv").write_text(text, encoding="utf-8")
    register = tmp_path / "register.csv"
    register.write_text("person_id,email,residence\nG-1,sara@example.org,FR\nG-2,marc@example.org,DE\n")
    return home, register


def run(tmp_path, reviewed=None):
    found = scope.find_exposures(
        [tmp_path / "files"], tmp_path / "register.csv", reviewed=reviewed, out=tmp_path / "out", key=bytes(32), now=date(2026, 11, 22), workers=1
    )
    return {row["person_id"]: row for row in found.exposures.to_pylist()}, found.notes


def test_an_outsider_who_is_a_person_of_the_register_is_merged_into_them(tmp_path):
    files(tmp_path, a="email,password\nzoe@example.org,hunter2hunter\n")
    (outsider,) = run(tmp_path)[0]

    people, notes = run(tmp_path, reviews(tmp_path, f"{outsider},merged,,G-2", head=HEAD))

    assert list(people) == ["G-2"]
    assert people["G-2"]["state"] == "sure" and people["G-2"]["residence"] == "DE" and people["G-2"]["belief"] == 1.0
    assert set(people["G-2"]["kinds"]) == {"email", "password", "online_credentials"} and not notes


def test_two_outsiders_merged_are_one_and_a_chain_of_merges_ends_with_the_last(tmp_path):
    files(tmp_path, a="email\nzoe@example.org\nyann@example.org\nxena@example.org\n")
    first, second, third = sorted(run(tmp_path)[0])

    people, _ = run(tmp_path, reviews(tmp_path, f"{first},merged,,{second}", f"{second},merged,,{third}", head=HEAD))

    assert list(people) == [third] and people[third]["n_records"] == 3 and people[third]["state"] == "outsider"


def test_an_outsider_who_is_several_is_split_into_their_values(tmp_path):
    files(tmp_path, a="email,phone\nzoe@example.org,+33 1 99 00 99 99\nyann@example.org,+33 1 99 00 99 99\n")
    (outsider,) = run(tmp_path)[0]

    people, _ = run(tmp_path, reviews(tmp_path, f"{outsider},split,,", head=HEAD))

    assert len(people) == 3 and all(row["state"] == "outsider" for row in people.values())
    assert sorted(row["n_records"] for row in people.values()) == [1, 1, 2]


def test_a_decision_about_an_outsider_holds_when_more_of_them_is_found(tmp_path):
    files(tmp_path, a="email\nzoe@example.org\n")
    (outsider,) = run(tmp_path)[0]
    decided = reviews(tmp_path, f"{outsider},merged,,G-1", head=HEAD)
    for n in range(9):  # whichever of the values is the smallest, and gives the outsider their id
        files(tmp_path, **{f"b{n}": f"email,phone\nzoe@example.org,+33 1 99 00 99 9{n}\n"})

    people, notes = run(tmp_path, decided)

    assert list(people) == ["G-1"] and people["G-1"]["n_records"] == 10 and not notes


def test_decisions_about_nobody_are_told_and_change_nothing(tmp_path):
    files(tmp_path, a="email\nzoe@example.org\n")
    before, _ = run(tmp_path)

    after, notes = run(tmp_path, reviews(tmp_path, "out-000000000000,merged,,G-1", "out-111111111111,split,,", head=HEAD))

    assert after == before and any(note.startswith("2 of 2 decisions") for note in notes)


def test_impossible_decisions_are_refused_with_their_row(tmp_path):
    for line, says in {
        "G-1,merged,,": "row 2: same_as must name",
        "G-1,merged,,G-1": "row 2: same_as must name",
        "G-1,split,,": "row 2: only persons outside",
        "G-1,refused,,": "row 2: n_records must be",
        "G-1,mergd,,G-2": "did you mean 'merged'",
    }.items():
        with pytest.raises(BadReviews, match=says):
            scope.with_reviews(exposures(), reviews(tmp_path, line, head=HEAD))


def test_why_somebody_is_on_the_list_is_said_without_a_value(tmp_path, capsys):
    from amanat.scope.__main__ import VERB

    files(tmp_path, a="email\nsara@example.org\n")
    (tmp_path / "register.csv").write_text("person_id,name,email,birth_date\nG-1,Mohammad Rezaei,sara@example.org,1985-03-12\n")
    (tmp_path / "files" / "b.csv").write_text("name,birth_date\nمحمد رضایی,12/03/1985\n", encoding="utf-8")
    run(tmp_path)

    assert VERB.main(["why", "G-1", "--case", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "a.csv, record 0: the person's own email." in said
    assert "b.csv, record 0: surely the same person" in said
    assert "a name that sounds the same, spelled otherwise, the same birth date" in said
    assert not any(value in said for value in ("sara", "Rezaei", "رضایی", "1985"))
    assert VERB.main(["why", "G-9", "--case", str(tmp_path / "out")]) == 2
