"""Mailjet's HTTP interface: an answer for each message of a request, with codes for its errors."""

import json

from tests.notify.counterparts import a_json_provider
from tests.notify.delivery_world import TEXTS

CANNOT: dict[str, str] = {}
# Headers that have a property of their own, or are Mailjet's: one of them is error send-0011.
FORBIDDEN = {"from", "sender", "subject", "to", "cc", "bcc", "reply-to", "return-path", "date", "message-id", "x-mailer", "x-mj-customid"}
SUCCESS = {"Status": "success", "To": [{"MessageUUID": "6c3f1a1e-2c5c-4a4c-8d6c-7c4e6a1b2c3d", "MessageID": 1152921507277, "MessageHref": ""}]}


def opened(*behaviour, texts=TEXTS):
    return a_json_provider("mailjet", "", behaviour, _answer, lambda letter: letter["TextPart"], texts)


def _error(status, code, *related):
    error = {"ErrorIdentifier": "88b5ca9f", "ErrorCode": code, "StatusCode": status, "ErrorMessage": "…", "ErrorRelatedTo": list(related)}
    return status, json.dumps({"Messages": [{"Status": "error", "Errors": [error]}]}).encode()


def _answer(now, path, headers, body, letters):
    if path != "/v3.1/send" or headers.get("Authorization") != "Basic azN5OnMzY3JldA==" or headers.get("Content-Type") != "application/json":
        return 401, b'{"ErrorIdentifier": "88b5ca9f", "ErrorCode": "mj-0015", "StatusCode": 401, "ErrorMessage": "Unauthorized"}'
    [letter] = json.loads(body)["Messages"]
    if FORBIDDEN & {name.lower() for name in letter["Headers"]}:
        return _error(400, "send-0011", "Headers")
    if now in ("takes", "breaks", "takes_silently"):
        letters.append(letter)
    return {
        "takes": (200, json.dumps({"Messages": [SUCCESS]}).encode()),
        "takes_silently": (200, b""),
        "busy": (429, b'{"ErrorMessage": "Too many requests"}'),
        "refuses": _error(400, "mj-0013", "To[0].Email"),
        "refuses_with_200": (200, _error(400, "mj-0013", "To[0].Email")[1]),
        "wrong_sender": _error(400, "mj-0013", "From.Email"),
        "not_verified": _error(403, "send-0008", "From"),
        "too_long": _error(400, "mj-0006", "Subject"),
        "bad_json": (400, b'{"ErrorIdentifier": "88b5ca9f", "ErrorCode": "mj-0002", "StatusCode": 400, "ErrorMessage": "Malformed JSON"}'),
        "fails": (500, b'{"ErrorIdentifier": "D4DF574C", "StatusCode": 500, "ErrorMessage": "Internal server error"}'),
        "breaks": None,
    }[now]
