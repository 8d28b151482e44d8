"""Fuzz target: mutated files of every format through the whole reading path, here in the process and in the confined child.

What may happen: records and gaps. What may not: an exception out of the reading, a record that is not what it should be, a file
or address opened while reading, the death of the process that forks the children. `./run fuzz` calls it.
"""

import base64
import contextlib
import gzip
import io
import os
import resource
import sys
import zipfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["amanat.scope", "fastavro", "striprtf", "olefile", "compressed_rtf", "py7zr", "msoffcrypto"]):
    from amanat.lib.open_set import OpenSet
    from amanat.scope import confined
    from amanat.scope.reader import Limits
    from amanat.scope.record import RECORDS
    from amanat.scope.source import Source
    from amanat.scope.unit import Lack, Lot, read_unit

    READERS = OpenSet("scope/readers", "READER").load()
LIMITS = Limits(
    expanded_bytes=16 << 20, ratio_from_bytes=4 << 20, entries=500, held_bytes=4 << 20, memory_bytes=1 << 30, cpu_seconds=10, wall_seconds=20
)
PASSWORDS = ("saffron",)
EVERY = 20  # of so many inputs one goes through the confined child as well: it costs some milliseconds

_is_reading = False
_n = 0
_zygote: confined.Zygote | None = None


class Outside(BaseException):
    """Something was opened, made or called while a file was read."""


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    """Refuses, while a file is read, whatever the confinement would refuse."""
    is_act = event in {"open", "os.open", "os.mkdir", "os.remove", "os.rename", "os.exec", "os.posix_spawn", "subprocess.Popen", "socket.connect"}
    if _is_reading and is_act and not str(arguments[0] if arguments else "").endswith((".py", ".pyc", ".so", ".dat")):
        raise Outside(event)


def _wrapped(data: bytes) -> bytes:
    """By its first byte the input is taken as it is or put into a container whose checksums are right, so that mutations reach what is inside."""
    choice, rest = data[:1], data[1:]
    if choice == b"\x01":
        return gzip.compress(rest, 1, mtime=0)
    if choice == b"\x02":
        return b"From: a@example.org\nTo: b@example.org\nSubject: x\nContent-Transfer-Encoding: base64\n" + (
            b"Content-Type: application/octet-stream\nContent-Disposition: attachment\n\n" + base64.encodebytes(rest)
        )
    member = {
        b"\x03": "a.bin", b"\x04": "word/document.xml", b"\x05": "xl/worksheets/sheet1.xml", b"\x06": "content.xml", b"\x07": "ppt/slides/slide1.xml"
    }.get(choice)  # fmt: skip
    if member is None:
        return rest
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if choice == b"\x05":
            for name, text in _BOOK.items():
                archive.writestr(name, text)
        archive.writestr("ppt/presentation.xml" if choice == b"\x07" else "META-INF/manifest.xml", "<x/>")
        archive.writestr(member, rest)
    return out.getvalue()


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_BOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def one_input(data: bytes) -> None:
    """One try."""
    global _is_reading, _n
    if not data:
        return
    file = _wrapped(data)
    _is_reading = True
    try:
        for result in read_unit(Source.of_bytes(file, name="x"), "x", READERS, LIMITS, PASSWORDS):
            if isinstance(result, Lot):
                result.records.validate(full=True)
                assert result.records.schema == RECORDS
            else:
                assert isinstance(result, Lack) and result.reason and result.next_step
    finally:
        _is_reading = False
    _n += 1
    if _n % EVERY == 0:
        _in_the_child(file)


def _in_the_child(file: bytes) -> None:
    global _zygote
    if _zygote is None:
        _zygote = confined.Zygote()
        _zygote.wait_ready()
    fd = os.memfd_create("fuzz")
    try:
        os.write(fd, file)
        frames = list(_zygote.read([confined.Task("x", len(file), 0)], [fd], LIMITS, PASSWORDS))  # Died would be a find
    finally:
        os.close(fd)
    assert frames[-1][0] == "X", "the end is always told"
    if frames[-1][2] != b"exit 0":
        # A child may die over a file: that is what it is for. The file is kept, because it is a gap that could perhaps be read.
        died = Path(sys.argv[1]).parent / "children"
        died.mkdir(exist_ok=True)
        name = frames[-1][2].decode(errors="replace").replace(" ", "-")
        (died / f"{name}-{_n}").write_bytes(file)


def seeds() -> list[bytes]:
    """A file of every format, and every small hostile one."""
    from tests.scope import hostile

    found = [b"\0" + example for reader in READERS.values() for example in reader.examples()]
    found += [b"\0" + data for data in hostile.small().values() if len(data) < 64 << 10]
    found += [b"\x04<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>Sara</w:t></w:r></w:p></w:body></w:document>"]
    found += [
        b"\x05<worksheet><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>Sara</t></is></c><c r='B1'><v>1</v></c></row></sheetData></worksheet>"
    ]
    found += [
        b"\x06<a><text:p xmlns:text='t'>Sara</text:p></a>",
        b"\x07<a><a:p xmlns:a='a'><a:t>Sara</a:t></a:p></a>",
        b"\x02name,email\nSara,a@b.c\n",
    ]
    return found


def main() -> None:
    corpus = Path(sys.argv[1])
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (corpus / f"seed-{number:04}").write_bytes(seed)
    for data in seeds():  # whatever is loaded at first use is loaded before anything is watched
        with contextlib.suppress(Exception):
            list(read_unit(Source.of_bytes(data[1:]), "x", READERS, LIMITS))
    resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))
    sys.addaudithook(_watch)
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
