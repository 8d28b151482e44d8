"""Who stands on the list twice gets one message that says all; whoever may be somebody else gets their own."""

import json
from dataclasses import replace
from datetime import datetime, timezone

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat import notify
from amanat.lib.private import Private
from amanat.notify.__main__ import VERB
from amanat.notify.approve import NotApproved
from amanat.notify.channel import Texts
from amanat.notify.plan import read_plan, recipients_hash, write_plan
from amanat.notify.reach import proof
from amanat.notify.same_record import MOST, alike, told_before
from amanat.terms.assessment import PERSONS_DUTIES
from amanat.terms.notice import Section, Sentence
from tests.notify.delivery_world import KEY, Sink, Wired, a_company, a_contact, a_notice, a_server, an_approval, deliver, duties_for, exposures_for
from tests.notify.test_verify_codes import COMPANY

SARA = a_contact("s1")
TWIN = a_contact("s2", "SARA  KARIMI", emails=("Sara@Example.org",), address="2 example street,London")
OMAR = a_contact("o", "Omar Rahimi", emails=("omar@example.org",))


def exposed(contacts, **kinds) -> pa.Table:
    """Exposures with other kinds (and a basis, where there are two words) for some."""
    rows = exposures_for(contacts).to_pylist()
    for row in rows:
        if row["person_id"] in kinds:
            row["basis"], row["kinds"] = kinds[row["person_id"]]
    return pa.Table.from_pylist(rows, exposures_for(contacts).schema)


def a_plan(contacts, exposures=None, duties=None, notices=None, told=None):
    return notify.plan(
        duties or duties_for(contacts),
        contacts,
        notices or [a_notice()],
        a_company(),
        facts={},
        key=KEY,
        exposures=exposures_for(contacts) if exposures is None else exposures,
        told=told,
    )


class SaysHow(Wired):
    """A text of nothing but what was exposed, and how we know."""

    def fill(self, contact, kinds, basis, code):
        return f"{basis}: {', '.join(sorted(kinds))}"


SAYS_HOW = {"eu.en": Texts(text=SaysHow(), html=SaysHow())}


def clock():
    return datetime.now(timezone.utc)


def who(plan) -> tuple[list[str], list[tuple[str, str]]]:
    """Who gets a message, and who is told with whom."""
    return plan.sendings["person_id"].to_pylist(), [(row["person_id"], row["told_with"]) for row in plan.together.to_pylist()]


def test_two_records_of_one_person_get_one_message():
    plan = a_plan([TWIN, OMAR, SARA])

    assert who(plan) == (["s1", "o"], [("s2", "s1")])
    assert plan.further["person_id"].to_pylist() == ["o", "s1"]  # the letter that follows a bounce, for each of them
    assert plan.left_out.num_rows == 0


@pytest.mark.parametrize(
    "other",
    [
        a_contact("s2", "Sarah Karimi"),
        a_contact("s2", emails=("sara.karimi@example.org",)),
        a_contact("s2", emails=("sara@example.org", "second@example.org")),
        a_contact("s2", phones=(Private("phone", "+447700900123"),)),
        a_contact("s2", address="3 Example Street, London"),
        a_contact("s2", address=None),
        a_contact("s2", residence="GB"),
        a_contact("s2", language="fr"),
        a_contact("s2", minor=True),
        a_contact("s2", deceased=True),
        a_contact("s2", birth_date=Private("birth_date", "1990-02-01")),
        a_contact("s2", controllers=("another company",)),
        a_contact("s2", national_id=Private("national_id", "255081416802538")),
    ],
)
def test_whoever_differs_in_anything_is_told_by_a_message_of_their_own(other):
    told, together = who(a_plan([SARA, other]))
    assert (sorted(told), together) == (["s1", "s2"], [])


def test_father_and_son_of_one_name_and_home_are_two_persons():
    father, son = (a_contact(id, "Reza Karimi", emails=()) for id in ("1", "2"))
    assert who(a_plan([father, son], duties=duties_for([father, son], order=("letter",)))) == (["1", "2"], [])


def test_a_telephone_that_a_home_shares_makes_father_and_son_not_one_person():
    father, son = (a_contact(id, "Reza Karimi", emails=(), phones=(Private("phone", "+442079460123"),)) for id in ("1", "2"))
    assert who(a_plan([father, son], duties=duties_for([father, son], order=("letter",)))) == (["1", "2"], [])
    born = [replace(one, birth_date=Private("birth_date", "1990-02-01")) for one in (father, son)]
    assert who(a_plan(born, duties=duties_for(born, order=("letter",)))) == (["1"], [("2", "1")])


def test_two_national_numbers_are_two_persons_whatever_else_they_share():
    two = [replace(SARA, person_id=id, national_id=Private("national_id", number)) for id, number in (("1", "1111"), ("2", "2222"), ("3", "1111"))]
    assert who(a_plan(two)) == (["1", "2"], [("3", "1")])


def test_one_birth_date_is_one_person_and_two_birth_dates_are_two():
    born = [
        replace(SARA, person_id=id, birth_date=Private("birth_date", day))
        for id, day in (("1", "1990-02-01"), ("2", "1990-02-01"), ("3", "1961-02-01"))
    ]
    assert who(a_plan(born)) == (["1", "3"], [("2", "1")])


