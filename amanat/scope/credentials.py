"""Credentials: whether the rows of a table without a header are a list of stolen addresses and passwords."""

import re
from collections.abc import Sequence

_EMAIL = re.compile(r"[^\s@;|,:]+@[^\s@;|,:]+\.[^\W\d_]{2,}")
_DIGEST = re.compile(r"(?i)[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}")
_CRYPT = re.compile(r"\$\w{1,10}\$\S{10,}|\{[A-Z0-9-]+\}\S{10,}")


def are_credentials(rows: Sequence[Sequence[str]]) -> bool:
    """Whether each row is an address of mail and then what is most likely a password or its hash.

    Customer numbers, tokens and names stand beside addresses too: numbers and tokens are all of one length, and names have no digits.

    >>> are_credentials([["sara@example.org", "Qwertz1895_"], ["omid@example.org", "letmein26#"], ["lea@example.org", "sunshine"]])
    True
    >>> are_credentials([["sara@example.org", "KL010000049"], ["omid@example.org", "KL010000091"]])
    False
    """
    filled = [[cell.strip() for cell in row] for row in rows]
    pairs = [(row[0], row[1]) for row in filled if len(row) == 2 and row[1]]
    if len(pairs) < max(2, 0.9 * len(filled)) or not all(_EMAIL.fullmatch(address) for address, _ in pairs):
        return False
    secrets = [secret for _, secret in pairs]
    if sum(bool(_DIGEST.fullmatch(secret) or _CRYPT.fullmatch(secret)) for secret in secrets) > 0.5 * len(secrets):
        return True
    lengths = [len(secret) for secret in secrets]
    return sum(map(_is_chosen, secrets)) > 0.5 * len(secrets) and max(map(lengths.count, set(lengths))) <= 0.6 * len(lengths)


def _is_chosen(secret: str) -> bool:
    """Whether somebody may have chosen this as a password: letters, and digits or marks that no name has."""
    is_one_word = 4 <= len(secret) <= 64 and not re.search(r"\s|@|https?:|\.\w{2,4}$", secret)
    return is_one_word and bool(re.search(r"[^\W\d_]", secret)) and bool(re.search(r"\d|[^\w.'’-]", secret))
