"""A message for one person in the company's own portal: put there over HTTP under an opaque token, and read after log-in."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from amanat.lib.shape import line_of
from amanat.notify.channel import ChannelType, Message, Opening, Outcome, an_example, gateway_file
from amanat.notify.gateway import Broken, Gateway, Said, became_of, broke_off, read_gateway, read_secret
from amanat.notify.portal_request import signed_headers, token_of
from amanat.terms.contact import Contact

FORMAT = "amanat portal notice 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """`portal.toml`."""

    url: str  # of the portal's interface; the person's token is appended
    secret_file: str  # its first line is the secret that makes tokens and signs requests; at least 32 letters
    webhook_secret_file: str = ""  # its first line signs what the portal tells us: who opened their message


class ByPortal:
    """An open line to the portal."""

    batch_size = 25

    def __init__(self, opening: Opening) -> None:
        path = gateway_file("portal", opening)
        given = read_gateway(Portal, "portal", opening)
        self._gateway = Gateway(given.url.rstrip("/"), ca_file=opening.ca_file, where=line_of(path, "url"))
        self._secret = read_secret(given.secret_file, path, letters_min=32)
        self.is_local = self._gateway.is_local
        self.n_parallel = opening.n_parallel
        self._texts = opening.texts

    def send(self, batch: Sequence[Message]) -> Iterator[Outcome]:
        for message in batch:
            yield self._put(message)

    def close(self) -> None:
        self._gateway.close()

    def _put(self, message: Message) -> Outcome:
        below = f"/{token_of(self._secret, register_id(message.contact))}"
        body = json.dumps(self._message(message), ensure_ascii=False).encode()
        headers = signed_headers(self._secret, "PUT", self._gateway.path + below, body, at=datetime.now(timezone.utc))
        try:
            said = self._gateway.post(body, {"Content-Type": "application/json", **headers}, method="PUT", below=below)
        except Broken as error:
            # The portal keeps one message under one id: sent again, it is the same one.
            return broke_off(message, error)
        return _judge(message.sending_id, said)

    def _message(self, message: Message) -> dict[str, str]:
        notice, texts = message.notice, self._texts[message.notice.id]
        filling = (message.contact, message.kinds, message.basis, message.code)
        return {
            "format": FORMAT,
            "id": message.sending_id,
            "language": notice.language,
            "subject": notice.subject,
            "text": texts.text.fill(*filling),
            "html": texts.html.fill(*filling),
            "code": message.code,
            "stamp": message.stamp,
        }


def _judge(sending_id: str, said: Said) -> Outcome:
    value = said.value()
    state = value.get("state") if isinstance(value, dict) else None
    if said.status == 404 and state == "no_account":
        # Of this person alone: a 404 without that word means that the address of the interface is wrong.
        return Outcome(sending_id=sending_id, became="refused", answer="HTTP 404 from the portal: the person has no account there")
    became = became_of(said)
    if became == "accepted" and state == "opened":
        # It was put there before, and has been read meanwhile.
        return Outcome(sending_id=sending_id, became="delivered", answer=f"HTTP {said.status} from the portal: opened by the person")
    return Outcome(sending_id=sending_id, became=became, answer=f"HTTP {said.status} from the portal")


def register_id(contact: Contact) -> str:
    """The person's number in the register, as the portal knows it too."""
    return contact.register_id.reveal(why="makes the token of their account") if contact.register_id else contact.person_id


def _reaches(contact: Contact) -> bool:
    return not register_id(contact).startswith("out-")  # somebody who is in the files and not in the register has no account


CHANNEL = ChannelType(
    says="A message for each person in the company's own portal.",
    reaches=_reaches,
    lacks="no account in the portal",
    open=ByPortal,
    carries="portal",
    gateway=Portal,
    source="https://www.rfc-editor.org/rfc/rfc2104",  # the signature (HMAC); the interface is our own, docs/how-to/portal.md
    read_on="2026-11-22",
    read_as="The interface is our own; of the RFC only its name for what Python's hmac computes. The signature was compared with OpenSSL's.",
    examples=(an_example(),),
    not_examples=(dataclasses.replace(an_example(), person_id="out-1"),),
)
