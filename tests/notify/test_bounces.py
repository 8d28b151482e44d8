"""Bounces: what servers write back is matched to one sending, and that person gets the next channel."""

import json
import mailbox

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat import notify
from amanat.lib.journal import Journal
from amanat.notify.__main__ import VERB
from amanat.notify.bounces import Bounce, NoMailbox, bounce_address, bounce_domains, read_bounce, read_mailbox
from tests.notify.delivery_world import KEY, NOW, Sink, a_company, a_notice, a_plan, a_server, an_approval, deliver, exposures_for, many_contacts
from tests.notify.test_verify_codes import COMPANY

ID = "07dfb848f38ded29313f87b28269452e"
OURS = {"hotel.example"}


def a_dsn(
    sending_id=ID,
    action="failed",
    status="5.1.1",
    diagnostic="smtp; 550 5.1.1 <sara@example.org>: no such user",
    to="notices@hotel.example",
    **more,
):
    """As Postfix writes it (RFC 3464), with the headers of the mail that did not arrive."""
    returned = f"Message-ID: <{sending_id}@hotel.example>\nFrom: Hotel <notices@hotel.example>\nTo: sara@example.org"
    original = more.get("original", returned)
    return f"""\
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <20261122.ABC@mx.example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="BOUND"

--BOUND
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.org. I'm sorry to have to inform you that your message could not be delivered.

--BOUND
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
{more.get("envelope", "X-Postfix-Queue-ID: ABC")}
Arrival-Date: Sun, 22 Nov 2026 12:00:00 +0000

Final-Recipient: rfc822; sara@example.org
Original-Recipient: rfc822;sara@example.org
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: {diagnostic}

--BOUND
Content-Type: text/rfc822-headers

{original}

--BOUND--
""".encode()


EXIM = f"""\
Return-path: <>
From: Mail Delivery System <Mailer-Daemon@mx.example.org>
To: notices@hotel.example
Auto-Submitted: auto-replied
X-Failed-Recipients: sara@example.org
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  sara@example.org
    Unrouteable address

------ This is a copy of the message, including all the headers. ------

Message-ID: <{ID}@hotel.example>
To: sara@example.org
""".encode()

QMAIL = f"""\
From: MAILER-DAEMON@mx.example.org
To: notices@hotel.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<sara@example.org>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: <{ID}@hotel.example>
""".encode()

COMPLAINT = f"""\
From: feedback@mail.example.org
To: abuse@hotel.example
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain

This is a complaint.

--B
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Example/1.0
Version: 1

--B
Content-Type: message/rfc822

Message-ID: <{ID}@hotel.example>
To: sara@example.org

text
--B--
""".encode()

AWAY = f"""\
From: Sara <sara@example.org>
To: notices@hotel.example
Subject: Out of office
Auto-Submitted: auto-replied
In-Reply-To: <{ID}@hotel.example>

I am away until Monday. For failure of delivery call reception.
""".encode()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (a_dsn(), Bounce(says="bounced", sending_id=ID, answer="failed 5.1.1 550 5.1.1 <address>: no such user")),
        (a_dsn(status="4.4.7", diagnostic="smtp; expired"), Bounce(says="bounced", sending_id=ID, answer="failed 4.4.7 expired")),
        (a_dsn(action="delayed", status="4.4.1", diagnostic=""), Bounce(says="delayed", answer="delayed 4.4.1")),
        (a_dsn(action="delivered", status="2.0.0", diagnostic=""), Bounce(says="delivered", sending_id=ID, answer="delivered 2.0.0")),
        (EXIM, Bounce(says="bounced", sending_id=ID, answer="the server wrote back that it cannot be delivered")),
        (QMAIL, Bounce(says="bounced", sending_id=ID, answer="the server wrote back that it cannot be delivered")),
        (COMPLAINT, Bounce(says="complained", sending_id=ID, answer="the person marked it as unwanted")),
        (AWAY, Bounce(says="no_bounce")),
        (b"", Bounce(says="unreadable", answer="not a message that can be read")),
    ],
)
def test_each_kind_of_answer_is_told_apart(raw, says):
    assert read_bounce(raw, OURS) == says


@pytest.mark.parametrize(
    "raw",
    [
        a_dsn(original="From: notices@hotel.example\nTo: sara@example.org"),  # an address alone is not enough
        a_dsn(original=f"Message-ID: <{ID}@other.example>"),  # somebody else's mail
        a_dsn(original="Message-ID: <123@hotel.example>"),  # ours, and no notice
        a_dsn(original="", to=f"notices+{ID}@other.example"),
        EXIM.replace(ID.encode(), b"x"),
    ],
)
def test_a_bounce_that_names_no_mail_of_ours_moves_nobody(raw):
    found = read_bounce(raw, OURS)
    assert (found.says, found.sending_id) == ("no_sending", "")


@pytest.mark.parametrize(
    "raw",
    [
        a_dsn(original="", to=f"bounces+{ID}@hotel.example"),
        a_dsn(original="", envelope=f"Original-Envelope-Id: {ID}"),
        a_dsn(original=f"Message-ID: <{ID.upper()}@HOTEL.example>"),
    ],
)
def test_a_sending_is_recognised_by_its_own_address_its_envelope_or_its_message_id(raw):
    assert read_bounce(raw, OURS).sending_id == ID


def test_the_returned_message_counts_and_not_what_a_stranger_wrote_around_it():
    other = "f" * 32
    raw = a_dsn().replace(b"I'm sorry to have", f"<{other}@hotel.example> I'm sorry to have".encode())
    assert read_bounce(raw, OURS).sending_id == ID


