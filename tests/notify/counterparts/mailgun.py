"""Mailgun's HTTP interface: the message comes as a file of a form, and is read back as mail."""

import contextlib
import email
import email.policy
import tempfile
from pathlib import Path

from amanat.notify.channel import Opening, open_channel
from tests.notify.counterparts import HttpCounterpart, Pair, Script, a_free_port
from tests.notify.delivery_world import TEXTS, a_company

CANNOT: dict[str, str] = {}


def form_of(headers, body) -> dict[str, str | bytes]:
    """The fields of multipart/form-data, read by Python's own reader of mail."""
    whole = email.message_from_bytes(b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + body, policy=email.policy.HTTP)
    found = {}
    for part in whole.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if part.get_content_type() == "message/rfc822":
            found[name] = part.get_content()
        else:
            found[name] = part.get_payload()
    return found


@contextlib.contextmanager
def opened(*behaviour):
    script, forms = Script(behaviour), []

    def answer(path, headers, body):
        if path != "/v3/mail.hotel.example/messages.mime" or headers.get("Authorization") != "Basic YXBpOnMzY3JldA==":
            return 401, b"Forbidden"
        now = script.next()
        if now in ("takes", "breaks"):
            forms.append(form_of(headers, body))
        said = {"takes": (200, b'{"id": "<x>", "message": "Queued. Thank you."}'), "busy": (429, b"{}"), "refuses": (400, b"{}"), "breaks": None}
        return said[now]

    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"http://127.0.0.1:{a_free_port()}" if behaviour == ("absent",) else stack.enter_context(HttpCounterpart(answer)).url
        (home / "key").write_text("s3cret\n")
        (home / "mailgun.toml").write_text(f'domain = "mail.hotel.example"\nsecret_file = "key"\nurl = "{url}"\n')
        channel = open_channel("email", Opening(company=a_company(), texts=TEXTS, gateways=home, n_parallel=1))
        stack.enter_context(contextlib.closing(channel))
        pair = Pair(channel, lambda: [form["message"].get_body(("plain",)).get_content() for form in forms])
        pair.forms = forms
        yield pair
