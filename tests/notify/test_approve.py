"""Approval: two different persons, one text, one list."""

import json
import os
from dataclasses import replace

import pytest

from amanat import notify
from amanat.notify.__main__ import VERB
from amanat.notify.approve import BadKeyFile, BadSigner, NotApproved, read_approval, read_signed, write_approval
from amanat.terms.company import Staff
from amanat.terms.notice import Finding
from tests.notify.delivery_world import LEILA, MALLORY, NOW, OMAR, a_company, a_notice, a_plan, an_approval, duties_for, many_contacts
from tests.notify.test_verify_codes import COMPANY

PLAN = a_plan(many_contacts(5))
SHARED = dict(incident_id="hotel", notices=[a_notice()], plan=PLAN, company=a_company(), now=NOW)


def check(approval, **changes):
    notify.check_approval(approval, **{k: v for k, v in {**SHARED, **changes}.items() if k != "now"})


def test_what_two_persons_signed_may_go():
    approval = an_approval(PLAN)

    check(approval)  # raises what is wrong with it
    assert (approval.author, approval.approver, approval.n_recipients) == ("leila", "omar", 5)
    assert approval.recipients_hash == notify.recipients_hash(PLAN.sendings, PLAN.further)


def test_one_changed_letter_voids_it():
    with pytest.raises(NotApproved, match="text of the notices has changed"):
        check(an_approval(PLAN), notices=[a_notice(text="Somebody copied your Data.")])


def test_one_more_notice_voids_it():
    with pytest.raises(NotApproved, match="text"):
        check(an_approval(PLAN), notices=[a_notice(), a_notice(id="eu.fr", language="fr")])


def test_one_more_recipient_voids_it():
    with pytest.raises(NotApproved, match=r"list of recipients has changed since it was approved \(5 then, 6 now\)"):
        check(an_approval(PLAN), plan=a_plan(many_contacts(6)))


def test_another_person_instead_of_one_voids_it():
    with pytest.raises(NotApproved, match="not the same persons or channels"):
        check(an_approval(PLAN), plan=a_plan(many_contacts(6)[1:]))


def test_another_channel_voids_it():
    contacts = many_contacts(5)
    by_letter = notify.plan(duties_for(contacts, order=("letter",)), contacts, [a_notice()], a_company(), facts={}, key=bytes(range(32)))
    with pytest.raises(NotApproved, match="not the same persons or channels"):
        check(an_approval(PLAN), plan=by_letter)


def test_another_next_channel_voids_it():
    without = replace(PLAN, further=PLAN.further.slice(1))
    with pytest.raises(NotApproved, match="channels"):
        check(an_approval(PLAN), plan=without)


def test_the_order_of_the_list_does_not_matter():
    turned = replace(PLAN, sendings=PLAN.sendings.take(list(range(5))[::-1]))

    assert turned.sendings["person_id"].to_pylist() == PLAN.sendings["person_id"].to_pylist()[::-1]
    assert an_approval(turned).recipients_hash == an_approval(PLAN).recipients_hash
    check(an_approval(PLAN), plan=turned)


def test_the_author_cannot_approve():
    half = notify.author(**SHARED, staff_id="leila", key=LEILA)
    with pytest.raises(BadSigner, match="cannot approve it"):
        notify.approve(half, **SHARED, staff_id="leila", key=LEILA)


def test_one_person_with_two_names_is_one_person():
    twice = a_company(staff=(*a_company().staff, Staff(id="leila2", name="L", public_key=notify.public_key_of(LEILA))))
    shared = {**SHARED, "company": twice}
    half = notify.author(**shared, staff_id="leila", key=LEILA)
    with pytest.raises(BadSigner, match="same public key"):
        notify.approve(half, **shared, staff_id="leila2", key=LEILA)


def test_a_stranger_cannot_sign():
    with pytest.raises(BadSigner, match="no member of staff 'mallory'"):
        notify.author(**SHARED, staff_id="mallory", key=MALLORY)


def test_nobody_signs_with_the_key_of_another():
    with pytest.raises(BadSigner, match="not that of 'leila'"):
        notify.author(**SHARED, staff_id="leila", key=OMAR)


def test_staff_without_a_key_are_told_how_to_get_one():
    with pytest.raises(BadSigner, match="--new-key"):
        notify.author(**SHARED, staff_id="keyless", key=OMAR)


@pytest.mark.parametrize(
    ("field", "value"),
    [("authored_at", NOW.replace(year=2025)), ("approved_at", NOW.replace(year=2025)), ("author_signature", "00" * 64), ("approver_signature", "zz")],
)
def test_any_changed_field_breaks_a_signature(field, value):
    with pytest.raises(BadSigner, match="signature"):
        check(replace(an_approval(PLAN), **{field: value}))


def test_halves_of_two_approvals_do_not_make_one():
    later = {**SHARED, "now": NOW.replace(hour=20)}
    other = notify.approve(notify.author(**later, staff_id="leila", key=LEILA), **later, staff_id="omar", key=OMAR)
    with pytest.raises(BadSigner):
        check(replace(an_approval(PLAN), authored_at=other.authored_at, author_signature=other.author_signature))


def test_what_changed_between_the_two_signatures_is_noticed():
    half = notify.author(**SHARED, staff_id="leila", key=LEILA)
    with pytest.raises(NotApproved, match="text"):
        notify.approve(half, **{**SHARED, "notices": [a_notice(text="Other.")]}, staff_id="omar", key=OMAR)


