"""What lies in the clear for a moment is gone afterwards, also when its worker was killed."""

import os
import signal
import subprocess
import sys
import time

import pytest

from amanat.web import scratch

KILLED = """
import os, sys
from types import SimpleNamespace
from pathlib import Path
from amanat.web import scratch
scratch.settings = SimpleNamespace(DATA=Path(sys.argv[1]))
with scratch.folder("run") as folder:
    (folder / "reviewed.csv").write_text("guest-1")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def data(tmp_path, settings):
    settings.DATA = tmp_path
    return tmp_path


def older(folder):
    moment = time.time() - scratch.FRESH_SECONDS - 1
    os.utime(folder, (moment, moment))


def test_a_folder_is_its_owners_and_goes_at_the_end(data):
    with scratch.folder("run") as folder:
        assert folder.stat().st_mode & 0o077 == 0
        older(folder)
        assert scratch.sweep() == 0  # somebody works in it
    assert not folder.exists()


def test_what_a_killed_worker_left_is_swept(data):
    with subprocess.Popen([sys.executable, "-c", KILLED, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        folder = scratch.Path(worker.stdout.readline().strip())
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert (folder / "reviewed.csv").exists()

    assert scratch.sweep() == 0  # it may be one that was made this very moment
    older(folder)
    assert scratch.sweep() == 1
    assert not folder.exists()
