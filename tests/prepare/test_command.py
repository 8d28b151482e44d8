"""`amanat prepare company` at the keyboard."""

import json

from amanat.prepare.__main__ import VERB


def test_the_command_tells_where_the_story_is_and_what_is_in_it(tmp_path, capsys):
    assert VERB.main(["company", str(tmp_path / "story"), "--persons", "100", "--seed", "4", "--format", "json"]) == 0
    keys = json.loads(capsys.readouterr().out)

    assert set(keys) == set(VERB.commands["company"].json_keys)
    assert keys["persons"] == 100 and 30 < keys["affected"] < 80
    assert (tmp_path / "story" / "facts.toml").exists()


def test_people_read_what_to_do_next(tmp_path, capsys):
    assert VERB.main(["company", str(tmp_path / "story"), "--persons", "100"]) == 0

    assert f"Next: amanat run {tmp_path / 'story'}" in capsys.readouterr().out


def test_a_wrong_moment_or_kind_ends_with_2_and_a_sentence(tmp_path, capsys):
    assert VERB.main(["company", str(tmp_path / "a"), "--at", "friday"]) == 2
    assert "--at: 'friday' is not a moment" in capsys.readouterr().err
    assert VERB.main(["company", str(tmp_path / "b"), "--kind", "hotell"]) == 2
    assert "did you mean 'hotel'" in capsys.readouterr().err
    assert not (tmp_path / "b").exists()
    for far in ("0001-01-01T00:00:00+00:00", "9999-12-31T00:00:00+00:00"):
        assert VERB.main(["company", str(tmp_path / "c"), "--at", far]) == 2
        assert "between 2000 and 2099" in capsys.readouterr().err
