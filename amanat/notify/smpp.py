"""SMPP 3.4 as far as sending goes: bind, submit, and the receipts that come back, with each doubt about a message told apart.

We speak it ourselves: a library that hides when a message was on the wire cannot say whether a broken line leaves a doubt.
"""

import contextlib
import re
import select
import socket
import ssl
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from amanat.notify.channel import Refused, TryLater

BIND, SUBMIT, DELIVER, ENQUIRE, UNBIND, NACK = 0x09, 0x04, 0x05, 0x15, 0x06, 0x80000000
ANSWER = 0x80000000
LONGEST_PDU = 70_000
TIMEOUT_SECONDS = 30.0

# SMPP 3.4, 5.1.3: what stands for "not now" and for "nobody of yours".
NOT_NOW = {0x08: "system error", 0x14: "message queue full", 0x45: "submit failed", 0x58: "throttled", 0x64: "temporary error of the receiver"}
NOT_US = {0x0A: "the sender's name is not allowed", 0x0D: "bind failed", 0x0E: "wrong password", 0x0F: "unknown system_id"}

STATES = {"DELIVRD": "delivered", "EXPIRED": "bounced", "DELETED": "bounced", "UNDELIV": "bounced", "REJECTD": "bounced"}
STATE_NUMBERS = {2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 8: "REJECTD"}


class Lost(OSError):
    """The line broke. `is_handed_over`: the message was on the wire, so the SMSC may have it."""

    def __init__(self, is_handed_over: bool, what: str) -> None:
        super().__init__(what)
        self.is_handed_over = is_handed_over


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A delivery receipt: the SMSC's number of a message, and what became of it."""

    message_id: str
    state: Literal["delivered", "bounced"]
    says: str


@dataclass(slots=True)
class Bound:
    """A bound connection; `reports` fills up with receipts as they come."""

    sock: socket.socket
    reports: list[Report] = field(default_factory=list)
    is_broken: bool = False
    _number: int = 1

    def submit(self, to: str, sender: str, text: bytes, *, coding: int, has_header: bool, wants_receipt: bool) -> tuple[int, str]:
        """Hands one segment over; the command status and the SMSC's number of the message. Raises Lost."""
        ton, npi = (1, 1) if sender.lstrip("+").isdigit() and len(sender) > 6 else (0, 1) if sender.isdigit() else (5, 0)
        body = b"\0" + bytes((ton, npi)) + _text(sender.lstrip("+")) + bytes((1, 1)) + _text(to.lstrip("+"))
        body += bytes((0x40 if has_header else 0, 0, 0)) + b"\0\0" + bytes((int(wants_receipt), 0, coding, 0, len(text))) + text
        status, answer = self._ask(SUBMIT, body)
        return status, answer.split(b"\0")[0].decode("ascii", "replace")[:64]

    def look(self) -> None:
        """Takes in what came meanwhile, and answers the SMSC's questions, without waiting."""
        try:
            while not self.is_broken and select.select([self.sock], [], [], 0)[0]:
                self._take(*self._read())
        except OSError:
            self.close()

    def take_reports(self) -> list[Report]:
        """The receipts that came since the last call."""
        taken, self.reports = self.reports[-10_000:], []
        return taken

    def quit(self) -> None:
        with contextlib.suppress(OSError):
            self._ask(UNBIND, b"")
        self.close()

    def close(self) -> None:
        self.is_broken = True
        self.sock.close()

    def _ask(self, command: int, body: bytes) -> tuple[int, bytes]:
        number, is_handed_over = self._number, False
        self._number = self._number % 0x7FFFFFFF + 1
        try:
            self.sock.sendall(struct.pack(">IIII", 16 + len(body), command, 0, number) + body)
            is_handed_over = True
            while True:
                got, status, answered, answer = self._read()
                if answered == number and got in (command | ANSWER, NACK):
                    return status, answer
                self._take(got, status, answered, answer)
        except OSError as error:
            self.close()
            raise Lost(is_handed_over, type(error).__name__) from None

    def _take(self, command: int, status: int, number: int, body: bytes) -> None:
        if command == DELIVER:
            if report := read_report(body):
                self.reports.append(report)
            self._answer(DELIVER, number, b"\0")
        elif command in (ENQUIRE, UNBIND):
            self._answer(command, number, b"")
            if command == UNBIND:
                raise ConnectionResetError("the SMSC unbinds us")

    def _answer(self, command: int, number: int, body: bytes) -> None:
        self.sock.sendall(struct.pack(">IIII", 16 + len(body), command | ANSWER, 0, number) + body)

    def _read(self) -> tuple[int, int, int, bytes]:
        length, command, status, number = struct.unpack(">IIII", _exactly(self.sock, 16))
        if not 16 <= length <= LONGEST_PDU:
            raise ConnectionResetError("not SMPP")
        return command, status, number, _exactly(self.sock, length - 16)


