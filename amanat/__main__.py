"""`amanat <verb> …`: finds the verb's file and runs it.

A verb is a stage with a `__main__.py`, or a file in `verbs/` for what joins several stages. Where both have the name, the
stage's verb gets the commands that the file adds to it: those that need other stages too. Nothing is imported before the
verb is known, so that `amanat --help` answers at once.
"""

import ast
import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amanat.lib.command import Verb

HOME = Path(__file__).parent


def verbs() -> dict[str, Path]:
    """Every verb and its file, in alphabetical order."""
    found = {path.stem.replace("_", "-"): path for path in (HOME / "verbs").glob("*.py") if not path.name.startswith("_")}
    found |= {path.parent.name: path for path in HOME.glob("*/__main__.py")}
    return dict(sorted(found.items()))


def load(name: str) -> "Verb":
    """The verb of that name, with the commands that join its stage with others."""
    path = verbs()[name]
    verb: Verb = importlib.import_module(".".join(("amanat", *path.relative_to(HOME).with_suffix("").parts))).VERB
    if path.parent.name == name and (HOME / "verbs" / f"{name}.py").is_file():
        importlib.import_module(f"amanat.verbs.{name}").add_to(verb)
    return verb


def help_text() -> str:
    """What `amanat --help` prints: each verb with the first line of its file."""
    known = verbs()
    lines = ["amanat: from stolen files to told, helped and returning customers.", "", "usage: amanat VERB … (amanat VERB --help explains each)", ""]
    lines += [f"  {name:<12} {_first_line(path)}" for name, path in known.items()]
    lines += ["", "To begin:  amanat prepare company story --persons 2000 && amanat run story --out out"]
    return "\n".join(lines)


def main() -> int:
    """Entry point of the console script."""
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(help_text())
        return 0
    if arguments[0] == "--version":
        from amanat import __version__

        print(__version__)
        return 0
    if arguments[0] not in verbs():
        from amanat.lib.errors import did_you_mean

        print(f"amanat: there is no verb {arguments[0]!r}{did_you_mean(arguments[0], verbs())} (see amanat --help)", file=sys.stderr)
        return 2
    return load(arguments[0]).main(arguments[1:])


def _first_line(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
