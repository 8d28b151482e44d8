"""The second proof: a one-time code to the address on file, before any data is shown.

Eight digits, five tries, a quarter of an hour, a few codes a day: whoever holds somebody's letter and guesses has one chance in two
million a day. The code is kept as a keyed hash that is bound to one visit, so it opens no other.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

N_DIGITS = 8
TRIES_MAX = 5
LIVES = timedelta(minutes=15)
CODES_AN_HOUR, CODES_A_DAY = 3, 8  # for one person, whoever asks
VISIT_IDLE, VISIT_WHOLE = timedelta(minutes=20), timedelta(hours=2)


def new_proof(random_below: Callable[[int], int]) -> str:
    """A fresh code; `random_below(n)` gives a secret number from 0 to n − 1, as `secrets.randbelow` does.

    >>> new_proof(lambda n: 7)
    '00000007'
    """
    return f"{random_below(10**N_DIGITS):0{N_DIGITS}d}"


def spell_proof(code: str) -> str:
    """The code as people read it.

    >>> spell_proof("01234567")
    '0123-4567'
    """
    half = N_DIGITS // 2
    # Digits on both sides of a hyphen stay one number in a line that runs from the right; with a blank the halves would change places.
    return f"{code[:half]}-{code[half:]}"


def read_code(typed: str) -> str:
    """The digits of what somebody typed, in any digits and with any separators; empty when it cannot be a code.

    >>> read_code("۰۱۲۳ ۴۵۶۷"), read_code("0123-456")
    ('01234567', '')
    """
    digits = [unicodedata.decimal(c, None) for c in typed if not (c.isspace() or c in "-–.")]
    if len(digits) != N_DIGITS or None in digits:
        return ""
    return "".join(str(digit) for digit in digits)


def hash_of_proof(key: bytes, visit: str, code: str) -> bytes:
    """Under which a code is kept: keyed, because eight digits alone are tried out in a second, and bound to its visit."""
    return hmac.digest(key, b"amanat second proof\0" + visit.encode() + b"\0" + code.encode(), "sha256")


def is_right_proof(key: bytes, visit: str, typed: str, stored: bytes) -> bool:
    """Whether this is the code, compared in constant time; an impossible one is compared all the same."""
    return hmac.compare_digest(hash_of_proof(key, visit, read_code(typed)), stored) and bool(read_code(typed))


def hash_of_token(token: str) -> bytes:
    """Under which the token of a visit is kept. It has 256 random bits, so it needs no key."""
    return hashlib.sha256(token.encode()).digest()


def may_ask_proof(asked_at: list[datetime], *, now: datetime) -> bool:
    """Whether one more code may be sent, given when the earlier ones were asked for."""
    in_hour = sum(now - at < timedelta(hours=1) for at in asked_at)
    in_day = sum(now - at < timedelta(days=1) for at in asked_at)
    return in_hour < CODES_AN_HOUR and in_day < CODES_A_DAY
