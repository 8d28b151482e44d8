"""Bitcoin address, of any of its three sorts; the check inside it is done last."""

from amanat.scope.identifier import Identifier


def is_valid(address: str) -> bool:
    """Whether its own check holds."""
    from stdnum import bitcoin

    return bitcoin.is_valid(address)


IDENTIFIER = Identifier(
    kind="fin_acct_alone",
    form="literal",
    literals=(("bc1", 38, 87), ("1", 24, 33), ("3", 24, 33)),
    alphabet=r"a-zA-Z0-9",
    is_valid=is_valid,
    stdnum="bitcoin",
    headers=("bitcoin address", "btc address", "wallet address", "bitcoin wallet", "btc"),
    belief=0.95,
    source="https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki; https://en.bitcoin.it/wiki/Base58Check_encoding",
    examples=("1FHzVut3JtpkCo9rDMVEMY1uttPjKcdLL", "31wJv3QKbDDCqNVayK25eytx4RB7GZJ6Sp", "bc1qq26qr5mvg28r69g7m6pma6j05s5vhktp5srp6j"),
    not_examples=("1Q7r2WxK3mZ81LpT9vB4nHc6yRd5Gf8Jk", "bc1qshort"),
)
