"""Text messages over SMPP 3.4 to an operator's SMSC, in as many segments as they need, with its delivery receipts."""

import ssl
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from amanat.lib.shape import line_of
from amanat.notify import sms
from amanat.notify.channel import BadChannelAddress, Became, ChannelType, Message, Opening, Outcome, Refused, an_example, gateway_file
from amanat.notify.gateway import read_gateway, read_secret
from amanat.notify.smpp import NOT_NOW, NOT_US, Bound, Lost, bind, with_header
from amanat.notify.smtp import LOCAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Smsc:
    """`smpp.toml`."""

    host: str
    system_id: str
    secret_file: str  # its first line is the password
    sender: str  # what the phone shows: a number or a registered name
    port: int = 2775
    is_tls: bool = False
    is_private_line: bool = False  # the line to the SMSC is a VPN or lies in our own house, so the password may cross it without TLS
    system_type: str = ""
    n_binds: int = 1  # connections that the operator lets us have


class Smpp:
    """An open line to an SMSC; each thread keeps a bound connection of its own."""

    batch_size = 25

    def __init__(self, opening: Opening) -> None:
        path = gateway_file("smpp", opening)
        self._given = given = read_gateway(Smsc, "smpp", opening)
        self._password = read_secret(given.secret_file, path)
        self.is_local = given.host in LOCAL
        if not (given.is_tls or given.is_private_line or self.is_local):
            raise BadChannelAddress(
                f"{line_of(path, 'host')}: numbers and password would cross the network in clear; is_tls = true, or is_private_line = true"
            )
        self.n_parallel = max(1, given.n_binds)
        self._company = opening.company
        self._tls = ssl.create_default_context(cafile=str(opening.ca_file) if opening.ca_file else None) if given.is_tls else None
        self._mine = threading.local()
        self._open: list[Bound] = []
        self._awaited: dict[str, str] = {}  # the SMSC's number of a message's last segment, and our sending

    def send(self, batch: Sequence[Message]) -> Iterator[Outcome]:
        for message in batch:
            outcome, message_id = self._send_one(message)
            try:
                yield outcome
            finally:
                # Only now is it on record as accepted: a receipt that was heard before that would be overwritten.
                if message_id:
                    self._awaited[message_id] = message.sending_id

    def reports(self) -> Iterator[Outcome]:
        """What receipts said meanwhile about messages of this opening. A message is delivered when its last segment is."""
        bound: Bound | None = getattr(self._mine, "bound", None)
        if bound is None:
            return
        bound.look()
        for report in bound.take_reports():
            if sending_id := self._awaited.pop(report.message_id, None):
                yield Outcome(sending_id=sending_id, became=report.state, answer=report.says)
            else:
                bound.reports.append(report)  # of a message whose answer is being recorded this moment, or of an earlier opening

    def close(self) -> None:
        for bound in self._open:
            bound.quit()
        self._open.clear()

    def _send_one(self, message: Message) -> tuple[Outcome, str]:
        """The outcome, and the SMSC's number of an accepted message."""
        number = sms.number_of(message.contact)
        if not number:
            return Outcome(sending_id=message.sending_id, became="refused", answer="the number on file cannot be one"), ""
        bound = self._bound()
        text = sms.short_text(message.notice, self._company, message.code, message.contact.residence)
        alphabet = sms.size_of(text).alphabet
        parts = [sms.encoded(part, alphabet) for part in sms.parts_of(text)]
        message_id = ""
        # The reference is the same at each attempt, so a phone that has half of the message joins the other half to it.
        for n, part in enumerate(with_header(parts, crc32(message.sending_id.encode()))):
            is_last = n == len(parts) - 1
            coding = 8 if alphabet == "ucs2" else 0
            try:
                status, message_id = bound.submit(number, self._given.sender, part, coding=coding, has_header=len(parts) > 1, wants_receipt=is_last)
            except Lost as error:
                became: Became = "unsure" if n or error.is_handed_over else "try_later"
                return Outcome(sending_id=message.sending_id, became=became, answer=f"the line broke before the SMSC answered ({error})"), ""
            if status:
                return self._judge(message.sending_id, status, n, len(parts)), ""
        answer = f"SMSC message {message_id}, {len(parts)} segments"
        return Outcome(sending_id=message.sending_id, became="accepted", answer=answer), message_id

    def _judge(self, sending_id: str, status: int, n_sent: int, n_parts: int) -> Outcome:
        words = NOT_NOW.get(status) or NOT_US.get(status) or "refused"
        answer = f"SMPP status {status:#x}: {words}"
        if n_sent:
            # Part of the message may be on the phone already.
            return Outcome(sending_id=sending_id, became="unsure", answer=f"{answer}, after {n_sent} of {n_parts} segments")
        if status in NOT_US:
            raise Refused(answer)
        return Outcome(sending_id=sending_id, became="try_later" if status in NOT_NOW else "refused", answer=answer)

    def _bound(self) -> Bound:
        bound: Bound | None = getattr(self._mine, "bound", None)
        if bound is not None:
            bound.look()
        if bound is None or bound.is_broken:
            given = self._given
            bound = bind(
                given.host,
                given.port,
                system_id=given.system_id,
                password=self._password,
                system_type=given.system_type,
                tls=self._tls,
            )
            self._mine.bound = bound
            self._open.append(bound)
        return bound


CHANNEL = ChannelType(
    says="Text messages (SMS) over SMPP to an operator.",
    reaches=sms.reaches,
    lacks=sms.LACKS,
    open=Smpp,
    carries="sms",
    gateway=Smsc,
    source="https://smpp.org/SMPP_v3_4_Issue1_2.pdf",
    read_on="2026-11-22",
    read_as="Not the specification itself: the numbers of command_status were compared with those in the documentation of rusmpp (docs.rs), and "
    "the messages with smpplib at the other end of the tests. No operator's SMSC was tried.",
    examples=(an_example(phones=("+447700900123",)), an_example(phones=("07700 900123",), residence="GB")),
    not_examples=(an_example(), an_example(phones=("020 7946 0123",), residence="GB"), an_example(phones=("07700 900123",))),
)