def bind(host: str, port: int, *, system_id: str, password: str, system_type: str, tls: ssl.SSLContext | None) -> Bound:
    """A connection that the SMSC let in; raises TryLater while it cannot, Refused when it will not."""
    try:
        sock = socket.create_connection((host, port), timeout=TIMEOUT_SECONDS)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls is not None:
            sock = tls.wrap_socket(sock, server_hostname=host)
        bound = Bound(sock)
        status, _ = bound._ask(BIND, _text(system_id) + _text(password) + _text(system_type) + b"\x34\0\0\0")
    except ssl.SSLCertVerificationError as error:
        raise Refused(f"the SMSC's certificate is not valid ({error.verify_message})") from None
    except OSError as error:
        raise TryLater(f"the SMSC {host}:{port} does not answer ({type(error).__name__})") from None
    if status in NOT_NOW:
        bound.close()
        raise TryLater(f"the SMSC lets nobody in now: {NOT_NOW[status]}")
    if status:
        bound.close()
        raise Refused(f"the SMSC refuses our log-in: {NOT_US.get(status, f'status {status:#x}')}")
    return bound


def with_header(parts: list[bytes], reference: int) -> Iterator[bytes]:
    """Each part with the header that lets a phone join them (3GPP TS 23.040, 9.2.3.24.1); a single part has none."""
    for number, part in enumerate(parts, 1):
        yield (struct.pack("6B", 5, 0, 3, reference % 256, len(parts), number) + part) if len(parts) > 1 else part


def read_report(body: bytes) -> Report | None:
    """The receipt in a deliver_sm; None for anything else, such as an answer that a person texted back."""
    fields, rest = [], body
    try:
        for name in ("text", 2, "text", 2, "text", 3, "text", "text", 5):
            if name == "text":
                value, _, rest = rest.partition(b"\0")
            else:
                value, rest = rest[: int(name)], rest[int(name) :]
            fields.append(value)
        esm_class, length = fields[5][0], fields[8][4]
    except IndexError:
        return None
    if esm_class & 0x3C not in (0x04, 0x20):
        return None
    said, tags = rest[:length].decode("latin-1"), dict(_tags(rest[length:]))
    found = re.search(r"\bid:([^\s]{1,64})", said)
    message_id = tags[0x001E].rstrip(b"\0").decode("latin-1") if 0x001E in tags else found[1] if found else ""
    word = re.search(r"\bstat:(\w{7})", said)
    name = STATE_NUMBERS.get(tags[0x0427][0], "") if tags.get(0x0427) else word[1].upper() if word else ""
    if not message_id or name not in STATES:
        return None
    error = re.search(r"\berr:(\w{1,5})", said)
    state: Literal["delivered", "bounced"] = "delivered" if STATES[name] == "delivered" else "bounced"
    return Report(message_id=message_id, state=state, says=f"receipt of the SMSC: {name}" + (f", error {error[1]}" if error else ""))


def _tags(rest: bytes) -> Iterator[tuple[int, bytes]]:
    while len(rest) >= 4:
        tag, length = struct.unpack(">HH", rest[:4])
        yield tag, rest[4 : 4 + length]
        rest = rest[4 + length :]


def _text(value: str) -> bytes:
    return value.encode("ascii", "replace").replace(b"\0", b"") + b"\0"


def _exactly(sock: socket.socket, n: int) -> bytes:
    found = b""
    while len(found) < n:
        more = sock.recv(n - len(found))
        if not more:
            raise ConnectionResetError("the SMSC closed the line")
        found += more
    return found
