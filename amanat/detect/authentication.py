"""Authentication-Results (RFC 8601), as our own servers wrote them: SPF, DKIM and DMARC, and whether they are about the sender shown.

Anybody can write such a header into a message, so one counts only when it bears a name of our own servers.
"""

import re
from dataclasses import dataclass, field

from amanat.detect.domains import ascii_host, registered
from amanat.detect.mail import Mail, Ours

_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_RESULT = re.compile(r"\s*([a-z0-9-]+)(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(smtp|header|body|policy)\.([a-z0-9-]+)\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result: `dkim=pass header.d=example.org`."""

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """The domain that the result is about."""
        for name in ("header.d", "header.from", "smtp.mailfrom", "header.i", "smtp.helo"):
            if value := self.properties.get(name):
                return ascii_host(value.strip('"<>').rpartition("@")[2])
        return ""


def results_in(value: str) -> tuple[str, list[Result]]:
    """The authserv-id and the results of one header.

    >>> server, (spf, dkim) = results_in("mx.example.org 1; spf=pass (ok) smtp.mailfrom=a@b.example; dkim=none")
    >>> server, spf.result, spf.domain, dkim.result
    ('mx.example.org', 'pass', 'b.example', 'none')
    """
    while (bare := _COMMENT.sub(" ", value)) != value:  # comments may be nested
        value = bare
    head, *rest = value.split(";")
    found = []
    for part in rest:
        if method := _RESULT.match(part):
            properties = {f"{kind}.{name}".lower(): given.strip('"') for kind, name, given in _PROPERTY.findall(part)}
            found.append(Result(method[1].lower(), method[2].lower(), properties))
    return (head.split() or [""])[0].lower(), found


def trusted_results(mail: Mail, ours: Ours) -> list[Result]:
    """What our own servers found. Nothing for a forwarded message: its results are about whoever forwarded it, or could be forged."""
    if mail.way == "inline":
        return []
    trusted = {name.lower() for name in ours.authserv_ids}
    each = (results_in(value) for value in mail.all("authentication-results"))
    return [result for server, results in each if server in trusted for result in results]


def is_aligned(result: Result, domain: str) -> bool:
    """Whether the result is about the domain shown as sender, or one of the same owner (RFC 7489, relaxed)."""
    return bool(domain) and registered(result.domain) == registered(domain)
