"""Who took a name like ours: every domain of a list, a zone file or a log of certificates that imitates one of ours.

Two ways, because each finds what the other does not. What somebody may register is made from our own domains (`candidates`), to watch or
to take oneself; what somebody did register is looked at as the eye sees it (`domains.lookalike`), whether or not we had thought of it.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from amanat.detect.domains import ascii_host, is_mixed_script, lookalike, registered, shown_host
from amanat.lib.errors import Fixable

LINE_MAX = 1 << 20
_NEIGHBOURS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl", "p": "ol", "a": "qsz", "s": "awdx",
    "d": "sefc", "f": "drgv", "g": "fthb", "h": "gyjn", "j": "hukm", "k": "jil", "l": "kop", "z": "asx", "x": "zsdc", "c": "xdfv", "v": "cfgb",
    "b": "vghn", "n": "bhjm", "m": "njk",
}  # fmt: skip
# One letter for another that the eye takes for it; the letters of other scripts are those of the Cyrillic that registries allow.
_ALIKE = {"a": "а", "c": "с", "e": "е", "i": "і1l", "j": "ј", "l": "1i", "m": "rn", "o": "о0", "p": "р", "s": "ѕ5", "w": "vv", "x": "х", "y": "у"}
WORDS = ("secure", "login", "account", "verify", "support", "refund", "help", "online", "info", "claim", "breach")
ENDINGS = ("com", "net", "org", "info", "biz", "online", "site", "shop", "app", "co", "io", "xyz", "top", "eu")


class BadList(Fixable):
    """A list of domains that cannot be read, or no domain of ours to compare it with."""


@dataclass(frozen=True, slots=True)
class Found:
    """One domain that imitates ours."""

    domain: str  # as it stands in the DNS
    shown: str  # as a browser may show it
    imitates: str
    how: str  # same | near | part | ending
    file: str
    line: int
    is_mixed: bool  # letters of several scripts in one label


def candidates(domain: str) -> dict[str, str]:
    """Domains that somebody could register to imitate this one, each with how it is made; in ASCII form, ours left out.

    >>> made = candidates("karvan.example")
    >>> made["karvn.example"], made["kavran.example"], made["karvan.com"], made["karvan-login.example"]
    ('letter left out', 'letters swapped', 'other ending', 'word added')
    """
    own = registered(ascii_host(domain))
    label, _dot, ending = own.partition(".")
    made: dict[str, str] = {}

    def add(new: str, how: str, at: str = ending) -> None:
        host = ascii_host(f"{new}.{at}")
        # A label of the DNS: letters, digits, hyphens within, at most 63 of them.
        if host != own and re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", host.split(".")[0]):
            made.setdefault(host, how)

    for i, letter in enumerate(label):
        add(label[:i] + label[i + 1 :], "letter left out")
        add(label[:i] + letter + label[i:], "letter doubled")
        if i + 1 < len(label):
            add(label[:i] + label[i + 1] + letter + label[i + 2 :], "letters swapped")
            add(label[: i + 1] + "-" + label[i + 1 :], "hyphen added")
        for other in _NEIGHBOURS.get(letter, ""):
            add(label[:i] + other + label[i + 1 :], "neighbouring key")
        alike = _ALIKE.get(letter, "")
        for other in [alike] if alike in ("rn", "vv") else alike:
            add(label[:i] + other + label[i + 1 :], "letter that looks alike")
    for word in WORDS:
        add(f"{label}-{word}", "word added")
        add(f"{word}-{label}", "word added")
    for other in ENDINGS:
        if other != ending:
            add(label, "other ending", other)
    return made


def find(paths: Iterable[Path], ours: tuple[str, ...]) -> tuple[list[Found], int, int]:
    """The imitations in the files, those that look the same first; how many different domains were looked at; lines that named none.

    Raises:
        BadList: a file cannot be opened, or there is no domain of ours.
    """
    own = tuple(dict.fromkeys(ascii_host(domain) for domain in ours if domain.strip()))
    if not own:
        raise BadList("name our domains with --domain or in company.toml (--company); without them nothing can be told to imitate us")
    # Which label is under another ending: `lookalike` takes it for the same name; it is one, and said as what it is.
    labels = {registered(domain).split(".")[0]: domain for domain in own}
    seen: set[str] = set()
    found: list[Found] = []
    n_other = 0
    for path in paths:
        for number, hosts in _lines(path):
            n_other += not hosts
            for host in hosts:
                if host in seen:
                    continue
                seen.add(host)
                if (match := lookalike(host, own)) is None:
                    continue
                imitated, how = match
                if labels.get(registered(host).split(".")[0]) == imitated:
                    how = "ending"
                found.append(Found(host, shown_host(host), imitated, how, path.name, number, is_mixed_script(host)))
    order = ("same", "ending", "near", "part")
    return sorted(found, key=lambda one: (order.index(one.how), one.domain)), len(seen), n_other


_HOST = re.compile(r"^(?:\*\.)?((?:[\w-]{1,63}\.)+[\w-]{2,63})\.?$")
_SKIPPED = ("#", ";", "$", "//")


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Number and domains of each line: one domain, a line of a zone file, or JSON of a certificate log."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadList(f"{path}: cannot be opened ({(error.strerror or 'unknown').lower()}); check the spelling") from None
    with file:
        number = 0
        while line := file.readline(LINE_MAX):
            number += 1
            text = line.decode("utf-8-sig", "replace").strip()
            if text and not text.startswith(_SKIPPED):
                yield number, list(dict.fromkeys(_hosts(text)))


def _hosts(text: str) -> Iterator[str]:
    if text.startswith(("{", "[")):
        try:
            names = list(_names(json.loads(text.rstrip(","))))
        except (ValueError, RecursionError):
            return
    else:
        names = [re.split(r"[\s,;]", text, maxsplit=1)[0]]  # of a zone file the owner's name, of a table the first column
    for name in names:
        if match := _HOST.match(name.strip().strip('"')):
            yield ascii_host(match[1])


def _names(given: object) -> Iterator[str]:
    """Names in a certificate log as crt.sh (`name_value`, `common_name`) and certstream (`all_domains`) write it."""
    if isinstance(given, list):
        for one in given:
            yield from _names(one)
    elif isinstance(given, dict):
        for key, value in given.items():
            if key in ("name_value", "common_name", "domain", "dns_names", "all_domains"):
                for one in value if isinstance(value, list) else [value]:
                    yield from str(one).split()
            elif isinstance(value, dict | list):
                yield from _names(value)
