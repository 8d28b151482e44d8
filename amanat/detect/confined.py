"""Hostile messages and logs are opened here: in a child process without network, files, privileges or secrets.

A warm process imports everything once and forks a child for each piece of work; the files arrive as open descriptors, the
answers come back through a pipe as JSON. Both sides of that talk are in this file. Started as `python -m amanat.detect.confined FD`.
"""

import atexit
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from amanat.lib import confine, settings
from amanat.lib.errors import Fixable

_LENGTH = struct.Struct("!I")
_LONGEST = 64 << 20
FILES_AT_ONCE = 64
MEMORY_BYTES = 1 << 30


class ReaderDidNotStart(Fixable):
    """The process that opens hostile messages and logs could not be started."""


class Confined:
    """Our end of the warm process."""

    def __init__(self) -> None:
        self._process, ours = confine.start_warm("amanat.detect.confined", AMANAT_EXTRA=settings.get("AMANAT_EXTRA"))
        self._socket = ours
        hello = ours.recv(1 << 16)
        if not hello:
            assert self._process.stderr is not None
            words = self._process.stderr.read().decode(errors="replace").strip().splitlines()
            self.close()
            raise ReaderDidNotStart(f"the process that opens hostile messages could not start: {words[-1] if words else 'no reason given'}")
        self.belts: dict[str, bool] = json.loads(hello)

    def ask(self, request: dict[str, Any], fds: Sequence[int], *, seconds: int) -> Iterator[dict[str, Any]]:
        """The answers of one child, as they come; the last is {"ended": how}, where "" is well."""
        out, into = os.pipe()
        asked = os.memfd_create("request")
        try:
            with os.fdopen(os.dup(asked), "wb") as file:
                file.write(json.dumps({**request, "seconds": seconds}).encode(errors="replace"))
            os.lseek(asked, 0, os.SEEK_SET)
            try:
                socket.send_fds(self._socket, [b"work"], [into, asked, *fds])
            except OSError:
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
                how = self._socket.recv(4096).decode(errors="replace")
            except OSError:
                how = ""
            yield {"ended": how.removeprefix("exit 0") if how else "died"}
        finally:
            for fd in (out, asked, *([into] if into >= 0 else [])):
                os.close(fd)

    def close(self) -> None:
        self._socket.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()


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


def _serve(fd: int) -> None:
    has_no_network = confine.no_network()  # first, while there is one thread
    _preload()
    control = socket.socket(fileno=fd)
    os.dup2(1, 2)  # from here on nothing is said: an error's words could quote a message
    control.send(json.dumps({"no network": has_no_network, **confine.belts_that_hold()}).encode())
    while True:
        request, fds, _, _ = socket.recv_fds(control, 64, FILES_AT_ONCE + 2)
        if not request:
            return
        child = os.fork()
        if child == 0:
            control.close()
            _child(fds)
        for each in fds:
            os.close(each)
        _, status = os.waitpid(child, 0)
        try:
            control.send(confine.how_ended(status).encode())
        except OSError:
            return


def _preload() -> None:
    """Every import, codec and table that could be wanted: later nothing can be opened."""
    from amanat.detect.work import warm

    confine.import_codecs()
    warm()


def _child(fds: Sequence[int]) -> None:
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
    _serve(int(sys.argv[1]))
