"""Plant: one file of the heap as a description: who stands in it, how a row is written, and which kinds of data that plants."""

import gzip
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from amanat.prepare.block import Block
from amanat.prepare.column import Text
from amanat.prepare.draw import Flags
from amanat.prepare.folder import Folder, Sink
from amanat.prepare.members import Members
from amanat.prepare.truth import Truth

Kinds = Mapping[str, Flags | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """One text file. `member` and `kinds` look at a block, `row` at those of it who stand in the file."""

    path: str
    member: Callable[[Block], Flags]
    row: Callable[[Block], Text]
    kinds: Callable[[Block], Kinds]
    header: str = ""
    footer: str = ""
    encoding: str = "utf-8"
    mark: bytes = b""
    is_cut: bool = False  # packed by gzip and cut off in the middle: nobody can be expected to read it


class Plants(Sink):
    """Writes the files of several plants."""

    def __init__(self, folder: Folder, truth: Truth, plants: Sequence[Plant]) -> None:
        self._folder, self._truth, self._plants = folder, truth, plants
        for plant in plants:
            folder.begin(_growing(plant), plant.header, encoding=plant.encoding, mark=plant.mark)

    def write(self, block: Block, members: Members) -> None:
        for plant in self._plants:
            member = plant.member(block)
            if member.any():
                self._folder.add(_growing(plant), plant.row(block.take(member)))
                self._truth.note(plant.path, block, member, plant.kinds(block), readable=not plant.is_cut)

    def close(self) -> None:
        for plant in self._plants:
            path = self._folder.end(_growing(plant), plant.footer)
            if plant.is_cut:
                packed = io.BytesIO()
                with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, filename="") as target:
                    target.write(path.read_bytes())
                path.unlink()
                self._folder.put(plant.path, packed.getvalue()[: len(packed.getvalue()) // 2])


def _growing(plant: Plant) -> str:
    return plant.path + ".part" if plant.is_cut else plant.path


def stands(shares: Mapping[str, float], name: str, *, also: float = 0.0) -> Callable[[Block], Flags]:
    """Who stands in a place: those whose only or main trace it is, and a share of those who are in the main one.

    The first of `shares` is the main place; what is left to 1 is not affected. Outsiders are half in the main place.
    """
    names = np.array([*shares, "none"])
    main = next(iter(shares))

    def member(block: Block) -> Flags:
        weights = [*shares.values(), max(0.0, 1 - sum(shares.values()))]
        # Whoever nobody has a register row for is there because of a file.
        outside = [value if value >= 0.03 else 0.0 for value in shares.values()]
        drawn = np.where(block.is_outsider, names[:-1][block.draw.weighted("place.out", outside)], names[block.draw.weighted("place", weights)])
        flags = drawn == name
        if also:
            flags |= (drawn == main) & block.draw.chance(f"also.{name}", also)
        return np.asarray(flags)

    return member
