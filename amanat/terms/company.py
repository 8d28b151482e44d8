"""The company in whose name amanat writes: contacts, domains, languages, staff who may sign."""

from dataclasses import dataclass, field
from pathlib import Path

from amanat.lib.errors import Fixable
from amanat.lib.shape import build, read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Someone who works in amanat and can sign an approval."""

    id: str
    name: str
    role: str = ""
    public_key: str = ""  # Ed25519, 64 hex digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """`company.toml` of an incident's folder."""

    name: str
    legal_name: str
    address: str  # lines separated by commas
    country: str  # ISO 3166-1
    website: str
    notices_url: str  # where a person checks a code, on the company's own domain
    sender: str  # e-mail address the notices come from
    reply_to: str = ""
    privacy_contact: str = ""  # the data-protection officer or privacy office, by name of the office
    privacy_email: str
    phone: dict[str, str] = field(default_factory=dict)  # by place of residence; "default" for all others
    domains: tuple[str, ...] = ()  # our brand's domains
    languages: tuple[str, ...] = ("en",)
    default_language: str = "en"
    signatory: str = ""  # who signs the letters
    signatory_title: dict[str, str] = field(default_factory=dict)  # by language
    authority: str = ""  # our lead supervisory authority
    insurer: str = ""
    counsel: str = ""
    staff: tuple[Staff, ...] = ()


class BadCompany(Fixable):
    """`company.toml` says something that cannot be."""


def read_company(path: Path) -> Company:
    """The company of a `company.toml`; raises BadCompany and the errors of `lib.shape`."""
    company = build(Company, read_toml(path), where=path)
    ids = [s.id for s in company.staff]
    if len(set(ids)) != len(ids):
        raise BadCompany(f"{path}: two members of staff have the same id; give each their own")
    return company
