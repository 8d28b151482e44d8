"""The confined reader: a warm process without network that forks, for each few files, a child that can only read them.

A file arrives as an open descriptor. The child gives up privileges, files, network and most system calls, then sends
batches back through a pipe. Both sides of that talk are in this file. Started as `python -m amanat.scope.confined FD`.
"""

import json
import os
import select
import signal
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from amanat.lib import confine, settings
from amanat.lib.warm import Warm, serve

# Frames from the child: one letter and a length. B: a file begins,
# R: records (path, then Arrow), G: a gap, D: the file is done, T: seconds for a picture.
_FRAME = struct.Struct("!cIQ")
_LONGEST = 256 << 20
FILES_AT_ONCE = 64  # descriptors sent in one message


@dataclass(frozen=True, slots=True)
class Task:
    """One file for the child: its open descriptor goes beside it."""

    path: str
    size: int
    unit: int


class Zygote(Warm):
    """Our end of one warm reading process."""

    def __init__(self) -> None:
        # Arrow's plain allocator, because the others reserve more address space than the memory limit allows.
        super().__init__("amanat.scope.confined", "hostile files", ARROW_DEFAULT_MEMORY_POOL="system", AMANAT_EXTRA=settings.get("AMANAT_EXTRA"))
        self._more_seconds = 0.0

    def read(self, tasks: Sequence[Task], fds: Sequence[int], limits: Any, passwords: Sequence[str] = ()) -> Iterator[tuple[str, int, bytes]]:
        """Frames (letter, position in `tasks`, payload) as they come; at the end ("X", position, how the child ended).

        Raises Died when the process itself is gone.
        """
        out, into = os.pipe()
        self._more_seconds = float(limits.ocr_seconds)
        allowed = max(1.0, limits.wall_seconds + sum(t.size for t in tasks) / 1e6)
        try:
            request = json.dumps({"tasks": [asdict(t) for t in tasks], "limits": asdict(limits), "passwords": list(passwords)}).encode(
                errors="replace"
            )
            self.ask(request, [into, *fds])
            os.close(into)
            into = -1
            yield from self._frames(out, allowed)
        finally:
            os.close(out)
            if into >= 0:
                os.close(into)

    def _frames(self, out: int, allowed: float) -> Iterator[tuple[str, int, bytes]]:
        import time

        at, is_late, buffer = 0, False, bytearray()
        is_over = False
        try:
            while True:
                began = time.monotonic()
                ready, _, _ = select.select([out], [], [], max(allowed, 0.01))
                allowed -= time.monotonic() - began
                if not ready and not is_late:
                    is_late, allowed = True, 5.0
                    self.kill_child()
                    continue
                more = os.read(out, 1 << 20) if ready else b""
                if not more:
                    break
                buffer += more
                while len(buffer) >= _FRAME.size:
                    letter, position, length = _FRAME.unpack_from(buffer)
                    if length > _LONGEST:
                        # Only a child that was taken over sends this.
                        self.kill_child()
                        buffer.clear()
                        break
                    if len(buffer) < _FRAME.size + length:
                        break
                    payload = bytes(buffer[_FRAME.size : _FRAME.size + length])
                    del buffer[: _FRAME.size + length]
                    at = position
                    if letter == b"T":
                        # Time for text in pictures is counted apart, up to its own limit.
                        seconds = min(max(struct.unpack("!d", payload)[0] if length == 8 else 0.0, 0.0), self._more_seconds)
                        allowed, self._more_seconds = allowed + seconds, self._more_seconds - seconds
                        continue
                    yield letter.decode("latin-1"), position, payload
            is_over = True
        finally:
            if not is_over:  # the caller stopped listening
                self.kill_child()
            how = self.how_it_ended()
        yield "X", at, b"late" if is_late else how.encode()


# --- the other side: the zygote and its children -----------------------------------------------------------------------


def _preload() -> dict[str, Any]:
    """Every import and codec a reader could want: later nothing can be opened."""
    import importlib

    from amanat.lib.open_set import OpenSet
    from amanat.scope import ocr

    confine.import_codecs()
    for name in ("amanat.scope.unit", "pyarrow.compute", "numpy", "email.parser", "email.mime.message", "html.entities", "stringprep", "unicodedata"):
        importlib.import_module(name)
    ocr.is_there()
    readers = OpenSet("scope/readers", "READER").load()
    _warm(readers)
    return readers


