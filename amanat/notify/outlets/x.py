"""X: a thread of posts of 280, in which most characters of our languages count one, all others two, and every link 23.

The table is that of the network's own library, configuration version 3; the text is counted in NFC, and an emoji of however many
parts counts two.
"""

import re

from amanat.notify.outlet import Made, OutletType, Statement
from amanat.notify.post import URL_COUNTS, Network, draft_posts, graphemes_of, nfc, with_links_as

# These count one; U+200C, without which Persian cannot be written, is among them.
COUNT_ONE = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_EMOJI = re.compile("[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23f3\u200d\ufe0f\u20e3]")


def length(text: str) -> int:
    """As X counts."""
    total = 0
    for character in graphemes_of(with_links_as(URL_COUNTS, nfc(text))):
        if len(character) > 1 and _EMOJI.search(character):
            total += 2
        else:
            total += sum(1 if any(low <= ord(c) <= high for low, high in COUNT_ONE) else 2 for c in character)
    return total


NETWORK = Network(
    name="x",
    length_max=280,
    length=length,
    examples=(
        ("Hello", 5),
        ("café", 4),
        ("cafe\u0301", 4),
        ("سلام", 4),
        ("می‌شود", 6),
        ("漢字", 4),
        ("👾", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("https://hotel.example/a/very/long/address/that/goes/on", 23),
        ("• a", 4),
    ),
)


def _make(statement: Statement) -> Made:
    return draft_posts(statement, NETWORK)


OUTLET = OutletType(
    says="Posts for X: drafts to copy, split where sentences end.",
    audiences=("public", "holding", "press"),
    released_by="hand",
    comes_by=("social",),
    make=_make,
    makes=("x.en.json", "x.en.txt", "x.fa.json", "x.fa.txt"),
    source="https://docs.x.com/fundamentals/counting-characters",
    read_on="2026-11-22",
)
