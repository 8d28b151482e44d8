"""What stands at the other end of each channel in tests: a real server on this machine, one file for each member of `channels/`.

Each file offers `opened(*behaviour)`, a context that gives a `Pair`: the open channel, and what the other end took. A behaviour is
the answer to each message in turn ("takes", "busy", "refuses", "breaks"; the last one stays), or "absent": nobody listens. Answers that a
channel cannot give stand in `CANNOT` with the reason.
"""

import contextlib
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from amanat.notify.channel import Channel, Opening, Texts, open_channel
from tests.notify.delivery_world import TEXTS, a_company


@dataclass
class Pair:
    """An open channel and the messages that its other end took, each with the code it carries."""

    channel: Channel
    taken: Callable[[], list[str]]  # one text for each message
    letters: list[dict[str, Any]] = field(default_factory=list)  # what a provider took that speaks JSON
    gateways: Path | None = None  # where it is described


class Script:
    """The answers of a counterpart, one after another; the last one stays."""

    def __init__(self, behaviour: tuple[str, ...]) -> None:
        self.left, self.lock = list(behaviour), threading.Lock()

    def next(self) -> str:
        with self.lock:
            return self.left.pop(0) if len(self.left) > 1 else self.left[0]


def a_free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class HttpCounterpart:
    """A provider's HTTP server; `answer` says status and body of each request, or None to hang up without an answer."""

    def __init__(self, answer: Callable[[str, dict[str, str], bytes], tuple[int, bytes] | None]) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                said = answer(self.path, dict(self.headers.items()), body)
                if said is None:
                    self.close_connection = True
                    return
                self.send_response(said[0])
                self.send_header("Content-Length", str(len(said[1])))
                self.end_headers()
                self.wfile.write(said[1])

            do_PUT = do_POST

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@contextlib.contextmanager
def a_json_provider(
    name: str,
    toml: str,
    behaviour: tuple[str, ...],
    answer: Callable[[str, str, dict[str, str], bytes, list[dict[str, Any]]], tuple[int, bytes] | None],
    text_of: Callable[[dict[str, Any]], str],
    texts: Mapping[str, Texts] = TEXTS,
) -> Iterator[Pair]:
    """An e-mail provider with its gateway: `answer` gets what the script says next, path, headers, body, and the list that it fills."""
    script, letters = Script(behaviour), []
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = HttpCounterpart(lambda path, headers, body: answer(script.next(), path, headers, body, letters))
        url = f"http://127.0.0.1:{a_free_port()}" if behaviour == ("absent",) else stack.enter_context(server).url
        (home / "secret").write_text("k3y:s3cret\n" if name == "mailjet" else "s3cret\n")
        (home / f"{name}.toml").write_text(f'secret_file = "secret"\nurl = "{url}"\n{toml}')
        channel = open_channel("email", Opening(company=a_company(), texts=texts, gateways=home, n_parallel=1))
        stack.enter_context(contextlib.closing(channel))
        yield Pair(channel, lambda: [text_of(letter) for letter in letters], letters, home)
