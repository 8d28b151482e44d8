"""Takes bounces straight from the mail server on this machine (LMTP) into a Maildir, where they are read like any others.

A mail is taken only once it is safe on disk; otherwise the mail server keeps it and comes again. Nobody outside this machine can connect.
"""

import asyncio
import contextlib
import os
import secrets
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from amanat.lib.errors import Fixable
from amanat.notify.bounces import BOUNCE_SIZE_MAX
from amanat.notify.smtp import LOCAL

WAITING_MAX = 50_000  # mails that nobody has read yet; more are refused for now, so that no flood fills the disk


class BadDoor(Fixable):
    """An address at which bounces cannot be taken."""


def door_address(address: str) -> tuple[str, int]:
    """HOST:PORT of this machine; raises BadDoor.

    >>> door_address("127.0.0.1:2526")
    ('127.0.0.1', 2526)
    """
    host, _, port = address.rpartition(":")
    if host.strip("[]") not in LOCAL or not port.isdecimal() or not 0 < int(port) < 65536:
        raise BadDoor(f"{address}: bounces are taken on this machine only, because LMTP knows no password; use 127.0.0.1:PORT")
    return host.strip("[]"), int(port)


class _Taker:
    """Answers the mail server."""

    def __init__(self, maildir: Path) -> None:
        self._maildir = maildir
        for folder in ("tmp", "new", "cur"):
            (maildir / folder).mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        answers = []
        for to in envelope.rcpt_tos:  # LMTP wants an answer for each
            answers.append(self._take(to, envelope.content))
        return "\r\n".join(answers)

    def _take(self, to: str, content: bytes) -> str:
        new = self._maildir / "new"
        try:
            if sum(1 for _ in os.scandir(new)) >= WAITING_MAX:
                return "452 4.3.1 too many wait to be read; try again later"
            # The address that it came to is the proof whose bounce it is; the mail itself may not say it.
            address = to if to.isascii() and to.isprintable() else ""
            put(self._maildir, b"Delivered-To: " + address.encode() + b"\r\n" + content if address else content)
        except OSError:
            return "451 4.3.0 cannot be kept now; try again later"
        return "250 2.0.0 taken"


def put(maildir: Path, raw: bytes) -> None:
    """One mail into a Maildir: whole and on disk, or not at all."""
    name = f"{time.time_ns()}.{os.getpid()}.{secrets.token_hex(8)}"
    beside = maildir / "tmp" / name
    try:
        with beside.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(maildir / "new" / name)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    folder = os.open(maildir / "new", os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def take_bounces(address: str, maildir: Path, *, ready: Callable[[], None] = lambda: None) -> None:
    """Listens until the process is told to end (SIGTERM or Ctrl-C). Raises BadDoor."""
    from aiosmtpd.lmtp import LMTP

    host, port = door_address(address)
    try:
        taker = _Taker(maildir)
    except OSError as error:
        raise BadDoor(f"{maildir}: cannot be written ({error.strerror})") from None

    async def listen() -> None:
        loop = asyncio.get_running_loop()

        def protocol() -> LMTP:
            return LMTP(taker, data_size_limit=BOUNCE_SIZE_MAX, enable_SMTPUTF8=True, ident="amanat bounces", timeout=120, loop=loop)

        try:
            server = await loop.create_server(protocol, host, port, backlog=50)
        except OSError as error:
            raise BadDoor(f"{address}: cannot listen there ({error.strerror}); is it in use?") from None
        ends = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
                loop.add_signal_handler(number, ends.set)
        ready()
        async with server:
            await ends.wait()

    asyncio.run(listen())
