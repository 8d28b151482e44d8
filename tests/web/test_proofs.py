"""Proofs: what the house signs is checked by the command alone, rests on what the journal noted, and reaches nobody it is not about."""

import json
import zipfile
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone as clock

from amanat.lib.signing import list_of, read_keys
from amanat.notify import verify_pack, verify_person_proof
from amanat.verbs.verify_proof import VERB
from amanat.web.notify import person_proofs, proof_tasks, sealing
from amanat.web.notify.models import ProofRow, ReceiptRow, SealPart, SealRow, SendingRow
from amanat.web.respond import journal, signing
from amanat.web.respond.models import JournalEntry, SigningKeyRow, TreeHeadRow
from amanat.web.scope import people

from .test_approval import alice, fresh, incident, story  # noqa: F401  fixtures
from .test_care_page import browser, enter, mails, post, row_of, sent  # noqa: F401
from .test_notify_reach import told
from .test_public import door  # noqa: F401

pytestmark = pytest.mark.django_db


def published():
    return {key.id: key for key in signing.published_keys()}


def person_of(incident, n):  # noqa: F811
    return people.find(incident, person_id=f"guest-{n}")


def made(fresh, incident, n=1, who="Alice", **form):  # noqa: F811
    """A proof that staff make for person number n: the answer, and the file behind the newest one."""
    address = reverse("person_proof", args=[incident.pk, person_of(incident, n).pk])
    answer = fresh(who).post(address, {"why": "her lawyer asked"} | form)
    row = ProofRow.objects.order_by("-asked_at").first()
    return answer, person_proofs.opened(row) if row else None


# ---- for one person ----


def test_staff_make_a_proof_that_the_command_finds_genuine(incident, fresh, tmp_path, capsys):  # noqa: F811
    told(incident, fresh)
    answer, (content, opening) = made(fresh, incident)
    assert answer.status_code == 302

    (tmp_path / "proof.json").write_bytes(content)
    (tmp_path / "keys.json").write_text(json.dumps(list_of(signing.published_keys())))
    words = [tmp_path / "proof.json", "--keys", tmp_path / "keys.json", "--name", "Guest 1", "--opening", opening, "--format", "json"]
    assert VERB.main([str(word) for word in words]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["is_whole"], found["is_key_known"], found["is_about"], found["gaps"]) == (True, True, True, [])
    [mail, letter] = sorted(found["messages"], key=lambda one: one["channel"])
    assert (mail["channel"], [s["state"] for s in mail["states"]], mail["n_sealed"]) == ("email", ["attempting", "refused"], 2)
    assert mail["states"][-1]["answer"] == "550 <address> unknown"
    assert (letter["channel"], [s["state"] for s in letter["states"]]) == ("letter", ["queued"])


def test_a_proof_names_nobody_of_staff_and_the_person_only_when_they_wish(incident, fresh):  # noqa: F811
    told(incident, fresh)
    _answer, (content, opening) = made(fresh, incident)
    for secret in ("Guest", "guest1", "example.org", "rue Exemple", "Alice", "Bob", "lawyer", opening, str(person_of(incident, 1).pk)):
        assert secret.encode() not in content, secret
    _answer, (content, _opening) = made(fresh, incident, named="1")
    assert b'"name": "Guest 1"' in content
    assert b"example.org" not in content


def test_without_a_reason_nothing_is_made_and_with_one_it_stands_in_the_journal(incident, fresh):  # noqa: F811
    told(incident, fresh)
    answer, _ = made(fresh, incident, why="  ")
    assert (answer.status_code, ProofRow.objects.count()) == (400, 0)
    made(fresh, incident)
    asked = [entry for entry in journal.entries(incident.pk) if entry["act"] == "person_proof.asked"]
    assert [(entry["why"], sorted(entry["what"])) for entry in asked] == [("her lawyer asked", ["named", "proof"])]
    row = ProofRow.objects.get()
    answer = fresh("Alice").post(reverse("proof_file", args=[incident.pk, row.pk]))
    assert (answer.content, answer["Cache-Control"]) == (person_proofs.opened(row)[0], "no-store")
    assert [entry["act"] for entry in journal.entries(incident.pk)][-1] == "person_proof.taken"


def test_who_may_not_take_the_list_of_persons_makes_no_proof(incident, fresh, staff_of):  # noqa: F811
    told(incident, fresh)
    staff_of("eve")
    for who, status in (("Charlie", 403), ("Dana", 403), ("Eve", 404)):
        assert made(fresh, incident, who=who)[0].status_code == status
    assert not ProofRow.objects.exists()


