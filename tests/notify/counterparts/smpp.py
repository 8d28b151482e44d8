"""An SMSC on this machine. Its PDUs are read and written by smpplib, which knows nothing of our own reader."""

import contextlib
import socket
import struct
import tempfile
import threading
from pathlib import Path

from smpplib import consts, gsm, smpp
from smpplib.client import Client

from amanat.notify.channel import Opening, open_channel
from tests.notify.counterparts import Pair, Script, a_free_port
from tests.notify.delivery_world import a_company

CANNOT: dict[str, str] = {}
STATUS = {"takes": 0, "busy": consts.SMPP_ESME_RTHROTTLED, "refuses": consts.SMPP_ESME_RINVDSTADR}


class Smsc:
    """Lets our account in, answers each submit_sm as the script says, and can send receipts."""

    def __init__(self, script: Script, password: bytes = b"s3cret") -> None:
        self.script, self.password = script, password
        self.segments: list[dict] = []
        self.socks: list[socket.socket] = []
        self._peer = Client("127.0.0.1", 1, allow_unknown_opt_params=True)  # smpplib's PDUs want somebody who counts their numbers
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listening.close()
        for sock in self.socks:
            sock.close()

    def texts(self) -> list[str]:
        """Each whole message as a phone shows it: segments joined by their headers."""
        joined: dict[tuple[str, int], dict[int, str]] = {}
        for n, one in enumerate(self.segments):
            text, head, number = one["text"], n, 1
            if one["esm_class"] & 0x40:
                head, number, text = text[3], text[5], text[6:]
            said = text.decode("utf-16-be") if one["coding"] == 8 else gsm_decode(text)
            joined.setdefault((one["to"], head), {})[number] = said
        return ["".join(parts[k] for k in sorted(parts)) for parts in joined.values()]

    def send_receipt(self, message_id: str, stat: str) -> None:
        text = f"id:{message_id} sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:{stat} err:000 text:".encode()
        pdu = smpp.make_pdu(
            "deliver_sm",
            client=self._peer,
            source_addr="447700900123",
            destination_addr="HOTEL",
            esm_class=0x04,  # an SMSC delivery receipt (SMPP 3.4, 5.2.12)
            short_message=text,
            source_addr_ton=1,
            source_addr_npi=1,
            dest_addr_ton=5,
            dest_addr_npi=0,
            data_coding=0,
        )
        self.socks[-1].sendall(pdu.generate())

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listening.accept()
                self.socks.append(sock)
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while head := sock.recv(4, socket.MSG_WAITALL):
                raw = head + sock.recv(struct.unpack(">I", head)[0] - 4, socket.MSG_WAITALL)
                if struct.unpack(">I", raw[4:8])[0] & 0x80000000:
                    continue  # the answer to a receipt of ours
                pdu = smpp.parse_pdu(raw, client=self._peer, allow_unknown_opt_params=True)
                answer = self._answer(pdu)
                if answer is None:
                    sock.shutdown(socket.SHUT_RDWR)
                    return
                status, body = answer
                number = 0x80000000 | struct.unpack(">I", raw[4:8])[0]
                sock.sendall(struct.pack(">IIII", 16 + len(body), number, status, pdu.sequence) + body)

    def _answer(self, pdu):
        if pdu.command == "bind_transceiver":
            return (0, b"smsc\0") if pdu.password.rstrip(b"\0") == self.password else (consts.SMPP_ESME_RINVPASWD, b"\0")
        if pdu.command != "submit_sm":
            return 0, b""
        now = self.script.next()
        if now in ("takes", "breaks"):
            text = pdu.short_message
            to = pdu.destination_addr.decode()
            self.segments.append({"text": text, "to": to, "esm_class": pdu.esm_class, "coding": pdu.data_coding, "receipt": pdu.registered_delivery})
        return None if now == "breaks" else (STATUS[now], f"a{len(self.segments)}\0".encode() if now == "takes" else b"")


def gsm_decode(septets: bytes) -> str:
    """By smpplib's own table of the default alphabet, which lacks two signs."""
    theirs = gsm.GSM_CHARACTER_TABLE
    single = theirs[:95] + "§" + theirs[96:128]
    double = theirs[128:138] + "\f" + theirs[139:]
    found, is_escaped = "", False
    for septet in septets:
        if septet == 27 and not is_escaped:
            is_escaped = True
            continue
        found += double[septet] if is_escaped else single[septet]
        is_escaped = False
    return found


@contextlib.contextmanager
def opened(*behaviour, smsc_class=Smsc):
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        smsc = stack.enter_context(smsc_class(Script(behaviour)))
        port = a_free_port() if behaviour == ("absent",) else smsc.port
        (home / "password").write_text("s3cret\n")
        (home / "smpp.toml").write_text(f'host = "127.0.0.1"\nport = {port}\nsystem_id = "amanat"\nsecret_file = "password"\nsender = "HOTEL"\n')
        channel = open_channel("sms", Opening(company=a_company(), texts={}, gateways=home))
        stack.enter_context(contextlib.closing(channel))
        pair = Pair(channel, smsc.texts)
        pair.smsc = smsc
        yield pair
