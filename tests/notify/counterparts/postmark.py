"""Postmark's HTTP interface."""

import json

from tests.notify.counterparts import a_json_provider
from tests.notify.delivery_world import TEXTS

CANNOT: dict[str, str] = {}


def opened(*behaviour, texts=TEXTS):
    return a_json_provider("postmark", "", behaviour, _answer, lambda letter: letter["TextBody"], texts)


def _answer(now, path, headers, body, letters):
    if path != "/email" or headers.get("X-Postmark-Server-Token") != "s3cret":
        return 401, b'{"ErrorCode": 10}'
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
