"""The slow, obvious scan, judge of the fast one: one identifier after the other, by regular expressions and well-known libraries."""

import ipaddress
import re

import phonenumbers
from stdnum import iban, luhn
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.fr import nir
from stdnum.us import ssn

_CARD = re.compile(r"(4(\d{12}|\d{15}|\d{18})|5\d{15}|2[2-7]\d{14}|3[47]\d{13}|3[068]\d{12}|35[2-8]\d{13}|6\d{15}|62\d{17}|9792\d{12})$")
_NINO = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$")
_EMAIL = re.compile(r"[A-Za-z0-9_+][A-Za-z0-9._%+-]*(?<!\.)@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}$")


def identifiers_of(item: str) -> set[str]:
    """What the whole item is, as the issuers' rules and well-known libraries see it."""
    compact = re.sub(r"[ .\-]", "", item).upper()
    is_one_case = item in (item.upper(), item.lower())
    is_digits = compact.isdigit()
    is_varied = len(set(compact)) > 1
    found = set()
    if _EMAIL.match(item):
        found.add("email")
    if is_one_case and iban.is_valid(compact, check_country=False):
        found.add("iban")
    if is_digits and is_varied and _CARD.match(compact) and luhn.is_valid(compact):
        found.add("card")
    if is_one_case and len(compact) == 15 and nir.is_valid(compact):
        found.add("fr_nir")
    if is_digits and is_varied and len(compact) == 10 and _is_iranian(compact):
        found.add("ir_national_number")
    # Two countries have nine digits, and group them each in its own way.
    groups = [len(part) for part in re.split(r"[ .\-]", item)]
    if is_digits and groups in ([9], [3, 2, 4], [5, 4], [3, 6]) and _is_ssn(compact):
        found.add("us_ssn")
    if is_one_case and _NINO.match(compact):
        found.add("uk_nino")
    if is_digits and is_varied and len(compact) == 11 and cpf.is_valid(compact):
        found.add("br_cpf")
    if is_digits and groups in ([9], [3, 3, 3]) and is_varied and luhn.is_valid(compact):
        found.add("ca_sin")
        # python-stdnum refuses 8, which is not given to persons; a thief's file may hold one all the same.
        assert compact[0] in "08" or sin.is_valid(compact)
    if item.startswith("+") and _is_phone(item):
        found.add("phone")
    try:
        ipaddress.ip_address(item)
        found.add("ip")
    except ValueError:
        pass
    return found


def _is_iranian(number: str) -> bool:
    rest = sum(int(d) * (10 - i) for i, d in enumerate(number[:9])) % 11
    return int(number[9]) == (rest if rest < 2 else 11 - rest)


def _is_ssn(number: str) -> bool:
    # python-stdnum also refuses numbers that became known from advertisements; people may still have typed them in.
    area, group, serial = number[:3], number[3:5], number[5:]
    is_issued = area not in ("000", "666") and area < "900" and group != "00" and serial != "0000" and len(set(number)) > 1
    assert is_issued or not ssn.is_valid(number)
    return is_issued


def _is_phone(item: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(item))
    except phonenumbers.NumberParseException:
        return False
