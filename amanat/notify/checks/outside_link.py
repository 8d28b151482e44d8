"""Links lead nowhere but to the company's own domains."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from amanat.notify.check import Check, Objection, Reading, matches
from amanat.wording.language import GateWords

_LINK = re.compile(r"https?://[^\s<>\"»”]+|\bwww\.[^\s<>\"»”]+", re.IGNORECASE)
_SHORTENED = re.compile(
    r"\b(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly|t\.ly|yun\.ir|plink\.ir)/\S+", re.IGNORECASE
)


# An address that is only named, such as that of an authority, is no link; one at which the reader is to hand something over is.
_BARE = re.compile(r"(?<![\w@./-])(?:[a-z0-9-]+\.)+[a-z]{2,}\b(?![@\w])", re.IGNORECASE)


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    for heard in reading.sentences:
        if matches(words.patterns, heard.text) and not matches(words.unless, heard.text):
            for bare in _BARE.finditer(_LINK.sub("", heard.text)):
                if not _SHORTENED.search(bare[0]) and not _is_ours(bare[0], reading):
                    yield Objection(quote=bare[0], where=heard.where, is_blocking=False)
        for link in _SHORTENED.finditer(heard.text):
            yield Objection(quote=link[0], where=heard.where)
        for link in _LINK.finditer(heard.text):
            if not _SHORTENED.search(link[0]) and not _is_ours(link[0], reading):
                # Without company.toml we cannot know whose address it is.
                yield Objection(quote=link[0], where=heard.where, is_blocking=reading.company is not None)


def _is_ours(link: str, reading: Reading) -> bool:
    if reading.company is None:
        return False
    host = (urlsplit(link if "//" in link else f"//{link}").hostname or "").rstrip(".").removeprefix("www.")
    ours = {domain.lower().removeprefix("www.") for domain in reading.company.domains}
    ours |= {(urlsplit(url).hostname or "").removeprefix("www.") for url in (reading.company.notices_url, reading.company.website)}
    return any(host == domain or host.endswith("." + domain) for domain in ours if domain)


CHECK = Check(
    is_blocking=True, look=_look, source="Vt. Stat. tit. 9 § 2435(b)(6); Equifax 2017, whose own staff linked to a false site", read_on="2026-11-22"
)
