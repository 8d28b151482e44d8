"""LinkedIn: one post of 3,000 characters, which holds most statements whole.

Its manual says "characters" and not which. We count UTF-16 units: never fewer than code points or characters as people see them, so
a post that fits here fits there.
"""

from amanat.notify.outlet import Made, OutletType, Statement
from amanat.notify.post import Network, draft_posts


def length(text: str) -> int:
    """In UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


NETWORK = Network(
    name="linkedin",
    length_max=3000,
    length=length,
    pictures_max=20,
    alt_max=4086,
    examples=(("Hello", 5), ("👾", 2), ("می‌شود", 6), ("https://hotel.example/a", 23)),
)


def _make(statement: Statement) -> Made:
    return draft_posts(statement, NETWORK)


OUTLET = OutletType(
    says="A post for LinkedIn: a draft to copy.",
    audiences=("public", "holding", "press"),
    released_by="hand",
    comes_by=("social",),
    make=_make,
    makes=("linkedin.en.json", "linkedin.en.txt", "linkedin.fa.json", "linkedin.fa.txt"),
    source="https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api",
    read_on="2026-11-22",
)
