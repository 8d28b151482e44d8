"""The words of a link show one address, and the click leads to another."""

import re
from collections.abc import Iterator

from amanat.detect.domains import host_of, is_under, registered
from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

DIFFERS = "A link shows %(shown)s, but leads to %(target)s."

_SHOWN = re.compile(r"(?i)^\W*(?:https?://)?(?:[^\s/@]+@)?((?:[\w-]+\.)+[a-z]{2,18})(?:[:/?#]\S*)?\W*$")
# Services that count clicks stand between in honest newsletters.
_COUNTS_CLICKS = re.compile(
    r"(?i)(?:^|[.-])(?:click|clicks|track|tracking|trk|email|links?|go|url|r|t|e|ct|mailchi|sendgrid|list-manage|mandrillapp)\d*\."
)


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    for link in mail.links:
        shown = _SHOWN.match(link.text)
        target = host_of(link.target)
        if not shown or not target:
            continue
        host = shown[1].lower()
        if registered(host) == registered(target):
            continue
        is_ours = is_under(host, ours.domains)
        strength = "hard" if is_ours else "weak" if _COUNTS_CLICKS.search(target) or mail.all("list-unsubscribe") else "strong"
        yield Sign(strength, DIFFERS, {"shown": host, "target": target}, about_us=is_ours)  # type: ignore[arg-type]


SIGNAL = Signal(
    look=look,
    sentences=(DIFFERS,),
    source="https://attack.mitre.org/techniques/T1566/002/",
    examples=(
        a_mail('<a href="http://203.0.113.9/x">https://www.karvan.example/login</a>', kind="html"),
        a_mail('<a href="https://evil.example/x">www.bank.example</a>', kind="html"),
    ),
    not_examples=(
        a_mail('<a href="https://www.bank.example/x">bank.example</a>', kind="html"),
        a_mail('<a href="https://evil.example/x">Our rooms</a>', kind="html"),
        a_mail("See https://example.org/."),
    ),
)
