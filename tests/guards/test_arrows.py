"""The arrows of the house: who may import whom, and what runs without what."""

import ast
import subprocess
import sys
from pathlib import Path

import amanat

HOME = Path(amanat.__file__).parent
STAGES = ["detect", "respond", "scope", "assess", "notify", "care", "trust", "prepare"]


def test_the_import_contracts_hold():
    done = subprocess.run([Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=HOME.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_stages_and_the_pipeline_run_where_django_is_not_installed():
    # A finder that refuses Django stands for a machine without it; every module of every stage is imported.
    program = """
import importlib, pkgutil, sys
class NoDjango:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "allauth", "procrastinate", "psycopg"}:
            raise ImportError(f"{name} is not installed")
sys.meta_path.insert(0, NoDjango())
import amanat
n = 0
for module in pkgutil.walk_packages(amanat.__path__, "amanat."):
    top = module.name.split(".")[1]
    if top in {"web", "verbs", "__main__"} or "._template" in module.name or module.name.endswith("__main__"):
        continue
    importlib.import_module(module.name); n += 1
assert n > 40, n
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_help_answers_without_importing_anything_heavy():
    # The promise is 0.3 s; what makes or breaks it is whether a heavy library is imported, and that does not depend on the machine.
    program = "import sys; sys.argv=['amanat','--help']; import amanat.__main__ as m; m.main(); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"numpy", "numba", "pyarrow", "django", "icu4py", "typst", "cryptography", "amanat.scope", "amanat.assess"}


def test_opening_a_stage_does_not_import_heavy_libraries():
    for stage in STAGES:
        program = f"import sys; import amanat.{stage}; print(*sorted(sys.modules))"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert not set(done.stdout.split()) & {"numba", "django", "typst", "icu4py", "phonenumbers", "calamine"}, stage


def test_the_environment_is_read_in_one_place_only():
    offenders = []
    for path in HOME.rglob("*.py"):
        if path == HOME / "lib/settings.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} and isinstance(node.value, ast.Name) and node.value.id == "os":
                offenders.append(f"{path.relative_to(HOME)}:{node.lineno}")
    assert offenders == []


def test_every_module_says_what_it_is_for():
    silent = [
        str(p.relative_to(HOME))
        for p in HOME.rglob("*.py")
        if "migrations" not in p.parts and p.read_text(encoding="utf-8").strip() and not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_stages_are_entered_by_their_front_door():
    """Outside a stage, only `amanat.<stage>` itself is imported, never a module inside it."""
    offenders = []
    for path in [*HOME.glob("*.py"), *(HOME / "verbs").rglob("*.py"), *(HOME / "web").rglob("*.py"), *(HOME / "wording").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom) and not node.level
                else []
            )
            for name in names:
                parts = name.split(".")
                if parts[0] == "amanat" and len(parts) > 2 and parts[1] in STAGES:
                    offenders.append(f"{path.relative_to(HOME)}:{node.lineno} imports {name}")
    assert offenders == []


def test_the_console_script_answers():
    done = subprocess.run([Path(sys.executable).parent / "amanat", "--help"], capture_output=True, text=True, check=True)
    assert "usage: amanat VERB" in done.stdout
    for verb in ("run", "up", "verify", "journal", "scope", "assess", "notify", "prepare", "respond"):
        assert f"\n  {verb} " in done.stdout
