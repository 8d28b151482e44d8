"""Bounces from a mailbox on a server and straight from the mail server: nothing is marked before it is on record, nothing hostile fills memory."""

import contextlib
import imaplib
import json
import os
import shutil
import signal
import smtplib
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from amanat.notify.__main__ import VERB
from amanat.notify.bounces import BOUNCE_SIZE_MAX, read_bounce, read_mailbox
from amanat.notify.imap_box import BadMailbox, imap_box, is_imap, waiting_mails
from amanat.notify.lmtp_door import BadDoor, door_address
from tests.notify.counterparts import a_free_port
from tests.notify.delivery_world import Sink, a_plan, a_server, deliver, many_contacts
from tests.notify.test_bounces import ID, OURS, a_case, a_dsn

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")

CONFIG = """\
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
ssl = required
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
mail_location = maildir:{home}/mail
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
auth_mechanisms = plain
passdb {{
  driver = static
  args = password=s3cret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Dovecot of this machine, on a port and in a folder of its own."""
    if DOVECOT is None:
        pytest.skip("there is no Dovecot here: apt install dovecot-imapd; mailboxes on a server were not tried")
    home = tmp_path_factory.mktemp("dovecot")
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    made += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", f"{home}/key.pem", "-out", f"{home}/cert.pem"]
    subprocess.run(made, check=True, capture_output=True)
    user = "nobody" if os.geteuid() == 0 else subprocess.check_output(["id", "-un"], text=True).strip()
    group = subprocess.check_output(["id", "-gn", user], text=True).strip()
    port = a_free_port()
    (home / "dovecot.conf").write_text(CONFIG.format(home=home, port=port, user=user, group=group))
    for folder in ("run", "state", "mail", "home"):
        (home / folder).mkdir()
    if os.geteuid() == 0:
        for folder in (home, home / "mail", home / "home"):
            shutil.chown(folder, user, group)
        # Pytest's folders, one more of them where several processes test, are closed to other accounts.
        for above in [home, *home.parents]:
            if above == Path(tempfile.gettempdir()):
                break
            above.chmod(above.stat().st_mode | 0o011)
    process = subprocess.Popen([DOVECOT, "-F", "-c", f"{home}/dovecot.conf"], stderr=subprocess.PIPE)
    (home / "login").write_text("bounces:s3cret\n")
    try:
        for _ in range(100):
            with contextlib.suppress(OSError, imaplib.IMAP4.error), imaplib.IMAP4_SSL("127.0.0.1", port, ssl_context=_trust(home)) as probe:
                probe.login("bounces", "s3cret")
                break
            time.sleep(0.05)
        else:
            log = (home / "log").read_text() if (home / "log").exists() else ""
            pytest.fail(f"dovecot does not answer: {log[-2000:]}")
        yield home, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _trust(home):
    return ssl.create_default_context(cafile=f"{home}/cert.pem")


@pytest.fixture
def box(server):
    """An empty mailbox; `put` lays mails into it."""
    home, port = server
    with imaplib.IMAP4_SSL("127.0.0.1", port, ssl_context=_trust(home)) as client:
        client.login("bounces", "s3cret")
        client.create("Done")
        for folder in ("Done", "INBOX"):
            client.select(folder)
            client.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
            client.expunge()

        def put(raw):
            client.append("INBOX", None, None, raw)

        def flags(folder="INBOX"):
            client.select(folder, readonly=True)
            return sorted("Seen" in line.decode() for line in client.uid("FETCH", "1:*", "(FLAGS)")[1] if line)

        def at(query=""):
            return imap_box(f"imaps://127.0.0.1:{port}/INBOX{query}", login_file=home / "login", ca_file=home / "cert.pem")

        yield put, flags, at, (home, port)


def test_a_mail_is_marked_as_seen_only_once_it_is_on_record(box):
    put, flags, at, _ = box
    for n in range(3):
        put(a_dsn(sending_id=f"{n:032x}"))
    mails = waiting_mails(at())
    first, second = next(mails), next(mails)
    assert [read_bounce(one.raw, OURS).sending_id for one in (first, second)] == [f"{n:032x}" for n in (0, 1)]
    assert flags() == [False, False, False]
    first.done()
    mails.close()  # whoever reads is killed here
    assert flags() == [False, False, True]
    left = [read_bounce(one.raw, OURS).sending_id for one in waiting_mails(at())]
    assert left == [f"{n:032x}" for n in (1, 2)]


def test_what_is_on_record_can_be_moved_away(box):
    put, flags, at, _ = box
    put(a_dsn())
    for one in waiting_mails(at("?move=Done")):
        one.done()
    assert (len(flags()), len(flags("Done"))) == (0, 1)
    put(a_dsn())
    with pytest.raises(BadMailbox, match="does that folder exist"):
        for one in waiting_mails(at("?move=Nowhere")):
            one.done()
    assert flags() == [False]


