"""The message in the company's own portal: signed, so that a portal shows what we said and nothing else."""

import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from amanat.notify.outlet import draft
from amanat.notify.signed import public_key_of_statements, read_statement

from ..outlet_world import CODE, KEY, statement


def message(language="en"):
    [one] = [a.content.decode() for a in draft("portal", statement("en", "fa")).artefacts if a.name == f"{language}/portal.json"]
    return one


def test_a_portal_checks_the_message_with_a_plain_library_and_our_public_key():
    envelope = json.loads(message())
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key_of_statements(KEY)))

    key.verify(bytes.fromhex(envelope["signature"]), envelope["payload"].encode())
    body = json.loads(envelope["payload"])
    assert (body["format"], body["language"], body["direction"], body["code"]) == ("amanat portal message 1", "en", "ltr", CODE)
    assert (body["said_at"], body["next_at"], body["valid_until"]) == (
        "2026-03-10T17:30:00+00:00",
        "2026-03-12T09:00:00+00:00",
        "2026-04-09T17:30:00+00:00",
    )
    assert "We are writing to 41,870 people about this." in body["text"] and "<section" in body["html"]


def test_a_message_that_was_changed_or_signed_by_somebody_else_is_none():
    public = public_key_of_statements(KEY)

    assert read_statement(message("fa"), public)["direction"] == "rtl"
    assert read_statement(message().replace("41,870", "41"), public) is None
    assert read_statement(message(), public_key_of_statements(b"x" * 32)) is None
    assert read_statement("{}", public) is None and read_statement("not json", public) is None


def test_the_snippet_holds_no_script_and_no_style_of_ours():
    [html] = [a.content.decode() for a in draft("portal", statement("fa")).artefacts if a.name.endswith(".html")]

    assert html.startswith('<section class="amanat-message" lang="fa" dir="rtl"')
    assert "<script" not in html and "style=" not in html and "on" + "click" not in html
