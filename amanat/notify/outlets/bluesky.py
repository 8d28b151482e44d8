"""Bluesky: a thread of posts of 300 characters as people see them, and never more than 3,000 bytes; links count as they stand."""

from amanat.notify.outlet import Made, OutletType, Statement
from amanat.notify.post import Network, draft_posts, graphemes

NETWORK = Network(
    name="bluesky",
    length_max=300,
    length=graphemes,
    bytes_max=3000,
    alt_max=2000,
    examples=(("Hello", 5), ("https://hotel.example/a", 23), ("https://hotel.example/ab", 24), ("👩‍👩‍👧", 1), ("e\u0301", 1)),
)


def _make(statement: Statement) -> Made:
    return draft_posts(statement, NETWORK)


OUTLET = OutletType(
    says="Posts for Bluesky: drafts to copy, split where sentences end.",
    audiences=("public", "holding", "press"),
    released_by="hand",
    comes_by=("social",),
    make=_make,
    makes=("bluesky.en.json", "bluesky.en.txt", "bluesky.fa.json", "bluesky.fa.txt"),
    source="https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json",
    read_on="2026-11-22",
)
