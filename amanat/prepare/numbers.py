"""Numbers that are right by checksum and belong to nobody, with the reason beside each.

Where an issuer publishes a test, fiction or never-issued range, the numbers come from it. Where none exists they are drawn at random:
then the number may be somebody's, and the comment says how likely that is. It is never joined with that person's real data.
"""

import itertools
import math

import numpy as np

from amanat.prepare.column import Text, choose, digit_matrix, digits, from_matrix, join, pick
from amanat.prepare.draw import Draw, Ints

A = ord("A")


def fr_nir(draw: Draw, *, is_female: Ints, birth_year: Ints, birth_month: Ints) -> Text:
    """French NIR, 15 digits.

    Communes 950 to 989 exist in no metropolitan department (INSEE, Code officiel géographique: the highest is below 910, and
    990 means "unknown"), so the number is well formed, carries the right birth month, and was never issued.
    """
    department = draw.below("nir.department", 94) + 1
    department = np.where(department == 20, 21, department)  # Corsica writes 2A and 2B
    body = 1 + is_female
    for part, width in (
        (birth_year % 100, 2),
        (birth_month, 2),
        (department, 2),
        (950 + draw.below("nir.commune", 40), 3),
        (1 + draw.below("nir.order", 998), 3),
    ):
        body = body * 10**width + part
    return join(digits(body, 13), digits(97 - body % 97, 2))


def ir_national_number(draw: Draw) -> Text:
    """Iranian national number (کد ملی), 10 digits.

    No test range is published. The first three digits name the registry office; we use 990 to 998, which are in none of the office lists
    that circulate. Those lists are not official, so a small risk remains.
    """
    body = 990 * 10**6 + draw.unique("ir", 9 * 10**6)
    rest = (digit_matrix(body, 9) * np.arange(10, 1, -1)).sum(axis=1) % 11
    return digits(body * 10 + np.where(rest < 2, rest, 11 - rest), 10)


def us_ssn(draw: Draw) -> Text:
    """US Social Security number, 9 digits without dashes.

    The numbers that are never issued (areas 000, 666, 900 to 999) are refused by every validator, python-stdnum among them, so a scan would
    rightly not report them. Areas 773 to 899 were not issued before randomisation (SSA, 25 June 2011). Since then they can be: a number may
    belong to a child or a newcomer, never to an adult of the birth date beside it. About one in five of all possible numbers of any kind is in use.
    """
    rank = draw.unique("ssn", 127 * 99 * 9999)
    area, group, serial = 773 + rank // (99 * 9999), 1 + rank // 9999 % 99, 1 + rank % 9999
    return digits((area * 100 + group) * 10**4 + serial, 9)


_NINO_FIRST, _NINO_SECOND = "ABCEGHJKLMNOPRSTWXYZ", "ABCEGHJKLMNPRSTWXYZ"
_NINO_NEVER = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
_NINO_PREFIXES = [a + b for a in _NINO_FIRST for b in _NINO_SECOND if a + b not in _NINO_NEVER]


