"""The way out of a newsletter: two headers for the mail program's own button, and a link under the message for everybody else.

Only a message with a `leave_url` carries them. A notice that the law requires has none: it is not something that one can leave.
"""

from html import escape

from amanat import wording
from amanat.notify.render import crlf
from amanat.notify.runs import LRI, PDI, RLM


class NotAWayOut(ValueError):
    """The link would bend the headers of a mail."""


def leave_headers(url: str) -> bytes:
    """The headers of RFC 8058, ended by CRLF: with them one press on the mail program's button ends it, without any page.

    >>> leave_headers("https://www.hotel.example/en/bulletin/leave/abc/").decode().splitlines()[1]
    'List-Unsubscribe-Post: List-Unsubscribe=One-Click'
    """
    if not url.isascii() or not url.isprintable() or any(c in url for c in " <>,"):
        raise NotAWayOut("the link out of a newsletter must be plain ASCII")
    return f"List-Unsubscribe: <{url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".encode()


class LeaveBlock:
    """The words around the link in one language, ready to be put under each message."""

    def __init__(self, language: str) -> None:
        words = wording.words(language)
        self._language, self._direction = language, words.language.direction
        self._says = words.say(words.text["leave_mail"])

    def under_text(self, text: bytes, url: str) -> bytes:
        """The plain text of a mail with the way out below."""
        is_rtl = self._direction == "rtl"
        return text.rstrip() + crlf(f"\n\n{RLM if is_rtl else ''}{self._says}\n{f'{LRI}{url}{PDI}' if is_rtl else url}\n")

    def in_html(self, html: bytes, url: str) -> bytes:
        """The HTML of a mail with the way out at its end."""
        head, body, tail = html.rpartition(b"</body>")
        assert body, "the layout has a body"
        way_out = (
            f'<div lang="{self._language}" dir="{self._direction}" style="max-width:592px;margin:0 auto;padding:0 24px 24px;'
            f'font-family:sans-serif;font-size:14px;line-height:1.5;color:#4a5560"><a href="{escape(url)}" style="color:#0b4a6f">'
            f"{escape(self._says)}</a></div>"
        )
        return b"".join((head, crlf(way_out), body, tail))