def _warm(readers: dict[str, Any]) -> None:
    """Reads every example once, so that whatever a library loads at first use is loaded."""
    from amanat.scope.reader import EXAMPLE_PASSWORD, Limits
    from amanat.scope.source import Source
    from amanat.scope.unit import read_unit

    for reader in readers.values():
        for example in (*reader.examples(), *reader.locked_examples()):
            for _ in read_unit(Source.of_bytes(example), "", readers, Limits(), ("a wrong one", EXAMPLE_PASSWORD)):
                pass


def _child(asked: bytes, fds: Sequence[int], readers: dict[str, Any]) -> None:
    """Reads the files and ends; never returns."""
    import gc
    import io
    from functools import partial

    from amanat.scope import ocr
    from amanat.scope.reader import Limits
    from amanat.scope.source import Counting, Source, holes_of
    from amanat.scope.unit import read_unit

    try:
        gc.freeze()
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        request = json.loads(asked)
        limits = Limits(**request["limits"])
        size = sum(task["size"] for task in request["tasks"])
        confine.limits(memory_bytes=limits.memory_bytes, cpu_seconds=int(limits.cpu_seconds + size / 1e6), more_cpu_seconds=limits.ocr_seconds)
        confine.belts()
        into = fds[0]
        for position, (task, fd) in enumerate(zip(request["tasks"], fds[1:], strict=True)):
            _send(into, b"B", position, b"")
            ocr.spent_seconds, ocr.heard = 0.0, partial(_more_time, into, position)
            holes = holes_of(fd, task["size"])
            raw = Counting(fd, holes)
            source = Source(io.BufferedReader(raw, 1 << 20), name=task["path"], size=task["size"], is_seekable=True)
            n_told = 0
            for item in read_unit(source, task["path"], readers, limits, request["passwords"]):
                covered = min(raw.n_read, task["size"])
                _send(into, *_packed(item, position, covered - n_told))
                n_told = covered
            if holes:
                _send(into, *_hole_frame(task, holes, position))
            _send(into, b"D", position, b"")
    except MemoryError:
        os._exit(3)
    except BaseException:
        os._exit(4)
    os._exit(0)


def _more_time(into: int, position: int, seconds: float) -> None:
    from amanat.scope import ocr

    ocr.allow_more(seconds)
    _send(into, b"T", position, struct.pack("!d", seconds))


def _hole_frame(task: dict[str, Any], holes: list[tuple[int, int]], position: int) -> tuple[bytes, int, bytes]:
    n_bytes = sum(end - begin for begin, end in holes)
    says = {
        "path": task["path"],
        "reason": f"{n_bytes / 1e6:,.0f} of its {task['size'] / 1e6:,.0f} MB are holes: nothing was ever written there, or it was punched out.",
        "size_bytes": n_bytes,
        "next_step": "Compare it with the original if there is one; everything outside the holes was read.",
    }
    return b"G", position, json.dumps(says).encode()


def _packed(item: Any, position: int, n_bytes: int) -> tuple[bytes, int, bytes]:
    import pyarrow as pa

    from amanat.scope.unit import Lack

    if isinstance(item, Lack):
        return b"G", position, json.dumps(asdict(item)).encode(errors="replace")
    head = json.dumps({"path": item.path, "n_bytes": n_bytes}).encode(errors="replace")
    sink = pa.BufferOutputStream()
    sink.write(struct.pack("!I", len(head)) + head)
    with pa.ipc.new_stream(sink, item.records.schema) as writer:
        writer.write_batch(item.records)
    return b"R", position, sink.getvalue()


def _send(into: int, letter: bytes, position: int, payload: Any) -> None:
    for part in (_FRAME.pack(letter, position, len(payload)), payload):
        view = memoryview(part)
        while len(view):
            view = view[os.write(into, view) :]


if __name__ == "__main__":
    serve(int(sys.argv[1]), _preload, _child, fds_max=FILES_AT_ONCE + 1)
