"""It was sent to many at once and says how to leave the list, as honest newsletters do (and spammers can)."""

from collections.abc import Iterator

from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

BULK = "It was sent to a list (%(list)s) and says how to leave it."


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    if mail.way != "inline" and mail.all("list-unsubscribe"):
        name = (mail.all("list-id") or [mail.sender.domain if mail.sender else "?"])[0]
        yield Sign("context", BULK, {"list": name.strip("<> ")[-60:]})


SIGNAL = Signal(
    look=look,
    sentences=(BULK,),
    source="https://www.rfc-editor.org/rfc/rfc2369",
    examples=(a_mail(more="List-Unsubscribe: <https://example.org/u>\n"),),
    not_examples=(a_mail(),),
)
