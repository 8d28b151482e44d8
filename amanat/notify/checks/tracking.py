"""Links carry nothing that tells who opened them."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from amanat.notify.check import Check, Objection, Reading
from amanat.wording.language import GateWords

_LINK = re.compile(r"https?://[^\s<>\"»”]+", re.IGNORECASE)


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    for heard in reading.sentences:
        for link in _LINK.finditer(heard.text):
            parts = urlsplit(link[0])
            if parts.query or parts.username:
                yield Objection(quote=f"{parts.scheme}://{parts.hostname}{parts.path}?…", where=heard.where)


CHECK = Check(
    is_blocking=True, look=_look, source="GDPR Article 5(1)(b) and (c): a notice serves to inform, not to measure its reader", read_on="2026-11-22"
)
