"""Text messages through the HTTP gateway of any provider; its URL, headers and body stand in a TOML file."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

from amanat.lib.errors import did_you_mean
from amanat.lib.shape import line_of
from amanat.notify import sms
from amanat.notify.channel import BadChannelAddress, ChannelType, Message, Opening, Outcome, an_example, gateway_file
from amanat.notify.gateway import Broken, Gateway, Said, became_of, read_gateway, read_secret

SLOTS = ("to", "to_digits", "text", "sender", "id")
SECRETS = ("secret", "basic")  # the secret itself, and as HTTP's Basic wants it (USER:PASSWORD in base64); in headers only


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsGateway:
    """`sms_http.toml`."""

    url: str
    secret_file: str = ""  # its first line is the secret; beside this file, or with its whole path
    sender: str = ""  # what the phone shows; providers want it registered
    form: Literal["json", "form"] = "json"
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, str] = field(default_factory=lambda: {"to": "{to}", "from": "{sender}", "text": "{text}", "reference": "{id}"})
    answer_id: str = ""  # key of the answer that holds the provider's number of the message
    is_idempotent: bool = False  # the provider promises to send one reference ({id}) once only, however often we ask


class SmsHttp:
    """An open gateway for text messages."""

    batch_size = 25

    def __init__(self, opening: Opening) -> None:
        path = gateway_file("sms_http", opening)
        self._given = given = read_gateway(SmsGateway, "sms_http", opening)
        self._gateway = Gateway(given.url, ca_file=opening.ca_file, where=line_of(path, "url"))
        self.is_local = self._gateway.is_local
        self.n_parallel = opening.n_parallel
        self._company = opening.company
        self._secret = read_secret(given.secret_file, path) if given.secret_file else ""
        _check_slots(given, path)

    def send(self, batch: Sequence[Message]) -> Iterator[Outcome]:
        for message in batch:
            yield self._send_one(message)

    def close(self) -> None:
        self._gateway.close()

    def _send_one(self, message: Message) -> Outcome:
        number = sms.number_of(message.contact)
        if not number:
            return Outcome(sending_id=message.sending_id, became="refused", answer="the number on file cannot be one")
        text = sms.short_text(message.notice, self._company, message.code, message.contact.residence)
        values = {"to": number, "to_digits": number[1:], "text": text, "sender": self._given.sender, "id": message.sending_id}
        body = {name: _filled(value, values) for name, value in self._given.body.items()}
        is_json = self._given.form == "json"
        secrets = {"secret": self._secret, "basic": b64encode(self._secret.encode()).decode()}
        headers = {"Content-Type": "application/json" if is_json else "application/x-www-form-urlencoded"}
        headers |= {name: _filled(value, values | secrets) for name, value in self._given.headers.items()}
        try:
            said = self._gateway.post((json.dumps(body) if is_json else urlencode(body)).encode(), headers)
        except Broken as error:
            if not error.is_handed_over or self._given.is_idempotent:
                return Outcome(sending_id=message.sending_id, became="try_later", answer=f"the connection broke ({error})")
            return Outcome(sending_id=message.sending_id, became="unsure", answer=f"the connection broke before the gateway answered ({error})")
        became = became_of(said, is_idempotent=self._given.is_idempotent)
        return Outcome(sending_id=message.sending_id, became=became, answer=self._words(said, text))

    def _words(self, said: Said, text: str) -> str:
        """The status, the provider's number of the message and what it cost in segments; other words of a provider may hold the number."""
        value = said.value()
        given = str(value.get(self._given.answer_id, ""))[:60] if self._given.answer_id and isinstance(value, dict) else ""
        number = f", message {given}" if re.fullmatch(r"[\w.:-]*[A-Za-z-][\w.:-]*", given) else ""
        return f"HTTP {said.status}{number}, {sms.size_of(text).n_segments} segments"


def _filled(template: str, values: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda slot: values.get(slot[1], slot[0]), template)


def _check_slots(given: SmsGateway, path: object) -> None:
    parts = (({"url": given.url}, ()), (given.body, SLOTS), (given.headers, (*SLOTS, *SECRETS)))
    for texts, known in parts:
        for key, text in texts.items():
            for slot in re.findall(r"\{(\w+)\}", text):
                if slot not in known:
                    takes = f"It takes: {', '.join(known)}." if known else "A url takes none: logs of servers on the way would show it."
                    raise BadChannelAddress(f"{path}: {key}: unknown slot {{{slot}}}{did_you_mean(slot, known) or '.'} {takes}")
    if any(f"{{{s}}}" in text for text in given.headers.values() for s in SECRETS) and not given.secret_file:
        raise BadChannelAddress(f"{path}: a header names the secret, and there is no secret_file")


CHANNEL = ChannelType(
    says="Text messages (SMS) through a provider's HTTP gateway.",
    reaches=sms.reaches,
    lacks=sms.LACKS,
    open=SmsHttp,
    carries="sms",
    gateway=SmsGateway,
    source="https://www.rfc-editor.org/rfc/rfc9110",
    read_on="2026-11-22",
    examples=(an_example(phones=("+447700900123",)), an_example(phones=("07700 900123",), residence="GB")),
    not_examples=(an_example(), an_example(phones=("020 7946 0123",), residence="GB"), an_example(phones=("07700 900123",))),
)
