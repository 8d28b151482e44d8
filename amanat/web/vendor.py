"""Vendored static files: what they are, whether they are still what we locked, and how to take a newer release.

`python -m amanat.web.vendor` compares every file with `static/vendor/LOCK.toml`;
`python -m amanat.web.vendor refresh` fetches the locked versions with `npm pack` and writes files and hashes anew.
Change a version in LOCK.toml, call refresh, look at the pages. Nobody needs npm to install or run amanat.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from amanat.lib.errors import Fixable
from amanat.lib.shape import build, read_toml

FOLDER = Path(__file__).parent / "static" / "vendor"
LOCK = FOLDER / "LOCK.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file taken from one release of a package."""

    file: str  # its name in static/vendor
    package: str  # on npm
    version: str
    member: str  # its path inside the package
    licence: str  # SPDX
    sha256: str = ""


class ChangedAsset(Fixable):
    """A vendored file is missing or is not the one that was locked."""


def assets() -> list[Asset]:
    """Every locked file."""
    return [build(Asset, entry, where=LOCK, at=f"asset[{i}]") for i, entry in enumerate(read_toml(LOCK)["asset"])]


def check() -> None:
    """Raises ChangedAsset for the first file that is not what LOCK.toml says."""
    for asset in assets():
        path = FOLDER / asset.file
        if not path.exists():
            raise ChangedAsset(f"{path}: is missing; call `python -m amanat.web.vendor refresh`")
        if hashlib.sha256(path.read_bytes()).hexdigest() != asset.sha256:
            raise ChangedAsset(f"{path}: is not {asset.package} {asset.version} as locked in {LOCK.name}; restore it, or refresh and review")
    known = {a.file for a in assets()} | {LOCK.name}
    for path in FOLDER.iterdir():
        if path.name not in known:
            raise ChangedAsset(f"{path}: is not in {LOCK.name}; add it there with package, version and licence, or take it away")


def refresh() -> None:
    """Fetches the locked versions and writes files and hashes."""
    done: list[Asset] = []
    with tempfile.TemporaryDirectory() as folder:
        archives: dict[tuple[str, str], Path] = {}
        for asset in assets():
            key = (asset.package, asset.version)
            if key not in archives:
                packed = subprocess.run(["npm", "pack", "--silent", "@".join(key)], cwd=folder, check=True, capture_output=True, text=True)
                archives[key] = Path(folder) / packed.stdout.strip().splitlines()[-1]
            with tarfile.open(archives[key]) as archive:
                member = archive.extractfile(f"package/{asset.member}")
                assert member is not None, f"{asset.member} is not a file of {key}"
                content = member.read()
            if asset.file.endswith((".css", ".js")):
                # Source maps are not shipped; a link to one would only make the browser ask for it.
                content = content.split(b"\n/*# sourceMappingURL=")[0].split(b"\n//# sourceMappingURL=")[0] + b"\n"
            (FOLDER / asset.file).write_bytes(content)
            done.append(
                Asset(
                    file=asset.file,
                    package=asset.package,
                    version=asset.version,
                    member=asset.member,
                    licence=asset.licence,
                    sha256=hashlib.sha256(content).hexdigest(),
                )
            )
    lines = ["# Static files of other projects, as they stand in this folder. Written by `python -m amanat.web.vendor refresh`.", ""]
    for asset in done:
        lines.append("[[asset]]")
        lines += [f'{name} = "{getattr(asset, name)}"' for name in ("file", "package", "version", "member", "licence", "sha256")]
        lines.append("")
    LOCK.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    try:
        refresh() if sys.argv[1:] == ["refresh"] else check()
    except Fixable as error:
        sys.exit(f"amanat: {error}")
