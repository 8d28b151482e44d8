"""A text in easy language keeps the promise: short sentences with one thought, no abbreviation, no brackets."""

import re
from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading, matches, thoughts
from amanat.wording.language import GateWords

# Names, numbers and addresses of those whom one can turn to are as they are.
_ADDRESS = re.compile(r"\{code\}|https?://|[\w.+-]+@[\w-]+\.|\b[a-z0-9-]+\.[a-z]{2,}\b|\+?[\d۰-۹][\d۰-۹\u00a0\u202f .-]{5,}[\d۰-۹]", re.IGNORECASE)


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    if not reading.words.is_easy:
        return
    for heard in reading.sentences:
        if heard.where == "whom_to_ask":
            continue
        parts = [part for part in thoughts(heard.text) if not _ADDRESS.search(part)]
        if any(len(part.split()) > words.limit or matches(words.patterns, part) for part in parts):
            yield Objection(quote=heard.text, where=heard.where)


CHECK = Check(
    is_blocking=False,
    look=_look,
    source="Inclusion Europe, Information for all: European standards for making information easy to read (2009); the number of words is our own",
    read_on="2026-11-22",
)
