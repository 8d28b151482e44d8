"""The plan: everybody is either written to or left out with a reason."""

import dataclasses
import hashlib

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat import notify
from amanat.terms.assessment import PERSONS_DUTIES
from amanat.terms.fact import Fact
from tests.notify.delivery_world import KEY, a_company, a_contact, a_notice, a_plan, duties_for, many_contacts


def rows(table, *names):
    return [tuple(row[n] for n in names) for row in table.to_pylist()]


def test_a_person_with_mail_and_address_gets_mail_and_the_letter_stands_ready():
    plan = a_plan([a_contact("1")])
    assert rows(plan.sendings, "person_id", "notice_id", "channel") == [("1", "eu.en", "email")]
    assert rows(plan.further, "person_id", "notice_id", "channel", "turn") == [("1", "eu.en", "letter", 1)]
    assert plan.left_out.num_rows == 0


def test_without_mail_comes_the_letter():
    plan = a_plan([a_contact("1", emails=())])
    assert rows(plan.sendings, "person_id", "channel") == [("1", "letter")]
    assert plan.further.num_rows == 0


def test_the_order_that_the_law_asks_for_is_kept():
    contacts = [a_contact("1")]
    plan = notify.plan(duties_for(contacts, order=("letter", "email")), contacts, [a_notice()], a_company(), facts={}, key=KEY)
    assert rows(plan.sendings, "channel") == [("letter",)]


def test_whoever_has_nothing_on_file_is_left_out_with_the_reason():
    plan = a_plan([a_contact("1", emails=("nonsense",), address=None)])
    assert rows(plan.left_out, "person_id", "reason") == [("1", "no e-mail address on file; no postal address on file")]


def test_an_outsider_without_contact_is_left_out_and_said():
    contacts = [a_contact("1")]
    duties = duties_for([*contacts, a_contact("out-7")])
    plan = notify.plan(duties, contacts, [a_notice()], a_company(), facts={}, key=KEY)
    assert rows(plan.left_out, "person_id", "reason") == [("out-7", "not in the register: no contact on file")]


def test_the_family_of_a_person_who_has_died_gets_a_letter_never_a_mail():
    plan = a_plan([a_contact("1", deceased=True), a_contact("2", deceased=True, address=None)])
    assert rows(plan.sendings, "person_id", "channel") == [("1", "letter")]
    assert rows(plan.further, "person_id") == []
    assert rows(plan.left_out, "person_id", "reason") == [("2", "the person has died and there is no postal address to write to the family")]


def test_a_notice_without_words_for_the_family_waits_for_a_person():
    notice = dataclasses.replace(a_notice(), other_greetings=())
    plan = a_plan([a_contact("1", deceased=True), a_contact("2")], [notice])
    assert rows(plan.sendings, "person_id") == [("2",)]
    assert rows(plan.left_out, "person_id", "reason") == [("1", "the person has died and the notice has no words for the family")]


def test_nobody_is_written_to_at_the_mail_account_that_was_broken_into():
    contacts = [a_contact("1"), a_contact("2", address=None)]
    facts = {"is_email_account_breach": Fact(name="is_email_account_breach", value=True, status="believed")}
    plan = notify.plan(duties_for(contacts), contacts, [a_notice()], a_company(), facts=facts, key=KEY)
    assert rows(plan.sendings, "person_id", "channel") == [("1", "letter")]
    assert rows(plan.left_out, "person_id", "reason") == [("2", "the e-mail account itself was broken into; no postal address on file")]


@pytest.mark.parametrize(("language", "notice"), [("fr", "eu.fr"), ("fr-CA", "eu.fr"), ("fa", "eu.fa"), ("de", "eu.en"), (None, "eu.en")])
def test_the_notice_is_in_the_persons_language_or_the_companys(language, notice):
    notices = [a_notice(id=f"eu.{lang}", language=lang) for lang in ("fr", "fa", "en")]
    plan = a_plan([a_contact("1", language=language)], notices)
    assert rows(plan.sendings, "notice_id") == [(notice,)]


def test_a_letter_group_without_a_notice_leaves_its_persons_out_and_says_so():
    contacts = [a_contact("1")]
    plan = notify.plan(duties_for(contacts, group="us-ca"), contacts, [a_notice()], a_company(), facts={}, key=KEY)
    assert rows(plan.left_out, "person_id", "reason") == [("1", "there is no notice for the letter group 'us-ca'")]


def test_notices_to_authorities_go_to_no_person():
    import dataclasses

    plan = a_plan([a_contact("1")], [dataclasses.replace(a_notice(), audience="authority")])
    assert rows(plan.left_out, "reason") == [("there is no notice for the letter group 'eu'",)]


