"""Folders for what lies in the clear for a moment. What a killed worker left in one is found and deleted within two minutes."""

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

FRESH_SECONDS = 60  # a folder is locked a moment after it was made


@contextmanager
def folder(what: str) -> Iterator[Path]:
    """A folder for its owner only, in memory where the machine has a place for that; gone at the end, however that comes."""
    base, prefix = _place()
    path = Path(tempfile.mkdtemp(dir=base, prefix=f"{prefix}{what}-"))
    lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC)  # the kernel gives it free when we are killed
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def sweep() -> int:
    """Deletes folders whose owner is gone; returns how many."""
    base, prefix = _place()
    n = 0
    for path in base.glob(f"{prefix}*"):
        with suppress(OSError):
            lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if os.fstat(lock).st_uid == os.geteuid() and time.time() - os.fstat(lock).st_mtime > FRESH_SECONDS:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(path)
                    n += 1
            finally:
                os.close(lock)
    return n


def _place() -> tuple[Path, str]:
    """Where they lie, and how the names of ours begin: other data folders on this machine have theirs."""
    shared = Path("/dev/shm")  # noqa: S108  memory, not a disk
    name = hashlib.sha256(str(settings.DATA).encode()).hexdigest()[:12]
    return (shared if shared.is_dir() else Path(settings.DATA)), f"amanat-{name}-"
