"""The message in the company's own portal: signed, so that a portal shows what we said and nothing else."""

import json
from dataclasses import replace
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from amanat.lib.signing import PublicKey
from amanat.notify.outlet import draft
from amanat.notify.signed import case_signer, read_statement

from ..outlet_world import AT, CODE, KEY, statement

OURS = PublicKey(public=case_signer(KEY).public)


def message(language="en", **more):
    [one] = [a.content.decode() for a in draft("portal", statement("en", "fa", **more)).artefacts if a.name == f"{language}/portal.json"]
    return one


def test_a_portal_checks_the_message_with_a_plain_library_and_our_public_key():
    envelope = json.loads(message())

    # What docs/how-to/outlets.md tells the portal's programmers to do.
    Ed25519PublicKey.from_public_bytes(OURS.public).verify(bytes.fromhex(envelope["signature"]), b"amanat statement\n" + envelope["payload"].encode())
    body = json.loads(envelope["payload"])
    assert (body["format"], body["language"], body["direction"], body["code"]) == ("amanat portal message 1", "en", "ltr", CODE)
    assert (body["said_at"], body["next_at"], body["valid_until"]) == (
        "2026-03-10T17:30:00+00:00",
        "2026-03-12T09:00:00+00:00",
        "2026-04-09T17:30:00+00:00",
    )
    assert "We are writing to 41,870 people about this." in body["text"] and "<section" in body["html"]


def test_a_message_that_was_changed_or_signed_by_somebody_else_is_none():
    keys = {OURS.id: OURS}
    other = case_signer(b"x" * 32)

    assert read_statement(message("fa"), keys)["direction"] == "rtl"
    assert read_statement(message().replace("41,870", "41"), keys) is None
    assert read_statement(message(signer=other), keys) is None
    assert read_statement(message().replace(OURS.id, other.id), {other.id: PublicKey(public=other.public)}) is None
    assert read_statement("{}", keys) is None and read_statement("not json", keys) is None


def test_a_key_that_was_revoked_or_ended_before_signs_nothing_any_more():
    assert read_statement(message(), {OURS.id: replace(OURS, is_revoked=True)}) is None
    assert read_statement(message(), {OURS.id: replace(OURS, until=AT - timedelta(days=1))}) is None
    assert read_statement(message(), {OURS.id: replace(OURS, until=AT + timedelta(days=1))}) is not None


def test_a_draft_is_not_signed():
    assert json.loads(message(signer=None))["signature"] is None


def test_the_snippet_holds_no_script_and_no_style_of_ours():
    [html] = [a.content.decode() for a in draft("portal", statement("fa")).artefacts if a.name.endswith(".html")]

    assert html.startswith('<section class="amanat-message" lang="fa" dir="rtl"')
    assert "<script" not in html and "style=" not in html and "on" + "click" not in html
