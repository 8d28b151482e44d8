"""More than one From, or none: mail programs then show whichever they like."""

from collections.abc import Iterator

from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

SEVERAL = "It has several senders, so that one program shows one and the check is made of another."
NONE = "It names no sender."


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    if len(mail.all("from")) > 1 or len({s.domain for s in mail.senders if s.domain}) > 1:
        yield Sign("strong", SEVERAL)
    elif mail.headers and mail.way != "inline" and not any(s.domain for s in mail.senders):
        yield Sign("weak", NONE)


SIGNAL = Signal(
    look=look,
    sentences=(SEVERAL, NONE),
    source="https://www.rfc-editor.org/rfc/rfc5322#section-3.6",
    examples=(a_mail(more="From: Bank <bank@example.net>\n"), a_mail(sender="Sara")),
    not_examples=(a_mail(), a_mail(sender="=?utf-8?q?Zo=C3=AB=2C_desk?= <zoe@example.org>")),
)
