"""One folder, several processes: what may go on side by side, and what gets a sentence."""

import fcntl
import os

import pytest

from amanat.lib.alone import InUse, while_nobody_rewrites


def test_a_case_that_a_run_is_writing_anew_is_left_alone_with_a_sentence(tmp_path):
    held = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)  # as `amanat run` holds it
    with pytest.raises(InUse, match="a run is writing there, and its texts and lists are not final; wait"), while_nobody_rewrites(tmp_path):
        raise AssertionError("nobody may come here")
    os.close(held)

    with while_nobody_rewrites(tmp_path), while_nobody_rewrites(tmp_path):  # two who only add go on side by side
        other = os.open(tmp_path, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(other)
