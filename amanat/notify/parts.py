"""What a mail says to one person, as plain text and as HTML: the notice, and under it its stamp or the way out of a newsletter."""

from amanat.notify.channel import Message, Texts
from amanat.notify.leave import LeaveBlock
from amanat.notify.stamp_block import StampBlock
from amanat.terms.company import Company
from amanat.terms.notice import Notice


class Parts:
    """Both parts of one notice, for each person in turn."""

    def __init__(self, company: Company, notice: Notice, texts: Texts) -> None:
        self._texts = texts
        self._stamp = StampBlock(notice.language, company)
        self._leave = LeaveBlock(notice.language)

    def of(self, message: Message) -> tuple[bytes, bytes]:
        """Text and HTML in UTF-8 with CRLF line ends."""
        filling = (message.contact, message.kinds, message.basis, message.code)
        text, html = self._texts.text.wire(*filling), self._texts.html.wire(*filling)
        if message.stamp:
            text, html = self._stamp.under_text(text, message.stamp), self._stamp.in_html(html, message.stamp)
        if message.leave_url:
            text, html = self._leave.under_text(text, message.leave_url), self._leave.in_html(html, message.leave_url)
        return text, html