def test_a_receipt_that_is_invented_after_the_seal_is_told(incident, fresh):  # noqa: F811
    told(incident, fresh)
    sealing.seal(incident, now=clock.now())
    sending = SendingRow.objects.get(person=person_of(incident, 1), channel="email")
    ReceiptRow.objects.filter(sending=sending, state="refused").update(state="delivered")
    _answer, (content, _opening) = made(fresh, incident)
    verdict = verify_person_proof(content, keys=published())
    [mail] = [one for one in verdict.messages if one["channel"] == "email"]
    assert (mail["states"][-1]["state"], mail["n_sealed"]) == ("delivered", 0)
    assert verdict.gaps == (person_proofs.CHANGED,)


def test_seals_cover_what_changed_and_a_message_is_found_in_the_newest(incident, fresh, monkeypatch):  # noqa: F811
    monkeypatch.setattr(sealing, "PART", 2)
    monkeypatch.setattr(sealing, "LOOK_BACK", timedelta(0))
    told(incident, fresh)
    now = clock.now() + timedelta(minutes=1)
    first = sealing.seal(incident, now=now)
    assert (first.n, SealPart.objects.filter(seal=first).count()) == (5, 3)
    assert sealing.seal(incident, now=now) is None  # nothing new
    row = SendingRow.objects.filter(state="delivered").get()
    later = now + timedelta(minutes=1)
    ReceiptRow.objects.create(sending=row, state="opened_page", at=later)
    SendingRow.objects.filter(pk=row.pk).update(state="opened_page", changed_at=later)
    second = sealing.seal(incident, now=later)
    assert second.n == 1
    for pk, states in sealing.receipts_in_order(incident):
        seal = sealing.seal_of(SendingRow.objects.select_related("notice").get(pk=pk), states)
        assert seal["n_states"] == len(states)
        assert seal["seq"] == (second.seq if pk == row.pk else first.seq)
    for n in range(4):
        _answer, (content, _opening) = made(fresh, incident, n)
        verdict = verify_person_proof(content, keys=published())
        assert (verdict.problems, verdict.gaps) == ((), ())


def test_a_proof_goes_with_the_keys_of_its_incident_and_after_ninety_days(incident, fresh):  # noqa: F811
    told(incident, fresh)
    made(fresh, incident)
    now = clock.now()
    assert person_proofs.delete_due(now=now + timedelta(days=89)) == 0
    assert person_proofs.delete_due(now=now + timedelta(days=91)) == 1


# ---- on my page ----


def test_a_person_asks_for_their_record_and_fetches_it(sent, door, mails, django_capture_on_commit_callbacks):  # noqa: F811
    me, other = enter(sent, 0, mails), enter(sent, 1, mails, browser())
    assert post(me, "/en/my/page/record/", {"named": "1"}, see="/en/my/page/record/").status_code == 302
    row = ProofRow.objects.get()
    assert "We are making it." in me.get("/en/my/page/record/").content.decode()
    assert me.get(f"/en/my/page/record/{row.pk}/").status_code == 404
    proof_tasks.make_proofs.func()

    answer = me.get(f"/en/my/page/record/{row.pk}/")
    verdict = verify_person_proof(answer.content, keys=published(), about={"name": "Guest 0"})
    assert (verdict.is_passed, verdict.is_about) == (True, True)
    assert (answer["Content-Disposition"], answer["Cache-Control"]) == ('attachment; filename="proof.json"', "no-store")
    assert other.get(f"/en/my/page/record/{row.pk}/").status_code == 404
    assert browser().get(f"/en/my/page/record/{row.pk}/").url == "/en/my/"


def test_nobody_of_staff_fetches_what_a_person_asked_for(sent, door, mails, settings):  # noqa: F811
    row = person_proofs.ask_as_person(sent, row_of(sent, 0), is_named=False, now=clock.now())
    proof_tasks.make_proofs.func()
    settings.ROOT_URLCONF = "amanat.web.staff_urls"
    assert list(person_proofs.proofs_of(row.person, is_theirs=False)) == []


