"""How the scan's inner loops are compiled: without the interpreter's lock, and kept on disk between runs.

Numba notices a change only in the file of the function itself, not in what it calls. The cache folder is
therefore named after the contents of the file and of every file of this stage that it imports.

Processes that start together would all compile the same loops at once: the first does, the others wait and read what it kept.
"""

import fcntl
import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import local
from typing import Any

import numba
from numba import types
from numba.np import arrayobj

from amanat.lib import settings

HERE = Path(__file__).parent
_FROM_THE_FRONT = ("amanat5scope6engine", "amanat5scope6checks", "amanat5scope7siphash")  # in the names that Numba gives to functions
_IMPORT = re.compile(r"^from (amanat\.scope\.[\w.]+) import", re.MULTILINE)


@cache
def cache_folder(module: str = __name__) -> Path:
    """Where the compiled loops of a module (or tables) are kept; a temporary folder when the data folder cannot be written."""
    content = b"".join(_file_of(name).read_bytes() for name in sorted(_needed({module})))
    name = hashlib.sha256(content + numba.__version__.encode()).hexdigest()[:12]
    try:
        folder = settings.data_folder() / "compiled" / name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / ".writable").touch()
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="amanat-"))
    return folder


def _needed(modules: set[str]) -> set[str]:
    """These modules and all of this stage that they import, directly or not."""
    todo = list(modules)
    while todo:
        for name in _IMPORT.findall(_file_of(todo.pop()).read_text(encoding="utf-8")):
            if name not in modules:
                modules.add(name)
                todo.append(name)
    return modules


def _file_of(module: str) -> Path:
    path = HERE.joinpath(*module.split(".")[2:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _index_from_the_front() -> None:
    """Lets the scan's loops do without the question that Numba asks at every access: whether the index counts from the end of the array.

    They never count so, and in so many small loops the question costs a tenth of the time. Checks of bounds, where they are switched
    on, are made as before, and refuse what is negative.
    """
    usual = arrayobj.fix_integer_index

    def fix(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
        if kind.signed and any(name in builder.function.name for name in _FROM_THE_FRONT):
            return context.cast(builder, index, kind, types.intp)
        return usual(context, builder, kind, index, size)

    arrayobj.fix_integer_index = fix


_index_from_the_front()


_ours = local()  # whether this thread has its turn already: a loop is compiled with all that it calls


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One process at a time; where files cannot be locked, nobody waits."""
    if getattr(_ours, "is_on", False):
        yield
        return
    _ours.is_on = True
    try:
        with ExitStack() as stack:
            with suppress(OSError):
                fcntl.flock(stack.enter_context((folder / ".writable").open("a")), fcntl.LOCK_EX)
            yield
    finally:
        _ours.is_on = False


def _in_turn(function: Callable[..., Any], **options: Any) -> Any:
    folder = cache_folder(function.__module__)
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    dispatcher: Any = numba.njit(nogil=True, cache=True, error_model="numpy", **options)(function)
    compile_or_read = dispatcher.compile

    def compile_in_turn(signature: Any) -> Any:
        with _turn(folder):
            return compile_or_read(signature)

    dispatcher.compile = compile_in_turn
    return dispatcher


def compiled(function: Callable[..., Any]) -> Any:
    """Decorator: compile on first call, release the interpreter's lock, keep the machine code."""
    return _in_turn(function)


def counted_by_caller(function: Callable[..., Any]) -> Any:
    """The same without counting references: the caller keeps every array alive, and none is made inside.

    Handing the scan's tables from function to function would otherwise count some forty arrays up and down at each call.
    """
    return _in_turn(function, _nrt=False)


def inlined(function: Callable[..., Any]) -> Any:
    """For the smallest functions: `counted_by_caller`, and copied into whoever calls them."""
    numba.config.CACHE_DIR = str(cache_folder(function.__module__))  # type: ignore[attr-defined]
    return numba.njit(nogil=True, cache=True, error_model="numpy", _nrt=False, forceinline=True)(function)  # type: ignore[call-overload]
