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
