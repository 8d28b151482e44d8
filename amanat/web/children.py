"""Child processes that never outlive their parent."""

import ctypes
import json
import os
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


def ask_amanat(
    arguments: Sequence[str],
    *,
    while_waiting: Callable[[], None] = lambda: None,
    most_seconds: float | None = None,
    fds: Sequence[int] = (),
) -> tuple[int, dict[str, Any]]:
    """`amanat … --format json` in a process without our database, keys or secrets, because what it reads may be hostile.

    Returns its exit code and the keys of its answer, which are none when it did not end well enough to give any.

    Args:
        while_waiting: called every LOOK_SECONDS, to say that somebody is still at it.
        fds: open files that the child may read too, as `/dev/fd/NUMBER` among its arguments.
        most_seconds: after that the child is killed and subprocess.TimeoutExpired raised.
    """
    environment = {name: value for name, value in settings.environment().items() if name in _CLEAN}
    until = time.monotonic() + most_seconds if most_seconds is not None else float("inf")
    with tempfile.TemporaryFile("w+") as answer:
        child = subprocess.Popen(
            [sys.executable, "-m", "amanat", *arguments, "--format", "json"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.DEVNULL,
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
    return child.returncode, keys if isinstance(keys, dict) else {}