def test_a_person_asks_at_most_five_times_a_day(sent, door, mails):  # noqa: F811
    me = enter(sent, 0, mails)
    answers = [post(me, "/en/my/page/record/", see="/en/my/page/record/").status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


def test_the_public_door_cannot_read_the_key_that_signs(sent, door):  # noqa: F811
    from .public_account import _become
    from .test_public_role import refuses

    signing.signer(now=clock.now())
    _become("amanat_public")
    assert refuses("select sealed from respond_signingkeyrow")
    assert refuses("update notify_proofrow set sealed = ''")
    _become("none")


@pytest.mark.parametrize(
    ("language", "word"), [("en", "What can I show to others?"), ("fr", "Que puis-je montrer"), ("fa", "چه چیزی را می‌توانم به دیگران نشان دهم؟")]
)
def test_the_record_speaks_three_languages(sent, door, mails, language, word):  # noqa: F811
    me = enter(sent, 0, mails)
    assert word in me.get(f"/{language}/my/page/record/").content.decode()


# ---- keys and heads ----


def test_one_key_signs_until_it_is_replaced_and_the_old_one_stays_on_the_list(sent, door, tmp_path):  # noqa: F811
    now = clock.now()
    first = signing.signer(now=now).id
    assert signing.signer(now=now).id == first
    second = signing.rotate(now=now + timedelta(hours=1), is_revoked=False)
    third = signing.rotate(now=now + timedelta(hours=2), is_revoked=True)
    assert signing.signer(now=now).id == third

    answer = door.get("/en/verify/keys.json")
    (tmp_path / "keys.json").write_bytes(answer.content)
    keys = read_keys(tmp_path / "keys.json")
    assert [(name, key.is_revoked, key.until is None) for name, key in keys.items()] == [
        (third, False, True),
        (second, True, False),
        (first, False, False),
    ]
    assert SigningKeyRow.objects.get(pk=first).sealed.encode() not in answer.content


def test_two_keys_cannot_sign_at_once(sent):  # noqa: F811
    signing.signer(now=clock.now())
    with pytest.raises(Exception, match="one_key_signs"), transaction.atomic():
        SigningKeyRow.objects.create(id="0" * 16, public=bytes(32), sealed="", since=clock.now())


def test_heads_follow_one_another_and_are_published_once_the_public_knows_of_the_incident(sent, door, tmp_path):  # noqa: F811
    from amanat.lib.tree_head import read_heads, why_not_published

    for n in range(3):
        journal.write(sent, act="fact.entered", at=clock.now(), what={"n": n})
        head, _tree = signing.sign_journal(sent, now=clock.now())
        assert signing.sign_journal(sent, now=clock.now())[0] == head  # nothing new, nothing signed anew
    answer = door.get("/en/verify/heads.json")
    (tmp_path / "heads.json").write_bytes(answer.content)
    found = read_heads(tmp_path / "heads.json")[str(sent.pk)]
    assert len(found) == 3
    assert why_not_published(head, found, published()) == ""


def test_no_head_tells_of_an_incident_that_the_public_does_not_know(incident, door):  # noqa: F811
    signing.sign_journal(incident, now=clock.now())
    assert str(incident.pk) not in door.get("/en/verify/heads.json").content.decode()


def test_a_journal_that_was_rewritten_in_the_database_is_not_signed_over(incident, fresh):  # noqa: F811
    told(incident, fresh)
    signing.sign_journal(incident, now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table respond_journalentry disable trigger append_only")
        cursor.execute("update respond_journalentry set hash = repeat('0', 64) where incident_id = %s and seq = 2", [incident.pk])
        cursor.execute("alter table respond_journalentry enable trigger append_only")
    with pytest.raises(signing.JournalChanged):
        signing.sign_journal(incident, now=clock.now())
    assert made(fresh, incident)[0].status_code == 409
    assert fresh("Alice").post(reverse("proof_pack", args=[incident.pk])).status_code == 302
    proof_tasks.sign_heads.func(timestamp=0)  # says it in the log, and goes on with the next
    assert TreeHeadRow.objects.filter(incident=incident).count() == 1


# ---- the pack ----


@pytest.fixture
def pack(incident, fresh, tmp_path):  # noqa: F811
    told(incident, fresh)
    sealing.seal(incident, now=clock.now())
    answer = fresh("Alice").post(reverse("proof_pack", args=[incident.pk]))
    path = tmp_path / "proof.zip"
    path.write_bytes(b"".join(answer.streaming_content))
    return path


def changed(path, name, change, *, resign=False):
    """The pack with one file changed; with `resign`, by somebody who holds the key and mends the manifest."""
    import hashlib

    from amanat.notify import signed_manifest

    with zipfile.ZipFile(path) as old:
        files = {one: old.read(one) for one in old.namelist()}
    files[name] = change(files[name])
    if resign:
        manifest = json.loads(files["manifest.json"])
        manifest["files"][name] = {"sha256": hashlib.sha256(files[name]).hexdigest(), "size": len(files[name])}
        body = {key: value for key, value in manifest.items() if key not in ("kind", "version", "key", "signature")}
        files["manifest.json"] = signed_manifest(body, signing.signer(now=clock.now())).encode()
    with zipfile.ZipFile(path, "w") as new:
        for one, content in files.items():
            new.writestr(one, content)
    return verify_pack(path, keys=published())


def test_a_pack_is_genuine_as_it_was_taken(pack, capsys):
    verdict = verify_pack(pack, keys=published())
    assert (verdict.is_whole, verdict.is_key_known, verdict.problems) == (True, True, ())
    assert verdict.head.size == JournalEntry.objects.count()
    assert VERB.main([str(pack)]) == 0
    assert capsys.readouterr().out.startswith("WHOLE, BY A KEY THAT WAS NOT CHECKED")
    assert SealRow.objects.count() >= 1


@pytest.mark.parametrize("name", ["notices.jsonl", "approvals.jsonl", "sendings.jsonl", "journal.jsonl", "README.txt"])
def test_a_changed_file_of_a_pack_is_named(pack, name):
    assert changed(pack, name, lambda text: text.replace(b"e", b"f", 1)).problems == (f"{name}: was changed after it was signed",)


def test_a_changed_manifest_is_noticed(pack):
    assert "signature" in changed(pack, "manifest.json", lambda text: text.replace(b'"n', b'"m', 1)).problems[0]


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("sendings.jsonl", b'"state":"delivered","at"', b'"state":"accepted","at"', "sendings.jsonl: messages whose receipts are not"),
        ("notices.jsonl", b"Data of yours were taken.", b"Nothing was taken.", "notices.jsonl: the text eu.en does not have the hash"),
        ("journal.jsonl", b'"act":"incident.declared"', b'"act":"incident.imagined"', "journal.jsonl: entry 1 was changed after it was written"),
        ("approvals.jsonl", b'"n_recipients":4', b'"n_recipients":3', "approvals.jsonl: the journal does not bear out that two"),
    ],
)  # fmt: skip
def test_even_who_holds_the_key_cannot_change_what_the_journal_bears_out(pack, name, old, new, says):
    def change(text):
        assert old in text
        return text.replace(old, new, 1)

    verdict = changed(pack, name, change, resign=True)
    assert [one for one in verdict.problems if one.startswith(says)], verdict.problems