def test_a_placeholder_that_many_records_share_is_nobody_s_name():
    many = [replace(SARA, person_id=str(n)) for n in range(MOST + 1)]
    assert who(a_plan(many))[1] == []
    assert len(who(a_plan(many[:-1]))[1]) == MOST - 1


def test_the_message_says_all_that_was_exposed_of_any_record_and_what_is_surest(tmp_path):
    contacts, sink = [SARA, TWIN], Sink()
    exposures = exposed(contacts, s1=("access", ["email"]), s2=("content", ["iban", "name"]))
    plan = a_plan(contacts, exposures)
    with a_server(sink) as url:
        approval = an_approval(plan)
        reach = notify.deliver(
            plan, [a_notice()], [SARA], exposures, tmp_path, to=url, approval=approval, company=a_company(), key=KEY, now=clock, texts=SAYS_HOW
        )

    assert sink.recipients == ["sara@example.org"]
    assert sink.messages[0].get_body(("plain",)).get_content().strip() == "content: email, iban, name"
    assert (reach.n_persons, reach.n_reached) == (1, 1)


# ---- the family ----


def test_who_has_died_and_has_no_name_on_file_is_not_greeted_as_if_they_lived():
    nobody = a_contact("1", None, deceased=True)
    plan = a_plan([nobody], duties=duties_for([nobody], order=("letter",)))
    assert (plan.sendings.num_rows, plan.left_out.num_rows) == (0, 1)


# ---- the stricter notice ----


def speaking(group, duties, *kinds, content=()):
    said = tuple(Sentence(text=f"Your {kind}.", kinds=(kind,), is_item=True) for kind in kinds)
    return replace(
        a_notice(f"{group}.en", letter_group=group),
        duty_ids=duties,
        content=content,
        sections=(Section(id="what_of_yours", heading="What of yours", sentences=said),),
    )


def owed(*rows):
    return pa.Table.from_pylist([{"person_id": p, "letter_group": g, "duty_ids": d, "channel_order": o} for p, g, d, o in rows], PERSONS_DUTIES)


TWO = [SARA, TWIN]
KINDS = exposed(TWO, s1=("content", ["email"]), s2=("content", ["ssn"]))
DUTIES = owed(("s1", "general", ["a"], ["email", "letter"]), ("s2", "us-ca", ["a", "b"], ["letter"]))


def test_under_two_laws_the_stricter_notice_goes_out_on_its_own_channels():
    notices = [speaking("general", ("a",), "email", "ssn"), speaking("us-ca", ("a", "b"), "email", "ssn", content=("what_happened",))]
    plan = a_plan(TWO, KINDS, DUTIES, notices)
    assert [(r["person_id"], r["notice_id"], r["channel"]) for r in plan.sendings.to_pylist()] == [("s1", "us-ca.en", "letter")]
    assert plan.further.num_rows == 0


def test_where_no_notice_speaks_of_all_each_record_gets_its_own():
    silent = [speaking("general", ("a",), "email"), speaking("us-ca", ("a", "b"), "ssn")]
    assert who(a_plan(TWO, KINDS, DUTIES, silent))[1] == []


def test_where_no_notice_serves_all_duties_each_record_gets_its_own():
    notices = [speaking("general", ("a", "c"), "email", "ssn"), speaking("us-ca", ("a", "b"), "email", "ssn")]
    both = owed(("s1", "general", ["c"], ["email"]), ("s2", "us-ca", ["b"], ["email"]))
    assert who(a_plan(TWO, KINDS, both, notices))[1] == []


def test_a_text_that_says_what_changed_does_not_go_to_who_read_nothing():
    notices = [speaking("eu", ("a",), "email", "ssn"), speaking("eu-since-12345678", ("a",), "email", "ssn")]
    both = owed(("s1", "eu", ["a"], ["email"]), ("s2", "eu-since-12345678", ["a"], ["email"]))
    assert who(a_plan(TWO, KINDS, both, notices))[1] == []


# ---- nobody lost, nobody knowingly told twice ----


def test_what_became_of_the_message_became_of_both_and_the_proof_says_which_told_them(tmp_path):
    contacts, sink = [SARA, TWIN, OMAR], Sink()
    plan = a_plan(contacts)
    write_plan(plan, tmp_path)
    notify.write_notices([a_notice()], tmp_path)
    with a_server(sink) as url:
        deliver(tmp_path, contacts, read_plan(tmp_path), url)
        again = deliver(tmp_path, contacts, read_plan(tmp_path), url)

    assert sorted(sink.recipients) == ["omar@example.org", "sara@example.org"]
    assert (again.n_persons, again.n_reached, again.states) == (2, 2, {"accepted": 2})
    first, second = proof(tmp_path, "s1"), proof(tmp_path, "s2")
    assert (first["told_with"], second["told_with"]) == (None, "s1")
    assert first["sendings"] == second["sendings"]
    assert [state["state"] for state in second["sendings"][0]["states"]] == ["queued", "attempting", "accepted"]


