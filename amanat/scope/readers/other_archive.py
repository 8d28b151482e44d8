"""RAR, and archives seldom met: CAB, ISO images, CPIO, LHA, XAR, AR. Read by libarchive where it is installed, streamed.

RAR archives under a password stay closed: libarchive cannot open them.
"""

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any

from amanat.scope.reader import Context, Hole, Inner, Read, Reader, Unreadable
from amanat.scope.source import Damaged, Expanding, Source

_INSTALL = "Install libarchive (Debian: libarchive13) and scan again, or unpack it on a machine kept apart and scan the result."
_ASK = "Ask for the password, unpack it on a machine kept apart, and scan the files."
_MAGIC = (
    b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00", b"MSCF\0\0\0\0", b"xar!\x00\x1c", b"!<arch>\n", b"070701", b"070702", b"070707", b"\xc7\x71",
)  # fmt: skip
_LHA = (b"-lh0-", b"-lh1-", b"-lh4-", b"-lh5-", b"-lh6-", b"-lh7-", b"-lzs-", b"-lz5-")
_EOF, _OK, _WARN, _FATAL = 1, 0, -20, -30
_REGULAR, _LINK = 0o100000, 0o120000
_FORMATS = ("rar", "rar5", "cab", "iso9660", "cpio", "lha", "xar", "ar")

_READ = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))
_SKIP = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)
_SEEK = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int)


def _load() -> Any:
    """The library, None where it is not installed."""
    from ctypes.util import find_library

    name = find_library("archive") or "libarchive.so.13"
    try:
        lib = ctypes.CDLL(name)
    except OSError:
        return None
    for function, result in (
        ("archive_read_new", ctypes.c_void_p),
        ("archive_entry_pathname_utf8", ctypes.c_char_p),
        ("archive_entry_pathname", ctypes.c_char_p),
        ("archive_error_string", ctypes.c_char_p),
        ("archive_entry_size", ctypes.c_int64),
        ("archive_read_data", ctypes.c_ssize_t),
        ("archive_entry_filetype", ctypes.c_uint),
        ("archive_entry_hardlink", ctypes.c_char_p),
    ):
        getattr(lib, function).restype = result
    for function, arguments in (
        ("archive_read_data", [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]),
        ("archive_read_open1", [ctypes.c_void_p]),
        ("archive_read_next_header", [ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p)]),
        ("archive_read_free", [ctypes.c_void_p]),
        ("archive_read_set_read_callback", [ctypes.c_void_p, _READ]),
        ("archive_read_set_skip_callback", [ctypes.c_void_p, _SKIP]),
        ("archive_read_set_seek_callback", [ctypes.c_void_p, _SEEK]),
        ("archive_read_set_callback_data", [ctypes.c_void_p, ctypes.c_void_p]),
        *((f"archive_read_support_format_{one}", [ctypes.c_void_p]) for one in _FORMATS),
        *((f"archive_entry_{one}", [ctypes.c_void_p]) for one in ("pathname_utf8", "pathname", "size", "filetype", "hardlink", "is_encrypted")),
        ("archive_error_string", [ctypes.c_void_p]),
    ):
        getattr(lib, function).argtypes = arguments
    return lib


_lib = _load()


def looks(source: Source) -> float:
    head = source.peek(264)
    if head.startswith(_MAGIC) or head[2:7] in _LHA:
        return 0.9
    return 0.9 if head[:1] == b"\0" and source.peek(0x8006)[0x8001:0x8006] == b"CD001" else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    if _lib is None:
        raise Unreadable("It is an archive that is read only where libarchive is installed.", _INSTALL)
    size = source.size
    archive = _Archive(source.seekable(context.limits.held_bytes))
    try:
        while (entry := archive.next()) is not None:
            context.budget.entry()
            name, kind, is_encrypted = entry
            if kind == "link":
                yield Hole("It is a link inside an archive; links are not followed.", "Nothing to do if its target is in the archive too.", name)
            elif is_encrypted:
                yield Hole("It is encrypted.", _ASK, name)
            elif kind == "file":
                inside = Expanding(archive, context.budget, size)
                yield Inner(name, Source(inside, name=name, depth=source.depth + 1))
    finally:
        archive.close()


