"""What the columns of the register hold is guessed, shown to who may read files again, confirmed, and kept beside the register."""

import pytest
from django.urls import reverse

from amanat.terms.register import COLUMNS
from amanat.web.accounts.models import Staff
from amanat.web.respond import actions, journal
from amanat.web.scope import registering
from amanat.web.templatetags.registers import REGISTER_COLUMNS

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(staff_of, now, tmp_path):
    """Of Alice, who leads it; Charlie may only look."""
    (tmp_path / "register.csv").write_text("Ref;Courriel;Nom complet;Remarque\nR-1;ana@example.org;Ana Probe;x\nR-2;ben@example.org;Ben Probe;y\n")
    alice, charlie = staff_of("alice"), staff_of("charlie")
    one = actions.declare(title="Practice", kind="data_breach", by=alice, now=now, folder=str(tmp_path))
    actions.add_member(one, staff=charlie, role="viewer", by=alice, now=now)
    return one


@pytest.fixture
def alice(incident, as_staff):
    return as_staff(incident.declared_by)


def address(incident):
    return reverse("register", args=[incident.pk])


# Columns of the file in their order: Ref, Courriel, Nom complet, Remarque.
RIGHT = {"holds-0-0": "person_id", "holds-0-1": "email", "holds-0-2": "name", "holds-0-3": ""}


def test_the_guess_is_shown_by_the_names_of_columns_and_no_value(incident, alice):
    page = alice.get(address(incident)).content.decode()
    assert "Courriel" in page and "guessed" in page and "ana@example.org" not in page and "R-1" not in page
    (part,) = registering.parts(incident)
    assert part.columns == (("Ref", ""), ("Courriel", "email"), ("Nom complet", "name"), ("Remarque", ""))


def test_what_is_confirmed_is_what_the_next_reading_goes_by(incident, alice, tmp_path):
    from amanat.scope.register import open_register

    answer = alice.post(address(incident), RIGHT, follow=True)
    assert "Confirmed." in answer.content.decode()
    opened = open_register(tmp_path / "register.csv")
    assert opened.is_confirmed
    assert opened.columns == {"person_id": ["Ref"], "name": ["Nom complet"], "email": ["Courriel"]}
    last = list(journal.entries(incident.pk))[-1]
    assert (last["act"], last["what"]) == ("register.confirmed", {"registers": 1, "columns_used": 3})
    # Thought again: what stood there is kept beside it.
    alice.post(address(incident), RIGHT | {"holds-0-3": "needs"})
    assert open_register(tmp_path / "register.csv").columns["needs"] == ["Remarque"]
    assert "Remarque" not in (tmp_path / "register.toml.before").read_text().replace('# not used: "Remarque"', "")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"holds-0-0": ""}, "no column holds the number of the person"),
        ({"holds-0-3": "person_id"}, "cannot both hold person_id"),
        ({"holds-0-3": "nonsense"}, "there is no column"),
        ({"holds-0-1": "", "holds-0-2": ""}, "no column by which a person could be recognised"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(incident, alice, tmp_path, said, words):
    answer = alice.post(address(incident), RIGHT | said)
    assert answer.status_code == 400 and words in answer.content.decode().replace("&#x27;", "'")
    assert not (tmp_path / "register.toml").exists()
    assert "register.confirmed" not in [entry["act"] for entry in journal.entries(incident.pk)]


def test_several_registers_are_confirmed_together(incident, alice, tmp_path):
    from amanat.scope.register import open_register

    (tmp_path / "register.csv").rename(tmp_path / "guests.csv")
    (tmp_path / "members.csv").write_text("Ref,Mobile\nR-1,+33199001234\n")
    (tmp_path / "register.toml").write_text('[[register]]\nfile = "guests.csv"\n[[register]]\nfile = "members.csv"\nids = "shared"\n')
    page = alice.get(address(incident)).content.decode()
    assert "guests.csv" in page and "members.csv" in page
    alice.post(address(incident), RIGHT | {"holds-1-0": "person_id", "holds-1-1": "phone"})
    opened = open_register(tmp_path / "register.toml")
    assert opened.is_confirmed
    assert [dict(part.columns) for part in opened.parts] == [
        {"person_id": ["Ref"], "name": ["Nom complet"], "email": ["Courriel"]},
        {"person_id": ["Ref"], "phone": ["Mobile"]},
    ]


def test_a_folder_that_cannot_be_written_to_gives_the_text_instead(incident, alice, monkeypatch):
    def refuse(*_given):
        raise PermissionError

    monkeypatch.setattr(registering.os, "replace", refuse)
    page = alice.post(address(incident), RIGHT).content.decode()
    assert "Have this put there as register.toml" in page and "person_id = [&quot;Ref&quot;]" in page


def test_without_a_register_the_page_teaches(incident, alice, tmp_path):
    (tmp_path / "register.csv").unlink()
    assert "There is no register here." in alice.get(address(incident)).content.decode()


def test_only_who_may_read_files_again_sees_and_confirms_columns(incident, as_staff, staff_of, tmp_path):
    charlie = as_staff(Staff.objects.get(email="charlie@example.org"))
    assert (charlie.get(address(incident)).status_code, charlie.post(address(incident), RIGHT).status_code) == (403, 403)
    bob = as_staff(staff_of("bob"))
    assert (bob.get(address(incident)).status_code, bob.post(address(incident), RIGHT).status_code) == (404, 404)
    assert not (tmp_path / "register.toml").exists()


def test_that_columns_are_only_guessed_is_said_where_persons_are_counted(incident, alice):
    affected = reverse("affected", args=[incident.pk])
    assert "Nobody has confirmed what the columns of the register hold" in alice.get(affected).content.decode()
    alice.post(address(incident), RIGHT)
    assert "Nobody has confirmed what the columns of the register hold" not in alice.get(affected).content.decode()


def test_every_column_that_a_register_may_have_has_words():
    assert set(REGISTER_COLUMNS) == set(COLUMNS)
