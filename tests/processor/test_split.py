"""Whose is each person? What one controller is given never comes from another's file or another's row of the register."""

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amanat.lib.private import Private
from amanat.processor.controllers import Controller
from amanat.processor.split import split
from amanat.terms.contact import Contact
from amanat.terms.exposure import EXPOSURES

ACME = Controller(id="acme", name="Acme Hotels", country="FR", in_register=("ACM",))
BLUE = Controller(id="blue", name="Blue Clinic", country="DE")
BOTH = (ACME, BLUE)


def a_row(person_id, kinds=("email",), state="sure"):
    empty = {"n_findings": 1, "n_records": 1, "belief": 0.9, "basis": "content", "residence": "FR", "language": "fr", "minor": None}
    return {"person_id": person_id, "kinds": list(kinds), "state": state, **empty}


def exposures(*rows):
    return pa.Table.from_pylist(list(rows), schema=EXPOSURES)


def a_contact(person_id, *controllers, email=None, phone=None, name=None):
    return Contact(
        person_id=person_id,
        name=Private("name", name) if name else None,
        emails=(Private("email", email or f"{person_id}@example.org"),),
        phones=(Private("phone", phone),) if phone else (),
        address=None,
        residence="FR",
        language="fr",
        minor=None,
        deceased=None,
        needs=None,
        controllers=controllers,
    )


def known(*contacts):
    return {contact.person_id: contact for contact in contacts}


def test_in_files_of_nobody_the_register_says_whose_a_person_is():
    found = split([((), exposures(a_row("p1"), a_row("p2")))], known(a_contact("p1", "acme"), a_contact("p2", "Blue ")), BOTH)

    assert (set(found.shares["acme"].rows), set(found.shares["blue"].rows)) == ({"p1"}, {"p2"})
    assert found.unknown == []


def test_a_controller_may_have_other_marks_in_the_register():
    assert set(split([((), exposures(a_row("p1")))], known(a_contact("p1", "acm")), BOTH).shares["acme"].rows) == {"p1"}


def test_in_a_controllers_own_file_everybody_is_its_own_outsiders_too():
    found = split([(("acme",), exposures(a_row("p1"), a_row("out-1", state="outsider")))], known(a_contact("p1")), BOTH)

    assert set(found.shares["acme"].rows) == {"p1", "out-1"}
    assert found.shares["acme"].unclear == set()


def test_nobody_is_dropped_where_the_register_is_silent():
    found = split(
        [((), exposures(a_row("p1"), a_row("out-1", state="outsider"), a_row("p3")))], known(a_contact("p1"), a_contact("p3", "who?")), BOTH
    )

    assert [(one.person_id, one.why) for one in found.unknown] == [("out-1", "outsider"), ("p1", "no_controller"), ("p3", "strange_controller")]
    assert not found.shares["acme"].rows
    assert not found.shares["blue"].rows


def test_a_person_of_one_controller_in_the_file_of_another_is_for_us_to_look_at():
    found = split([(("acme",), exposures(a_row("p2")))], known(a_contact("p2", "blue")), BOTH)

    assert [(one.person_id, one.why, one.where) for one in found.unknown] == [("p2", "other_controller", "acme")]
    assert not found.shares["acme"].rows
    assert not found.shares["blue"].rows


def test_what_stands_in_one_controllers_file_is_not_told_to_the_other_though_the_person_is_both():
    both = known(a_contact("p1", "acme", "blue"))
    found = split([(("acme",), exposures(a_row("p1", ["email", "medical"]))), (("blue",), exposures(a_row("p1", ["email"])))], both, BOTH)

    assert found.shares["acme"].rows["p1"]["kinds"] == ["email", "medical"]
    assert found.shares["blue"].rows["p1"]["kinds"] == ["email"]


def test_in_files_of_nobody_a_person_of_both_is_named_to_both_and_the_kinds_to_neither():
    found = split([((), exposures(a_row("p1", ["medical"])))], known(a_contact("p1", "acme", "blue")), BOTH)

    for share in found.shares.values():
        assert share.rows["p1"]["kinds"] == []
        assert share.rows["p1"]["n_records"] == 0
        assert share.unclear == {"p1"}


def test_two_rows_that_share_an_address_are_taken_for_one_human_being_and_the_kinds_are_kept_back():
    twice = known(a_contact("a1", "acme", email="sara@example.org"), a_contact("b1", "blue", email="Sara@example.org"))
    found = split([((), exposures(a_row("a1", ["medical"]), a_row("b1", ["medical"])))], twice, BOTH)

    assert found.shares["acme"].rows["a1"]["kinds"] == found.shares["blue"].rows["b1"]["kinds"] == []
    assert "b1" not in found.shares["acme"].rows
    assert "a1" not in found.shares["blue"].rows


