"""Members of open sets carry their source, date and examples; a template becomes a member that loads."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import amanat
from amanat import assess, scope
from amanat.respond.playbook import playbooks

ROOT = Path(amanat.__file__).parent.parent


def test_identifiers_carry_source_and_examples_both_ways():
    for name, one in scope.identifiers().items():
        # What only the company itself knows has no page on the web: a document of ours explains it then.
        assert re.match(r"https?://", one.source) or (ROOT / one.source.split(":")[0]).is_file(), name
        assert one.examples and one.not_examples, name


def test_laws_carry_source_date_and_examples():
    for name, law in assess.laws().items():
        assert law.read_on and law.example, name
        for duty in law.duty:
            assert duty.cite and re.match(r"https?://", duty.source), duty.id
            assert duty.confidence in {"high", "medium", "low"}, duty.id


def test_playbooks_carry_source_date_and_examples():
    for name, playbook in playbooks().items():
        assert playbook.read_on and playbook.example and re.match(r"https?://", playbook.source), name


def load_run():
    spec = importlib.util.spec_from_loader("run", importlib.machinery.SourceFileLoader("run", str(ROOT / "run")))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "what", ["law", "reader", "identifier", "channel", "outlet", "language", "playbook", "form", "offer", "harm", "lesson", "control", "measure"]
)
def test_run_new_copies_the_template_beside_its_siblings(tmp_path, what):
    run = load_run()
    folder, suffix = run.OPEN_SETS[what]
    shutil.copy(ROOT / "run", tmp_path / "run")
    (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / folder / f"_template{suffix}", tmp_path / folder)
    call = [sys.executable, "run", "new", f"{what}=xx_probe"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = tmp_path / folder / f"xx_probe{suffix}"
    assert made.exists() and "xx_name" not in made.read_text(encoding="utf-8")
    again = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert again.returncode == 2 and "already there" in again.stderr
