"""Contact: how to reach one affected person, and in which language."""

from dataclasses import dataclass

from amanat.lib.private import Private


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One affected person as the register knows them; every value is private."""

    person_id: str
    name: Private | None
    emails: tuple[Private, ...]
    phones: tuple[Private, ...]
    address: Private | None  # lines separated by commas
    residence: str | None
    language: str | None
    minor: bool | None
    deceased: bool | None
    needs: Private | None
    controllers: tuple[str, ...] = ()  # for whom we process this person's data, as the register writes it; empty: for ourselves
    birth_date: Private | None = None  # as the register writes it; only to tell two persons of one name apart
    national_id: Private | None = None  # likewise
    register_id: Private | None = None  # their number in the register, where `person_id` is another name for them
