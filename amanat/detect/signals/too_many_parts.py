"""More parts than any honest message has: made to tire out whatever reads it."""

from collections.abc import Iterator

from amanat.detect.mail import PARTS_MAX, Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

MANY = "It has more than %(most)s parts, as messages have that are made to tire out filters."


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    if mail.n_parts > PARTS_MAX:
        yield Sign("strong", MANY, {"most": PARTS_MAX})


_MANY = a_mail().replace("text/plain; charset=utf-8", 'multipart/mixed; boundary="b"', 1) + "--b\n\nx\n" * (PARTS_MAX + 1) + "--b--\n"

SIGNAL = Signal(
    look=look,
    sentences=(MANY,),
    source="https://www.rfc-editor.org/rfc/rfc2046#section-5.1",
    examples=(_MANY,),
    not_examples=(a_mail(),),
)
