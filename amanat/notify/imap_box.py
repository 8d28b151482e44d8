"""Bounces in a mailbox of a mail server (IMAP): each is read without being marked, and marked or moved only once it is on record.

Whoever stops in the middle finds the rest the next time. A mail about a sending that is not ours to note stays unmarked, for whoever's it is.
"""

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from amanat.lib.errors import Fixable
from amanat.notify.bounces import BOUNCE_SIZE_MAX
from amanat.notify.smtp import LOCAL, read_login

TIMEOUT_SECONDS = 60
MAILS_MAX = 20_000  # of one reading; the rest is there the next time


class BadMailbox(Fixable):
    """A mailbox on a server that cannot be named like that, opened or read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapBox:
    """Where the bounces lie."""

    host: str
    port: int
    is_tls: bool
    folder: str
    done: str  # folder to which a mail goes once it is on record; empty: it stays and is marked as seen
    login: tuple[str, str]
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One mail, and what to call once it is on record. A mail whose `done` is never called is there again the next time."""

    raw: bytes
    done: Callable[[], None]


def is_imap(address: str) -> bool:
    """Whether this names a mailbox on a server.

    >>> is_imap("imaps://mail.hotel.example/INBOX"), is_imap("/var/mail/bounces")
    (True, False)
    """
    return address.lower().startswith(("imap://", "imaps://"))


def imap_box(address: str, *, login_file: Path | None, ca_file: Path | None = None) -> ImapBox:
    """The mailbox `imaps://HOST[:PORT]/FOLDER[?move=OTHER]`; its log-in stands in a file, never in the address. Raises BadMailbox."""
    parts = urlsplit(address)
    moved = re.fullmatch(r"(?:move=([^&=]+))?", parts.query)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if not is_imap(address) or not parts.hostname or port == 0 or moved is None:
        raise BadMailbox("a mailbox must read imaps://HOST/FOLDER, or imaps://HOST/FOLDER?move=OTHER to move what is on record")
    if parts.username or parts.password:
        raise BadMailbox("a mailbox must not hold a user or password, logs would show it; give them in a file: USER:PASSWORD in its first line")
    is_tls = parts.scheme.lower() == "imaps"
    if not is_tls and parts.hostname not in LOCAL:
        raise BadMailbox(f"{parts.hostname}: password and mails would cross the network in clear; use imaps://")
    if login_file is None:
        raise BadMailbox("a mailbox on a server needs a log-in: a file with USER:PASSWORD in its first line")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    done = unquote(moved[1] or "")
    for name in (folder, done):
        if not name.isprintable() or not name.isascii():
            raise BadMailbox("names of folders are written in plain letters; others as the server spells them (modified UTF-7)")
    return ImapBox(
        host=parts.hostname,
        port=port or (993 if is_tls else 143),
        is_tls=is_tls,
        folder=folder,
        done=done,
        login=read_login(login_file),
        ca_file=ca_file,
    )


def waiting_mails(box: ImapBox) -> Iterator[Waiting]:
    """The unseen mails, the oldest first; of one that is larger than a bounce no more than is needed to see that. Raises BadMailbox."""
    with _connected(box) as server:
        _expect(server.select(_quoted(box.folder)), f"the folder {box.folder!r} cannot be opened")
        # What it can do after the log-in is more than it says before.
        can_move = b"MOVE" in b" ".join(_expect(server.capability(), "it does not say what it can do")).upper().split()
        [found] = _expect(server.uid("SEARCH", "UNSEEN"), "the folder cannot be searched")
        for uid in (found or b"").split()[:MAILS_MAX]:
            number = uid.decode()
            # PEEK leaves it unseen; the size is capped by the server, so no mail fills our memory.
            answer = _expect(server.uid("FETCH", number, f"(BODY.PEEK[]<0.{BOUNCE_SIZE_MAX + 1}>)"), "a mail cannot be read")
            raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
            if raw is None:
                continue  # somebody else took it away meanwhile

            def done(number: str = number) -> None:
                if box.done and can_move:
                    _expect(server.uid("MOVE", number, _quoted(box.done)), f"a mail cannot be moved to {box.done!r}; does that folder exist?")
                    return
                if box.done:
                    _expect(server.uid("COPY", number, _quoted(box.done)), f"a mail cannot be copied to {box.done!r}; does that folder exist?")
                _expect(server.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)"), "a mail cannot be marked as seen")
                if box.done:
                    _expect(server.uid("STORE", number, "+FLAGS.SILENT", r"(\Deleted)"), "a mail that was copied cannot be deleted")

            yield Waiting(raw, done)


@contextmanager
def _connected(box: ImapBox) -> Iterator[imaplib.IMAP4]:
    try:
        if box.is_tls:
            trust = ssl.create_default_context(cafile=str(box.ca_file) if box.ca_file else None)
            server: imaplib.IMAP4 = imaplib.IMAP4_SSL(box.host, box.port, ssl_context=trust, timeout=TIMEOUT_SECONDS)
        else:
            server = imaplib.IMAP4(box.host, box.port, timeout=TIMEOUT_SECONDS)
    except ssl.SSLCertVerificationError as error:
        raise BadMailbox(f"{box.host}: the server's certificate is not valid ({error.verify_message})") from None
    except (OSError, imaplib.IMAP4.error) as error:
        raise BadMailbox(f"{box.host}: the mail server does not answer ({type(error).__name__}); try again later") from None
    try:
        try:
            server.login(*box.login)
        except imaplib.IMAP4.error:
            raise BadMailbox(f"{box.host}: the mail server refuses the log-in; look at the file that holds it") from None
        yield server
    except (OSError, imaplib.IMAP4.abort) as error:
        raise BadMailbox(
            f"{box.host}: the line to the mail server broke ({type(error).__name__}); what was read so far is on record, try again"
        ) from None
    finally:
        try:
            server.logout()
        except (OSError, imaplib.IMAP4.error):
            server.shutdown()


def _expect(answer: tuple[str, list[Any]], otherwise: str) -> list[Any]:
    status, found = answer
    if status != "OK":
        raise BadMailbox(f"{otherwise}: the mail server says {status}")
    return found


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
