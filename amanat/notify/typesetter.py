"""Typst sets letters: in this process, or in a child so that mails do not wait while letters are set.

The child (`python -m amanat.notify.typesetter`) reads one request after another from its input and ends when that closes, so
it never outlives who started it. Request: a length in bytes and JSON `{"letter", "on"}`. Answer: `P` or `E`, a length, and the PDF
or the error's words. Lengths are 8 bytes, the most significant first.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import date, datetime, timezone
from pathlib import Path
from typing import IO, Any, Protocol

from amanat.wording import FONTS

HOME = Path(__file__).parent
LAYOUT = HOME / "letter.typ"
# Typst keeps what it has set in memory: after this many letters we begin afresh.
BATCH = 200
NICE = 5  # mails go out at once, letters wait for the print shop anyway


class NotSet(RuntimeError):
    """A letter could not be set: a mistake in the layout or the fonts, never of the person."""


class Sets(Protocol):
    """Whatever makes a PDF out of a letter's data."""

    def pdf(self, data: dict[str, Any], on: date) -> bytes: ...


class Typesetter:
    """A typst compiler that is renewed before it grows too large. A layout finds its data in the input of its own name."""

    def __init__(self, layout: Path = LAYOUT) -> None:
        self._layout = layout
        self._n = 0
        self._compiler: Any = None

    def pdf(self, data: dict[str, Any], on: date) -> bytes:
        """One letter as a tagged PDF (PDF/UA-1), dated `on`; raises NotSet."""
        import typst

        if self._n % BATCH == 0:
            self._compiler = typst.Compiler(self._layout, root=HOME, font_paths=[FONTS], ignore_system_fonts=True)
        self._n += 1
        inputs = {self._layout.stem: json.dumps(data, ensure_ascii=False)}
        stamp = datetime(on.year, on.month, on.day, tzinfo=timezone.utc)
        try:
            return bytes(self._compiler.compile(sys_inputs=inputs, format="pdf", pdf_standards=["ua-1"], timestamp=stamp))
        except typst.TypstError as error:
            if "could not be displayed" not in str(error) and "glyph" not in str(error):
                raise NotSet(str(error)) from None
            # A name in a script that our fonts lack: the system's fonts may know it. A letter with an empty box in the
            # name still reaches its person; none at all does not.
            other: Any = typst.Compiler(self._layout, root=HOME, font_paths=[FONTS])
            return bytes(other.compile(sys_inputs=inputs, format="pdf", timestamp=stamp))


class TypesetterChild:
    """The same in a child process of lower priority, started with the first letter; used as a context manager."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def pdf(self, data: dict[str, Any], on: date) -> bytes:
        """One letter; raises NotSet, also when the child has died."""
        with self._lock:
            child = self._child = self._child or subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            assert child.stdin is not None and child.stdout is not None
            try:
                _write(child.stdin, json.dumps({"letter": data, "on": on.isoformat()}, ensure_ascii=False).encode())
                verdict, answer = child.stdout.read(1), _read(child.stdout)
            except OSError:
                verdict, answer = b"", None
            if answer is None:
                self._child = None
                child.kill()
                raise NotSet(f"the process that sets letters ended with code {child.wait()}; memory may be short")
        if verdict == b"E":
            raise NotSet(answer.decode())
        return answer

    def close(self) -> None:
        """Ends the child."""
        with self._lock:
            if self._child is not None:
                self._child.communicate()
                self._child = None

    def __enter__(self) -> "TypesetterChild":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Sets letter after letter until `requests` ends."""
    setter = Typesetter()
    while (request := _read(requests)) is not None:
        given = json.loads(request)
        try:
            verdict, answer = b"P", setter.pdf(given["letter"], date.fromisoformat(given["on"]))
        except NotSet as error:
            verdict, answer = b"E", str(error).encode()
        answers.write(verdict)
        _write(answers, answer)


def _write(file: IO[bytes], content: bytes) -> None:
    file.write(len(content).to_bytes(8, "big") + content)
    file.flush()


def _read(file: IO[bytes]) -> bytes | None:
    head = file.read(8)
    if len(head) < 8:
        return None
    content = file.read(int.from_bytes(head, "big"))
    return content if len(content) == int.from_bytes(head, "big") else None


if __name__ == "__main__":
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C stops the sending, which ends this process when its letter is done
    serve(sys.stdin.buffer, sys.stdout.buffer)
