"""The demo's inbox: catches, shows, and lets a mail do nothing."""

import asyncio
from datetime import datetime, timezone
from email import message_from_bytes, policy
from types import SimpleNamespace

from amanat.web.inbox import Inbox, Mail, list_page, mail_page


def a_mail(subject="A message about your data"):
    heads = ("From: us@hotel.example", "To: sara@example.org", f"Subject: {subject}", "MIME-Version: 1.0", "Content-Type: text/html")
    raw = "\r\n".join((*heads, "", "<script>x</script>"))
    return Mail(1, datetime(2026, 3, 6, 17, 0, tzinfo=timezone.utc), ("sara@example.org",), message_from_bytes(raw.encode(), policy=policy.default))


def test_an_empty_inbox_says_what_will_stand_there():
    assert "after two people have approved" in list_page(Inbox())


def test_html_mail_is_shown_in_a_frame_that_can_do_nothing():
    page = mail_page(a_mail())

    assert '<iframe sandbox="" ' in page
    assert "<script>" not in page


def test_a_subject_cannot_break_out_of_the_list():
    inbox = Inbox()
    inbox.mails.append(a_mail("<b>bold</b>"))

    assert "&lt;b&gt;bold" in list_page(inbox)


def test_mails_are_found_again_after_a_restart(tmp_path):
    envelope = SimpleNamespace(content=b"Subject: A message about your data\r\n\r\nYour code: KV7M\r\n", rcpt_tos=["sara@example.org"])
    for _ in range(3):
        asyncio.run(Inbox(tmp_path).handle_DATA(None, None, envelope))

    again = Inbox(tmp_path)

    assert [mail.number for mail in again.mails] == [1, 2, 3]
    assert again.mails[-1].to == ("sara@example.org",)
    assert "KV7M" in mail_page(again.find(3))
    assert "3 mails caught" in list_page(again)
