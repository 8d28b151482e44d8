"""Commands answer with 0, 1 or 2, in words or JSON, and a reader who leaves early hears no complaint."""

import json
import subprocess
import sys

import pytest

from amanat.__main__ import load, verbs
from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable

VERB = Verb("try", "A verb to try.")


@VERB.command("count", argument("--to", type=int, default=3), json_keys=("n",))
def count(given):
    """Counts."""
    if given.to < 0:
        raise Fixable("--to is below zero; give a number from 0")
    return Result(keys={"n": given.to}, text="\n".join(map(str, range(given.to))), is_passed=given.to < 10_000)


def test_a_command_prints_text_for_people_and_keys_for_machines(capsys):
    assert VERB.main(["count", "--to", "2"]) == 0
    assert capsys.readouterr().out == "0\n1\n"
    assert VERB.main(["count", "--to", "2", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"n": 2}


def test_a_check_that_did_not_pass_exits_with_1_and_input_to_mend_with_2(capsys):
    assert VERB.main(["count", "--to", "10000", "--format", "json"]) == 1
    assert VERB.main(["count", "--to", "-1"]) == 2
    assert "give a number from 0" in capsys.readouterr().err


def test_a_reader_who_leaves_early_hears_no_complaint():
    program = [sys.executable, "-c", "from tests.lib.test_command import VERB; raise SystemExit(VERB.main(['count', '--to', '1000000']))"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"0\n"
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (1, b"")


@pytest.mark.parametrize("name", verbs())
def test_every_verb_and_every_command_can_explain_itself(name):
    verb = load(name)
    verb.parser().format_help()
    for command in verb.commands:
        with pytest.raises(SystemExit) as left:
            verb.parser().parse_args([*([command] if command else []), "--help"])
        assert left.value.code == 0


AWAY = Verb("away", "A verb that opens what it is given.")


@AWAY.command("read", argument("path"))
def read(given):
    """Reads."""
    with open(given.path, encoding="utf-8") as file:
        return Result(keys={}, text=file.read())


def test_a_path_that_cannot_be_used_gets_a_sentence_with_what_next(capsys, tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path, says in (
        (tmp_path, "is a directory; name a file, not a folder"),
        (tmp_path / "none", "no such file or directory; check the spelling"),
        (tmp_path / "loop", "a link there leads to itself"),
        (tmp_path / ("x" * 300), "name a shorter path"),
        (tmp_path / "none" / ".." / "none", "check the spelling"),
    ):
        assert AWAY.main(["read", str(path)]) == 2
        said = capsys.readouterr().err
        assert said.startswith(f"amanat: {path}: ") and says in said


def test_a_failure_that_is_ours_still_crashes_loudly():
    ours = Verb("ours", "A verb with a mistake.")

    @ours.command("fail")
    def fail(given):
        """Fails."""
        raise OSError("no path, no known number")

    with pytest.raises(OSError, match="no path"):
        ours.main(["fail"])


def test_a_name_of_a_file_cannot_steer_the_terminal(capsys, tmp_path):
    (tmp_path / "a").write_text("bill\x1b[2J\u202egpj.exe \u2068ok\u2069\n", encoding="utf-8")
    assert AWAY.main(["read", str(tmp_path / "a")]) == 0
    assert capsys.readouterr().out == "bill\\x1b[2J\\u202egpj.exe \u2068ok\u2069\n\n"
    assert AWAY.main(["read", str(tmp_path / "none\x1b[2J")]) == 2
    assert "\x1b" not in capsys.readouterr().err


def test_a_terminal_that_knows_no_persian_does_not_end_the_work():
    program = [sys.executable, "-c", "from tests.lib.test_command import SAY; raise SystemExit(SAY.main(['say']))"]
    done = subprocess.run(program, capture_output=True, env={"PYTHONIOENCODING": "ascii"}, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"\\u0633\\u0644\\u0627\\u0645 \\udce9\n", b"")


SAY = Verb("say", "A verb that greets.")


@SAY.command("say")
def say(given):
    """Greets in Persian, and with a file name that is not UTF-8."""
    return Result(keys={}, text="سلام \udce9")
