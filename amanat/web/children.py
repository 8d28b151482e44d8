"""Child processes that never outlive their parent."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

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
