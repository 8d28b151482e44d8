"""A form's file is read strictly: what is wrong with it is said with the file and the field, and a form of our own may be added outside."""

import re
import shutil

import pytest

from amanat.lib.errors import Fixable
from amanat.notify.form import SET, BadForm, all_forms, form_named

TEMPLATE = SET.paths()["gdpr_art33"].parent / "_template.toml"


@pytest.fixture
def extra(tmp_path, monkeypatch):
    folder = tmp_path / "extra" / "notify" / "forms"
    folder.mkdir(parents=True)
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path / "extra"))
    return folder


def a_file(folder, **changed):
    """The template as a form of our own; `changed` replaces one text of it."""
    text = TEMPLATE.read_text(encoding="utf-8").replace("xx_name", "own").replace("https://…", "https://authority.example/form")
    for old, new in changed.get("swap", ()):
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "own.toml").write_text(text, encoding="utf-8")


def test_a_form_of_our_own_stands_beside_the_others(extra):
    a_file(extra)
    assert form_named("own").languages == ("en",)
    assert set(all_forms()) > {"own", "edpb"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('value = "awareness"', 'value = "awarness"', "field 'aware_at': 'awarness' is no fact"),
        ('when = ""', "when = \"field('later')\"", "does not stand earlier"),
        ('section = "who"', 'section = "whom"', "stands in section 'whom', which is none; did you mean 'who'"),
        ('type = "moment"', 'type = "choice"', "a list of choices belongs to type choice"),
        ('type = "moment"', 'type = "time"', "It is one of text, long"),
        (', fr = "Prise de connaissance"', "", "has no label in 'fr'"),
        ('cite = "Art …"', 'cite = ""', "cites nothing"),
        ('id = "own"', 'id = "other"', "must be the file's name, 'own'"),
        ('phase = "initial"\nfacts', 'phase = "first"\nfacts', "has no phase 'first'"),
        ("facts = { awareness", "facts = { awarenes", "there is no fact 'awarenes'; did you mean 'awareness'"),
        ("expects = { aware_at", "expects = { aware", "expects field 'aware', which is none"),
        ("https://authority.example/form", "somewhere", "must be an address on the web"),
        ('required = "yes"', 'requird = "yes"', "unknown key 'requird'"),
    ],
)
def test_a_mistake_names_the_file_and_what_to_change(extra, old, new, says):
    a_file(extra, swap=[(old, new)])
    with pytest.raises(Fixable, match=re.escape(says)) as raised:
        form_named("own")
    assert "own.toml" in str(raised.value) or "form own" in str(raised.value)


def test_a_mistake_in_a_field_names_its_line(extra):
    a_file(extra, swap=[('value = "awareness"', 'value = "awarness"')])
    text = (extra / "own.toml").read_text(encoding="utf-8")
    line = text[: text.index('id = "aware_at"')].count("\n") + 1
    with pytest.raises(BadForm, match=rf"own\.toml:{line}: field 'aware_at'"):
        form_named("own")


def test_the_same_field_twice_is_refused(extra):
    a_file(extra)
    path = extra / "own.toml"
    text = path.read_text(encoding="utf-8")
    field = text[text.index("[[field]]") : text.index("[[example]]")]
    path.write_text(text.replace("[[example]]", field + "[[example]]"), encoding="utf-8")
    with pytest.raises(BadForm, match="'aware_at' is there twice"):
        form_named("own")


def test_a_form_under_a_name_that_is_taken_is_refused(extra):
    shutil.copy(SET.paths()["edpb"], extra / "edpb.toml")
    with pytest.raises(Fixable, match="there is already a member 'edpb'"):
        all_forms()
