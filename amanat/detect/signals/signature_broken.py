"""A DKIM signature that does not fit the message, checked with the keys that were given."""

from collections.abc import Iterator

from amanat.detect.dkim import EXAMPLE_SIGNED, signatures
from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

BROKEN = "Its signature by %(domain)s does not fit: the message was changed, or %(domain)s never signed it."
WHOLE = "Its signature by %(domain)s fits: what was signed was not changed. That says who sent it, not that it is honest."
CHAIN = "Its chain of custody (ARC) is broken at link %(n)s, so what earlier servers say about it counts for nothing."


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    if mail.way == "inline" or not ours.keys:
        return
    for one in signatures(mail.raw, ours.keys):
        if one.is_whole is None:
            continue  # no key at hand: unknown is not broken
        if one.kind == "dkim":
            yield Sign("context", WHOLE, {"domain": one.domain}) if one.is_whole else Sign("weak", BROKEN, {"domain": one.domain})
        elif not one.is_whole:
            yield Sign("weak", CHAIN, {"n": one.instance})


SIGNAL = Signal(
    look=look,
    sentences=(BROKEN, WHOLE, CHAIN),
    source="https://www.rfc-editor.org/rfc/rfc6376",
    examples=(EXAMPLE_SIGNED, EXAMPLE_SIGNED.replace(b"Monday", b"Sunday")),
    not_examples=(a_mail(),),
)
