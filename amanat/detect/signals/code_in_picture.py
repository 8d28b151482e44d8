"""A QR code in an attached picture: a link that no filter of links sees, opened on a phone that nobody guards."""

from collections.abc import Iterator
from functools import cache

from amanat.detect.codes import codes_in, example_picture
from amanat.detect.domains import host_of, is_under, lookalike
from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail_with

OUT = "A QR code in the picture %(name)s leads to %(host)s."
LIKE = "A QR code in the picture %(name)s leads to %(host)s, which looks like our %(domain)s and is not ours."


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    for file in mail.attachments:
        if file.type.startswith("image/") or file.name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")):
            for text in codes_in(file.content):
                host = host_of(text) if "." in text else ""
                if not host or is_under(host, ours.domains):
                    continue
                says = {"name": file.name[-80:] or "?", "host": host}
                if found := lookalike(host, ours.domains):
                    yield Sign("hard", LIKE, {**says, "domain": found[0]}, about_us=True)
                else:
                    yield Sign("strong", OUT, says)


@cache
def _picture(text: str) -> bytes:
    return example_picture(text)


SIGNAL = Signal(
    look=look,
    sentences=(OUT, LIKE),
    source="https://attack.mitre.org/techniques/T1660/",
    examples=(
        a_mail_with("code.png", _picture("https://evil.example/x"), kind="image/png"),
        a_mail_with("code.png", _picture("https://karvan-pay.example/x"), kind="image/png"),
    ),
    not_examples=(
        a_mail_with("code.png", _picture("https://www.karvan.example/menu"), kind="image/png"),
        a_mail_with("code.png", _picture("Table 14"), kind="image/png"),
        a_mail_with("photo.png", b"\x89PNG broken", kind="image/png"),
    ),
)
