"""Workers, database and mail server are killed while notices go out: a small run of `./run crash`, as everybody's suite can bear it.

It starts a PostgreSQL of its own, because it kills it, in processes of its own: that is what it takes its seconds for.
"""

import json
import subprocess
import sys

import pytest


@pytest.mark.story
def test_whatever_is_killed_nobody_is_lost_and_twice_comes_only_what_was_in_the_air():
    call = [sys.executable, "-m", "tests.crash", "--mails", "300", "--kills", "3", "--seed", "7"]
    done = subprocess.run(call, capture_output=True, text=True, timeout=600, check=False)

    said = done.stdout[done.stdout.index("{") :] if "{" in done.stdout else done.stderr
    found = json.loads(said)
    assert (found["n_lost"], found["n_left"], found["n_strangers"], found["n_twice_unknown_to_the_ledger"]) == (0, 0, 0, 0)
    assert found["states"] == {"accepted": 300}
    assert [k["kind"] for k in found["kills"]] and all(k["came_twice"] <= k["in_the_air_at_most"] for k in found["kills"])
    assert {k["kind"] for k in found["kills"]} == {"worker", "database", "sink"}
