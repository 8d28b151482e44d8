"""One record of the stolen files for a person to look at."""

import json
from datetime import datetime, timezone

import pytest

from amanat.lib.errors import Fixable
from amanat.lib.journal import Journal
from amanat.scope.__main__ import VERB
from amanat.scope.show import show_record

NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)


@pytest.fixture
def case(tmp_path):
    (tmp_path / "files" / "lists").mkdir(parents=True)
    (tmp_path / "files" / "lists" / "guests.csv").write_text(
        "name,email\nSara Ahmadi,sara@example.org\nMarc Petit,marc@example.org\n", encoding="utf-8"
    )
    (tmp_path / "case").mkdir()
    Journal(tmp_path / "case" / "journal.jsonl").write(who="test", act="run.started", at=NOW)
    return tmp_path / "case"


def shown(case, record, **options):
    return show_record(case, [case.parent / "files"], "lists/guests.csv", record, now=NOW, **options)[1]


def acts(case):
    return [json.loads(line) for line in (case / "journal.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_record_is_shown_by_its_shape_with_what_was_found_in_it(case):
    assert shown(case, 2) == "name: ‹name M••• P••••› | email: ‹email m•••@e••••••.o••›"
    assert len(acts(case)) == 1


def test_values_are_shown_for_a_reason_that_stands_in_the_journal(case):
    assert shown(case, 1, reveal="second look") == "name: ‹name Sara Ahmadi› | email: ‹email sara@example.org›"
    last = acts(case)[-1]
    assert (last["act"], last["why"], last["what"]) == ("record.revealed", "second look", {"record": 1})


@pytest.mark.parametrize(
    ("path", "record", "words"),
    [
        ("lists/guests.csv", 3, "has 2 records"),
        ("lists/none.csv", 1, "no such file"),
        ("lists/guests.csv!/a.txt", 1, "no such part"),
        ("../x", 1, "no such file"),
    ],
)
def test_what_is_not_there_is_said(case, path, record, words):
    with pytest.raises(Fixable, match=words):
        show_record(case, [case.parent / "files"], path, record, now=NOW)


def test_the_command_masks_unless_there_is_a_reason(case, capsys):
    arguments = ["show", str(case), "lists/guests.csv", "1", "--files", str(case.parent / "files")]
    assert VERB.main(arguments) == 0
    said = capsys.readouterr().out
    assert "S••• A•••••" in said and "Sara" not in said and "--reveal WHY" in said
    assert VERB.main([*arguments, "--reveal", "look"]) == 0
    assert "sara@example.org" in capsys.readouterr().out


def test_without_marks_a_record_is_the_same_and_nothing_has_to_be_compiled(case, monkeypatch):
    from amanat.scope import scan

    monkeypatch.setattr(scan, "Scanner", None)
    assert shown(case, 2, is_marked=False) == "name: M••• P•••• | email: m•••@e••••••.o••"


def test_of_a_long_record_a_passage_is_shown_with_its_own_marks(case):
    # 1,990 letters, then an address that the passage's end cuts off, then one that lies in the second passage.
    text = "x" * 1989 + " anna@example.org " + "y" * 100 + " ben@example.org " + "z" * 50
    (case.parent / "files" / "lists" / "guests.csv").write_text("note\n" + text + "\n", encoding="utf-8")
    first, second = (shown(case, 1, part=number, reveal="long") for number in (0, 1))
    assert first.endswith("anna@examp") and "‹" not in first
    assert "‹email ben@example.org›" in second and second.startswith("le.org")


def test_a_passage_counts_from_nought(case, capsys):
    given = ["show", str(case), "lists/guests.csv", "1", "--files", str(case.parent / "files"), "--part", "-1"]
    with pytest.raises(SystemExit):
        VERB.main(given)
    assert "--part" in capsys.readouterr().err


def test_a_locked_file_is_shown_with_its_password(case):
    from tests.scope import hostile

    (case.parent / "files" / "a.zip").write_bytes(hostile.encrypted_zip())
    files = [case.parent / "files"]
    from amanat.scope.read import read_units
    from amanat.terms.finding import Gap

    (path,) = {batch.path for batch in read_units([files[0] / "a.zip"], passwords=["saffron"]) if not isinstance(batch, Gap)}
    with pytest.raises(Fixable):
        show_record(case, files, path, 1, now=NOW)
    assert "sara@example.org" in show_record(case, files, path, 1, now=NOW, passwords=["saffron"], reveal="x")[1]
