"""A company's own portal: it knows the register, checks each request's signature, and keeps one message under one id."""

import contextlib
import json
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from amanat.notify.channel import Opening, open_channel
from amanat.notify.portal_request import is_signed_request, token_of
from tests.notify.counterparts import HttpCounterpart, Pair, Script, a_free_port
from tests.notify.delivery_world import TEXTS, a_company

CANNOT: dict[str, str] = {}
SECRET = "a secret of both sides, 32 letters or more"


@contextlib.contextmanager
def opened(*behaviour, accounts=("p0", "p1", "p2"), secret=SECRET):
    script, kept, seen = Script(behaviour), {}, []
    account_of = {token_of(SECRET, one): one for one in accounts}

    def answer(path, headers, body):
        if not is_signed_request(SECRET, "PUT", path, body, headers, now=datetime.now(timezone.utc)):
            return 401, b"{}"
        seen.append(path)
        now = script.next()
        if now == "refuses" or path.rpartition("/")[2] not in account_of:
            return 404, b'{"state": "no_account"}'
        message = json.loads(body)
        was_there = message["id"] in kept
        if now in ("takes", "breaks", "opened"):
            kept.setdefault(message["id"], message)
        placed = json.dumps({"state": "opened" if now == "opened" else "placed"}).encode()
        said = {"takes": (200 if was_there else 201, placed), "opened": (200, placed), "busy": (503, b"{}"), "breaks": None, "lost": (404, b"{}")}
        return said[now]

    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"http://127.0.0.1:{a_free_port()}" if behaviour == ("absent",) else stack.enter_context(HttpCounterpart(answer)).url
        (home / "secret").write_text(f"{secret}\n")
        (home / "portal.toml").write_text(f'url = "{url}/amanat/"\nsecret_file = "secret"\n')
        channel = open_channel("portal", Opening(company=a_company(), texts=TEXTS, gateways=home, n_parallel=1))
        stack.enter_context(contextlib.closing(channel))
        pair = Pair(channel, lambda: [f"{one['text']} {one['code']}" if one["code"] not in one["text"] else one["text"] for one in kept.values()])
        pair.seen, pair.kept = seen, kept
        yield pair
