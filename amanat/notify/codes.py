"""Verification codes: how one is made, spelt, read and kept; what it stands for is in `verify.py`.

A code is 60 bits in Crockford's base 32 and a check symbol, in groups: `KV7M-2Q9T-X4C8-R`. It is derived from the case's key
and the sending's id, so it need not be stored; the case keeps a keyed hash of it with the notice it stands for, and nothing
that leads to the person. The check symbol finds every single wrong symbol and every swap of two.

Source: Douglas Crockford, Base 32, https://www.crockford.com/base32.html (alphabet and tolerant reading; the check symbol is
our own: a weighted sum over the field of 32 elements needs no symbols outside the alphabet, which people must read out on the phone).
"""

import hmac
import unicodedata
from collections.abc import Iterable, Iterator

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
N_SYMBOLS = 12

_TO_HEX32 = str.maketrans(ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUV")  # as `int(…, 32)` reads them
_VALUE = {symbol: i for i, symbol in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}


def code_for(key: bytes, sending_id: str) -> str:
    """The code of a sending.

    >>> code_for(b"k" * 32, "0" * 32) == code_for(b"k" * 32, "0" * 32)
    True
    """
    return spell(number_of(derived(key, CODE_KEY), sending_id))


def spell(number: int) -> str:
    """60 bits as a code with its check symbol.

    >>> spell(0), spell(1)
    ('0000-0000-0000-0', '0000-0000-0001-2')
    """
    values = [number >> 5 * (N_SYMBOLS - 1 - i) & 31 for i in range(N_SYMBOLS)]
    text = "".join(ALPHABET[v] for v in [*values, _check_of(values)])
    return "-".join((text[0:4], text[4:8], text[8:12], text[12]))


def read_code(text: str) -> int | None:
    """The 60 bits behind what somebody typed, or None when it cannot be a code of ours.

    Blanks, dashes, lower case, O for 0, I and L for 1, full-width and Persian or Arabic digits are understood.

    >>> read_code("oooo oooo oool 2"), read_code("0000-0000-0001-1")
    (1, None)
    """
    values = []
    for symbol in unicodedata.normalize("NFKC", text).upper():
        digit = unicodedata.decimal(symbol, None)
        value = int(digit) if digit is not None else _VALUE.get(symbol)
        if value is not None:
            values.append(value)
        elif symbol.isalnum():
            return None
    if len(values) != N_SYMBOLS + 1 or _check_of(values[:-1]) != values[-1]:
        return None
    number = 0
    for value in values[:-1]:
        number = number << 5 | value
    return number


def number_in(code: str) -> int:
    """The 60 bits behind a code as `spell` wrote it; what somebody typed is for `read_code`.

    >>> number_in(spell(2**60 - 1)) == 2**60 - 1
    True
    """
    return int(code[:14].replace("-", "").translate(_TO_HEX32), 32)


def hash_of_code(key: bytes, number: int) -> bytes:
    """16 bytes under which a code is stored. Keyed: 60 bits alone could be tried out by somebody who stole the table."""
    return stored(derived(key, STORE_KEY), number)


def hashes_of_codes(key: bytes, sending_ids: Iterable[str]) -> Iterator[bytes]:
    """What is stored of the code of each sending; none of them is spelt, for it may be a million.

    >>> next(hashes_of_codes(b"k" * 32, ["0" * 32])) == hash_of_code(b"k" * 32, number_in(code_for(b"k" * 32, "0" * 32)))
    True
    """
    code_key, store_key = derived(key, CODE_KEY), derived(key, STORE_KEY)
    return (stored(store_key, number_of(code_key, one)) for one in sending_ids)


# Two keys out of one: who learns how codes are stored still cannot make one.
CODE_KEY, STORE_KEY = b"amanat verification code", b"amanat code store"


def derived(key: bytes, purpose: bytes) -> bytes:
    """One key out of another, for one purpose."""
    return hmac.digest(key, purpose, "sha256")


def number_of(code_key: bytes, sending_id: str) -> int:
    """The 60 bits of a sending's code."""
    return int.from_bytes(hmac.digest(code_key, sending_id.encode(), "sha256")[:8], "big") >> 4


def stored(store_key: bytes, number: int) -> bytes:
    """16 bytes under which a number is stored."""
    return hmac.digest(store_key, number.to_bytes(8, "big"), "sha256")[:16]


def _times_x(value: int) -> int:
    # Multiplication by x in the field of 32 elements modulo x^5 + x^2 + 1, where x generates all 31 others.
    return (value << 1) ^ (0b100101 if value & 16 else 0)


def _check_of(values: Iterable[int]) -> int:
    # Horner's rule: the symbols count x^12 … x^1 times and the check symbol itself once, a different weight for each. So one
    # wrong symbol changes the sum, and so does a swap of two different ones.
    total = 0
    for value in values:
        total = _times_x(total ^ value)
    return total
