"""The sender's name is ours, the address is not; or the name shows one address and the mail comes from another."""

import re
from collections.abc import Iterator

from amanat.detect.domains import is_under, registered, skeleton
from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

OUR_NAME = "The sender calls itself %(name)s, but writes from %(domain)s, which is not ours."
OUR_ADDRESS = "The sender's name shows an address of ours (%(shown)s), but it comes from %(domain)s."
OTHER_ADDRESS = "The sender's name shows an address at %(shown)s, but it comes from %(domain)s."

_INSIDE = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    for sender in mail.senders:
        if not sender.domain or is_under(sender.domain, ours.domains):
            continue
        domain = registered(sender.domain)
        if shown := _INSIDE.search(sender.shown):
            host = shown[1].lower()
            if is_under(host, ours.domains):
                yield Sign("hard", OUR_ADDRESS, {"shown": host, "domain": domain}, about_us=True)
            elif registered(host) != domain:
                yield Sign("strong", OTHER_ADDRESS, {"shown": host, "domain": domain})
        words = _folded(sender.shown)
        for name in ours.names:
            if len(name) >= 5 and f" {_folded(name)} " in f" {words} ":
                yield Sign("strong", OUR_NAME, {"name": name, "domain": domain}, about_us=True)
                break


def _folded(name: str) -> str:
    return " ".join(re.findall(r"\w+", skeleton(name)))


SIGNAL = Signal(
    look=look,
    sentences=(OUR_NAME, OUR_ADDRESS, OTHER_ADDRESS),
    source="https://attack.mitre.org/techniques/T1656/",
    examples=(
        a_mail(sender="Karvan Hotels <offers@club-mail.example.net>"),
        a_mail(sender="Kаrvаn Hоtels Support <x@example.net>"),  # some letters are Cyrillic
        a_mail(sender='"desk@karvan.example" <x@example.net>'),
        a_mail(sender='"info@bank.example" <x@example.net>'),
    ),
    not_examples=(
        a_mail(),
        a_mail(sender="Karvan Hotels <notice@karvan.example>"),
        a_mail(sender="Caravan Hotels <desk@caravan.example>"),
        a_mail(sender='"sara@example.org" <sara@mail.example.org>'),
    ),
)
