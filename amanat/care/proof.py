"""The second proof: a one-time code to the address on file, before any data is shown.

Nine digits, five tries, a quarter of an hour, a few codes a day. The code is kept as a keyed hash that is bound to one visit, so it
opens no other.

Whoever holds somebody's letter can ask for codes, too, and must neither guess one nor use them all up, which would lock the person out.
So codes are counted for each network: from one network, 8 a day with 5 tries are 40 guesses among a thousand million, one chance in
25 million a day. From all networks together, which takes at least six of them, 48 a day are 240 guesses: one chance in 4 million a day.
A network in which this person has proven who they are before is not held back by what other networks ask for.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

N_DIGITS = 9
TRIES_MAX = 5
LIVES = timedelta(minutes=15)
CODES_AN_HOUR, CODES_A_DAY = 3, 8  # for one person, asked for from one network
ALL_AN_HOUR, ALL_A_DAY = 12, 48  # for one person, whoever asks
VISIT_IDLE, VISIT_WHOLE = timedelta(minutes=20), timedelta(hours=2)


def new_proof(random_below: Callable[[int], int]) -> str:
    """A fresh code; `random_below(n)` gives a secret number from 0 to n − 1, as `secrets.randbelow` does.

    >>> new_proof(lambda n: 7)
    '000000007'
    """
    return f"{random_below(10**N_DIGITS):0{N_DIGITS}d}"


def spell_proof(code: str) -> str:
    """The code as people read it.

    >>> spell_proof("012345678")
    '012-345-678'
    """
    # Digits on both sides of a hyphen stay one number in a line that runs from the right; with a blank the groups would change places.
    return "-".join(code[at : at + 3] for at in range(0, N_DIGITS, 3))


def read_code(typed: str) -> str:
    """The digits of what somebody typed, in any digits and with any separators; empty when it cannot be a code.

    >>> read_code("۰۱۲ ۳۴۵ ۶۷۸"), read_code("0123-456")
    ('012345678', '')
    """
    digits = [unicodedata.decimal(c, None) for c in typed if not (c.isspace() or c in "-–.")]
    if len(digits) != N_DIGITS or None in digits:
        return ""
    return "".join(str(digit) for digit in digits)


def hash_of_proof(key: bytes, visit: str, code: str) -> bytes:
    """Under which a code is kept: keyed, because nine digits alone are tried out in a second, and bound to its visit."""
    return hmac.digest(key, b"amanat second proof\0" + visit.encode() + b"\0" + code.encode(), "sha256")


def is_right_proof(key: bytes, visit: str, typed: str, stored: bytes) -> bool:
    """Whether this is the code, compared in constant time; an impossible one is compared all the same."""
    return hmac.compare_digest(hash_of_proof(key, visit, read_code(typed)), stored) and bool(read_code(typed))


def hash_of_token(token: str) -> bytes:
    """Under which the token of a visit is kept. It has 256 random bits, so it needs no key."""
    return hashlib.sha256(token.encode()).digest()


def may_ask_proof(from_here: Iterable[datetime], from_anywhere: Iterable[datetime], *, is_known_here: bool, now: datetime) -> bool:
    """Whether one more code may be sent to one person, given when the earlier ones were asked for.

    Args:
        from_here: those asked for from the network that asks now.
        from_anywhere: all of them.
        is_known_here: this person has proven who they are from this network before.
    """

    def is_below(asked_at: Iterable[datetime], an_hour: int, a_day: int) -> bool:
        ages = [now - at for at in asked_at]
        return sum(age < timedelta(hours=1) for age in ages) < an_hour and sum(age < timedelta(days=1) for age in ages) < a_day

    return is_below(from_here, CODES_AN_HOUR, CODES_A_DAY) and (is_known_here or is_below(from_anywhere, ALL_AN_HOUR, ALL_A_DAY))
