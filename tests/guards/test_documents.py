"""Every command and setting is documented, and the manual is as new as the code."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import amanat
from amanat.lib.settings import SETTINGS

ROOT = Path(amanat.__file__).parent.parent
sys.path.insert(0, str(ROOT / "docs"))
from generate import all_verbs  # noqa: E402


def test_the_generated_manual_is_as_new_as_the_code():
    done = subprocess.run([sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_command_explains_itself_and_its_arguments():
    silent = []
    for name, verb in all_verbs().items():
        assert verb.says, name
        for command in verb.commands.values():
            if len(command.says) < 20:
                silent.append(f"{name} {command.name}")
            silent += [f"{name} {command.name} {' '.join(a.names)}" for a in command.arguments if not a.options.get("help")]
    assert silent == []


def test_every_setting_is_in_the_manual():
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    assert all(f"`{s.name}`" in page and s.says in page for s in SETTINGS)


def test_the_readme_shows_only_commands_that_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    verbs = all_verbs()
    for verb, command in re.findall(r"amanat (\w+)(?: ([a-z]\w*))?", readme):
        if verb in verbs and command and "" not in verbs[verb].commands:
            assert command in verbs[verb].commands, f"README names `amanat {verb} {command}`"
    for command in re.findall(r"\./run (\w+)", readme):
        assert f"./run {command}" in (ROOT / "run").read_text(encoding="utf-8"), command


def test_links_between_documents_lead_somewhere():
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert broken == []


def test_every_command_that_run_explains_is_one():
    run = runpy.run_path(str(ROOT / "run"))
    explained = set(re.findall(r"^\./run (\w+)", run["__doc__"], re.MULTILINE))
    assert explained == set(run["COMMANDS"])
