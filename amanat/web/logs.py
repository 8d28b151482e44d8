"""Log lines say what happened, never to whom."""

import logging
import re

# Strangers write into what is logged (the address of a page, the head of a request): each pattern below reads every character
# once or a few times, however long the line is. One that begins again at each character would stop the door for minutes.
_EMAIL = re.compile(r"(?<![^\s<>()\"'=,;:])[^\s<>()\"'=,;:]+@[^\s<>()\"',;:]+")
# Ids of ours are no one's number; they are matched first, and kept.
_DIGITS = re.compile(r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|(?<![\w-])\+?\d[\d .()/-]{6,100}\d(?![\w-])")
# PostgreSQL repeats the offending value: `Key (email)=(sara@example.org) already exists.`
_DETAIL = re.compile(r"(?s)\bDETAIL:.*|=\([^)]*(?:\)|\Z)")

# Paths that open something: whoever reads the log of an error must not be able to walk in.
_KEY = re.compile(r"(/setup/|/my/code/|/bulletin/confirm/|/bulletin/leave/)[^/\s'\"]+")


def without_values(text: str) -> str:
    """The text with e-mail addresses, long numbers, links that open something and database details taken out.

    >>> without_values("no mailbox sara@example.org, tel +44 20 7946 0001")
    'no mailbox <email>, tel <number>'
    """
    text = _KEY.sub(r"\1<key>", _EMAIL.sub("<email>", _DETAIL.sub("<detail>", text)))
    return _DIGITS.sub(lambda m: m["id"] or "<number>", text)


class NoValues(logging.Filter):
    """The last net: what reaches the log passes through `without_values`, tracebacks included."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_values(record.getMessage()), None
        if record.exc_info:
            record.exc_text = without_values(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True