def test_domains_are_those_of_the_sender_the_brand_and_the_bounces_in_ascii():
    assert bounce_domains("a@mail.example", ("bücher.example",), "b@bounce.example") == {"mail.example", "xn--bcher-kva.example", "bounce.example"}


@given(st.binary(max_size=400), st.integers(0, 1200), st.integers(0, 60))
def test_whatever_a_stranger_writes_the_reader_goes_on(junk, at, n):
    raw = a_dsn()
    assert read_bounce(raw[:at] + junk + raw[at + n :], OURS).says in (
        "bounced",
        "delivered",
        "complained",
        "delayed",
        "no_bounce",
        "no_sending",
        "unreadable",
    )


@pytest.mark.parametrize("raw", [b"x" * 2_000_001, b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5000])
def test_a_message_that_is_no_bounce_by_its_size_is_not_read(raw):
    assert read_bounce(raw, OURS).says in ("unreadable", "no_bounce")


# ---- from the wire and back ----


class Bouncing(Sink):
    """Takes everything, and writes back about some of it, as a mail server does: to the envelope's sender, with what it was given."""

    def __init__(self, folder, refuses) -> None:
        super().__init__()
        self.box, self.refuses, self.envelopes = mailbox.Maildir(folder), refuses, []

    async def handle_DATA(self, server, session, envelope):
        self.envelopes.append((envelope.mail_from, list(envelope.mail_options), list(envelope.rcpt_options)))
        if self.refuses(envelope.rcpt_tos[0]):
            head = envelope.content.split(b"\r\n\r\n")[0].replace(b"\r\n", b"\n").decode()
            self.box.add(a_dsn(to=envelope.mail_from, original=head))
        return await super().handle_DATA(server, session, envelope)


def a_case(folder, contacts, plan):
    (folder / "company.toml").write_text(COMPANY)
    (folder / "case.key").write_text(KEY.hex())
    notify.write_notices([a_notice()], folder, findings={"eu.en": ()})
    notify.write_plan(plan, folder)
    pq.write_table(exposures_for(contacts), folder / "exposures.parquet")
    Journal(folder / "journal.jsonl").write(who="test", act="run.started", at=NOW, what={"incident": "hotel"})


def test_whose_mail_came_back_gets_the_letter_and_reading_twice_changes_nothing(tmp_path, capsys):
    case, contacts = tmp_path / "case", many_contacts(6)
    case.mkdir()
    plan = a_plan(contacts)
    a_case(case, contacts, plan)
    server = Bouncing(tmp_path / "box", lambda address: address in ("p1@example.org", "p4@example.org"))
    with a_server(server) as url:
        assert deliver(case, contacts, plan, url).states == {"accepted": 6}

        assert VERB.main(["bounces", str(tmp_path / "box"), "--case", str(case), "--format", "json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert (said["n_messages"], said["says"], said["n_noted"]) == (2, {"bounced": 2}, 2)
        assert VERB.main(["bounces", str(tmp_path / "box"), "--case", str(case)]) == 0
        assert "0 noted; 2 were known before; 0 are of another case." in capsys.readouterr().out

        after = deliver(case, contacts, plan, url)
    assert after.states == {"accepted": 6, "bounced": 2}
    assert len(list((case / "letters").glob("*.pdf"))) == 2
    assert len(server.recipients) == 6  # nobody got the mail again
    assert "example.org" not in (case / "ledger.jsonl").read_text() and "example.org" not in (case / "journal.jsonl").read_text()


def test_a_complaint_is_noted_and_suppresses_nothing(tmp_path, capsys):
    case, contacts = tmp_path / "case", many_contacts(1)
    case.mkdir()
    plan = a_plan(contacts)
    a_case(case, contacts, plan)
    with a_server(Sink()) as url:
        deliver(case, contacts, plan, url)
    box = tmp_path / "box"
    box.mkdir()
    (box / "1.eml").write_bytes(COMPLAINT.replace(ID.encode(), plan.sendings["sending_id"][0].as_py().encode()))
    assert VERB.main(["bounces", str(box), "--case", str(case)]) == 0
    assert "marked as unwanted" in capsys.readouterr().out
    assert pq.read_table(case / "receipts.parquet").to_pylist()[-1]["state"] == "delivered"
    # The next text reaches the same person: no list keeps a statutory notice back.
    assert a_plan(contacts, [a_notice(text="There is news.")]).sendings.num_rows == 1


def test_with_a_mailbox_for_bounces_each_mail_has_an_envelope_of_its_own(tmp_path):
    contacts = many_contacts(2)
    plan = a_plan(contacts)
    server = Bouncing(tmp_path / "box", lambda _address: False)
    company = a_company(bounces="bounces@hotel.example")
    with a_server(server) as url:
        deliver(tmp_path, contacts, plan, url, company=company, approval=an_approval(plan, company=company))
    wanted = {bounce_address("bounces@hotel.example", i) for i in plan.sendings["sending_id"].to_pylist()}
    assert {sender for sender, _, _ in server.envelopes} == wanted


def test_a_mailbox_of_any_form_is_read_and_one_that_is_none_is_said(tmp_path):
    box = mailbox.mbox(tmp_path / "box.mbox")
    box.add(a_dsn())
    box.add(EXIM)
    box.close()
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.eml").write_bytes(QMAIL)
    assert [read_bounce(raw, OURS).says for raw in read_mailbox(tmp_path / "box.mbox")] == ["bounced", "bounced"]
    assert [read_bounce(raw, OURS).says for raw in read_mailbox(folder)] == ["bounced"]
    (tmp_path / "text").write_text("Hello")
    with pytest.raises(NoMailbox, match="is no mbox"):
        list(read_mailbox(tmp_path / "text"))
    with pytest.raises(NoMailbox, match="there is no such mailbox"):
        list(read_mailbox(tmp_path / "gone"))
