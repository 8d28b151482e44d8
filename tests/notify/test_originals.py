"""Signed originals: a copy is told from what was released by its bytes or its words, and a list that nobody signed proves nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.lib.signing import spelled
from amanat.notify import check_original, new_key, original_of, signed_originals
from amanat.notify.__main__ import VERB as NOTIFY
from amanat.verbs.verify import VERB
from tests.notify.proof_world import NOON, a_signer, keys_of

SIGNER = a_signer()
KEYS = keys_of(SIGNER)
POST = b"Attackers broke into our systems.\nWe are sorry."
PICTURE = b"\x89PNG\x00\x01\x02"
AT = "2026-11-22T10:00:00+00:00"


def a_list(folder, *, signer=SIGNER, withdrawn_at=""):
    found = [original_of("post.txt", POST, released_at=AT, withdrawn_at=withdrawn_at), original_of("map.png", PICTURE, released_at=AT)]
    path = folder / "originals.json"
    path.write_text(signed_originals(found, company="Hotel Example", made_at=NOON, signer=signer), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (POST, "true"),
        (PICTURE, "true"),
        (b"Attackers broke  into our systems. We are sorry.\r\n", "same_words"),
        (b"\xef\xbb\xbf" + POST, "same_words"),
        (POST.replace(b"sorry", b"glad"), "unknown"),
        (PICTURE + b"\x00", "unknown"),
        (b"", "unknown"),
    ],
)
def test_a_copy_is_held_against_what_was_released(tmp_path, content, state):
    assert check_original(content, a_list(tmp_path), KEYS).state == state


def test_what_was_withdrawn_is_said_to_be(tmp_path):
    assert check_original(POST, a_list(tmp_path, withdrawn_at=AT), KEYS).state == "withdrawn"


@pytest.mark.parametrize(
    ("keys", "says"),
    [({}, "does not publish"), (keys_of(a_signer(2)), "does not publish"), (keys_of(SIGNER, is_revoked=True), "was revoked")],
)
def test_a_list_of_an_unknown_key_proves_nothing(tmp_path, keys, says):
    found = check_original(POST, a_list(tmp_path), keys)
    assert (found.state, says in found.why) == ("not_genuine", True)


def test_a_forged_list_under_our_keys_name_proves_nothing(tmp_path):
    path = a_list(tmp_path, signer=a_signer(2))
    body = json.loads(path.read_text())
    body["key"]["id"] = SIGNER.id
    path.write_text(spelled(body))
    assert check_original(POST, path, KEYS).state == "not_genuine"


@given(at=st.integers(0, 10_000), by=st.integers(1, 255))
def test_every_changed_byte_of_the_list_is_noticed(tmp_path_factory, at, by):
    path = a_list(tmp_path_factory.mktemp("list"))
    raw = bytearray(path.read_bytes())
    raw[at % len(raw)] ^= by
    path.write_bytes(bytes(raw))
    try:
        assert check_original(POST, path, KEYS).state == "not_genuine"
    except Exception as error:
        assert "is no list of originals" in str(error)


def test_the_commands_sign_and_check(tmp_path, capsys):
    new_key(tmp_path / "company.key")
    (tmp_path / "post.txt").write_bytes(POST)
    words = [str(tmp_path / "post.txt"), "--key", str(tmp_path / "company.key"), "--company", "Hotel Example", "--out", str(tmp_path / "list.json")]
    assert NOTIFY.main(["originals", *words]) == 0
    public = capsys.readouterr().out.strip().rpartition(" ")[2]
    (tmp_path / "key").write_text(public)
    check = ["--list", str(tmp_path / "list.json"), "--key", str(tmp_path / "key")]
    assert VERB.main(["--original", str(tmp_path / "post.txt"), *check]) == 0
    assert capsys.readouterr().out.startswith("TRUE: Hotel Example released this file (post.txt")
    (tmp_path / "fake.txt").write_bytes(b"Send us your card number.")
    assert VERB.main(["--original", str(tmp_path / "fake.txt"), *check]) == 1
    assert capsys.readouterr().out.startswith("UNKNOWN: ")
    assert VERB.main(["--original", str(tmp_path / "fake.txt")]) == 2
