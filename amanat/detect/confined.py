"""Hostile messages and logs are opened here: in a child process without network, files, privileges or secrets.

A warm process imports everything once and forks a child for each piece of work; the files arrive as open descriptors, the
answers come back through a pipe as JSON. Both sides of that talk are in this file. Started as `python -m amanat.detect.confined FD`.
"""

import atexit
import json
import os
import signal
import struct
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from amanat.lib import confine, settings
from amanat.lib.warm import Died, Warm, serve

_LENGTH = struct.Struct("!I")
_LONGEST = 64 << 20
FILES_AT_ONCE = 64
MEMORY_BYTES = 1 << 30


class Confined(Warm):
    """Our end of the warm process."""

    def __init__(self) -> None:
        super().__init__("amanat.detect.confined", "hostile messages", AMANAT_EXTRA=settings.get("AMANAT_EXTRA"))
        self.wait_ready()

    def answers(self, request: dict[str, Any], fds: Sequence[int], *, seconds: int) -> Iterator[dict[str, Any]]:
        """The answers of one child, as they come; the last is {"ended": how}, where "" is well."""
        out, into = os.pipe()
        asked = os.memfd_create("request")
        try:
            with os.fdopen(os.dup(asked), "wb") as file:
                file.write(json.dumps({**request, "seconds": seconds}).encode(errors="replace"))
            os.lseek(asked, 0, os.SEEK_SET)
            try:
                self.ask(b"work", [into, asked, *fds])
            except Died:
                yield {"ended": "died"}
                return
            os.close(into)
            into = -1
            with os.fdopen(os.dup(out), "rb") as answers:
                while len(head := answers.read(_LENGTH.size)) == _LENGTH.size:
                    (length,) = _LENGTH.unpack(head)
                    if length > _LONGEST:
                        break  # only a child that was taken over sends this
                    try:
                        answer = json.loads(answers.read(length))
                    except ValueError:
                        break
                    if isinstance(answer, dict):
                        yield answer
            try:
                yield {"ended": self.how_it_ended().removeprefix("exit 0")}
            except Died:
                yield {"ended": "died"}
        finally:
            for fd in (out, asked, *([into] if into >= 0 else [])):
                os.close(fd)


def ending(how: str) -> str:
    """How a child ended, as a sentence about the file it had in hand."""
    return {
        "signal 14": "Reading it took longer than the limit.",
        "signal 24": "Reading it used more processor time than the limit.",
        "exit 3": "Reading it needs more memory than the limit.",
        "signal 11": "Its reader crashed; it is damaged or an attack.",
        "signal 31": "Its reader tried something that is not allowed; it may be an attack.",
        "died": "The process that reads it died over it.",
    }.get(how, f"Its reader ended unexpectedly ({how}).")


_kept: dict[tuple[int, str], Confined] = {}


def confined() -> Confined:
    """The warm process of this program, started at first need."""
    key = (os.getpid(), settings.get("AMANAT_EXTRA"))
    if key not in _kept:
        _kept[key] = Confined()
    return _kept[key]


def forget() -> None:
    """Ends the warm process, because it died; the next call starts another."""
    for (pid, _extra), one in list(_kept.items()):
        if pid == os.getpid():
            one.close()
    _kept.clear()


atexit.register(forget)


# --- the other side: the warm process and its children -----------------------------------------------------------------


def _preload() -> None:
    """Every import, codec and table that could be wanted: later nothing can be opened."""
    from amanat.detect.work import warm

    confine.import_codecs()
    warm()


def _child(_work: bytes, fds: Sequence[int], _ready: None) -> None:
    """Does one piece of work and ends; never returns."""
    import gc

    from amanat.detect.work import answers

    try:
        gc.freeze()
        into, asked, *files = fds
        with os.fdopen(asked, "rb") as file:
            request = json.loads(file.read())
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, request["seconds"])  # ends the child wherever it is, even deep inside a library
        confine.limits(memory_bytes=MEMORY_BYTES, cpu_seconds=request["seconds"])
        confine.belts()
        for answer in answers(request, files):
            text = json.dumps(answer).encode(errors="replace")
            view = memoryview(_LENGTH.pack(len(text)) + text)
            while len(view):
                view = view[os.write(into, view) :]
    except MemoryError:
        os._exit(3)
    except BaseException:
        os._exit(4)
    os._exit(0)


if __name__ == "__main__":
    serve(int(sys.argv[1]), _preload, _child, fds_max=FILES_AT_ONCE + 2)