def test_nobody_to_tell_is_an_empty_plan():
    plan = notify.plan(PERSONS_DUTIES.empty_table(), [], [], a_company(), facts={}, key=KEY)
    assert (plan.sendings.num_rows, plan.further.num_rows, plan.left_out.num_rows) == (0, 0, 0)


def test_a_contact_given_twice_is_written_to_once():
    assert a_plan([a_contact("1"), a_contact("1")]).sendings.num_rows == 1


def test_sending_ids_are_the_same_each_time_and_differ_by_case():
    one, again = a_plan(many_contacts(3)), a_plan(many_contacts(3)[::-1])
    assert sorted(one.sendings["sending_id"].to_pylist()) == sorted(again.sendings["sending_id"].to_pylist())
    other = notify.plan(duties_for(many_contacts(3)), many_contacts(3), [a_notice()], a_company(), facts={}, key=bytes(32))
    assert not set(one.sendings["sending_id"].to_pylist()) & set(other.sendings["sending_id"].to_pylist())


def test_the_recipients_hash_is_sha_256_over_sorted_lines():
    sendings = pa.table({"sending_id": ["b", "a"], "notice_id": ["eu.en", "eu.en"], "person_id": ["2", "10"], "channel": ["email", "letter"]})
    lines = "1:2,5:eu.en,5:email,1:b,0\n2:10,5:eu.en,6:letter,1:a,0\n"
    assert notify.recipients_hash(sendings) == hashlib.sha256(lines.encode()).hexdigest()


IDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)


@given(st.lists(st.tuples(IDS, st.booleans(), st.booleans(), st.booleans(), st.sampled_from(["en", "fr", None])), unique_by=lambda row: row[0]))
def test_everybody_is_in_exactly_one_list_whatever_the_register_holds(people):
    contacts = [
        a_contact(person_id, emails=("a@example.org",) if has_mail else (), address="1 Street, Town" if has_address else None, language=language)
        for person_id, has_mail, has_address, _, language in people
    ]
    known = [c for c, row in zip(contacts, people, strict=True) if row[3]]
    duties = duties_for(contacts) if contacts else PERSONS_DUTIES.empty_table()
    plan = notify.plan(duties, known, [a_notice()], a_company(), facts={}, key=KEY)
    told, left = plan.sendings["person_id"].to_pylist(), plan.left_out["person_id"].to_pylist()
    assert sorted(told + left) == sorted(c.person_id for c in contacts)
    assert len(set(plan.sendings["sending_id"].to_pylist())) == len(told)


def test_a_plan_on_disk_is_the_same_plan(tmp_path):
    plan = a_plan([a_contact("1"), a_contact("2", emails=(), address=None), a_contact('3,"x"\n', emails=(), address=None)])
    notify.write_plan(plan, tmp_path)
    back = notify.read_plan(tmp_path)
    assert (back.sendings.equals(plan.sendings), back.further.equals(plan.further), back.left_out.equals(plan.left_out)) == (True, True, True)


@pytest.mark.parametrize("spelling", ["fr", "FR", "fr-CA", "fr_CA", "FR-ca", " fr "])
def test_however_french_is_spelt_it_is_french(spelling):
    plan = a_plan([a_contact("1", language=spelling)], [a_notice(), a_notice("eu.fr", language="fr")])
    assert rows(plan.sendings, "notice_id") == [("eu.fr",)]
    assert plan.languages.num_rows == 0


def test_whoever_does_not_get_their_own_language_is_counted_with_the_reason():
    contacts = [
        a_contact("1", language="de"),
        a_contact("2", language="de"),
        a_contact("3", language=None),
        a_contact("4", language="call me on 555"),
    ]
    plan = a_plan(contacts, [a_notice(), a_notice("eu.fr", language="fr")])
    assert rows(plan.sendings, "notice_id") == [("eu.en",)] * 4
    assert rows(plan.languages, "notice_id", "reason", "n_persons") == [
        ("eu.en", "no language is known", 1),
        ("eu.en", "we do not write de", 2),
        ("eu.en", "we do not write this language", 1),
    ]


def test_a_plan_is_read_back_as_it_was_written(tmp_path):
    made = a_plan([a_contact("1", language="de"), a_contact("2", emails=(), address=None)])
    notify.write_plan(made, tmp_path)
    assert notify.read_plan(tmp_path) == made


@pytest.mark.parametrize("content", [b"\x00\xff\x00garbage", b"one,two\n1,2\n", b"notice_id,reason,n_persons\neu.en,none,many\n"])
def test_a_damaged_list_of_languages_is_named_with_what_to_do(tmp_path, content):
    from amanat.notify.case import NotACase, languages_of

    (tmp_path / "languages.csv").write_bytes(content)
    with pytest.raises(NotACase, match=r"languages\.csv: is damaged, or no table with the columns notice_id, reason, n_persons; run"):
        languages_of(tmp_path)
