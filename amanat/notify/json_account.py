"""An open account at a provider that takes one mail as JSON in one request: what Brevo, Mailjet, Postmark and SendGrid have in common."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from amanat.notify.channel import Message, Opening, Outcome
from amanat.notify.gateway import Broken, Gateway, Said, broke_off, to_each_address
from amanat.notify.leave import leave_headers
from amanat.notify.mime import ascii_domain
from amanat.notify.parts import Parts


class JsonAccount(ABC):
    """Sends message by message. The provider's own file says how a letter looks and what an answer means."""

    batch_size = 25

    def __init__(self, opening: Opening, url: str, *, where: str, headers: Mapping[str, str]) -> None:
        self._gateway = Gateway(url, ca_file=opening.ca_file, where=where)
        self._headers = {"Accept": "application/json", "Content-Type": "application/json", **headers}
        self.is_local = self._gateway.is_local
        self.n_parallel = opening.n_parallel
        self.company, self._texts = opening.company, opening.texts
        self._domain = ascii_domain((opening.company.domains or (opening.company.sender.rsplit("@", 1)[-1],))[0])
        self._parts: dict[str, Parts] = {}

    @abstractmethod
    def letter(self, message: Message, address: str) -> dict[str, Any]:
        """The mail as the provider wants it. It holds the address alone: no provider needs to learn the person's name twice."""

    @abstractmethod
    def judge(self, sending_id: str, said: Said) -> Outcome:
        """What the answer says of this message; raises Refused for what concerns all of them."""

    def send(self, batch: Sequence[Message]) -> Iterator[Outcome]:
        for message in batch:
            yield to_each_address(message, self._attempt)

    def close(self) -> None:
        self._gateway.close()

    def parts(self, message: Message) -> tuple[str, str]:
        """Text and HTML for this person, with the stamp."""
        notice = message.notice
        parts = self._parts.get(notice.id)
        if parts is None:
            parts = self._parts[notice.id] = Parts(self.company, notice, self._texts[notice.id])
        text, html = parts.of(message)
        return text.decode(), html.decode()

    def headers_of(self, message: Message) -> dict[str, str]:
        """The headers that are ours to set, without Message-ID."""
        headers = {"Auto-Submitted": "auto-generated", "Content-Language": message.notice.language}
        if message.leave_url:
            headers |= dict(line.split(": ", 1) for line in leave_headers(message.leave_url).decode().splitlines())
        return headers

    def message_id(self, message: Message) -> str:
        """Our own Message-ID, for providers that keep it."""
        return f"<{message.sending_id}@{self._domain}>"

    def _attempt(self, message: Message, address: str) -> Outcome:
        try:
            said = self._gateway.post(json.dumps(self.letter(message, address)).encode(), self._headers)
        except Broken as error:
            return broke_off(message, error)
        return self.judge(message.sending_id, said)