def test_a_record_that_is_found_later_gets_a_message_of_its_own_and_nobody_is_told_again(tmp_path):
    third, sink = replace(SARA, person_id="s3"), Sink()
    with a_server(sink) as url:
        for contacts in ([SARA, TWIN], [SARA, TWIN, third]):
            plan = a_plan(contacts, told=told_before(tmp_path))
            write_plan(plan, tmp_path)
            deliver(tmp_path, contacts, plan, url)
    assert who(plan) == (["s1", "s3"], [("s2", "s1")])
    assert len(sink.recipients) == 2


def test_who_was_told_alone_stays_alone(tmp_path):
    sink = Sink()
    with a_server(sink) as url:
        for contacts in ([SARA], [SARA, TWIN]):
            plan = a_plan(contacts, told=told_before(tmp_path))
            write_plan(plan, tmp_path)
            deliver(tmp_path, contacts, plan, url)
    assert who(plan) == (["s1", "s2"], [])
    assert len(sink.recipients) == 2


def test_a_message_that_says_less_never_counts_as_the_one_that_says_all():
    alone, both = a_plan([SARA]), a_plan([SARA, TWIN])
    assert alone.sendings["sending_id"].to_pylist() != both.sendings["sending_id"].to_pylist()
    assert both.sendings["sending_id"].to_pylist() == a_plan([TWIN, SARA]).sendings["sending_id"].to_pylist()


def test_an_approval_covers_who_is_told_together():
    contacts = [SARA, TWIN, OMAR]
    plan = a_plan(contacts)
    approval = an_approval(plan)
    other = replace(plan, together=pa.Table.from_pylist([{"person_id": "s2", "told_with": "o"}], plan.together.schema))
    with pytest.raises(NotApproved, match="the list of recipients has changed"):
        notify.check_approval(approval, incident_id="hotel", notices=[a_notice()], plan=other, company=a_company())
    nobody = plan.together.slice(0, 0)
    assert recipients_hash(plan.sendings, plan.further, together=nobody) == recipients_hash(plan.sendings, plan.further)


def test_a_case_that_was_planned_before_there_was_such_a_table_is_read(tmp_path):
    write_plan(a_plan([SARA, TWIN]), tmp_path)
    (tmp_path / "together.parquet").unlink()
    assert read_plan(tmp_path).together.num_rows == 0


def test_the_dry_run_counts_them_once():
    contacts = [SARA, TWIN, OMAR]
    found = notify.dry_run(a_plan(contacts), contacts, [a_notice()], a_company())
    assert (found.n_together, found.n_same_record, found.n_same_email) == (1, 0, 0)
    assert {c.channel: c.n for c in found.channels} == {"email": 2, "letter": 0}


@given(
    st.lists(
        st.tuples(st.sampled_from(["A", "B"]), st.sampled_from(["x@example.org", "y@example.org", ""]), st.sampled_from([None, "1990-01-01"])),
        max_size=9,
    )
)
def test_nobody_is_lost_whatever_the_list(seen):
    contacts = [
        a_contact(str(n), name, emails=(mail,) if mail else (), birth_date=Private("birth_date", born) if born else None)
        for n, (name, mail, born) in enumerate(seen)
    ]
    plan = a_plan(contacts)
    told, together = who(plan)
    everybody = [*told, *(one for one, _ in together), *plan.left_out["person_id"].to_pylist()]
    assert sorted(everybody) == sorted(c.person_id for c in contacts)
    # The slow and obvious way: whoever has the same name, mail and birth date, unless they are too many or have no mail.
    groups: dict[tuple, list[str]] = {}
    for n, one in enumerate(seen):
        groups.setdefault(one, []).append(str(n))
    same = {i: members[0] for one, members in groups.items() if one[1] and len(members) <= MOST for i in members[1:]}
    assert dict(together) == same
    ids = plan.sendings["sending_id"].to_pylist()
    assert len(ids) == len(set(ids))


@given(st.lists(st.binary(min_size=16, max_size=16) | st.just(b"a" * 16), max_size=12))
def test_equal_fingerprints_are_found(prints):
    rows: dict[bytes, list[int]] = {}
    for n, one in enumerate(prints):
        rows.setdefault(one, []).append(n)
    assert sorted(alike(b"".join(prints), 16)) == sorted(members for members in rows.values() if len(members) > 1)


def test_the_command_says_how_many_records_are_the_same_person(tmp_path, capsys):
    write_plan(a_plan([SARA, TWIN, OMAR]), tmp_path)
    (tmp_path / "company.toml").write_text(COMPANY)
    (tmp_path / "case.key").write_text(KEY.hex())
    (tmp_path / "facts.toml").write_text("")
    notify.write_notices([a_notice()], tmp_path)
    pq.write_table(exposures_for([SARA, TWIN, OMAR]), tmp_path / "exposures.parquet")
    assert VERB.main(["plan", str(tmp_path)]) == 0
    assert "1 record is the same person as another: one message, which says all that was exposed." in capsys.readouterr().out
    assert VERB.main(["plan", str(tmp_path), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["n_sendings"], found["n_together"]) == (2, 1)
