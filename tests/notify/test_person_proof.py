"""A proof for one person shows what it says and nothing else: no byte of it can be changed, and no part can be swapped, unseen."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.lib.signing import PublicKey, list_of, read_keys, spelled
from amanat.lib.tree_head import list_of_heads
from amanat.notify import named_or_hashed, verify_person_proof
from amanat.verbs.verify_proof import VERB
from tests.notify.proof_world import NOON, OPENING, World, a_signer, keys_of

WORLD = World()
PROOF = WORLD.proof()
KEYS = keys_of(WORLD.signer)


def test_a_proof_that_nobody_touched_is_genuine():
    verdict = verify_person_proof(PROOF, keys=KEYS)
    assert (verdict.is_whole, verdict.is_key_known, verdict.problems, verdict.is_passed) == (True, True, (), True)
    assert verdict.head.size == 4
    assert [(one["channel"], [s["state"] for s in one["states"]], one["n_sealed"]) for one in verdict.messages] == [
        ("email", ["attempting", "bounced"], 2),
        ("letter", ["attempting", "accepted"], 2),
    ]


@given(st.integers(0, len(PROOF) - 1), st.integers(1, 255))
@settings(max_examples=400)
def test_every_changed_byte_is_noticed(at, by):
    changed = PROOF[:at] + bytes([PROOF[at] ^ by]) + PROOF[at + 1 :]
    assert not verify_person_proof(changed, keys=KEYS).is_passed
    assert not verify_person_proof(changed).is_whole


@given(st.integers(0, len(PROOF) - 1), st.binary(max_size=3), st.integers(0, 3))
@settings(max_examples=200)
def test_every_byte_put_in_or_taken_out_is_noticed(at, put, n_out):
    changed = PROOF[:at] + put + PROOF[at + n_out :]
    assert changed == PROOF or not verify_person_proof(changed).is_whole


@given(st.binary(max_size=300))
def test_what_is_no_proof_is_said_to_be_none(raw):
    assert verify_person_proof(raw).problems


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"kind": "amanat person proof", "version": 1}\n', "null", '{"kind": "amanat person proof", "version": 2}']
)
def test_what_looks_like_one_without_its_parts_is_said_in_words(text):
    verdict = verify_person_proof(text.encode())
    assert not verdict.is_whole
    assert verdict.problems


def resigned(change, *, signer=WORLD.signer):
    """The proof after somebody who holds the key has changed it and signed it again."""
    body = json.loads(PROOF)
    change(body)
    del body["signature"]
    body["key"] = {"id": signer.id, "public_key": signer.public.hex()}
    body["signature"] = signer.sign("person proof", spelled(body).encode()).hex()
    return verify_person_proof(spelled(body).encode(), keys=KEYS)


def put(*path):
    *where, last = path[:-1]

    def change(body):
        for step in where:
            body = body[step]
        body[last] = path[-1]

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (put("messages", 1, "states", 1, "state", "delivered"), "the receipts of message 2 are not those that the journal sealed"),
        (put("messages", 0, "states", 0, "at", "2026-11-01T12:00:00+00:00"), "the receipts of message 1 are not those that the journal sealed"),
        (put("messages", 0, "channel", "letter"), "the receipts of message 1 are not those that the journal sealed"),
        (put("messages", 0, "seal", "index", 1), "the receipts of message 1 are not those that the journal sealed"),
        (put("messages", 0, "seal", "seq", 3), "the receipts of message 1 are not those that the journal sealed"),
        (put("messages", 0, "content_hash", "0" * 64), "the text of message 1 is missing"),
        (put("approvals", 0, "approver", "ada"), "an approval does not name two different persons"),
        (put("approvals", 0, "approver", "eve"), "the journal does not bear out that the approver signed for these texts and this list"),
        (put("approvals", 0, "n_recipients", 3), "the journal does not bear out that the author signed for these texts and this list"),
        (put("approvals", 0, "texts", []), "the texts of an approval are not those that were signed for: their common hash does not fit"),
        (put("journal", 0, "entry", "who", "eve"), "line 2 of the journal was changed after it was written"),
        (put("journal", 1, "path", []), "line 3 is not in the journal that the tree head stands for"),
        (put("tree_head", "size", 5), "the tree head is not signed by the key that it names, or by one that is not published"),
        (put("tree_head", "key", "0" * 16), "the tree head is not signed by the key that it names, or by one that is not published"),
        (put("tree_head", "root", "0" * 63), "the tree head's 'root' is no 64 hex digits"),
        (put("incident", "incident-2"), "the tree head is of another incident's journal"),
        (put("made_at", "2026-11-22T11:00:00+00:00"), "the tree head is later than the proof itself"),
    ],
)
def test_even_who_holds_the_key_cannot_change_what_the_journal_bears_out(change, says):
    verdict = resigned(change)
    assert not verdict.is_passed
    assert says in verdict.problems


def test_a_text_that_was_not_approved_is_noticed():
    verdict = resigned(put("texts", WORLD.notice.content_hash, "title", "Nothing happened"))
    assert verdict.problems == ("the text eu.en is not the one that was approved: its hash does not fit",)


def test_a_receipt_after_the_seal_is_shown_as_not_sealed():
    messages = WORLD.messages()
    messages[0]["states"] = [*messages[0]["states"], {"state": "delivered", "at": NOON.isoformat(), "answer": ""}]
    verdict = verify_person_proof(WORLD.proof(messages=messages), keys=KEYS)
    assert verdict.is_passed
    assert (len(verdict.messages[0]["states"]), verdict.messages[0]["n_sealed"]) == (3, 2)


# ---- keys ----


def test_a_forger_with_a_key_of_their_own_is_told_by_the_published_keys():
    forged = World(seed=2).proof()
    assert verify_person_proof(forged).is_whole  # nothing in the file itself can show it
    assert verify_person_proof(forged).is_key_known is None
    verdict = verify_person_proof(forged, keys=KEYS)
    assert (verdict.is_key_known, verdict.is_passed) == (False, False)


def test_a_forgers_key_under_the_name_of_ours_is_noticed():
    ours, theirs = a_signer(1), a_signer(2)
    listed = {ours.id: PublicKey(public=theirs.public)}  # a list that somebody made
    assert verify_person_proof(PROOF, keys=listed).is_key_known is False
    body = json.loads(World(seed=2).proof())
    body["key"]["id"] = ours.id
    del body["signature"]
    body["signature"] = theirs.sign("person proof", spelled(body).encode()).hex()
    verdict = verify_person_proof(spelled(body).encode(), keys=KEYS)
    assert "the key does not have the name that stands beside it" in verdict.problems


def test_a_signature_over_something_else_is_none_over_a_proof():
    body = json.loads(PROOF)
    del body["signature"]
    body["signature"] = WORLD.signer.sign("proof pack", spelled(body).encode()).hex()
    assert "the signature does not fit" in verify_person_proof(spelled(body).encode(), keys=KEYS).problems[0]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"is_revoked": True}, "was revoked"),
        ({"until": NOON}, "was no longer in use"),
        ({"since": NOON + timedelta(days=1)}, "was not in use yet"),
    ],
)
def test_a_key_outside_its_time_proves_nothing(more, says):
    verdict = verify_person_proof(PROOF, keys=keys_of(WORLD.signer, **more))
    assert (verdict.is_passed, says in verdict.problems[0]) == (False, True)


def test_a_key_that_was_replaced_since_still_proves_what_it_signed_then():
    listed = keys_of(a_signer(2)) | keys_of(WORLD.signer, since=NOON - timedelta(days=9), until=NOON + timedelta(days=1))
    assert verify_person_proof(PROOF, keys=listed).is_passed


# ---- the person ----


def test_the_proof_names_nobody_unless_asked():
    assert b"Sara" not in PROOF
    assert b"sara@example.org" not in PROOF
    named = WORLD.proof(person=named_or_hashed({"name": "Sara Karimi", "email": "sara@example.org"}, opening=OPENING, named=["name"]))
    assert b"Sara Karimi" in named
    assert b"sara@example.org" not in named


@pytest.mark.parametrize(
    ("about", "opening", "is_about"),
    [
        ({"name": "sara  KARIMI"}, OPENING, True),
        ({"name": "Sara Karimi", "email": "Sara@example.org"}, OPENING, True),
        ({"name": "Sara Karimi"}, bytes(16), False),
        ({"name": "Sara Karimi"}, None, False),
        ({"name": "Sam Karimi"}, OPENING, False),
        ({}, OPENING, None),
    ],
)
def test_with_the_opening_anybody_can_see_whom_it_is_about(about, opening, is_about):
    assert verify_person_proof(PROOF, about=about, opening=opening).is_about is is_about


def test_the_same_person_has_other_hashes_in_each_proof():
    one, other = (named_or_hashed({"name": "Sara Karimi"}, opening=bytes([i]) * 16)["hashed"]["name"] for i in (1, 2))
    assert one != other


# ---- the command ----


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "proof.json").write_bytes(PROOF)
    (tmp_path / "keys.json").write_text(json.dumps(list_of(KEYS.values())))
    return tmp_path


def run(capsys, *words):
    code = VERB.main([str(word) for word in words])
    return code, capsys.readouterr().out


def heads(folder, *worlds_and_paths):
    body = [{"head": {f: getattr(head, f) for f in head.__dataclass_fields__}, "path": path} for head, path in worlds_and_paths]
    (folder / "heads.json").write_text(json.dumps(list_of_heads({"incident-1": body})))
    return folder / "heads.json"


def test_the_command_says_in_words_what_it_found(folder, capsys):
    code, out = run(capsys, folder / "proof.json", "--keys", folder / "keys.json")
    assert code == 0
    assert out.startswith("GENUINE: nothing was changed since the company signed it")
    code, out = run(capsys, folder / "proof.json")
    assert code == 0
    assert out.startswith("WHOLE, BY A KEY THAT WAS NOT CHECKED")
    (folder / "proof.json").write_bytes(PROOF.replace(b"bounced", b"reached"))
    code, out = run(capsys, folder / "proof.json", "--keys", folder / "keys.json")
    assert code == 1
    assert out.startswith("CHANGED OR NOT GENUINE:\n- the signature does not fit")


def test_the_command_says_when_the_key_is_a_strangers(folder, capsys):
    (folder / "proof.json").write_bytes(World(seed=2).proof())
    code, out = run(capsys, folder / "proof.json", "--keys", folder / "keys.json")
    assert (code, out.startswith("NOT THE COMPANY'S")) == (1, True)


def test_the_published_heads_bear_the_journal_out(folder, capsys):
    longer = World()
    longer.note("ada", "fact.entered", {})
    path = [one.hex() for one in longer.tree().consistency(4, 5)]
    published = heads(folder, (longer.head(), path), (WORLD.head(), []))
    code, out = run(capsys, folder / "proof.json", "--keys", folder / "keys.json", "--heads", published)
    assert code == 0
    assert "The journal that it rests on is the one that the company published." in out


def test_a_journal_that_was_rewritten_is_told_by_the_published_heads(folder, capsys):
    rewritten = World()
    rewritten.entries[0]["who"] = "eve"
    entries, rewritten.entries = rewritten.entries, []
    for entry in entries:
        rewritten.note(entry["who"], entry["act"], entry["what"])
    code, out = run(capsys, folder / "proof.json", "--keys", folder / "keys.json", "--heads", heads(folder, (rewritten.head(), [])))
    assert code == 1
    assert "one of the two was rewritten" in out
    longer = World()
    longer.note("ada", "fact.entered", {})
    bent = heads(folder, (longer.head(), [one.hex() for one in longer.tree().consistency(4, 5)]), (rewritten.head(), []))
    code, out = run(capsys, folder / "proof.json", "--keys", folder / "keys.json", "--heads", bent)
    assert (code, "the journal was rewritten in between" in out) == (1, True)


def test_an_old_head_shown_again_does_not_stand_for_the_proof(folder, capsys):
    shorter = World()
    shorter.entries = shorter.entries[:3]
    code, out = run(capsys, folder / "proof.json", "--heads", heads(folder, (shorter.head(), [])))
    assert (code, "no published head has 4 lines" in out) == (1, True)


@pytest.mark.parametrize("text", ["", "{}", "[]", "not hex", "00" * 31, '{"kind": "amanat keys", "version": 1, "keys": [{"public_key": "zz"}]}'])
def test_a_file_that_holds_no_keys_is_said_to_hold_none(folder, capsys, text):
    (folder / "keys.json").write_text(text)
    code = VERB.main([str(folder / "proof.json"), "--keys", str(folder / "keys.json")])
    assert (code, "is no list of keys" in capsys.readouterr().err) == (2, True)


def test_a_single_key_can_be_given_by_its_digits(folder):
    (folder / "key").write_text(WORLD.signer.public.hex() + "\n")
    assert list(read_keys(folder / "key")) == [WORLD.signer.id]


def journal_of(folder, world):
    (folder / "journal.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in world.entries))
    return str(folder / "journal.jsonl")


def test_a_journal_is_held_against_the_heads_that_were_published(folder, capsys):
    from amanat.verbs.journal import VERB as JOURNAL

    longer, shorter = World(), World()
    longer.note("ada", "fact.entered", {})
    path = [one.hex() for one in longer.tree().consistency(4, 5)]
    words = ["verify", "--heads", str(heads(folder, (longer.head(), path), (shorter.head(), []))), "--keys", str(folder / "keys.json")]
    assert JOURNAL.main([*words, journal_of(folder, longer)]) == 0
    assert JOURNAL.main([*words, journal_of(folder, shorter)]) == 1
    assert "entries were cut off at the end" in capsys.readouterr().out
    other = World()
    other.entries = []
    for entry in longer.entries:
        other.note("eve" if entry["seq"] == 5 else entry["who"], entry["act"], entry["what"])
    assert JOURNAL.main([*words, journal_of(folder, other)]) == 1
    assert "something in them was changed" in capsys.readouterr().out
    assert JOURNAL.main([*words, journal_of(folder, World(seed=3, log="x"))]) == 1  # cut off, whoever signs
    forged = World(seed=2)
    words[2] = str(heads(folder, (forged.head(), [])))
    assert JOURNAL.main([*words, journal_of(folder, forged)]) == 1
    assert "is not signed by a published key" in capsys.readouterr().out
