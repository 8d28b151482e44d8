"""Commands answer with 0, 1 or 2, in words or JSON, and a reader who leaves early hears no complaint."""

import json
import subprocess
import sys

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
