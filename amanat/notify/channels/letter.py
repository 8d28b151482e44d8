"""Letters: one PDF for each person in a folder that the print shop takes over, with a manifest of files and pages."""

import csv
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from amanat.notify.channel import ChannelType, Message, Opening, Outcome, TryLater, an_example, must_be
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice

# Letters with the same `envelope` go into one, once all `letters_in_envelope` are there; an empty one says: an envelope of its own.
MANIFEST = ("person_id", "file", "pages", "envelope", "letters_in_envelope")


class Letter:
    """An open print folder. Writing a letter twice gives the same file, so an interrupted batch is simply done again."""

    batch_size = 100
    n_parallel = 1
    is_local = True

    def __init__(self, opening: Opening) -> None:
        self._folder: Path = must_be(opening.folder, "a folder for the letters")
        self._render = must_be(opening.letters, "the function that sets letters")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._manifest = self._folder / "manifest.csv"
        self._listed = self._read_manifest()

    def send(self, batch: Sequence[Message]) -> Iterator[Outcome]:
        by_notice: dict[str, tuple[Notice, list[Message]]] = {}
        for message in batch:
            by_notice.setdefault(message.notice.id, (message.notice, []))[1].append(message)
        for notice, messages in by_notice.values():
            try:
                paths = self._render(notice, messages, self._folder)
                self._list(messages, paths)
            except OSError as error:
                # The disk is full, or the print shop's share is away: the letters wait until somebody saw to it.
                raise TryLater(f"the print folder cannot be written to ({error.strerror or type(error).__name__})") from error
            for message in messages:
                yield Outcome(sending_id=message.sending_id, became="accepted", answer="in the print folder")

    def close(self) -> None: ...

    def _list(self, messages: Sequence[Message], paths: Sequence[Path]) -> None:
        with self._manifest.open("a", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            if not self._listed:
                rows.writerow(MANIFEST)
                self._listed.add("file")
            for message, path in zip(messages, paths, strict=True):
                name = path.relative_to(self._folder).as_posix()
                if name not in self._listed:
                    rows.writerow((message.contact.person_id, name, _n_pages(path), message.envelope, message.n_in_envelope))
                    self._listed.add(name)
            file.flush()
            os.fsync(file.fileno())

    def _read_manifest(self) -> set[str]:
        if not self._manifest.exists():
            return set()
        text = self._manifest.read_bytes()
        whole = text[: text.rfind(b"\n") + 1]
        if whole != text:  # a crash left half a line; its letter is listed again
            self._manifest.write_bytes(whole)
        rows = [row for row in csv.reader(whole.decode().splitlines()) if len(row) >= len(MANIFEST) - 2]
        if rows and len(rows[0]) < len(MANIFEST):
            self._widen(rows)
        return {row[1] for row in rows}

    def _widen(self, rows: Sequence[Sequence[str]]) -> None:
        """A manifest from before envelopes were shared, with the columns that say so: each letter had its own."""
        beside = self._manifest.with_suffix(".part")
        with beside.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([MANIFEST, *((*row, "", 1) for row in rows[1:])])
        os.replace(beside, self._manifest)


def _n_pages(path: Path) -> int:
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    try:
        return len(pdf)
    finally:
        pdf.close()


def _reaches(contact: Contact) -> bool:
    address = contact.address.reveal(why="whether there is a postal address") if contact.address else ""
    # A lone town or country brings no letter to a door.
    return len([line for line in address.split(",") if line.strip()]) >= 2


CHANNEL = ChannelType(
    says="A letter as PDF, put into a folder for the print shop with a manifest.",
    reaches=_reaches,
    lacks="no postal address on file",
    open=Letter,
    source="https://www.iso.org/standard/64599.html",
    read_on="2026-11-22",
    examples=(an_example(address="1 rue Exemple, 75000 Paris"),),
    not_examples=(an_example(), an_example(address=" , "), an_example(address="Paris")),
)
