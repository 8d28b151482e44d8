"""Web text: what a reader of an HTML page would see, without its marks."""

import html
import re

_UNSEEN = re.compile(r"(?is)<(script|style|head)\b.*?(</\1\s*>|\Z)|<!--.*?(-->|\Z)")
_BREAK = re.compile(r"(?i)</?(?:p|div|br|tr|li|h\d|table|ul|ol|blockquote|section|article)\b[^>]*>")
_CELL = re.compile(r"(?i)</t[dh]\s*>")
_MARK = re.compile(r"<[^<>]{0,20000}>")
_LINK = re.compile(r"(?i)<a\b[^<>]*?\bhref\s*=\s*[\"']?(?:mailto|tel):([^\"'?>\s]+)")


def seen(page: str) -> str:
    """The text of an HTML page; addresses and numbers in mailto: and tel: links are kept.

    >>> seen("<p>Dear&nbsp;Sara,<br>call <a href='tel:+44770'>us</a></p><style>p {}</style>")
    'Dear Sara,\\ncall +44770 us'
    """
    page = _UNSEEN.sub(" ", page)
    page = _LINK.sub(r" \1 <a ", page)
    page = _MARK.sub("", _CELL.sub("\t", _BREAK.sub("\n", page)))
    page = html.unescape(page).replace("\u00a0", " ")
    lines = (re.sub(r"[ \r]+", " ", line).strip() for line in page.split("\n"))
    return "\n".join(line for line in lines if line)