def test_passages_that_the_gate_blocks_stop_both_signers():
    finding = Finding(check="no_hedging", is_blocking=True, says="hedges on a known fact", where="what_happened", quote="may", rewrite="did")
    advice = replace(finding, is_blocking=False)
    with pytest.raises(NotApproved, match="what_happened: hedges on a known fact"):
        notify.author(**SHARED, staff_id="leila", key=LEILA, findings=[finding])
    half = notify.author(**SHARED, staff_id="leila", key=LEILA, findings=[advice])
    with pytest.raises(NotApproved, match="honesty gate"):
        notify.approve(half, **SHARED, staff_id="omar", key=OMAR, findings=[advice, finding])


def test_the_file_holds_what_was_signed(tmp_path):
    path = tmp_path / "approval.toml"
    write_approval(path, an_approval(PLAN))
    assert read_approval(path) == an_approval(PLAN)
    check(read_approval(path))


def test_half_an_approval_is_none(tmp_path):
    path = tmp_path / "approval.toml"
    write_approval(path, notify.author(**SHARED, staff_id="leila", key=LEILA))
    assert read_signed(path).author == "leila"
    with pytest.raises(NotApproved, match="only 'leila' has signed"):
        read_approval(path)


def test_a_key_that_others_can_read_is_no_key(tmp_path):
    path = tmp_path / "leila.key"
    public = notify.new_key(path)
    assert notify.public_key_of(notify.read_key(path)) == public
    assert os.stat(path).st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(BadKeyFile, match="chmod 600"):
        notify.read_key(path)


def test_a_key_file_may_say_whose_it_is(tmp_path):
    path = tmp_path / "leila.key"
    path.touch(mode=0o600)
    path.write_text(f"# Leila's key\n{LEILA.private_bytes_raw().hex()}\n")
    assert notify.public_key_of(notify.read_key(path)) == notify.public_key_of(LEILA)


@pytest.mark.parametrize("content", ["", "zz", "ab" * 31, "ab" * 33])
def test_a_file_that_is_no_key_is_said(tmp_path, content):
    path = tmp_path / "k"
    path.touch(mode=0o600)
    path.write_text(content)
    with pytest.raises(BadKeyFile, match="is not a signing key"):
        notify.read_key(path)


def test_a_key_is_never_written_over(tmp_path):
    notify.new_key(tmp_path / "k")
    with pytest.raises(BadKeyFile, match="never written over"):
        notify.new_key(tmp_path / "k")


@pytest.fixture
def case(tmp_path):
    from amanat.lib.journal import Journal

    folder = tmp_path / "case"
    folder.mkdir()
    staff = "".join(f'\n[[staff]]\nid = "{s.id}"\nname = "{s.name}"\npublic_key = "{s.public_key}"\n' for s in a_company().staff)
    (folder / "company.toml").write_text(COMPANY + staff)
    (folder / "case.key").write_text(bytes(range(32)).hex())
    notify.write_notices([a_notice()], folder, findings={"eu.en": ()})
    notify.write_plan(PLAN, folder)
    Journal(folder / "journal.jsonl").write(who="test", act="run.started", at=NOW, what={"incident": "hotel"})
    for name, key in (("leila", LEILA), ("omar", OMAR)):
        (tmp_path / f"{name}.key").write_text(key.private_bytes_raw().hex())
        (tmp_path / f"{name}.key").chmod(0o600)
    return folder


def sign(case, who, *more, typed="5"):
    keys = case.parent
    arguments = ["approve", str(case), "--as", who, "--key", str(keys / f"{who}.key"), "--file", str(keys / "approval.toml"), *more]
    return VERB.main([*arguments, *(["--typed", typed] if typed else [])])


def test_two_commands_by_two_persons_make_an_approval(case, capsys):
    assert sign(case, "leila", "--format", "json") == 0
    first = json.loads(capsys.readouterr().out)
    assert (first["is_whole"], first["author"], first["n_recipients"], first["incident"]) == (False, "leila", 5, "hotel")
    assert sign(case, "omar") == 0
    assert "leila and omar stand for 5 recipients" in capsys.readouterr().out
    check(read_approval(case.parent / "approval.toml"))
    acts = [json.loads(line)["act"] for line in (case / "journal.jsonl").read_text().splitlines()]
    assert acts == ["run.started", "notices.signed_by_author", "notices.approved"]


def test_the_number_of_recipients_must_be_typed(case, capsys):
    assert sign(case, "leila", typed=None) == 2
    assert "--typed N" in capsys.readouterr().err
    assert sign(case, "leila", typed="6") == 2
    assert "not the number of recipients" in capsys.readouterr().err
    assert not (case.parent / "approval.toml").exists()


def test_signing_twice_with_the_same_name_stays_half(case, capsys):
    sign(case, "leila")
    sign(case, "leila")
    with pytest.raises(NotApproved):
        read_approval(case.parent / "approval.toml")


def test_a_blocked_notice_is_named(case, capsys):
    finding = Finding(check="no_hedging", is_blocking=True, says="It hedges.", where="what_happened", quote="may", rewrite="did")
    notify.write_notices([a_notice()], case, findings={"eu.en": [finding]})
    assert sign(case, "leila") == 2
    assert "eu.en what_happened: It hedges." in capsys.readouterr().err


def test_a_notice_without_the_gates_word_cannot_be_signed(case, capsys):
    notify.write_notices([a_notice()], case)
    assert sign(case, "leila") == 2
    assert "honesty gate" in capsys.readouterr().err


def test_a_new_key_is_made_and_its_public_half_printed(tmp_path, capsys):
    assert VERB.main(["approve", "--new-key", str(tmp_path / "k"), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["public_key"] == notify.public_key_of(notify.read_key(tmp_path / "k"))
