"""A link written so that its goal is hard to see: a number instead of a name, a name before an @, mixed alphabets, a page inside the link."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from amanat.detect.domains import host_of, is_mixed_script, is_number, shown_host
from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

NUMBER = "A link leads to a bare number (%(host)s) instead of a name."
BEFORE_AT = "A link hides its goal %(host)s behind another name and an @."
MIXED = "The name %(shown)s mixes letters of several alphabets, as names made to deceive do."
INSIDE = "A link opens a page or program that is hidden in the link itself."
PORT = "A link leads to %(host)s by an unusual port (%(port)s)."


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    for sender in mail.senders:
        if is_mixed_script(sender.domain):
            yield Sign("strong", MIXED, {"shown": shown_host(sender.domain)})
    for link in mail.links:
        target = link.target.strip()
        if re.match(r"(?i)\s*(?:javascript|data|vbscript)\s*:", target):
            yield Sign("strong", INSIDE)
            continue
        host = host_of(target)
        if not host:
            continue
        try:
            parts = urlsplit(target if "://" in target else f"http://{target}")
            user, port = parts.username, parts.port
        except ValueError:
            continue
        if is_number(host):
            yield Sign("strong", NUMBER, {"host": host})
        if user and "." in user:
            yield Sign("hard", BEFORE_AT, {"host": host})
        if is_mixed_script(host):
            yield Sign("strong", MIXED, {"shown": shown_host(host)})
        if port and port not in (80, 443, 8080, 8443):
            yield Sign("weak", PORT, {"host": host, "port": port})


SIGNAL = Signal(
    look=look,
    sentences=(NUMBER, BEFORE_AT, MIXED, INSIDE, PORT),
    source="https://www.rfc-editor.org/rfc/rfc3986#section-7.6",
    examples=(
        a_mail("Log in at http://203.0.113.9/login"),
        a_mail('<a href="https://www.bank.example@evil.example/x">Log in</a>', kind="html"),
        a_mail("Log in at https://bаnk.example/ now."),
        a_mail('<a href="data:text/html;base64,PGI+">Open</a>', kind="html"),
    ),
    not_examples=(
        a_mail("See https://www.example.org:8443/a@b and https://банк.example/."),
        a_mail('<a href="mailto:a@b.example">Write</a>', kind="html"),
    ),
)
