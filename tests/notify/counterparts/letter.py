"""A print folder, read back as the print shop would."""

import contextlib
import csv
import tempfile
from pathlib import Path

import pypdfium2

from amanat.notify.channel import Opening, open_channel
from tests.notify.counterparts import Pair
from tests.notify.delivery_world import a_company

CANNOT = {
    "refuses": "a folder takes every letter; whoever has no postal address gets no letter planned",
    "breaks": "a letter written twice is the same file, so there is never a doubt",
    "busy": "a folder has no queue that could be full; a disk that is away or full is `absent`",
}


def _letters(_notice, messages, folder):
    import typst

    paths = []
    for message in messages:
        path = folder / f"{message.sending_id}.pdf"
        path.write_bytes(typst.compile(f"Code {message.code}".encode()))
        paths.append(path)
    return paths


@contextlib.contextmanager
def opened(*behaviour):
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "letters"
        channel = open_channel("letter", Opening(company=a_company(), texts={}, letters=_letters, folder=folder))
        if behaviour == ("absent",):
            folder.rmdir()  # the print shop's share is no longer mounted

        def taken():
            if not (folder / "manifest.csv").exists():
                return []
            rows = list(csv.DictReader((folder / "manifest.csv").open(encoding="utf-8")))
            return [pypdfium2.PdfDocument(folder / row["file"])[0].get_textpage().get_text_bounded() for row in rows]

        with contextlib.closing(channel):
            yield Pair(channel, taken)
