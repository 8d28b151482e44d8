"""World: what the looks of controls may look at: company, plan, DNS, TLS, amanat itself. All of it is given, so that tests need no network."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol
from urllib.parse import urlsplit

from amanat.terms.company import Company

Way = Literal["mail", "phone", "messenger", "radio", "in person", "portal"]
Party = Literal["authority", "police", "counsel", "insurer", "forensics", "processor", "press", "staff", "bank"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the DNS said about one name."""

    state: Literal["found", "empty", "no such name", "failed"]
    values: tuple[str, ...] = ()
    why: str = ""  # of a failure


class Dns(Protocol):
    """Who answers questions about names."""

    def txt(self, name: str) -> Answer:
        """The TXT records of a name."""

    def exists(self, name: str) -> Answer:
        """Whether a domain exists at all."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """How a TLS connection went: `failed` means that nobody answered, `refused` that the certificate does not hold."""

    state: Literal["ok", "refused", "failed"]
    until: datetime | None = None  # end of the certificate
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Who does what on the day, by the id of `company.toml`; no names are needed here."""

    role: str
    staff: str
    deputy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEntry:
    """One line of the contact list: whom, by which ways, and when somebody last tried it. The numbers themselves stay in the list."""

    party: Party
    checked_on: date
    reached_by: tuple[Way, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The response plan, as far as its common mistakes can be seen."""

    written_on: date | None = None
    offline_copy: bool | None = None  # on paper or on a device that is not in the network
    rehearsed_on: date | None = None
    restore_tested_on: date | None = None
    notice_rehearsed_on: date | None = None
    out_of_band: tuple[Way, ...] = ()  # how staff reach each other when the mail is down or read by the attacker
    role: tuple[Role, ...] = ()
    contact: tuple[ContactEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """amanat itself, as far as it was looked at. None: not looked at from here."""

    n_staff: int | None = None
    n_without_second_factor: int | None = None
    key_file_mode: int | None = None  # permission bits of the master key's file
    has_key_file: bool | None = None
    newest_backup_at: datetime | None = None
    has_backup_folder: bool | None = None  # False: named, and not there or empty


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that a look may look at."""

    now: datetime
    company: Company | None = None
    plan: Plan | None = None  # None: nobody has told us of one
    dkim_selectors: tuple[str, ...] = ()
    own: Own = field(default_factory=Own)
    dns: Dns | None = None  # None: not to be asked
    handshake: Callable[[str], Handshake] | None = None

    @property
    def domains(self) -> tuple[str, ...]:
        return tuple(d.lower().rstrip(".") for d in self.company.domains) if self.company else ()

    @property
    def hosts(self) -> tuple[str, ...]:
        """Hosts that persons are sent to: our website, and where codes of notices are checked."""
        if not self.company:
            return ()
        found = [urlsplit(url).hostname for url in (self.company.website, self.company.notices_url)]
        return tuple(dict.fromkeys(host for host in found if host))

    def age_days(self, day: date) -> int:
        return (self.now.date() - day).days


class FixedDns:
    """A DNS that knows only these records; for examples and tests."""

    def __init__(self, records: Mapping[str, tuple[str, ...]]) -> None:
        self._records = records

    def txt(self, name: str) -> Answer:
        if name in self._records:
            return Answer("found", self._records[name]) if self._records[name] else Answer("empty")
        return Answer("no such name")

    def exists(self, name: str) -> Answer:
        return Answer("found" if any(known == name or known.endswith("." + name) for known in self._records) else "no such name")


def a_company(*, domains: tuple[str, ...] = ("karvan.example",), n_keys: int = 0) -> Company:
    """A small company, for examples and tests."""
    from amanat.terms.company import Staff

    return Company(
        name="Karvan",
        legal_name="Karvan SAS",
        address="12 quai des Mariniers, 69009 Lyon, France",
        country="FR",
        website="https://www.karvan.example",
        notices_url="https://notice.karvan.example/verify",
        sender="notice@karvan.example",
        privacy_email="privacy@karvan.example",
        domains=domains,
        staff=tuple(Staff(id=f"staff-{n}", name=f"Staff {n}", public_key=f"{n:064x}") for n in range(1, n_keys + 1)),
    )
