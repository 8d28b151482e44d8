"""Some persons at once, a column for each thing known about them."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.prepare.column import Text, where
from amanat.prepare.draw import Draw, Flags, Ints
from amanat.prepare.places import CODES


@dataclass(slots=True, kw_only=True)
class Block:
    """Some persons in the order of their position. Text columns are null where a person has no such value."""

    draw: Draw
    position: Ints  # number of the register person, or of the last one before this outsider
    is_outsider: Flags
    person_id: Text
    place: Ints  # index into PLACES
    culture: Ints  # index into CULTURES
    is_female: Ints
    is_persian: Flags  # the name is written in Persian script
    given: Text
    family: Text
    name: Text
    latin_given: Text
    latin_family: Text
    email: Text
    email2: Text
    phone: Text
    phone2: Text
    street: Text
    postcode: Text
    town: Text
    region: Text
    address: Text
    language: Text
    birth_date: Any
    minor: Flags
    deceased: Flags
    has_own_email: Flags  # false for a minor who writes from a parent's address
    needs: Text
    national_id: Text
    iban: Text
    card: Text
    loyalty_id: Text
    since: Any
    yearly_value_eur: Ints

    def __len__(self) -> int:
        return len(self.position)

    def take(self, flag: Flags) -> "Block":
        """The persons for whom the flag is set."""
        return self.at(np.flatnonzero(flag))

    def at(self, rows: Ints) -> "Block":
        """The persons in these rows of the block; a row may come several times."""
        index = pa.array(rows)
        values: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Draw):
                values[field.name] = Draw(value.seed, value.index[rows])
            elif isinstance(value, np.ndarray):
                values[field.name] = value[rows]
            else:
                values[field.name] = value.take(index)
        return replace(self, **values)

    def is_in(self, *codes: str) -> Flags:
        """Whether each person lives in one of the places."""
        return np.isin(self.place, [CODES.index(code) for code in codes])


def in_latin_letters(part: Block) -> tuple[Text, Text]:
    """Given and family name, Persian script replaced by Latin letters: for files whose encoding has no Persian."""
    return (
        where(part.is_persian, pc.utf8_title(part.latin_given), part.given),
        where(part.is_persian, pc.utf8_title(part.latin_family), part.family),
    )
