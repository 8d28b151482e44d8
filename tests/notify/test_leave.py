"""The way out of a newsletter: the two headers, the link under the message, signed with the rest; and never on a notice that the law requires."""

import email
import email.policy
from datetime import date

import pytest

from amanat.lib.private import Private
from amanat.notify.channel import Message
from amanat.notify.deliver import texts_of
from amanat.notify.leave import NotAWayOut, leave_headers
from amanat.notify.mime import Composed
from amanat.terms.contact import Contact

from .outlet_world import notice
from .writing_world import COMPANY

URL = "https://www.hotel.example/fa/bulletin/leave/Zm9v/"


def a_mail(language, leave_url):
    text = notice(language, "bulletin")
    one = Contact(
        person_id="1", name=None, emails=(Private("email", "sara@example.org"),), phones=(), address=None, residence=None,
        language=language, minor=None, deceased=None, needs=None,
    )  # fmt: skip
    composed = Composed(COMPANY, text, texts_of([text], COMPANY, on=date(2026, 4, 1))[text.id])
    message = Message(sending_id="a" * 32, notice=text, contact=one, kinds=frozenset(), basis="content", code="KV7M-2Q9T-X4C8-R", leave_url=leave_url)
    return email.message_from_bytes(composed.fill(message, "sara@example.org"), policy=email.policy.default)


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "I no longer want this bulletin"), ("fr", "Je ne veux plus recevoir ce bulletin"), ("fa", "این گزارش را دیگر نمی‌خواهم")],
)
def test_an_issue_carries_both_headers_of_one_click_and_a_link_in_words(language, says):
    mail = a_mail(language, URL)

    assert mail["List-Unsubscribe"] == f"<{URL}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = (part.get_content() for part in mail.iter_parts())
    assert says in text and URL in text
    assert f'<a href="{URL}"' in html and f">{says}</a>" in html


def test_a_message_without_a_way_out_has_no_such_header_and_no_such_words():
    mail = a_mail("en", "")

    assert "List-Unsubscribe" not in mail and "List-Unsubscribe-Post" not in mail
    assert all("no longer want" not in part.get_content() for part in mail.iter_parts())


@pytest.mark.parametrize(
    "url", ["https://a.example/\r\nBcc: all@example.org", "https://a.example/ b", "https://ف.example/", "https://a.example/>,<mailto:x"]
)
def test_a_link_that_would_bend_the_headers_is_refused(url):
    with pytest.raises(NotAWayOut):
        leave_headers(url)
