"""The persons' own pages: a table in a database, as the web keeps one."""

import contextlib
import sqlite3

from amanat.notify.channel import Opening, TryLater, open_channel
from tests.notify.counterparts import Pair, Script
from tests.notify.delivery_world import TEXTS, a_company

CANNOT = {
    "breaks": "placing is one look into our own database, beside the ledger; no line can break in between",
    "busy": "our own database is there or it is away; then the whole batch waits, as when nobody is there",
}


@contextlib.contextmanager
def opened(*behaviour):
    script = Script(behaviour)
    pages = sqlite3.connect(":memory:")
    pages.execute("create table page (sending text primary key, words text)")

    def place(message, text):
        now = script.next()
        if now == "absent":
            raise TryLater("the database is away")
        if now == "refuses":
            return "the incident is closed"
        pages.execute("insert or ignore into page values (?, ?)", (message.sending_id, text))
        return ""

    with contextlib.closing(pages):
        channel = open_channel("portal", Opening(company=a_company(), texts=TEXTS, place=place))
        yield Pair(channel, lambda: [words for (words,) in pages.execute("select words from page order by sending")])
