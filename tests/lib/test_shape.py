"""A mistake in a TOML file is said with its line and what to write instead."""

from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest

from amanat.lib.shape import MissingKey, NotToml, UnknownKey, WrongType, build, read_toml


@dataclass(frozen=True, slots=True)
class Room:
    name: str
    beds: int = 1


@dataclass(frozen=True, slots=True)
class Hotel:
    name: str
    opened: datetime | None = None
    stars: Literal["one", "two"] = "one"
    rooms: tuple[Room, ...] = ()
    price_eur: Decimal = Decimal(0)


def hotel(tmp_path: Path, text: str) -> Hotel:
    path = tmp_path / "hotel.toml"
    path.write_text(text, encoding="utf-8")
    return build(Hotel, read_toml(path), where=path)


def test_a_right_file_becomes_a_value(tmp_path):
    read = hotel(
        tmp_path, 'name = "Karvan"\nopened = 2020-05-01T12:00:00+02:00\nstars = "two"\nprice_eur = 12.5\n[[rooms]]\nname = "blue"\nbeds = 2\n'
    )
    assert read == Hotel("Karvan", datetime(2020, 5, 1, 10, tzinfo=timezone.utc), "two", (Room("blue", 2),), Decimal("12.5"))


def test_an_unknown_key_is_said_with_line_and_likely_word(tmp_path):
    with pytest.raises(UnknownKey, match=r"hotel.toml:3: unknown key 'bedz' in rooms\[0\]; did you mean 'beds'\?"):
        hotel(tmp_path, 'name = "Karvan"\n[[rooms]]\nbedz = 2\nname = "blue"\n')


def test_a_missing_key_is_named_with_its_table(tmp_path):
    with pytest.raises(MissingKey, match=r"'name' is missing in rooms\[1\]"):
        hotel(tmp_path, 'name = "Karvan"\n[[rooms]]\nname = "blue"\n[[rooms]]\nbeds = 2\n')


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = 3", "hotel.toml:1: name must be text in quotes, not int"),
        ('name = "a"\nopened = 2020-05-01T12:00:00', "hotel.toml:2: opened must be a moment with its offset"),
        ('name = "a"\nstars = "tow"', "did you mean 'two'"),
        ('name = "a"\nrooms = "blue"', "rooms must be a list, not str"),
        ('name = "a"\n[[rooms]]\nname = "b"\nbeds = true', r"rooms\[0\].beds must be a whole number, not bool"),
    ],
)
def test_a_value_of_the_wrong_type_is_said(tmp_path, text, says):
    with pytest.raises(WrongType, match=says):
        hotel(tmp_path, text)


def test_what_is_not_toml_is_said_with_its_position(tmp_path):
    with pytest.raises(NotToml, match=r"hotel.toml: is not valid TOML: .*line 1"):
        hotel(tmp_path, "name = \n")
    with pytest.raises(NotToml, match="there is no such file"):
        read_toml(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes('name = "é"'.encode("latin-1"))
    with pytest.raises(NotToml, match="is not UTF-8 text"):
        read_toml(tmp_path / "latin.toml")
