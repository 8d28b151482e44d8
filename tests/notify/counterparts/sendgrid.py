"""SendGrid's HTTP interface: an empty 202, or errors that name a field of the request."""

import json

from tests.notify.counterparts import a_json_provider
from tests.notify.delivery_world import TEXTS

CANNOT: dict[str, str] = {}
# "Headers that are reserved": a request with one of them is refused as a whole.
RESERVED = {"x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding", "to", "from", "subject", "reply-to"}


def opened(*behaviour, texts=TEXTS):
    return a_json_provider("sendgrid", "", behaviour, _answer, lambda letter: letter["content"][0]["value"], texts)


def _wrong(field, message):
    return 400, json.dumps({"errors": [{"message": message, "field": field, "help": None}]}).encode()


def _answer(now, path, headers, body, letters):
    if path != "/v3/mail/send" or headers.get("Authorization") != "Bearer s3cret" or headers.get("Content-Type") != "application/json":
        return 401, b'{"errors": [{"message": "The provided authorization grant is invalid", "field": null, "help": null}]}'
    letter = json.loads(body)
    if [part["type"] for part in letter["content"]] != ["text/plain", "text/html"] or not all(part["value"] for part in letter["content"]):
        return _wrong("content", "text/plain must be first, followed by text/html")
    if RESERVED & {name.lower() for name in letter["headers"]}:
        return _wrong("headers", "reserved")
    bypasses = {name for name in letter["mail_settings"] if name.startswith("bypass_")}
    if "bypass_list_management" in bypasses and len(bypasses) > 1:
        return _wrong("mail_settings", "bypass_list_management cannot be combined with the others")
    if now in ("takes", "breaks"):
        letters.append(letter)
    return {
        "takes": (202, b""),
        "busy": (429, b'{"errors": [{"field": null, "message": "too many requests"}]}'),
        "refuses": _wrong("personalizations.0.to.0.email", "Does not contain a valid address."),
        "wrong_sender": _wrong("from.email", "Does not contain a valid address."),
        "not_verified": (403, b'{"errors": [{"message": "The from address does not match a verified Sender Identity.", "field": "from"}]}'),
        "too_large": (413, b"{}"),
        "fails": (500, b"{}"),
        "away": (503, b""),
        "breaks": None,
    }[now]
