"""Mastodon: a thread of posts of 500 characters, in which every link counts 23.

The number is that of the software as it is shipped; a server may allow more, which does no harm here.
"""

from amanat.notify.outlet import Made, OutletType, Statement
from amanat.notify.post import URL_COUNTS, Network, draft_posts, graphemes, with_links_as


def length(text: str) -> int:
    """As a Mastodon server counts: characters as people see them, each link 23."""
    return graphemes(with_links_as(URL_COUNTS, text))


NETWORK = Network(
    name="mastodon",
    length_max=500,
    length=length,
    alt_max=1500,
    examples=(
        ("Hello", 5),
        ("https://hotel.example/a/very/long/address/that/goes/on", 23),
        ("See https://hotel.example.", 28),
        ("👩‍👩‍👧", 1),
        ("نامه‌ها", 6),
    ),
)


def _make(statement: Statement) -> Made:
    return draft_posts(statement, NETWORK)


OUTLET = OutletType(
    says="Posts for Mastodon: drafts to copy, split where sentences end.",
    audiences=("public", "holding", "press"),
    released_by="hand",
    comes_by=("social",),
    make=_make,
    makes=("mastodon.en.json", "mastodon.en.txt", "mastodon.fa.json", "mastodon.fa.txt"),
    source="https://docs.joinmastodon.org/user/posting/",
    read_on="2026-11-22",
)
