"""Bitcoin address, of any of its three sorts; the check inside it is done last."""

import math

from amanat.scope.identifier import Identifier

_BITS = math.log2(58)


def _is_too_short_or_long(address: str) -> bool:
    """Whether base 58 gives no 25 bytes. Each 1 in front is a byte of zeros."""
    rest = address.lstrip("1")
    n_bytes = 25 - (len(address) - len(rest))
    return address.isascii() and not (8 * (n_bytes - 1) < len(rest) * _BITS and (len(rest) - 1) * _BITS < 8 * n_bytes)


def is_valid(address: str) -> bool:
    """Whether its own check holds."""
    # Hexadecimal numbers are many, and nearly all of them can be refused before a check is computed.
    if address[0] in "13" and _is_too_short_or_long(address):
        return False
    from stdnum import bitcoin

    return bitcoin.is_valid(address)


IDENTIFIER = Identifier(
    kind="fin_acct_alone",
    form="literal",
    literals=(("bc1", 38, 87), ("1", 24, 33), ("3", 24, 33)),
    alphabet=r"a-zA-Z0-9",
    never=(("1", "0OIl"), ("3", "0OIl")),  # not in base 58
    is_valid=is_valid,
    stdnum="bitcoin",
    headers=("bitcoin address", "btc address", "wallet address", "bitcoin wallet", "btc"),
    belief=0.95,
    source="https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki; https://en.bitcoin.it/wiki/Base58Check_encoding",
    examples=("1FHzVut3JtpkCo9rDMVEMY1uttPjKcdLL", "31wJv3QKbDDCqNVayK25eytx4RB7GZJ6Sp", "bc1qq26qr5mvg28r69g7m6pma6j05s5vhktp5srp6j"),
    not_examples=("1Q7r2WxK3mZ81LpT9vB4nHc6yRd5Gf8Jk", "bc1qshort"),
)
