"""Child processes that never outlive their parent."""

import ctypes
import json
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

from amanat.lib import settings

_PR_SET_PDEATHSIG = 1
# Loaded here, because nothing may be imported between fork and exec.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(how: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends `how` to the child when the thread that started it ends.

    Elsewhere than on Linux nothing happens, and a killed parent leaves its children behind.
    """
    parent = os.getpid()

    def set_up() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
            # The parent may have died before we asked.
            if os.getppid() != parent:
                os._exit(1)

    return set_up


def end_with_parent(how: signal.Signals = signal.SIGKILL) -> None:
    """The same, asked for by the child itself after it has started."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)


# What a child may know of our environment: nothing of the database, keys or secrets.
_CLEAN = {"PATH", "HOME", "LANG", "AMANAT_EXTRA", "AMANAT_DATA", "NUMBA_CACHE_DIR"}
LOOK_SECONDS = 10
COMPLAINT_MAX = 20_000  # bytes of its standard error: the end, where the reason stands


def ask_amanat(
    arguments: Sequence[str],
    *,
    while_waiting: Callable[[], None] = lambda: None,
    most_seconds: float | None = None,
    fds: Sequence[int] = (),
    is_secret: bool = False,
) -> tuple[int, dict[str, Any]]:
    """`amanat … --format json` in a process without our database, keys or secrets, because what it reads may be hostile.

    Returns its exit code and the keys of its answer; where it did not end well enough to give any, "error" says how it ended.

    Args:
        while_waiting: called every LOOK_SECONDS, to say that somebody is still at it.
        fds: open files that the child may read too, as `/dev/fd/NUMBER` among its arguments.
        most_seconds: after that the child is killed and subprocess.TimeoutExpired raised.
        is_secret: the answer holds a person's values, so it stays in memory and touches no disk.
    """
    environment = {name: value for name, value in settings.environment().items() if name in _CLEAN}
    until = time.monotonic() + most_seconds if most_seconds is not None else float("inf")
    in_memory = is_secret and hasattr(os, "memfd_create")
    with open(os.memfd_create("answer"), "w+") if in_memory else tempfile.TemporaryFile("w+") as answer, tempfile.TemporaryFile() as complaint:
        child = subprocess.Popen(
            [sys.executable, "-m", "amanat", *arguments, "--format", "json"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=complaint,
            cwd=os.sep,
            pass_fds=fds,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
        while True:
            try:
                child.wait(timeout=max(0.0, min(LOOK_SECONDS, until - time.monotonic())))
                break
            except subprocess.TimeoutExpired:
                if time.monotonic() >= until:
                    child.kill()
                    child.wait()
                    raise
                while_waiting()
        answer.seek(0)
        try:
            keys = json.load(answer)
        except ValueError:
            keys = {}
        keys = keys if isinstance(keys, dict) else {}
        if child.returncode != 0 and not keys:
            complaint.seek(max(0, os.fstat(complaint.fileno()).st_size - COMPLAINT_MAX))
            keys = {"error": how_it_ended(child.returncode, complaint.read().decode("utf-8", "replace"))}
            logging.getLogger("amanat").error("amanat %s: %s", arguments[0], keys["error"])
    return child.returncode, keys


_FRAME = re.compile(r'^  File "[^"\n]*?(amanat/[\w/]+\.py)", line (\d+), in ([\w<>]+)', re.MULTILINE)
_ERROR = re.compile(r"^([A-Za-z_][\w.]*)(?::|$)")


def how_it_ended(code: int, complaint: str) -> str:
    """A sentence for staff about a child that gave no answer, from what it wrote to its standard error.

    Only the sort of the error and the place in our code are taken over: what an error says in words may be a person's value.
    """
    if code < 0:
        name = signal.Signals(-code).name if -code in {int(s) for s in signal.Signals} else str(-code)
        why = (
            "most likely for want of memory; give the machine more, or hand in less at once"
            if name == "SIGKILL"
            else "which is no fault of the files"
        )
        return f"the machine ended the reading ({name}), {why}; then ask again"
    lines = [line for line in complaint.splitlines() if line.strip()]
    sort = found[1].rpartition(".")[2] if lines and (found := _ERROR.match(lines[-1])) and "Traceback" in complaint else ""
    frames = _FRAME.findall(complaint)
    where = f" in {frames[-1][0]}, line {frames[-1][1]}" if frames else ""
    return (
        f"the reading ended unexpectedly (exit {code}{f': {sort}{where}' if sort else ''}); ask again, and if it ends so once more, "
        "send these words to whoever maintains amanat"
    )
