"""What a person finds in their mail: the demonstration's inbox, read as a browser reads it."""

import html
import re
import time
import urllib.request
from contextlib import suppress

from amanat.lib import settings

_CODE = re.compile(r"(?<![\w-])\d{3}-\d{3}-\d{3}(?![\w-])")


def wait_for(*, seconds: float = 60) -> None:
    """Until the inbox answers; it starts a moment after the worker."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError):
            _page("/")
            return
        time.sleep(0.3)
    _page("/")


def one_time_code(address: str) -> str:
    """The code in the newest mail to this address; empty when there is none."""
    found = re.search(rf'<bdi>{re.escape(html.escape(address))}</bdi></td><td><a href="(/\d+)">', _page("/"))
    code = _CODE.search(_page(found[1])) if found else None
    return code[0] if code else ""


def _page(path: str) -> str:
    with urllib.request.urlopen(f"http://{settings.get('AMANAT_INBOX_HOST')}{path}", timeout=10) as answer:
        text: str = answer.read().decode()
        return text
