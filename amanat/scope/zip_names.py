"""Zip names: what a ZIP archive holds by name, without moving in the file."""

import struct
import zipfile

from amanat.scope.source import Source


def names_of(source: Source) -> frozenset[str]:
    """Names of the members of a ZIP file, without moving in it."""
    if "zip names" not in source.noted:
        file = source.seekable(256 << 20)
        at = file.tell()
        try:
            source.noted["zip names"] = frozenset(zipfile.ZipFile(file).namelist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
            source.noted["zip names"] = frozenset()
        finally:
            file.seek(at)
    return frozenset(source.noted["zip names"])
