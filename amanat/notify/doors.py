"""Connections to the relay that are being opened, each in a thread of its own: greeting, TLS and log-in may take minutes, and hold up nobody."""

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator

from amanat.notify.smtp import Connection


class Doors:
    """Opens connections beside the thread that watches; `fileno` can be read when one came to its end."""

    def __init__(self, open_one: Callable[[], Connection]) -> None:
        self._open_one = open_one
        self._ended: deque[Connection | BaseException] = deque()
        self._lock, self._is_closed = threading.Lock(), False
        self._bell, self._rings = os.pipe()
        self.n = 0  # being opened

    def fileno(self) -> int:
        return self._bell

    def open(self) -> None:
        """Begins to open one more."""
        self.n += 1
        threading.Thread(target=self._open, name="door", daemon=True).start()

    def ended(self) -> Iterator[Connection | BaseException]:
        """Those that came to their end since somebody asked: open, or why not. Asked where `fileno` can be read."""
        for _ring in os.read(self._bell, 1000):
            self.n -= 1
            yield self._ended.popleft()

    def close(self) -> None:
        """What is being opened still is closed as soon as it is open; nobody waits for that."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            for one in self._ended:
                _shut(one)
            self._ended.clear()
            os.close(self._bell)
            os.close(self._rings)

    def _open(self) -> None:
        try:
            came: Connection | BaseException = self._open_one()
        except BaseException as error:
            came = error
        with self._lock:
            if self._is_closed:
                _shut(came)
            else:
                self._ended.append(came)
                os.write(self._rings, b"!")


def _shut(one: Connection | BaseException) -> None:
    if not isinstance(one, BaseException):
        with contextlib.suppress(OSError):
            one.quit()
