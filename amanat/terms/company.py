"""The company in whose name amanat writes: contacts, domains, languages, staff who may sign."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from amanat.lib.errors import Fixable
from amanat.lib.shape import build, line_of, read_toml

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+[1-9]\d{5,14}", re.ASCII)  # E.164
_PRICE = re.compile(r"(\d+(?:\.\d+)?) ([A-Z]{3})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Someone who works in amanat and can sign an approval."""

    id: str
    name: str
    role: str = ""
    public_key: str = ""  # Ed25519, 64 hex digits


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityContact:
    """Someone of ours whom an authority may ask; forms of authorities want a name."""

    name: str
    function: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PressContact:
    """Who of ours answers newsrooms: an office or a role, for a person may be on leave on the worst day."""

    office: dict[str, str] = field(default_factory=dict)  # its name by language; without it "press office"
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """An amount of money."""

    amount: Decimal
    currency: str  # ISO 4217


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
    bounces: str = ""  # mailbox to which undelivered mail comes back; its server must take NAME+anything@DOMAIN (RFC 5233)
    privacy_contact: str = ""  # the data-protection officer or privacy office, by name of the office
    privacy_email: str
    my_page_url: str = ""  # where a person sees their own page; without it the notices do not mention one
    phone: dict[str, str] = field(default_factory=dict)  # by place of residence; "default" for all others
    domains: tuple[str, ...] = ()  # our brand's domains
    languages: tuple[str, ...] = ("en",)
    default_language: str = "en"
    signatory: str = ""  # who signs the letters
    signatory_title: dict[str, str] = field(default_factory=dict)  # by language
    authority: str = ""  # our lead supervisory authority
    insurer: str = ""
    counsel: str = ""
    registration: str = ""  # number in the company register
    lei: str = ""  # Legal Entity Identifier, 20 characters
    parent: str = ""  # the undertaking at the head of the group
    parent_lei: str = ""
    activity: str = ""  # what we do, as the statistics office calls it (NACE, NAF)
    dpo: str = ""  # name of the data-protection officer, where there is one
    authority_contact: tuple[AuthorityContact, ...] = ()  # whom an authority may ask, in turn
    press: PressContact | None = None  # whom newsrooms ask; stands in press releases and posts
    channels: tuple[str, ...] = ("email", "letter")  # by which we can reach persons, in the order in which they take turns
    # Letters to one family under one address share an envelope, each on sheets of its own. Whoever opens it sees who else of the family was our
    # customer: weigh that before you say yes (`notify.household`).
    one_envelope_per_household: bool = False
    # A message in a portal that nobody opened for so many days is followed by the next channel; 0: never. Somebody who looks in once a week has
    # had their chance by then. No law names a number.
    unopened_days: int = 7
    unit_cost: dict[str, str] = field(default_factory=dict)  # what one message costs, by channel: "1.29 EUR"
    messages_per_hour: dict[str, int] = field(default_factory=dict)  # what relay or printer takes, by channel
    messages_per_day: dict[str, int] = field(default_factory=dict)  # what a provider sells us, by channel
    per_minute_by_domain: dict[str, int] = field(default_factory=dict)  # most mails to one domain ("gmail.com"); "default" for all others
    quiet_hours: dict[str, str] = field(default_factory=dict)  # "21:00-08:00" where the person lives, by channel; a deadline goes before
    staff: tuple[Staff, ...] = ()

    def price_of(self, channel: str) -> Price | None:
        """What one message on this channel costs; None when nobody entered it."""
        return _price(self.unit_cost[channel]) if channel in self.unit_cost else None


class BadCompany(Fixable):
    """`company.toml` says something that cannot be."""


def read_company(path: Path) -> Company:
    """The company of a `company.toml`; raises BadCompany and the errors of `lib.shape`."""
    company = build(Company, read_toml(path), where=path)
    ids = [s.id for s in company.staff]
    if len(set(ids)) != len(ids):
        raise BadCompany(f"{path}: two members of staff have the same id; give each their own")
    if company.unopened_days < 0:
        raise BadCompany(f"{line_of(path, 'unopened_days')}: unopened_days must be 0 (the next channel never follows) or a number of days")
    for channel, text in company.unit_cost.items():
        if _price(text) is None:
            raise BadCompany(f'{line_of(path, channel)}: unit_cost.{channel} is no amount with its currency; write it like "1.29 EUR"')
    if company.press:
        _check_press(company.press, path)
    for name in ("messages_per_hour", "messages_per_day", "per_minute_by_domain"):
        for channel, n in getattr(company, name).items():
            if n < 1:
                raise BadCompany(f"{line_of(path, channel)}: {name}.{channel} must be at least 1; leave it out when it is not known")
    return company


def _check_press(press: PressContact, path: Path) -> None:
    """Newsrooms print what stands here: it must be an address and a number that work, and there must be one of them."""
    if not (press.email or press.phone):
        raise BadCompany(f"{line_of(path, 'press')}: press has neither email nor phone; give one of them, or leave [press] out")
    if press.email and not _EMAIL.fullmatch(press.email):
        raise BadCompany(f'{line_of(path, "press")}: press.email is no e-mail address; write it like "press@company.example"')
    if press.phone and not _PHONE.fullmatch(press.phone):
        raise BadCompany(f'{line_of(path, "press")}: press.phone must be international, like "+33199002083": newsrooms abroad call too')


def _price(text: str) -> Price | None:
    found = _PRICE.fullmatch(text.strip())
    return Price(Decimal(found[1]), found[2]) if found else None
