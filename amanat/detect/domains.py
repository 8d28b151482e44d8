"""Domains: who registered them, how they look to the eye, and whether they look like ours without being ours."""

import contextlib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# Letters of other scripts, and digits, that stand for a Latin letter in the eye of a hasty reader.
# After Unicode Technical Standard 39 (confusables), reduced to what can stand in a domain name.
_ALIKE = str.maketrans(
    {
        other: latin
        for latin, others in {
            "a": "аαɑ", "b": "ƅвβ", "c": "сϲ", "d": "ԁđժ", "e": "еεҽ3", "g": "ɡց", "h": "һħհ", "i": "іιıɪӏ1", "j": "јϳ", "k": "кκĸ", "l": "ʟł",
            "m": "мʍ", "n": "ոռɴ", "o": "оοσօө0", "p": "рρ", "q": "ԛգ", "r": "гʀ", "s": "ѕꜱ5", "t": "тτŧ", "u": "υսʋ", "v": "νѵ", "w": "ԝωѡ",
            "x": "хχ", "y": "уγү", "z": "ᴢ",
        }.items()
        for other in others
    }
    | {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe"}
)  # fmt: skip
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_TOKEN_MIN = 5  # shorter brand words stand in too many honest names


@cache
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@lru_cache(maxsize=20_000)
def registered(host: str) -> str:
    """The part of a host name that somebody registered (RFC 9091's organizational domain), or the host itself.

    >>> registered("mail.shop.example.co.uk"), registered("10.0.0.1")
    ('example.co.uk', '10.0.0.1')
    """
    if not host or is_number(host):
        return host
    return _suffixes().privatesuffix(host) or host


def host_of(url: str) -> str:
    """The host that a link leads to, in ASCII form; "" when it leads to none.

    >>> host_of("https://user@Evil.example:8080/x"), host_of("mailto:a@example.org"), host_of("www.example.org/x")
    ('evil.example', '', 'www.example.org')
    """
    url = "".join(url.split()).replace("\\", "/")
    if not re.match(r"(?i)[a-z][a-z0-9+.-]*:", url):
        url = "http://" + url.lstrip("/")
    try:
        parts = urlsplit(url)
        return ascii_host(parts.hostname or "") if parts.scheme.lower() in ("http", "https", "ftp") else ""
    except ValueError:
        return ""


def ascii_host(host: str) -> str:
    """A host name in lower case and ASCII form (IDNA), as it stands in the DNS.

    >>> ascii_host("Zoë.Example.")
    'xn--zo-ija.example'
    """
    host = host.strip().strip(".").lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return unicodedata.normalize("NFKC", host)


def shown_host(host: str) -> str:
    """A host name as a browser may show it, in its own letters."""
    labels = []
    for label in host.split("."):
        if label.startswith("xn--"):
            with contextlib.suppress(UnicodeError, ValueError):  # one that is not valid stays as it is written
                label = label[4:].encode("ascii").decode("punycode")
        labels.append(label)
    return ".".join(labels)


def is_number(host: str) -> bool:
    """Whether the host is an address of a machine instead of a name."""
    return ":" in host or bool(re.fullmatch(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}", host))


def is_under(host: str, domains: Iterable[str]) -> bool:
    """Whether the host is one of the domains or lies below one."""
    return any(host == domain or host.endswith("." + domain) for domain in domains)


@lru_cache(maxsize=20_000)
def skeleton(text: str) -> str:
    """What a hasty eye reads: accents, look-alike letters and joined pairs folded.

    >>> skeleton("kаrvаn") == skeleton("karvan"), skeleton("rnarket") == skeleton("market"), skeleton("karván")
    (True, True, 'karvan')
    """
    text = unicodedata.normalize("NFKD", text.lower()).translate(_ALIKE)
    text = "".join(c for c in text if not unicodedata.combining(c))
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    # A small L, a capital i and a one are one stroke.
    return text.replace("l", "i")


def lookalike(host: str, ours: tuple[str, ...]) -> tuple[str, str] | None:
    """Our domain that this host imitates, and how: "same" (to the eye), "near" (one letter off) or "part" (our name inside it)."""
    if not host or is_number(host) or is_under(host, ours):
        return None
    own = registered(host)
    shown = shown_host(host)
    label = _label(shown_host(own))
    for domain in ours:
        brand = _label(registered(domain))
        if len(brand) >= 3 and skeleton(label) == skeleton(brand):
            return domain, "same"
    for domain in ours:
        brand = _label(registered(domain))
        if len(brand) >= _TOKEN_MIN and abs(len(label) - len(brand)) <= 1 and _is_one_off(skeleton(label), skeleton(brand)):
            return domain, "near"
    for domain in sorted(ours, key=len, reverse=True):
        brand = _label(registered(domain))
        if len(brand) >= _TOKEN_MIN and skeleton(brand) in skeleton(shown):
            return domain, "part"
    return None


def is_mixed_script(host: str) -> bool:
    """Whether one label of the name mixes letters of several scripts, which honest names hardly do.

    >>> is_mixed_script("kаrvan.example"), is_mixed_script("карван.example")
    (True, False)
    """
    return any(len({unicodedata.name(c, "?").split()[0] for c in label if c.isalpha()}) > 1 for label in shown_host(host).split("."))


def _label(domain: str) -> str:
    return domain.split(".")[0]


def _is_one_off(a: str, b: str) -> bool:
    """One letter added, left out, changed, or two neighbours swapped."""
    if a == b:
        return True
    if len(a) == len(b):
        off = [i for i in range(len(a)) if a[i] != b[i]]
        return len(off) == 1 or (len(off) == 2 and off[1] == off[0] + 1 and a[off[0]] == b[off[1]] and a[off[1]] == b[off[0]])
    short, long = sorted((a, b), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
