"""A warm process: it imports everything once and leaves the network; then, for each piece of work, it forks a child that `confine` ties down.

Ours is the end that asks (`Warm`), theirs is the loop that forks (`serve`), called by the module that is started as
`python -m MODULE FD`. What goes between us and a child is the module's own business: a request, open descriptors, a pipe back.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

from amanat.lib import confine
from amanat.lib.errors import Fixable

_T = TypeVar("_T")
LONGEST_REQUEST = 1 << 20


class DidNotStart(Fixable):
    """A process that opens hostile files could not be started."""


class Died(Exception):
    """The warm process itself is gone."""


class Warm:
    """Our end of one warm process. Several can be started at once: `wait_ready` waits for one."""

    def __init__(self, module: str, opens: str, **environment: str) -> None:
        self._opens = opens
        self._process, self._socket = _start(module, **environment)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LONGEST_REQUEST)
        self.belts: dict[str, bool] = {}

    def wait_ready(self) -> None:
        """Returns once everything is imported; raises DidNotStart."""
        hello = self._socket.recv(1 << 16)
        if not hello:
            assert self._process.stderr is not None
            words = self._process.stderr.read().decode(errors="replace").strip().splitlines()
            self.close()
            raise DidNotStart(f"the process that opens {self._opens} could not start: {words[-1] if words else 'no reason given'}")
        self.belts = json.loads(hello)

    def ask(self, request: bytes, fds: Sequence[int]) -> None:
        """Has a child forked for this request, with copies of these descriptors; raises Died."""
        try:
            socket.send_fds(self._socket, [request], fds)
        except OSError as error:
            raise Died from error

    def kill_child(self) -> None:
        """Ends the child in hand; does nothing if it has ended."""
        with contextlib.suppress(OSError):
            self._socket.send(b"kill")

    def how_it_ended(self) -> str:
        """Waits for the child and says how it ended, in the words of `confine.how_ended`; raises Died."""
        try:
            how = self._socket.recv(4096)
        except OSError as error:
            raise Died from error
        if not how:
            raise Died
        return how.decode(errors="replace")

    def close(self) -> None:
        self._socket.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()


def _start(module: str, **environment: str) -> tuple["subprocess.Popen[bytes]", socket.socket]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, str(theirs.fileno())],
            env={**confine.CLEAN_ENVIRONMENT, **environment},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    return process, ours


# --- the other side ----------------------------------------------------------------------------------------------------


def serve(fd: int, preload: Callable[[], _T], child: Callable[[bytes, list[int], _T], None], *, fds_max: int) -> None:
    """Forks a child for each request until nobody asks any more. `child` does the work behind its belts and never returns."""
    has_no_network = confine.no_network()  # first, while there is one thread
    ready = preload()
    control = socket.socket(fileno=fd)
    belts = {"no network": has_no_network, **confine.belts_that_hold()}
    os.dup2(1, 2)  # from here on nothing is said: an error's words could quote a file
    control.send(json.dumps(belts).encode())
    while True:
        request, fds, _, _ = socket.recv_fds(control, LONGEST_REQUEST, fds_max)
        if not request:
            return
        if request == b"kill":
            continue  # for a child that ended in the meantime
        pid = os.fork()
        if pid == 0:
            control.close()
            child(request, fds, ready)
        for each in fds:
            os.close(each)
        how = _awaited(pid, control)
        try:
            control.send(how.encode())
        except OSError:
            return


def _awaited(child: int, control: socket.socket) -> str:
    """How the child ended, in a word; it is killed when we are told to, or when nobody listens any more."""
    watched = os.pidfd_open(child)
    poll = select.poll()
    poll.register(watched, select.POLLIN)
    poll.register(control, select.POLLIN)
    is_over = False
    while not is_over:
        for fd, _ in poll.poll():
            if fd == watched:
                is_over = True
            elif control.recv(64) in (b"kill", b""):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                poll.unregister(control)
    os.close(watched)
    _, status = os.waitpid(child, 0)
    return confine.how_ended(status)
