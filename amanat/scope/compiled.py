"""How the scan's inner loops are compiled: without the interpreter's lock, and kept on disk between runs.

Numba notices a change only in the file of the function itself, not in what it calls. The cache folder is
therefore named after the contents of the file and of all before it in `FILES`: a file calls only those.
"""

import hashlib
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba

from amanat.lib import settings

HERE = Path(__file__).parent
FILES = ("compiled.py", "siphash.py", "fold.py", "calendar.py", "checks.py", "engine.py", "keys.py", "match.py", "outsiders.py")


@cache
def cache_folder(file: str = "compiled.py") -> Path:
    """Where the compiled loops of a file (or tables) are kept; a temporary folder when the data folder cannot be written."""
    content = b"".join((HERE / name).read_bytes() for name in FILES[: FILES.index(file) + 1])
    name = hashlib.sha256(content + numba.__version__.encode()).hexdigest()[:12]
    try:
        folder = settings.data_folder() / "compiled" / name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / ".writable").touch()
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="amanat-"))
    return folder


def compiled(function: Callable[..., Any]) -> Any:
    """Decorator: compile on first call, release the interpreter's lock, keep the machine code."""
    file = f"{function.__module__.rsplit('.', 1)[-1]}.py"
    numba.config.CACHE_DIR = str(cache_folder(file))  # type: ignore[attr-defined]
    return numba.njit(nogil=True, cache=True)(function)


def counted_by_caller(function: Callable[..., Any]) -> Any:
    """The same without counting references: the caller keeps every array alive, and none is made inside.

    Handing the scan's tables from function to function would otherwise count some forty arrays up and down at each call.
    """
    file = f"{function.__module__.rsplit('.', 1)[-1]}.py"
    numba.config.CACHE_DIR = str(cache_folder(file))  # type: ignore[attr-defined]
    return numba.njit(nogil=True, cache=True, _nrt=False)(function)  # type: ignore[call-overload]
