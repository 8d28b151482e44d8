"""A domain that looks like ours, as sender, for answers, or behind a link."""

from collections.abc import Iterator

from amanat.detect.domains import host_of, lookalike, shown_host
from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

SAME = "%(shown)s (%(host)s) looks to the eye like our %(domain)s, and is not ours."
NEAR = "%(host)s is one letter away from our %(domain)s, and is not ours."
PART = "%(host)s bears our name (%(domain)s), and is not ours."


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    hosts = [a.domain for a in (*mail.senders, *mail.reply_to)] + [host_of(link.target) for link in mail.links]
    for host in dict.fromkeys(hosts):
        if (found := lookalike(host, ours.domains)) is None:
            continue
        domain, how = found
        if how == "same":
            yield Sign("hard", SAME, {"shown": shown_host(host), "host": host, "domain": domain}, about_us=True)
        else:
            yield Sign("strong", NEAR if how == "near" else PART, {"host": host, "domain": domain}, about_us=True)


SIGNAL = Signal(
    look=look,
    sentences=(SAME, NEAR, PART),
    source="https://www.unicode.org/reports/tr39/",
    examples=(
        a_mail("Log in at https://xn--krvan-4ve.example/ now."),  # kаrvan with a Cyrillic letter
        a_mail("Log in at https://kаrvan.example/ now."),
        a_mail(sender="Desk <desk@karvam.example>"),
        a_mail("Log in at https://karvan.secure-login.example/ now."),
        a_mail("Log in at https://karvan-hoteIs.example/ now."),
    ),
    not_examples=(
        a_mail("Log in at https://www.karvan.example/ now."),
        a_mail(sender="Desk <desk@notice.karvan-hotels.example>"),
        a_mail("See https://caravan.example/ and https://example.org/karvan-hotels."),
    ),
)