def test_the_same_number_written_otherwise_and_the_same_name_count_as_well():
    by_phone = known(a_contact("a1", "acme", phone="+33 1 99 00 11 01"), a_contact("b1", "blue", phone="01.99.00.11.01"))
    by_name = known(a_contact("a1", "acme", name="Weber, Anna"), a_contact("b1", "blue", name="Anna Weber"))

    for twice in (by_phone, by_name):
        found = split([((), exposures(a_row("a1"), a_row("b1")))], twice, BOTH)
        assert found.shares["acme"].unclear == {"a1"}


def test_a_file_that_two_claim_is_given_to_neither():
    found = split([(("acme", "blue"), exposures(a_row("p1")))], known(a_contact("p1", "acme")), BOTH)

    assert [(one.person_id, one.why, one.where) for one in found.unknown] == [("p1", "two_owners", "acme, blue")]
    assert not found.shares["acme"].rows


def test_a_register_that_names_a_stranger_beside_a_controller_keeps_the_kinds_back():
    found = split([((), exposures(a_row("p1", ["medical"])))], known(a_contact("p1", "acme", "who?")), BOTH)

    assert found.shares["acme"].rows["p1"]["kinds"] == []
    assert [one.why for one in found.unknown] == ["strange_controller"]


owners = st.sampled_from([(), ("acme",), ("blue",), ("acme", "blue")])
KINDS = ("email", "medical", "iban", "dob")


@st.composite
def incidents(draw):
    people = [f"p{n}" for n in range(draw(st.integers(1, 6)))]
    contacts = known(*(a_contact(p, *draw(st.lists(st.sampled_from(["acme", "blue", "nobody"]), max_size=2, unique=True))) for p in people))
    groups = []
    for owner in draw(st.lists(owners, min_size=1, max_size=4, unique=True)):
        there = draw(st.lists(st.sampled_from([*people, "out-1"]), min_size=1, unique=True))
        rows = [a_row(p, draw(st.lists(st.sampled_from(KINDS), min_size=1, unique=True)), "outsider" if p == "out-1" else "sure") for p in there]
        groups.append((owner, exposures(*rows)))
    return groups, contacts


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(incidents())
def test_nothing_of_another_controller_reaches_a_share_and_nobody_is_lost(incident):
    groups, contacts = incident
    found = split(groups, contacts, BOTH)

    for one in BOTH:
        # Kinds may only come from its own files, or, from files of nobody, of persons who are its own alone.
        allowed: dict[str, set[str]] = {}
        for owner, table in groups:
            for row in table.to_pylist():
                marks = contacts[row["person_id"]].controllers if row["person_id"] in contacts else ()
                mine_by_file = owner == (one.id,) and (not set(marks) & {"acme", "blue"} or one.id in marks)
                mine_by_register = owner == () and marks == (one.id,)
                if mine_by_file or mine_by_register:
                    allowed.setdefault(row["person_id"], set()).update(row["kinds"])
        for person, row in found.shares[one.id].rows.items():
            assert set(row["kinds"]) <= allowed.get(person, set())
            marks = set(contacts[person].controllers) & {"acme", "blue"} if person in contacts else set()
            assert not marks or one.id in marks
    listed = {person for share in found.shares.values() for person in share.rows} | {one.person_id for one in found.unknown}
    assert listed == {row["person_id"] for _, table in groups for row in table.to_pylist()}


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(incidents())
def test_the_other_controller_changes_nothing_of_a_share(incident):
    """One could not tell from one's own kit whether the other exists: with its files taken away the kit is the same."""
    groups, contacts = incident
    # Persons of both, or of nobody known, are decided by what the register says of the other; here each person has one master at most.
    single = {p: c for p, c in contacts.items() if len(c.controllers) < 2}
    kept = [(owner, t) for owner, t in groups if len(owner) < 2]
    kept = [(owner, t.filter(pa.array([p in single or p == "out-1" for p in t.column("person_id").to_pylist()]))) for owner, t in kept]

    whole = split(kept, single, BOTH).shares["acme"]
    alone = split([(owner, t) for owner, t in kept if owner != ("blue",)], single, BOTH).shares["acme"]

    assert (whole.rows, whole.unclear) == (alone.rows, alone.unclear)
