"""Whatever kills the program, everybody is told, and nobody knowingly twice."""

import signal
import subprocess
import sys
import time

import pyarrow.parquet as pq
import pytest

from amanat.notify.file_ledger import read_lines
from tests.notify.delivery_world import Sink, a_server

N_PERSONS = 1200
KILL_AT = (60, 200, 203, 500, 900)
N_PARALLEL = 4
BATCH = 25


def start(out, url, *hold):
    arguments = [sys.executable, "-m", "tests.notify.delivery_program", str(out), url, str(N_PERSONS), *hold]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def kill_when(sink, n, program):
    while len(sink.mails) < n and program.poll() is None:
        time.sleep(0.002)
    program.send_signal(signal.SIGKILL)
    program.wait()
    time.sleep(0.05)  # the server finishes the message that it has


def test_after_five_kills_everybody_got_the_message_and_only_those_in_the_air_got_it_again(tmp_path):
    sink = Sink()
    with a_server(sink) as url:
        for n in KILL_AT:
            kill_when(sink, n, start(tmp_path, url))
        last = start(tmp_path, url)
        assert last.communicate(timeout=120)[0].split() == [str(N_PERSONS), "0", "0"]

    ids = sink.message_ids
    assert len(ids) == N_PERSONS
    assert len(set(sink.recipients)) == N_PERSONS
    n_twice = sum(ids.values()) - N_PERSONS
    # One message per connection can be in the air when the program dies; all others were on record at once.
    assert n_twice <= len(KILL_AT) * N_PARALLEL
    # Nobody was told twice without the ledger knowing that it could happen.
    unsure = {i for line in read_lines(tmp_path / "ledger.jsonl") if line["state"] == "unsure" for i in line["ids"]}
    twice = {message_id.strip("<>").split("@")[0] for message_id, n in ids.items() if n > 1}
    assert twice <= unsure
    states = pq.read_table(tmp_path / "receipts.parquet")
    assert states["state"].to_pylist().count("accepted") == N_PERSONS


def test_with_hold_unsure_nobody_at_all_is_told_twice(tmp_path):
    sink = Sink()
    with a_server(sink) as url:
        for n in KILL_AT[:3]:
            kill_when(sink, n, start(tmp_path, url, "hold"))
        reached, waiting, unsure = map(int, start(tmp_path, url, "hold").communicate(timeout=120)[0].split())

    assert max(sink.message_ids.values()) == 1
    assert (waiting, reached + unsure) == (0, N_PERSONS)
    assert 0 < unsure <= 3 * N_PARALLEL * BATCH


def test_ctrl_c_lets_each_connection_finish_its_message_so_nobody_is_unsure(tmp_path):
    class Unhurried(Sink):
        def answer(self, envelope):
            time.sleep(0.01)  # so that a busy machine cannot be done before Ctrl-C arrives
            return super().answer(envelope)

    sink = Unhurried()
    with a_server(sink) as url:
        for n in (100, 300):
            program = start(tmp_path, url)
            while len(sink.mails) < n:
                time.sleep(0.002)
            program.send_signal(signal.SIGINT)
            assert program.wait(timeout=30) != 0
            states = pq.read_table(tmp_path / "receipts.parquet")["state"].to_pylist()
            assert states.count("accepted") == len(sink.mails)
        start(tmp_path, url).communicate(timeout=120)
    assert len(sink.message_ids) == N_PERSONS and set(sink.message_ids.values()) == {1}
    assert not any(line["state"] == "unsure" for line in read_lines(tmp_path / "ledger.jsonl"))


def test_two_programs_cannot_send_from_one_ledger(tmp_path):
    class Slow(Sink):
        def answer(self, envelope):
            time.sleep(0.02)
            return "250 ok"

    sink = Slow()
    with a_server(sink) as url:
        first = start(tmp_path, url)
        while not sink.mails:
            time.sleep(0.01)
        arguments = [sys.executable, "-m", "tests.notify.delivery_program", str(tmp_path), url, str(N_PERSONS)]
        second = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
        first.kill()
        first.wait()

    assert "another process is sending from this ledger" in second.stderr
    assert set(sink.message_ids.values()) == {1}


@pytest.mark.parametrize("cut", [1, 7, 40])
def test_half_a_line_at_the_end_is_mended(tmp_path, cut):
    sink = Sink()
    with a_server(sink) as url:
        kill_when(sink, 60, start(tmp_path, url))
        ledger = tmp_path / "ledger.jsonl"
        ledger.write_bytes(ledger.read_bytes()[:-cut])
        last = start(tmp_path, url)
        assert last.communicate(timeout=120)[0].split() == [str(N_PERSONS), "0", "0"]
    assert len(sink.message_ids) == N_PERSONS
