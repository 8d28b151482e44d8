"""An archive with a password that stands in the message: nobody's virus scanner can look inside, and you can."""

import re
from collections.abc import Iterator

from amanat.detect.attached import files_in
from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail_with

LOCKED = "The file %(name)s is locked, and the message gives the password: scanners cannot look inside."
CLOSED = "The file %(name)s is locked, so nothing could look inside."

_PASSWORD = re.compile(r"(?i)\b(?:password|passcode|mot de passe|code d[’'e ]\s*accès)\b|رمز|گذرواژه|پسورد")


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    for file in files_in(mail):
        if file.is_locked:
            yield Sign(
                "strong" if _PASSWORD.search(mail.words) else "weak", LOCKED if _PASSWORD.search(mail.words) else CLOSED, {"name": file.name[-80:]}
            )


# A zip with one encrypted member, the flag set by hand: nothing ever decrypts it.
_ZIP = (
    b"PK\x03\x04\x14\x00\x01\x00\x00\x00\x00\x00!\x00\x00\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00a.doc" + bytes(12)
    + b"PK\x01\x02\x14\x00\x14\x00\x01\x00\x00\x00\x00\x00!\x00\x00\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x05" + bytes(17) + b"a.doc"
    + b"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x003\x00\x00\x00/\x00\x00\x00\x00\x00"
)  # fmt: skip

SIGNAL = Signal(
    look=look,
    sentences=(LOCKED, CLOSED),
    source="https://attack.mitre.org/techniques/T1027/013/",
    examples=(a_mail_with("a.zip", _ZIP, body="The password is 1234."), a_mail_with("a.zip", _ZIP)),
    not_examples=(a_mail_with("a.zip", b"PK\x05\x06" + bytes(18)), a_mail_with("a.txt", b"password")),
)