class _Archive:
    """An archive that libarchive reads from a file of ours."""

    def __init__(self, file: Any) -> None:
        self._file, self._data = file, b""
        file.seek(0)
        self._archive = _lib.archive_read_new()
        for one in _FORMATS:
            getattr(_lib, f"archive_read_support_format_{one}")(self._archive)
        # Kept as attributes: the library calls them after this method has returned.
        self._callbacks = (_READ(self._on_read), _SKIP(self._on_skip), _SEEK(self._on_seek))
        _lib.archive_read_set_read_callback(self._archive, self._callbacks[0])
        _lib.archive_read_set_skip_callback(self._archive, self._callbacks[1])
        _lib.archive_read_set_seek_callback(self._archive, self._callbacks[2])
        _lib.archive_read_set_callback_data(self._archive, None)
        self._entry = ctypes.c_void_p()
        self._buffer = ctypes.create_string_buffer(256 << 10)
        if _lib.archive_read_open1(self._archive) < _WARN:
            self.close()
            raise Damaged("The archive breaks off or is damaged.")

    def _on_read(self, _archive: Any, _data: Any, out: Any) -> int:
        try:
            self._data = self._file.read(64 << 10)
        except Exception:
            return _FATAL
        out[0] = ctypes.cast(ctypes.c_char_p(self._data), ctypes.c_void_p)
        return len(self._data)

    def _on_skip(self, _archive: Any, _data: Any, n_bytes: int) -> int:
        before = self._file.tell()
        end = self._file.seek(0, 2)
        return int(self._file.seek(min(before + n_bytes, end)) - before)

    def _on_seek(self, _archive: Any, _data: Any, offset: int, whence: int) -> int:
        try:
            return int(self._file.seek(offset, whence))
        except (OSError, ValueError):
            return _FATAL

    def _raise_if_encrypted(self) -> None:
        if b"ncrypt" in (_lib.archive_error_string(self._archive) or b""):
            raise Unreadable("It is encrypted.", _ASK)

    def next(self) -> tuple[str, str, bool] | None:
        """Name, kind and whether it is encrypted of the next member; None at the end."""
        code = _lib.archive_read_next_header(self._archive, ctypes.byref(self._entry))
        if code == _EOF:
            return None
        if code < _WARN:
            self._raise_if_encrypted()
            raise Damaged("The archive breaks off or is damaged.")
        raw = _lib.archive_entry_pathname_utf8(self._entry) or _lib.archive_entry_pathname(self._entry) or b"unnamed"
        kind = _lib.archive_entry_filetype(self._entry)
        is_link = kind == _LINK or _lib.archive_entry_hardlink(self._entry)
        word = "link" if is_link else "file" if kind == _REGULAR else "other"
        return raw.decode("utf-8", "replace"), word, bool(_lib.archive_entry_is_encrypted(self._entry))

    def read(self, size: int = -1, /) -> bytes:
        want = len(self._buffer) if size < 0 else min(size, len(self._buffer))
        n = _lib.archive_read_data(self._archive, self._buffer, want)
        if n < 0:
            self._raise_if_encrypted()  # some formats tell it only here
            raise OSError("damaged")
        return self._buffer.raw[:n]

    def close(self) -> None:
        if self._archive:
            _lib.archive_read_free(self._archive)
            self._archive = None


def examples() -> Sequence[bytes]:
    name, data = b"guests.csv\0", b"name,email\nSara,sara@example.org\n"
    members = b""
    for path, content, mode in ((name, data, 0o100644), (b"TRAILER!!!\0", b"", 0)):
        fields = [0, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(path), 0]
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + path
        members += head + bytes(-len(head) % 4) + content + bytes(-len(content) % 4)
    return (members,) if _lib is not None else ()


def not_examples() -> Sequence[bytes]:
    return (b"Rar! is a cry\n", b"MSCF stands for a format\n")


READER = Reader(
    says="RAR and other archives (CAB, ISO, CPIO, LHA, XAR, AR)",
    looks=looks,
    read=read,
    suffixes=(".rar", ".cab", ".iso", ".cpio", ".lha", ".lzh", ".xar", ".ar", ".deb"),
    source="https://github.com/libarchive/libarchive/wiki/LibarchiveFormats",
    examples=examples,
    not_examples=not_examples,
)