def uk_nino(draw: Draw) -> Text:
    """UK National Insurance number: two letters, six digits, one of A to D.

    The prefixes that are never issued (HMRC, NIM39110) are refused by validators and would rightly not be found. So the prefix is random among
    the permitted ones. There is no check digit; roughly one in ten of these numbers is in use by somebody.
    """
    rank = draw.unique("nino", len(_NINO_PREFIXES) * 10**6)
    return join(pick(_NINO_PREFIXES, rank // 10**6), digits(rank % 10**6, 6), pick("ABCD", draw.below("nino.suffix", 4)))


def br_cpf(draw: Draw) -> Text:
    """Brazilian CPF, 11 digits with two check digits.

    The Receita Federal publishes no test range, so the nine first digits are random; roughly one in four is in use by somebody.
    """
    body = digit_matrix(draw.unique("cpf", 10**9 - 2) + 1, 9)
    for weights in (np.arange(10, 1, -1), np.arange(11, 1, -1)):
        rest = (body * weights).sum(axis=1) % 11
        body = np.column_stack([body, np.where(rest < 2, 0, 11 - rest)])
    return from_matrix(body + ord("0"))


_PAIRS = list(itertools.combinations(range(1, 10), 2))


def de_idnr(draw: Draw) -> Text:
    """German tax number of a person (Steuer-ID), 11 digits.

    Issued numbers never begin with 0: that is the range for tests (BZSt; from memory, the page was not read again). python-stdnum refuses it
    for this reason; the test of this file judges the structure and the check digit (ISO 7064, mod 11,10) itself.
    """
    # After the leading 0 an order of the digits 1 to 9, in which one place is written over by the digit of a later place: exactly one digit
    # stands twice, and every rank gives another number.
    rank = draw.unique("idnr", math.factorial(9) * len(_PAIRS))
    n, rows = len(rank), np.arange(len(rank))
    body = np.zeros((n, 10), dtype=np.int64)
    order, left = rank // len(_PAIRS), np.tile(np.arange(1, 10), (n, 1))
    for i in range(1, 10):
        which, order = np.divmod(order, math.factorial(9 - i))
        body[:, i] = left[rows, which]
        left = left[np.arange(left.shape[1]) != which[:, None]].reshape(n, -1)
    written_over, by = np.array(_PAIRS)[rank % len(_PAIRS)].T
    body[rows, written_over] = body[rows, by]
    product = np.full(n, 10, dtype=np.int64)
    for i in range(10):
        total = (body[:, i] + product) % 10
        product = np.where(total == 0, 10, total) * 2 % 11
    return from_matrix(np.column_stack([body, (11 - product) % 10]) + ord("0"))


def card(draw: Draw) -> Text:
    """Payment card, 15 or 16 digits with its Luhn digit.

    The first six digits are those of the test cards that processors publish: Visa 400000 and 411111, Mastercard 555555 and 222300,
    American Express 378282. The rest is random: some of these ranges have real cards too, always with another expiry and code.
    """
    brand = draw.weighted("card.brand", [35, 20, 25, 10, 10])
    prefix = np.array([400000, 411111, 555555, 222300, 378282])[brand]
    is_long = brand < 4
    body = np.where(is_long, prefix * 10**9 + draw.unique("card", 10**9), prefix * 10**8 + draw.unique("card", 10**8))
    # Every second digit from the right is doubled, beginning with the last of the body.
    wide = digit_matrix(body, 15)[:, ::-1]
    doubled = wide.copy()
    doubled[:, ::2] = wide[:, ::2] * 2 // 10 + wide[:, ::2] * 2 % 10
    check = (10 - doubled.sum(axis=1) % 10) % 10
    full = body * 10 + check
    return choose(is_long.astype(np.int64), digits(full, 15), digits(full, 16))


def _mod97(codes: list[Ints], widths: list[int]) -> Ints:
    rest = np.zeros_like(codes[0])
    for code, width in zip(codes, widths, strict=True):
        for piece, size in _pieces(code, width):
            rest = (rest * 10**size + piece) % 97
    return rest


def _pieces(code: Ints, width: int) -> list[tuple[Ints, int]]:
    # 97 * 10**9 fits into 64 bits with room to spare; longer pieces would not.
    pieces = []
    while width > 9:
        pieces.append((code // 10 ** (width - 9), 9))
        code, width = code % 10 ** (width - 9), width - 9
    return [*pieces, (code, width)]


def _letters(text: str) -> int:
    # A = 10 … Z = 35, two digits each, as ISO 13616 counts them.
    return int("".join(str(int(c, 36)) for c in text))


# Country: digits or letters before the account, then digits of the account.
# Bank codes that no bank has: FR 99999 (no such CIB in the ACPR's register), DE 9… (clearing areas run from 1 to 8), GB ZZZZ with sort code 00-00-…,
# ES 9999, CH 99999, IR 999 (Sheba codes of banks are 010 to 099). So the account cannot exist.
# Iran is not in the registry of SWIFT that python-stdnum carries: for IR only the ISO 13616 check digits can be judged with it.
IBAN_COUNTRIES = ("FR", "DE", "GB", "ES", "CH", "IR")


def iban(draw: Draw, country: str) -> Text:
    """IBAN of one of IBAN_COUNTRIES, at a bank that does not exist; national check digits are right where the country has them."""
    account = draw.below("iban.account", 10**10)
    if country == "FR":
        branch, account = draw.below("iban.branch", 10**5), account + 10**10 * (draw.below("iban.more", 10))
        key = 97 - (89 * 99999 + 15 * branch + 3 * account) % 97  # the clé RIB
        codes, widths, bban = [np.full_like(branch, 99999), branch, account, key], [5, 5, 11, 2], None
    elif country == "DE":
        codes, widths, bban = [90000000 + draw.below("iban.branch", 10**7), account], [8, 10], None
    elif country == "GB":
        sort, short = draw.below("iban.branch", 100), account % 10**8
        codes, widths = [np.full_like(sort, _letters("ZZZZ")), sort, short], [8, 6, 8]
        bban = join("ZZZZ", digits(sort, 6), digits(short, 8))
    elif country == "ES":
        branch = draw.below("iban.branch", 10**4)
        weights = np.array([1, 2, 4, 8, 5, 10, 9, 7, 3, 6])
        checks = [
            11 - (digit_matrix(number, 10) * weights).sum(axis=1) % 11
            for number in (99990000 + branch, account)  # bank and branch stand after two zeros
        ]
        control = np.where(checks[0] > 9, 11 - checks[0], checks[0]) * 10 + np.where(checks[1] > 9, 11 - checks[1], checks[1])
        codes, widths, bban = [np.full_like(branch, 9999), branch, control, account], [4, 4, 2, 10], None
    elif country == "CH":
        codes, widths, bban = [np.full_like(account, 99999), draw.below("iban.branch", 100), account], [5, 2, 10], None
    else:
        codes, widths, bban = [np.full_like(account, 999), draw.below("iban.branch", 10**9), account], [3, 9, 10], None
    if bban is None:
        bban = join(*[digits(code, width) for code, width in zip(codes, widths, strict=True)])
    tail = np.full_like(account, _letters(country) * 100)
    check = 98 - _mod97([*codes, tail], [*widths, 6])
    return join(country, digits(check, 2), bban)


def de_kvnr(draw: Draw) -> Text:
    """German health-insurance number (KVNR): a letter, eight digits and a check digit (§ 290 SGB V).

    No test range is published. The number is random: about one in twenty of these belongs to somebody insured, never to the name beside it here.
    """
    letter, body = draw.below("kvnr.letter", 26), draw.unique("kvnr", 10**8)
    # The letter counts as two digits, 01 to 26; weights are 1 and 2 in turn, and of products the digits are added.
    counted = np.column_stack([digit_matrix(letter + 1, 2), digit_matrix(body, 8)]) * np.array([1, 2] * 5)
    check = (counted // 10 + counted % 10).sum(axis=1) % 10
    return join(pick([chr(A + i) for i in range(26)], letter), digits(body, 8), digits(check, 1))


def uk_nhs(draw: Draw) -> Text:
    """NHS number, 10 digits: numbers that begin with 999 are kept for tests (NHS Data Dictionary) and belong to nobody."""
    body = 999 * 10**6 + draw.below("nhs", 10**6)
    check = 11 - (digit_matrix(body, 9) * np.arange(10, 1, -1)).sum(axis=1) % 11
    # A check of 10 is never issued: the next number is taken, whose check is another.
    body = np.where(check == 10, np.where(body % 10 == 9, body - 1, body + 1), body)
    check = 11 - (digit_matrix(body, 9) * np.arange(10, 1, -1)).sum(axis=1) % 11
    return digits(body * 10 + check % 11, 10)


def passport(draw: Draw) -> Text:
    """Passport number: two letters and seven digits, as several countries write theirs.

    There is no test range. `QS` and `QU` begin the numbers of none of our guests' countries as far as we know: German ones use no Q, S or U,
    French ones begin with digits, Italian ones with Y, Iranian ones have one letter, the others have fewer digits or none but digits.
    """
    return join(pick(["QS", "QU"], draw.below("passport.series", 2)), digits(draw.below("passport.number", 10**7), 7))


def ip(draw: Draw, stream: str = "ip") -> Text:
    """An internet address of the documentation ranges (RFC 5737), or for one in ten of RFC 3849."""
    net = pick(["192.0.2.", "198.51.100.", "203.0.113."], draw.below(f"{stream}.net", 3))
    four = join(net, pick([str(i) for i in range(1, 255)], draw.below(f"{stream}.host", 254)))
    hexes = "0123456789abcdef"
    six = join(
        "2001:db8:",
        *[pick(list(hexes), draw.below(f"{stream}.six{i}", 16)) for i in range(4)],
        "::",
        *[pick(list(hexes), draw.below(f"{stream}.x{i}", 16)) for i in range(3)],
    )
    return choose(draw.chance(f"{stream}.v6", 0.1).astype(np.int64), four, six)
