"""The stamp as it stands in a mail: a few lines of text under the message, without a link."""

from html import escape

from amanat import wording
from amanat.notify.render import crlf
from amanat.notify.runs import LRI, PDI, RLM
from amanat.terms.company import Company

LINE = 44  # letters; short enough that no mail program breaks it elsewhere


class StampBlock:
    """The words around a stamp in one language, ready to be put under each message."""

    def __init__(self, language: str, company: Company) -> None:
        words = wording.words(language)
        is_rtl = words.language.direction == "rtl"
        says = words.say(words.text["stamp_mail"], url=company.notices_url)
        # The address is a run of its own direction; here it stands as text, never as a link.
        address = f"{LRI}{company.notices_url}{PDI}" if is_rtl else company.notices_url
        self._text = crlf((RLM if is_rtl else "") + says.replace(company.notices_url, address))
        shown = escape(says).replace(escape(company.notices_url), f'<bdi dir="ltr">{escape(company.notices_url)}</bdi>')
        self._html = crlf(
            f'<div lang="{language}" dir="{words.language.direction}" style="max-width:592px;margin:0 auto;padding:0 24px 24px;'
            f'font-family:sans-serif;font-size:12px;line-height:1.5;color:#4a5560">{shown}'
            '<div dir="ltr" lang="en" style="font-family:monospace;font-size:11px;text-align:left">'
        )

    def under_text(self, text: bytes, stamp: str) -> bytes:
        """The plain text of a mail with the stamp below."""
        return b"".join((text.rstrip(), b"\r\n\r\n", self._text, b"\r\n", *[b"%b\r\n" % line for line in _lines(stamp)]))

    def in_html(self, html: bytes, stamp: str) -> bytes:
        """The HTML of a mail with the stamp at its end."""
        head, body, tail = html.rpartition(b"</body>")
        assert body, "the layout has a body"
        return b"".join((head, self._html, b"<br>".join(_lines(stamp)), b"</div></div>", body, tail))


def _lines(stamp: str) -> list[bytes]:
    letters = stamp.encode()
    return [letters[at : at + LINE] for at in range(0, len(letters), LINE)]
