"""Uploads stay in memory and small: nothing that a stranger sends lies unencrypted on a disk, not even for a second."""

import io
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

FILE_MAX = 4 << 20
FILES_MAX = 5
REQUEST_MAX = FILE_MAX * 3


class InMemory(FileUploadHandler):
    """Holds each file in memory and refuses the request when it is more than we take, said at its head or not."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.received = 0  # of the whole request: its length may be left out, or wrong

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], content_length: int, boundary: bytes, encoding: str | None = None) -> None:
        if content_length > REQUEST_MAX:
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
