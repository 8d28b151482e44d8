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
    refusal = InUse(f"{folder}: a run is writing there, and its texts and lists are not final; wait for it to end, then try again")
    with held(folder, fcntl.LOCK_SH, refusal):
        yield


@contextmanager
def held(folder: Path, lock: int, refusal: Fixable) -> Iterator[None]:
    """The folder locked (LOCK_SH beside others, LOCK_EX alone) for as long as this lasts; raises the refusal where it cannot be."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(handle, lock | fcntl.LOCK_NB)
        except BlockingIOError:
            raise refusal from None
        yield
        fcntl.flock(handle, fcntl.LOCK_UN)  # closing alone would not do, should a child still hold the folder
    finally:
        os.close(handle)
