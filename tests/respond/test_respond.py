"""An incident opens from its folder, and what is missing is said."""

import pytest

from amanat import respond
from amanat.respond.incident import NoStory
from amanat.respond.playbook import BadPlaybook, playbooks

COMPANY = """
name = "Karvan Hotels"
legal_name = "Karvan Hotels SAS"
address = "1 rue des Exemples, 75001 Paris"
country = "FR"
website = "https://karvan-hotels.example"
notices_url = "https://karvan-hotels.example/verify"
sender = "notice@karvan-hotels.example"
privacy_email = "privacy@karvan-hotels.example"
"""


def a_story(tmp_path, files=("guests.csv",)):
    (tmp_path / "facts.toml").write_text('role = "controller"\n')
    (tmp_path / "company.toml").write_text(COMPANY)
    (tmp_path / "files").mkdir()
    for name in files:
        (tmp_path / "files" / name).write_text("x")
    return tmp_path


def test_a_story_folder_opens_as_an_incident(tmp_path):
    incident = respond.open_incident(a_story(tmp_path))
    assert incident.facts["role"].value == "controller"
    assert incident.company.name == "Karvan Hotels"
    assert (incident.register, incident.access) == (None, None)


def test_an_empty_folder_of_files_is_said(tmp_path):
    with pytest.raises(NoStory, match=r"files: is empty; put the stolen files there"):
        respond.open_incident(a_story(tmp_path, files=()))


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(NoStory, match=r"facts.toml and company.toml missing"):
        respond.open_incident(tmp_path)
    with pytest.raises(NoStory, match=r"there is no such folder. `amanat prepare company"):
        respond.open_incident(tmp_path / "none")


def test_playbooks_are_read_and_a_wrong_fact_in_one_is_named(tmp_path, monkeypatch):
    assert playbooks()["data_breach"].step[0].phase == "identification"
    folder = tmp_path / "respond/playbooks"
    folder.mkdir(parents=True)
    text = (respond.__path__[0] + "/playbooks/_template.toml", "utf-8")
    with open(text[0], encoding=text[1]) as file:
        (folder / "ours.toml").write_text(file.read().replace('"detection"]', '"detektion"]'))
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path))
    with pytest.raises(BadPlaybook, match="step 'declare' brings 'detektion', which is not a fact"):
        playbooks()
