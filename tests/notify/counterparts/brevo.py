"""Brevo's HTTP interface: it wants HTML, knows a request again by its key, and says what is wrong in `code` and `message`."""

import json
from functools import partial
from uuid import UUID

from tests.notify.counterparts import a_json_provider
from tests.notify.delivery_world import TEXTS

CANNOT: dict[str, str] = {}


def opened(*behaviour, texts=TEXTS):
    return a_json_provider("brevo", 'tracking = "anonymous"\n', behaviour, partial(_answer, set()), lambda letter: letter["textContent"], texts)


def _answer(keys, now, path, headers, body, letters):
    if path != "/v3/smtp/email" or headers.get("api-key") != "s3cret" or headers.get("Content-Type") != "application/json":
        return 401, b'{"code": "unauthorized", "message": "Key not found"}'
    letter = json.loads(body)
    if missing := [name for name in ("sender", "to", "subject", "htmlContent") if not letter.get(name)]:
        return 400, json.dumps({"code": "missing_parameter", "message": f"{missing[0]} is missing"}).encode()
    key = str(UUID(letter["headers"]["idempotencyKey"]))
    if key in keys:
        return 400, b'{"code": "duplicate_parameter", "message": "idempotencyKey already used"}'
    if now != "busy":  # who is busy has not looked at it
        keys.add(key)
    if now in ("takes", "breaks"):
        letters.append(letter)
    return {
        "takes": (201, b'{"messageId": "<202611230900.1234567890@smtp-relay.mailin.fr>"}'),
        "busy": (429, b'{"code": "too_many_requests", "message": "Rate limit exceeded"}'),
        "refuses": (400, b'{"code": "invalid_parameter", "message": "email is not valid in to"}'),
        "wrong_sender": (400, b'{"code": "invalid_parameter", "message": "sender is not valid"}'),
        "wrong_reply": (400, b'{"code": "invalid_parameter", "message": "replyTo is not valid"}'),
        "no_credits": (402, b'{"code": "not_enough_credits", "message": "Not enough credits"}'),
        "fails": (500, b"Internal Server Error"),
        "breaks": None,
    }[now]
