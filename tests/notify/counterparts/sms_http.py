"""A provider's HTTP gateway for text messages."""

import contextlib
import json
import tempfile
from pathlib import Path

from amanat.notify.channel import Opening, open_channel
from tests.notify.counterparts import HttpCounterpart, Pair, Script, a_free_port
from tests.notify.delivery_world import a_company

CANNOT: dict[str, str] = {}


@contextlib.contextmanager
def opened(*behaviour):
    script, taken = Script(behaviour), []

    def answer(_path, headers, body):
        if headers.get("Authorization") != "Bearer s3cret":
            return 401, b"{}"
        now = script.next()
        if now in ("takes", "breaks"):
            taken.append(json.loads(body)["text"])
        said = {"takes": (202, b'{"message_id": "m-17"}'), "busy": (429, b"{}"), "refuses": (422, b'{"error": "bad number"}'), "breaks": None}
        return said[now]

    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"http://127.0.0.1:{a_free_port()}" if behaviour == ("absent",) else stack.enter_context(HttpCounterpart(answer)).url
        (home / "token").write_text("s3cret\n")
        (home / "sms_http.toml").write_text(
            f'url = "{url}/v1"\nsecret_file = "token"\nsender = "HOTEL"\nanswer_id = "message_id"\n[headers]\nAuthorization = "Bearer {{secret}}"\n'
        )
        channel = open_channel("sms", Opening(company=a_company(), texts={}, gateways=home, n_parallel=1))
        stack.enter_context(contextlib.closing(channel))
        yield Pair(channel, lambda: list(taken))
