"""One more file is one more member, also from the company's own folder."""

import pytest

from amanat.lib.open_set import BadMember, OpenSet

PLAYBOOKS = OpenSet("respond/playbooks", suffix=".toml")


def test_templates_and_hidden_files_are_not_members():
    assert "data_breach" in PLAYBOOKS.paths()
    assert "_template" not in PLAYBOOKS.paths()


def test_a_file_in_the_extra_folder_is_a_member(tmp_path, monkeypatch):
    (tmp_path / "respond/playbooks").mkdir(parents=True)
    (tmp_path / "respond/playbooks/our_plan.toml").write_text("")
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path))
    assert "our_plan" in PLAYBOOKS.paths()


def test_the_same_name_twice_is_refused_with_both_paths(tmp_path, monkeypatch):
    (tmp_path / "respond/playbooks").mkdir(parents=True)
    (tmp_path / "respond/playbooks/data_breach.toml").write_text("")
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path))
    with pytest.raises(BadMember, match=r"already a member 'data_breach' at .*amanat/respond/playbooks/data_breach.toml"):
        PLAYBOOKS.paths()


def test_python_members_of_the_extra_folder_are_loaded_and_judged(tmp_path, monkeypatch):
    folder = tmp_path / "care/offers"
    folder.mkdir(parents=True)
    (folder / "voucher.py").write_text("OFFER = 20\n")
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path))
    assert OpenSet("care/offers", "OFFER").load() == {"voucher": 20}
    with pytest.raises(BadMember, match=r"voucher.py: defines no PRICE"):
        OpenSet("care/offers", "PRICE").load()


def test_a_member_that_does_not_load_is_named(tmp_path, monkeypatch):
    (tmp_path / "trust/extras").mkdir(parents=True)
    (tmp_path / "trust/extras/bad.py").write_text("import nothing_like_this\n")
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path))
    with pytest.raises(BadMember, match=r"bad.py: cannot be loaded \(ModuleNotFoundError"):
        OpenSet("trust/extras", "X").load()


def test_an_extra_folder_that_is_not_there_is_said(monkeypatch):
    monkeypatch.setenv("AMANAT_EXTRA", "/nowhere/at/all")
    with pytest.raises(BadMember, match="AMANAT_EXTRA names /nowhere/at/all, which is not a folder"):
        PLAYBOOKS.paths()
