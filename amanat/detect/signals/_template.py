"""One line: what is seen, and why an honest message hardly has it.

`./run new signal=xx_name` copies this file; replace every value, then `amanat detect check`.
"""

from collections.abc import Iterator

from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

SEEN = "The subject says %(word)s."


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    if "xx_name" in mail.subject:
        yield Sign("weak", SEEN, {"word": "xx_name"})


SIGNAL = Signal(
    look=look,
    sentences=(SEEN,),  # each also gets an entry in amanat/web/locale/*/LC_MESSAGES/django.po
    source="https://…",  # who says that this is a sign
    examples=(a_mail(subject="xx_name"),),
    not_examples=(a_mail(),),
)
