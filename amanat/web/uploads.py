"""Uploads stay in memory and small, or are encrypted as they come: nothing that is sent to us lies unencrypted on a disk, not even for a second."""

import io
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

from amanat.web.accounts.pages import View, may_enter
from amanat.web.sealed import SealedWriter

FILE_MAX = 4 << 20
FILES_MAX = 5
REQUEST_MAX = FILE_MAX * 3
LEFT_AFTER_SECONDS = 6 * 3600  # an upload that was never kept: whoever took it in was killed, and its key is gone


def takes_large_files(most_bytes: int) -> Callable[[View], View]:
    """For a page of an incident whose form may bring files of this size; they reach the view as `SealedUpload`."""

    def mark(view: View) -> View:
        view.takes_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark


class SealedUpload(UploadedFile):
    """A file that lies encrypted on the disk, its key in our memory; it is deleted with the request unless somebody keeps it.

    One that is larger than the page takes has its size and no content.
    """

    def __init__(self, path: Path, key: bytes, *, name: str, size: int) -> None:
        super().__init__(name=name, size=size)
        self.path, self.key = path, key

    def keep(self, path: Path) -> bytes:
        """Moves it there, and returns the key that opens it (`sealed.opened`)."""
        self.path.rename(path)
        return self.key

    def close(self) -> None:  # type: ignore[override]
        self.path.unlink(missing_ok=True)


class Sealing(FileUploadHandler):
    """Encrypts files on their way to the disk, for pages that take large ones from who may open them; all others go on to `InMemory`."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.most_bytes = 0
        self.writer: SealedWriter | None = None

    def handle_raw_input(self, *args: Any, **given: Any) -> None:
        self.most_bytes = _takes(self.request)

    def new_file(self, *args: Any, **given: Any) -> None:
        super().new_file(*args, **given)
        if self.most_bytes:
            self.path = _folder() / secrets.token_hex(16)
            self.writer = SealedWriter(self.path)
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.writer is None:
            return raw_data
        # What is more is read to its end and thrown away, so that the sender gets a page with a sentence and no broken line.
        if start + len(raw_data) <= self.most_bytes:
            self.writer.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> SealedUpload | None:
        if self.writer is None:
            return None
        self.writer.close()
        key, self.writer = self.writer.key, None
        if file_size > self.most_bytes:
            self.path.unlink()
        return SealedUpload(self.path, key, name=self.file_name or "", size=file_size)

    def upload_interrupted(self) -> None:
        if self.writer is not None:
            self.writer.close()
            self.path.unlink(missing_ok=True)


def delete_left() -> int:
    """Deletes uploads that nobody kept and nobody can open any more; returns how many."""
    old = [path for path in _folder().iterdir() if path.stat().st_mtime < time.time() - LEFT_AFTER_SECONDS]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _takes(request: Any) -> int:
    """How large a file may be that this request brings, where that is more than memory holds; 0: as everywhere."""
    page = getattr(getattr(request, "resolver_match", None), "func", None)
    most: int = getattr(page, "takes_bytes", 0)
    return most if most and may_enter(request) else 0


def _folder() -> Path:
    folder = Path(settings.DATA) / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


class InMemory(FileUploadHandler):
    """Holds each file in memory and refuses the request when it is more than we take, said at its head or not."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.received = 0  # of the whole request: its length may be left out, or wrong

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], content_length: int, boundary: bytes, encoding: str | None = None) -> None:
        if content_length > REQUEST_MAX and not _takes(self.request):
            raise RequestDataTooBig("the files of one form are larger than we take")

    def new_file(self, *args: Any, **given: Any) -> None:
        super().new_file(*args, **given)
        self.file = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if start + len(raw_data) > FILE_MAX or self.received > REQUEST_MAX:
            raise RequestDataTooBig("a file is larger than we take")
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.file.seek(0)
        return InMemoryUploadedFile(
            file=self.file,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