def test_a_message_that_is_left_out_is_missed(pack):
    verdict = changed(pack, "sendings.jsonl", lambda text: text.split(b"\n", 1)[1], resign=True)
    assert [one for one in verdict.problems if "that the journal sealed are missing" in one], verdict.problems


def test_a_file_that_the_manifest_does_not_know_is_named(pack):
    with zipfile.ZipFile(pack, "a") as more:
        more.writestr("extra.txt", "see here")
    assert verify_pack(pack).problems == ("extra.txt: is in the pack, and the manifest does not know it",)


def test_a_bomb_is_not_unpacked(pack, tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("manifest.json", b" " * 50_000_000)
    assert verify_pack(tmp_path / "bomb.zip").problems == ("manifest.json is not spelled as it was signed: it was changed",)
    verdict = changed(pack, "journal.jsonl", lambda text: text + b"\n" * 100_000_000)
    assert verdict.problems == ("journal.jsonl: was changed after it was signed",)


@pytest.mark.parametrize("content", [b"PK", b"PK\x03\x04" + bytes(100), b"PK\x05\x06" + bytes(18)])
def test_what_is_no_pack_is_said_in_words(tmp_path, content, capsys):
    (tmp_path / "x.zip").write_bytes(content)
    assert VERB.main([str(tmp_path / "x.zip")]) == 1
    assert capsys.readouterr().out.startswith("CHANGED OR NOT GENUINE")


def test_a_pack_that_was_cut_off_is_said_to_be_damaged(pack):
    raw = pack.read_bytes()
    for at in (100, len(raw) // 2, len(raw) - 5):
        pack.write_bytes(raw[:at])
        assert not verify_pack(pack).is_whole


def test_the_key_is_replaced_from_the_command_line(sent, capsys):  # noqa: F811
    from django.core.management import call_command

    first = signing.signer(now=clock.now()).id
    call_command("rotate_signing_key", "--stolen")
    second = signing.signer(now=clock.now()).id
    assert f"From now on {second} signs." in capsys.readouterr().out
    assert [(key.id, key.is_revoked) for key in signing.published_keys()] == [(second, False), (first, True)]
