"""A person's e-mail becomes sender, subject and text; hostile ones become a sentence."""

import pytest

from amanat import care
from amanat.care.mail import NotAMail, parse

PLAIN = b"From: Sara Example <sara@example.org>\nTo: help@hotel.example\nSubject: =?utf-8?q?Ma_r=C3=A9servation?=\n\nBonjour,\nque faire ?\n"


def why():
    return {"why": "the test looks"}


def test_sender_subject_and_text():
    mail = care.read_mail(PLAIN)
    assert mail.sender.reveal(**why()) == "sara@example.org"
    assert mail.subject.reveal(**why()) == "Ma réservation"
    assert mail.text.reveal(**why()) == "Bonjour,\nque faire ?"
    assert (mail.n_attachments, mail.is_automatic) == (0, False)
    assert "sara" not in repr(mail)


def test_html_alone_is_read_without_its_scripts():
    found = parse(b"From: a@example.org\nContent-Type: text/html; charset=utf-8\n\n<style>x{}</style><p>Hello</p><script>bad()</script><p>there")
    assert found["text"] == "Hello\nthere"


def test_attachments_are_counted_and_not_opened():
    mixed = (
        b"From: a@example.org\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nHello\n"
        b"--B\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n\n%PDF\n--B--\n"
    )
    assert (parse(mixed)["text"], parse(mixed)["n_attachments"]) == ("Hello", 1)


@pytest.mark.parametrize("header", [b"Auto-Submitted: auto-replied", b"Return-Path: <>"])
def test_an_out_of_office_note_is_known_as_one(header):
    assert parse(header + b"\nFrom: a@example.org\n\nAway")["is_automatic"] is True


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 5000, b"hello", b"Subject: no sender\n\nx"])
def test_what_is_no_mail_is_said_to_be_none(content):
    with pytest.raises(NotAMail):
        care.read_mail(content)


def test_a_wrong_charset_and_ten_thousand_parts_are_read_as_far_as_they_go():
    assert parse(b"From: a@example.org\nContent-Type: text/plain; charset=x-none\n\nHell\xc3\xb6")["text"] == "Hellö"
    parts = b"".join(b"--B\nContent-Type: text/plain\n\npart\n" for _ in range(10_000))
    found = care.read_mail(b"From: a@example.org\nContent-Type: multipart/mixed; boundary=B\n\n" + parts + b"--B--\n")
    assert len(found.text.reveal(**why())) <= 20_000
