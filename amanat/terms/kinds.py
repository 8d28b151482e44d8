"""Kinds of data, and the family each belongs to on screens.

Most come from the `data_elements` that laws name; the rest are what people call their own data.
An exposure packs its kinds into a 64-bit mask while it is counted, so there are fewer than 64 and their order is fixed:
add new ones at the end.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Family = Literal["identity", "contact", "credentials", "money", "health", "location", "life", "service"]
FAMILIES: tuple[Family, ...] = ("identity", "contact", "credentials", "money", "health", "location", "life", "service")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data about a person."""

    name: str
    family: Family
    says: str


_ALL = (
    Kind("name", "identity", "full name"),
    Kind("email", "contact", "e-mail address"),
    Kind("phone", "contact", "telephone number"),
    Kind("address", "contact", "postal address"),
    Kind("dob", "identity", "date of birth"),
    Kind("ip", "location", "internet (IP) address"),
    Kind("password", "credentials", "password in clear text"),
    Kind("password_hash", "credentials", "password in hashed form"),
    Kind("iban", "money", "bank account number (IBAN)"),
    Kind("card_with_code", "money", "payment card with its security code"),
    Kind("national_id", "identity", "national identification number (outside the US)"),
    Kind("pay", "money", "pay or salary"),
    Kind("employment", "life", "employment records"),
    Kind("communications", "life", "content of messages"),
    Kind("family", "life", "family circumstances"),
    Kind("special_category", "life", "special category of data (GDPR Art. 9)"),
    Kind("service", "service", "a service that was not delivered"),
    Kind("ssn", "identity", "Social Security number (US)"),
    Kind("ssn_last4", "identity", "last four digits of a Social Security number (US)"),
    Kind("tin", "identity", "taxpayer identification number"),
    Kind("ip_pin", "identity", "identity-protection PIN of the IRS"),
    Kind("dl_state_id", "identity", "driver's licence or state identity card"),
    Kind("passport", "identity", "passport number"),
    Kind("military_id", "identity", "military identification number"),
    Kind("student_id", "identity", "student identification number"),
    Kind("tribal_id", "identity", "tribal identification number"),
    Kind("gov_id_other", "identity", "other unique number given by a government"),
    Kind("fin_acct_with_code", "money", "account or card number with the code that opens it"),
    Kind("fin_acct_alone", "money", "account number without a code"),
    Kind("card_number_alone", "money", "payment card number without its security code"),
    Kind("fin_access_code", "money", "password or PIN of a financial account"),
    Kind("electronic_id_with_code", "money", "electronic identifier or routing code with its access code"),
    Kind("medical", "health", "medical or health information"),
    Kind("medical_id", "health", "medical identification number"),
    Kind("health_insurance", "health", "health-insurance number"),
    Kind("biometric", "identity", "biometric data"),
    Kind("genetic", "health", "genetic data"),
    Kind("online_credentials", "credentials", "user name or e-mail address with the password"),
    Kind("email_with_code", "credentials", "e-mail address with a code that opens an account"),
    Kind("mothers_maiden_name", "identity", "mother's maiden name"),
    Kind("e_signature", "identity", "electronic signature"),
    Kind("private_key", "credentials", "private key"),
    Kind("employer_id_with_code", "credentials", "employee number with a code"),
    Kind("alpr", "location", "automatic licence-plate records"),
    Kind("tax_info", "money", "tax information"),
    Kind("work_evaluations", "life", "work evaluations"),
    Kind("security_tokens", "credentials", "shared secrets or tokens"),
    Kind("birth_or_marriage_cert", "identity", "birth or marriage certificate"),
    Kind("geolocation", "location", "geolocation"),
    Kind("loyalty_id", "identity", "loyalty-programme number"),
    Kind("device", "location", "number of a telephone, SIM card or computer"),
    Kind("vehicle", "identity", "vehicle or number plate"),
    Kind("card_expired", "money", "number of a payment card that is no longer valid"),
    Kind("card_truncated", "money", "part of a payment card number"),
    Kind("gender", "identity", "gender"),
    Kind("nationality", "identity", "nationality"),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
_BIT = {kind.name: i for i, kind in enumerate(_ALL)}
assert len(_ALL) < 64 and len(KINDS) == len(_ALL)


def mask_of(kinds: Iterable[str]) -> int:
    """The kinds as one integer, a bit for each.

    >>> kinds_of(mask_of(["phone", "email"]))
    ('email', 'phone')
    """
    mask = 0
    for kind in kinds:
        mask |= 1 << _BIT[kind]
    return mask


def kinds_of(mask: int) -> tuple[str, ...]:
    """The kinds behind the bits, in the order of `KINDS`."""
    return tuple(kind.name for i, kind in enumerate(_ALL) if mask >> i & 1)
