"""Postmark's HTTP interface."""

import contextlib
import json
import tempfile
from pathlib import Path

from amanat.notify.channel import Opening, open_channel
from tests.notify.counterparts import HttpCounterpart, Pair, Script, a_free_port
from tests.notify.delivery_world import TEXTS, a_company

CANNOT: dict[str, str] = {}


@contextlib.contextmanager
def opened(*behaviour):
    script, letters = Script(behaviour), []

    def answer(path, headers, body):
        if path != "/email" or headers.get("X-Postmark-Server-Token") != "s3cret":
            return 401, b'{"ErrorCode": 10}'
        now = script.next()
        if now in ("takes", "breaks"):
            letters.append(json.loads(body))
        return {
            "takes": (200, b'{"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817"}'),
            "busy": (429, b"{}"),
            "refuses": (422, b'{"ErrorCode": 406, "Message": "You tried to send to recipient(s) that have been marked as inactive."}'),
            "no_signature": (422, b'{"ErrorCode": 400, "Message": "Sender signature not found"}'),
            "wrong_sender": (422, b'{"ErrorCode": 300, "Message": "Invalid \'From\' address: \'x\' is not a verified sender signature."}'),
            "wrong_address": (422, b'{"ErrorCode": 300, "Message": "Invalid \'To\' address: \'x\'."}'),
            "breaks": None,
        }[now]

    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"http://127.0.0.1:{a_free_port()}" if behaviour == ("absent",) else stack.enter_context(HttpCounterpart(answer)).url
        (home / "token").write_text("s3cret\n")
        (home / "postmark.toml").write_text(f'secret_file = "token"\nurl = "{url}"\n')
        channel = open_channel("email", Opening(company=a_company(), texts=TEXTS, gateways=home, n_parallel=1))
        stack.enter_context(contextlib.closing(channel))
        pair = Pair(channel, lambda: [letter["TextBody"] for letter in letters])
        pair.letters = letters
        yield pair
