"""Gateways: somebody else's server that takes messages over HTTP, described in a TOML file, spoken to so that no doubt is hidden."""

import http.client
import json
import os
import select
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from amanat.lib.shape import build, line_of, read_toml
from amanat.notify.channel import BadChannelAddress, Became, Message, Opening, Outcome, Refused, TryLater, gateway_file
from amanat.notify.mime import addresses_of
from amanat.notify.smtp import LOCAL

T = TypeVar("T")
TIMEOUT_SECONDS = 60.0
ANSWER_MOST = 100_000  # bytes of an answer that are read


def read_gateway(shape: type[T], name: str, opening: Opening) -> T:
    """The description of the channel's gateway; raises BadChannelAddress and the errors of `lib.shape`."""
    path = gateway_file(name, opening)
    if not path.is_file():
        raise BadChannelAddress(f"the channel {name} needs {name}.toml in the folder of gateways")
    return build(shape, read_toml(path), where=path)


def read_secret(file: str, beside: Path, *, letters_min: int = 1) -> str:
    """The first line of a file that lies beside the gateway's TOML, or is named in full; raises BadChannelAddress."""
    path = beside.parent / file
    try:
        secret = path.read_text(encoding="utf-8").split("\n")[0].strip()
    except (OSError, UnicodeDecodeError):
        raise BadChannelAddress(f"{line_of(beside, 'secret_file')}: {path} cannot be read; its first line is the secret of the gateway") from None
    if not secret or not secret.isprintable() or not secret.isascii():
        raise BadChannelAddress(f"{path}:1: holds no secret; put it into the first line, in plain letters, digits and signs")
    if len(secret) < letters_min:
        raise BadChannelAddress(f"{path}:1: the secret is short enough to be guessed; make one with at least {letters_min} letters")
    return secret


class Broken(OSError):
    """The connection broke. `is_handed_over`: the request was complete, so the gateway may have acted on it."""

    def __init__(self, is_handed_over: bool, what: str) -> None:
        super().__init__(what)
        self.is_handed_over = is_handed_over


@dataclass(frozen=True, slots=True)
class Said:
    """What a gateway answered."""

    status: int
    body: bytes

    def value(self) -> Any:
        """The answer as JSON; None when it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class Gateway:
    """An HTTP server that takes our requests, one kept connection for each thread. Redirects are not followed: nobody else gets our secret."""

    def __init__(self, url: str, *, ca_file: Path | None = None, where: str = "the gateway's url") -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadChannelAddress(f"{where}: must read https://HOST/PATH")
        if parts.username or parts.password:
            raise BadChannelAddress(f"{where}: must not hold a user or password, logs would show it; name a secret_file")
        self.is_local = parts.hostname in LOCAL
        if parts.scheme == "http" and not self.is_local:
            raise BadChannelAddress(f"{where}: names, numbers and the secret would cross the network in clear; use https://")
        self._host, self.path = parts.hostname, parts.path or "/"
        if parts.query:
            self.path += f"?{parts.query}"
        try:
            self._port = parts.port
        except ValueError:
            raise BadChannelAddress(f"{where}: the port must be a number from 1 to 65535") from None
        self._tls = ssl.create_default_context(cafile=str(ca_file) if ca_file else None) if parts.scheme == "https" else None
        self._mine = threading.local()
        self._open: list[http.client.HTTPConnection] = []

    def post(self, body: bytes, headers: dict[str, str], *, method: str = "POST", below: str = "") -> Said:
        """Sends one request, to our path or one `below` it, and reads its answer. Raises TryLater while there is no connection, and Broken."""
        connection = self._connection()
        is_complete = False
        try:
            connection.request(method, self.path + below, body, headers)
            is_complete = True
            answer = connection.getresponse()
            said = Said(answer.status, answer.read(ANSWER_MOST))
            if answer.read(1):
                connection.close()
            return said
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise Broken(is_complete, type(error).__name__) from None

    def close(self) -> None:
        for connection in self._open:
            connection.close()
        self._open.clear()

    def _connection(self) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection | None = getattr(self._mine, "connection", None)
        if connection is not None and connection.sock is not None:
            # A server that closed an idle connection has said so by now: an end of file waits to be read. Found after the request, it
            # would be a doubt about a message.
            if not select.select([connection.sock], [], [], 0)[0]:
                return connection
            connection.close()
        if connection is None:
            if self._tls is not None:
                connection = http.client.HTTPSConnection(self._host, self._port, timeout=TIMEOUT_SECONDS, context=self._tls)
            else:
                connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_SECONDS)
            self._mine.connection = connection
            self._open.append(connection)
        try:
            connection.connect()
        except ssl.SSLCertVerificationError as error:
            raise Refused(f"the gateway's certificate is not valid ({error.verify_message})") from None
        except OSError as error:
            raise TryLater(f"the gateway {self._host} does not answer ({type(error).__name__})") from None
        return connection


def became_of(said: Said, *, is_idempotent: bool = False) -> Became:
    """What an HTTP status says of one message; raises Refused for what concerns all of them.

    An error of the server (500, 502, 504) leaves open whether it sent the message: unsure, unless the gateway promises to send
    the same reference once only.
    """
    if 200 <= said.status < 300:
        return "accepted"
    if said.status in (401, 403):
        raise Refused(f"the gateway refuses our log-in ({said.status}); look at the secret and the rights of the account")
    if said.status in (404, 405, 410) or 300 <= said.status < 400:
        raise Refused(f"the gateway knows no such address ({said.status}); look at its url")
    if said.status in (408, 425, 429, 503):
        return "try_later"
    if said.status >= 500:
        return "try_later" if is_idempotent else "unsure"
    return "refused"


def to_each_address(message: Message, attempt: Callable[[Message, str], Outcome]) -> Outcome:
    """Tries the e-mail addresses on file in turn, until one is not refused."""
    outcome = Outcome(sending_id=message.sending_id, became="refused", answer="the e-mail address on file cannot be one")
    for address in addresses_of(message.contact):
        outcome = attempt(message, address)
        if outcome.became != "refused":
            break
    return outcome


def broke_off(message: Message, error: Broken) -> Outcome:
    """What a broken connection to an e-mail provider says of the message."""
    became: Became = "unsure" if error.is_handed_over else "try_later"
    return Outcome(sending_id=message.sending_id, became=became, answer=f"the connection broke before the provider answered ({error})")


def webhook_secret(name: str, folder: Path | None) -> str:
    """What a provider proves itself with when it tells us something; empty when none is described, and then nothing is believed."""
    path = (folder or Path(os.devnull)) / f"{name}.toml"
    if not path.is_file():
        return ""
    file = read_toml(path).get("webhook_secret_file", "")
    return read_secret(str(file), path) if file else ""
