"""Keeps apart what must not happen to one folder at the same time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amanat.lib.errors import Fixable


class InUse(Fixable):
    """Another process is changing the folder."""


@contextmanager
def while_nobody_rewrites(folder: Path) -> Iterator[None]:
    """For who reads or adds to a case: refused while a run writes it anew, which holds the folder for itself; raises InUse.

    Several of these may go on side by side.
    """
    if not folder.is_dir():
        yield  # what the folder lacks is said by whoever reads it
        return
    held = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(f"{folder}: a run is writing there, and its texts and lists are not final; wait for it to end, then try again") from None
        yield
    finally:
        os.close(held)