def test_a_huge_mail_is_read_only_as_far_as_is_needed_to_see_that(box):
    put, _flags, at, _ = box
    put(a_dsn() + b"x" * 70 * 40_000)
    put(b"\x00\xff not a mail at all")
    put(a_dsn())
    found = list(waiting_mails(at()))
    assert len(found[0].raw) == BOUNCE_SIZE_MAX + 1
    assert [read_bounce(one.raw, OURS).says for one in found] == ["unreadable", "unreadable", "bounced"]


def test_the_command_reads_the_mailbox_and_leaves_bounces_of_other_cases_unseen(box, tmp_path, capsys):
    put, flags, _at, (home, port) = box
    case, contacts = tmp_path / "case", many_contacts(2)
    case.mkdir()
    plan = a_plan(contacts)
    a_case(case, contacts, plan)
    with a_server(Sink()) as url:
        deliver(case, contacts, plan, url)
    put(a_dsn(sending_id=plan.sendings["sending_id"][0].as_py()))
    put(a_dsn(sending_id="ab" * 16))
    address = ["bounces", f"imaps://127.0.0.1:{port}/INBOX", "--login-file", str(home / "login"), "--ca-file", str(home / "cert.pem")]
    for n_messages, n_noted in ((2, 1), (1, 0)):
        assert VERB.main([*address, "--case", str(case), "--format", "json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert (said["n_messages"], said["n_noted"], said["n_unknown"]) == (n_messages, n_noted, 1)
    assert flags() == [False, True]


def test_a_certificate_that_nobody_vouches_for_and_a_wrong_password_are_refused(box, tmp_path):
    _put, _flags, _at, (home, port) = box
    with pytest.raises(BadMailbox, match="certificate is not valid"):
        list(waiting_mails(imap_box(f"imaps://127.0.0.1:{port}/INBOX", login_file=home / "login")))
    (tmp_path / "login").write_text("bounces:wrong\n")
    with pytest.raises(BadMailbox, match="refuses the log-in") as error:
        list(waiting_mails(imap_box(f"imaps://127.0.0.1:{port}/INBOX", login_file=tmp_path / "login", ca_file=home / "cert.pem")))
    assert "wrong" not in str(error.value)


def test_nobody_at_the_other_end_is_said(tmp_path):
    (tmp_path / "login").write_text("a:b\n")
    with pytest.raises(BadMailbox, match="does not answer"):
        list(waiting_mails(imap_box(f"imaps://127.0.0.1:{a_free_port()}/INBOX", login_file=tmp_path / "login")))


@pytest.mark.parametrize(
    "address",
    [
        "imaps:///INBOX",
        "imaps://h/INBOX?delete=1",
        "imaps://user:secret@h/INBOX",
        "imap://mail.example/INBOX",
        "imaps://h:0/INBOX",
        "imaps://h/a%0d%0ab",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_without_repeating_a_password(address, tmp_path):
    (tmp_path / "login").write_text("a:b\n")
    with pytest.raises(BadMailbox) as error:
        imap_box(address, login_file=tmp_path / "login")
    assert "secret" not in str(error.value)
    assert is_imap(address)


# ---- straight from the mail server ----


@pytest.fixture
def taking(tmp_path):
    """The command as a process, and its address."""
    port = a_free_port()
    command = [sys.executable, "-m", "amanat", "notify", "bounces", str(tmp_path / "box"), "--listen", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), smtplib.LMTP("127.0.0.1", port, timeout=5):
                break
            time.sleep(0.05)
        yield port, tmp_path / "box", process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_the_mail_server_hands_bounces_over_and_they_are_read_by_the_address_that_they_came_to(taking):
    port, maildir, _process = taking
    with smtplib.LMTP("127.0.0.1", port) as line:
        assert line.sendmail("", [f"bounces+{ID}@hotel.example"], a_dsn(sending_id="0" * 32, original="Subject: no id")) == {}
        with pytest.raises(smtplib.SMTPException):
            line.sendmail("", ["bounces@hotel.example"], b"x" * (BOUNCE_SIZE_MAX + 1000))
    with smtplib.LMTP("127.0.0.1", port) as line:
        line.ehlo()
        line.mail("")
        for n in range(2):
            assert line.rcpt(f"bounces+{n:032x}@hotel.example")[0] == 250
        assert (line.data(a_dsn(original="Subject: no id"))[0], line.getreply()[0]) == (250, 250)  # one answer for each
    found = [read_bounce(raw, OURS) for raw in read_mailbox(maildir)]
    assert [(one.says, one.sending_id) for one in found] == [("bounced", ID), ("bounced", "0" * 32), ("bounced", f"{1:032x}")]
    assert not list((maildir / "tmp").iterdir())


@pytest.mark.parametrize("address", ["0.0.0.0:2526", "mail.example:2526", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999"])
def test_bounces_are_taken_on_this_machine_only(address):
    with pytest.raises(BadDoor):
        door_address(address)
