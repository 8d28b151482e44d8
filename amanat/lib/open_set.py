"""Open sets: a folder where one more file is one more member, and nothing else changes.

A member is a file whose name does not begin with `_`; its name is the file's stem. The folder named by
`AMANAT_EXTRA` is walked as well, laid out like `amanat/` (`EXTRA/scope/identifiers/xx_thing.py`).
"""

import importlib
import importlib.util
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import amanat
from amanat.lib import settings
from amanat.lib.errors import Fixable

HOME = Path(amanat.__file__).parent


class BadMember(Fixable):
    """A file in an open set that cannot be used, with its path and what to change."""


@dataclass(frozen=True, slots=True)
class OpenSet:
    """One folder of members.

    `folder` is relative to `amanat/` ("scope/identifiers"); `attribute` is the name each Python member defines
    ("IDENTIFIER"), or None where members are data files; `suffix` is ".py" or ".toml".
    """

    folder: str
    attribute: str | None = None
    suffix: str = ".py"

    def paths(self) -> dict[str, Path]:
        """Name of each member and its file, in alphabetical order; the same name twice is an error."""
        found: dict[str, Path] = {}
        for home in [HOME, *_extra_homes()]:
            for path in sorted((home / self.folder).glob(f"*{self.suffix}")):
                if path.name.startswith("_"):
                    continue
                if path.stem in found:
                    raise BadMember(f"{path}: there is already a member {path.stem!r} at {found[path.stem]}; rename one of them")
                found[path.stem] = path
        return dict(sorted(found.items()))

    def load(self) -> dict[str, Any]:
        """Name of each member and what it defines under `attribute`."""
        assert self.attribute, "data files are read by their own stage"
        return _load(self, settings.get("AMANAT_EXTRA"))


def _extra_homes() -> list[Path]:
    extra = settings.get("AMANAT_EXTRA")
    if not extra:
        return []
    home = Path(extra).expanduser()
    if not home.is_dir():
        raise BadMember(f"AMANAT_EXTRA names {home}, which is not a folder; make it, or unset AMANAT_EXTRA")
    return [home]


@cache
def _load(open_set: OpenSet, extra: str) -> dict[str, Any]:
    return {name: _member(path, open_set) for name, path in open_set.paths().items()}


def _member(path: Path, open_set: OpenSet) -> Any:
    dotted = f"amanat.{open_set.folder.replace('/', '.')}.{path.stem}"
    if path.is_relative_to(HOME):
        module = importlib.import_module(dotted)
    else:
        spec = importlib.util.spec_from_file_location(dotted, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[dotted] = module
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise BadMember(f"{path}: cannot be loaded ({type(error).__name__}: {error}); mend it or take it out of AMANAT_EXTRA") from error
    assert open_set.attribute is not None
    try:
        return getattr(module, open_set.attribute)
    except AttributeError:
        raise BadMember(f"{path}: defines no {open_set.attribute}; see _template.py beside its siblings") from None
