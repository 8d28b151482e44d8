"""Whether to stop, asked again and again by every thread of a sender, and looked up once a second."""

import threading
import time
from collections.abc import Callable

LOOK_SECONDS = 1.0  # how long somebody waits at most who pressed stop


def once_a_second(look: Callable[[], bool]) -> Callable[[], bool]:
    """Looks now, and then answers what `look` said last; while one thread looks again, the others go on with that."""
    is_stopped, looked_at, lock = look(), time.monotonic(), threading.Lock()

    def stop() -> bool:
        nonlocal looked_at, is_stopped
        with lock:
            if time.monotonic() - looked_at < LOOK_SECONDS:
                return is_stopped
            looked_at = time.monotonic()
        is_stopped = look()
        return is_stopped

    return stop
