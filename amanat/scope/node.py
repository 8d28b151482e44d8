"""Node: one machine of a cluster at work on its share of both steps. Nothing here knows which cluster it is."""

import os
from pathlib import Path

from amanat.lib.errors import Fixable
from amanat.scope.counted import counted_folder, write_counted
from amanat.scope.finder import Finder
from amanat.scope.hits import Entry, Writer, run_key
from amanat.scope.order import read_entries, read_order
from amanat.scope.people import nobody, read_people
from amanat.scope.read import abilities, confinement
from amanat.scope.register import open_register
from amanat.scope.steps import count_lot, judge_files


class Node:
    """The register in the memory of one machine, and threads that judge and count with it."""

    def __init__(self, folder: str) -> None:
        """`folder` is that of the hits, in the shared folder."""
        self._folder = Path(folder)
        self._entries: dict[str, list[tuple[int, Entry]]] = {}

    def prepare(self) -> str:
        """Reads the register; an empty text when this machine can take part, else why not. It is no place for a person's value."""
        if not (self._folder / "order.json").is_file():
            return "does not see the folder of the results under the same path"
        if missing := [belt for belt, holds in confinement().items() if not holds]:
            return f"cannot confine the process that opens hostile files ({', '.join(missing)}); it needs a newer kernel or fewer bans"
        order, self._units = read_order(self._folder)
        self._passwords = order.passwords
        try:
            people = nobody() if order.register is None else read_people(open_register(order.register), order.key, now=order.now)
        except Fixable:
            return "cannot read the register under the same path as the machine on which the scan was started"
        self._finder = Finder(people, order.key, own_domains=order.own_domains, now=order.now)
        mine = run_key(people, order.key, order.own_domains, order.now.year, repr((order.passwords, abilities())))
        if mine != self._folder.name:
            return "has another version of amanat, another register, or other programs for reading (Tesseract, libarchive) than the first machine"
        return ""

    def judge(self, writer: str, numbers: list[int], has: list[list[int]]) -> list[int]:
        """The first step for the files with these numbers, of which these batches are kept already; gives those that are not seen from here."""
        units = [self._units[number] for number in numbers]
        if unseen := [unit.number for unit in units if not unit.file.exists() or os.stat(unit.file).st_size != unit.size]:
            return unseen
        kept = {unit.path: set(batches) for unit, batches in zip(units, has, strict=True)}
        judge_files(
            self._finder.again(), units, Writer(self._folder, writer, kept.__contains__),
            has=lambda file: kept[file.path], threads=1, passwords=self._passwords,
        )  # fmt: skip
        return []

    def count(self, name: str, begin: int, end: int) -> None:
        """The second step for some of the entries of this name."""
        if name not in self._entries:
            self._entries[name] = read_entries(self._folder, name)
        write_counted(count_lot(self._finder, self._folder, self._entries[name][begin:end]), counted_folder(self._folder, name, begin))
