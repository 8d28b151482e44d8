"""The e-mail channel: what a message looks like to the programs that read it, and how servers are spoken to."""

import datetime as dt
import email
import email.policy
import ipaddress
import ssl
from email.header import decode_header, make_header

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from amanat import notify
from amanat.lib.private import Private
from amanat.notify.channel import BadChannelAddress, Message, Opening, Refused, Texts, channel_types, open_channel, without_addresses
from amanat.notify.mime import Composed, envelope_of
from amanat.notify.smtp import read_relay
from tests.notify.delivery_world import TEXTS, Plain, Sink, a_company, a_contact, a_notice, a_server


def a_message(contact=None, notice=None) -> Message:
    kinds = frozenset({"email"})
    notice, contact = notice or a_notice(), contact or a_contact()
    return Message(sending_id="ab" * 16, notice=notice, contact=contact, kinds=kinds, basis="content", code="0000-0000-0001-2")


def composed(contact=None, notice=None, company=None, texts=None, address="sara@example.org"):
    head = Composed(company or a_company(), notice or a_notice(), texts or TEXTS["eu.en"])
    return email.message_from_bytes(head.fill(a_message(contact, notice), address), policy=email.policy.default)


def sent(url, contacts, company=None, **more):
    """Outcomes of one batch through a real connection."""
    opening = Opening(company=company or a_company(), address=url, texts=TEXTS, **more)
    channel = open_channel("email", opening)
    try:
        return [(o.became, o.answer) for o in channel.send([a_message(c) for c in contacts])]
    finally:
        channel.close()


def test_a_message_has_the_headers_of_a_notice():
    mail = composed()
    assert mail["Message-ID"] == "<abababababababababababababababab@hotel.example>"
    assert str(mail["From"]) == "Hôtel Exemple <notices@hotel.example>"
    assert str(mail["Reply-To"]) == "privacy@hotel.example"
    assert str(mail["To"]) == "Sara Karimi <sara@example.org>"
    assert mail["Subject"] == "A message about your data"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["List-Unsubscribe"] is None  # nobody can unsubscribe from what the law wants them told
    assert mail.defects == []


def test_it_holds_plain_text_before_html_both_in_base64():
    mail = composed()
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert all(part["Content-Transfer-Encoding"] == "base64" and part.get_content_charset() == "utf-8" for part in mail.iter_parts())
    assert mail.get_body(("plain",)).get_content() == "Hello Sara Karimi, email, 0000-0000-0001-2"
    assert mail.get_body(("html",)).get_content() == "<p dir='ltr'>Hello Sara Karimi, email, 0000-0000-0001-2</p>"


def test_persian_names_and_subjects_arrive_as_they_were_written():
    subject = "پیامی دربارهٔ داده‌های شما از هتل نمونه؛ لطفاً این پیام را تا پایان بخوانید و کد آن را بررسی کنید"
    mail = composed(a_contact(name="سارا کریمی‌نژاد اصفهانی‌پور شیرازی‌زاده"), a_notice(subject=subject))
    assert mail["Subject"] == subject
    assert mail["To"].addresses[0].addr_spec == "sara@example.org"
    # Python's newer parser of addresses puts a blank between two encoded words of one name; the older one reads RFC 2047 rightly.
    raw = email.message_from_bytes(mail.as_bytes(policy=email.policy.compat32))["To"]
    assert str(make_header(decode_header(raw))) == "سارا کریمی‌نژاد اصفهانی‌پور شیرازی‌زاده <sara@example.org>"


@pytest.mark.parametrize(
    "name",
    [
        "Sara\r\nBcc: all@example.org",
        "Sara\nSubject: Win a prize",
        "Sara\x0b\x0c\x1c\x85\u2028\u2029Bcc: all@example.org",
        "Sara\r\n\r\n<html>",
        'Sara" <evil@example.org>, "',
        "Sara <evil@example.org>, Eve",
        "=?utf-8?b?RXZlDQpCY2M6IGFsbEBleGFtcGxlLm9yZw==?=",
        "\u202egro.elpmaxe@live",
    ],
)
def test_a_name_cannot_become_a_header_or_a_second_recipient(name):
    mail = composed(a_contact(name=name))
    assert [address.addr_spec for address in mail["To"].addresses] == ["sara@example.org"]
    assert mail["Bcc"] is None
    assert mail.get_all("Subject") == ["A message about your data"]
    assert "\u202e" not in str(mail["To"])
    assert mail.get_body(("plain",)) is not None


@given(st.text(max_size=200))
def test_no_name_whatever_breaks_a_message(name):
    raw = Composed(a_company(), a_notice(), Texts(text=Plain("text"), html=Plain("html"))).fill(a_message(a_contact(name=name)), "sara@example.org")
    head, _, _ = raw.partition(b"\r\n\r\n")
    fields = [line.split(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert fields == [
        b"Message-ID",
        b"Date",
        b"To",
        b"From",
        b"Reply-To",
        b"Subject",
        b"Content-Language",
        b"Auto-Submitted",
        b"MIME-Version",
        b"Content-Type",
    ]
    assert not any(line.startswith(b".") for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert [a.addr_spec for a in email.message_from_bytes(raw, policy=email.policy.default)["To"].addresses] == ["sara@example.org"]


@given(st.text(max_size=60))
def test_no_address_whatever_becomes_a_command(address):
    found = envelope_of(Private("email", address))
    assert not any(c in found for c in " \r\n<>\x00")
    assert found == "" or found.count("@") == 1


@pytest.mark.parametrize(
    ("written", "envelope"),
    [
        ("sara@example.org", "sara@example.org"),
        (" sara@example.org ", "sara@example.org"),
        ("sara@bücher.example", "sara@xn--bcher-kva.example"),
        ("sara", ""),
        ("sara@", ""),
        ("@example.org", ""),
        ("sara@example.org>\r\nRCPT TO:<eve@example.org", ""),
        ("a..b@example.org", ""),
        ("sara@exa mple.org", ""),
        ("sara@-example.org", ""),
    ],
)
def test_only_what_can_be_an_address_is_used(written, envelope):
    assert envelope_of(Private("email", written)) == envelope


def test_an_impossible_address_is_refused_without_asking_the_server():
    with a_server(sink := Sink()) as url:
        assert sent(url, [a_contact(emails=("sara@",))]) == [("refused", "the e-mail address on file cannot be one")]
    assert sink.mails == []


def test_an_international_address_is_sent_to_a_server_that_takes_it():
    with a_server(sink := Sink()) as url:
        assert sent(url, [a_contact(emails=("سارا@example.org",)), a_contact()])[0][0] == "accepted"
    assert sink.recipients == ["سارا@example.org", "sara@example.org"]


def test_an_international_address_is_refused_where_the_server_cannot_take_it():
    with a_server(sink := Sink(), smtputf8=False) as url:
        outcomes = sent(url, [a_contact(emails=("سارا@example.org",)), a_contact()])
    assert outcomes[0] == ("refused", "the server takes no international addresses")
    assert outcomes[1][0] == "accepted" and len(sink.mails) == 1


def test_one_connection_carries_many_messages():
    class Counting(SMTP):
        n = 0

        def connection_made(self, transport):
            Counting.n += 1
            super().connection_made(transport)

    with a_server(Sink(), protocol=Counting) as url:
        assert len(sent(url, [a_contact()] * 30)) == 30
    assert Counting.n == 1


def test_the_envelope_sender_is_the_companys():
    class Noting(Sink):
        def __init__(self):
            super().__init__()
            self.senders = []

        def answer(self, envelope):
            self.senders.append(envelope.mail_from)
            return "250 ok"

    with a_server(sink := Noting()) as url:
        sent(url, [a_contact()])
    assert sink.senders == ["notices@hotel.example"]


def test_a_refusal_of_the_content_is_a_refusal():
    class Filter(Sink):
        def answer(self, envelope):
            return "554 5.6.0 content rejected"

    with a_server(Filter()) as url:
        assert sent(url, [a_contact(), a_contact()]) == [("refused", "554 5.6.0 content rejected")] * 2


# ---- TLS and log-in ----


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of our own for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay")])
    today = dt.datetime.now(dt.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "relay.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "relay.key").write_bytes(private)
    return folder


def server_context(folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "relay.pem", folder / "relay.key")
    return context


def test_starttls_is_used_when_the_server_offers_it(certificate):
    class Noting(Sink):
        def __init__(self):
            super().__init__()
            self.secure = []

        async def handle_DATA(self, server, session, envelope):
            self.secure.append(session.ssl is not None)
            return await super().handle_DATA(server, session, envelope)

    with a_server(sink := Noting(), smtp={"tls_context": server_context(certificate)}) as url:
        assert sent(url, [a_contact()], ca_file=certificate / "relay.pem")[0][0] == "accepted"
    assert sink.secure == [True]


def test_a_certificate_of_nobody_we_trust_is_refused(certificate, tmp_path):
    other = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "other")])
    today = dt.datetime.now(dt.timezone.utc)
    unrelated = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(other.public_key())
        .serial_number(2)
        .not_valid_before(today)
        .not_valid_after(today + dt.timedelta(days=1))
        .sign(other, hashes.SHA256())
    )
    (tmp_path / "other.pem").write_bytes(unrelated.public_bytes(serialization.Encoding.PEM))
    with a_server(sink := Sink(), smtp={"tls_context": server_context(certificate)}) as url, pytest.raises(Refused, match="certificate is not valid"):
        sent(url, [a_contact()], ca_file=tmp_path / "other.pem")
    assert sink.mails == []


def authenticator(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"amanat", b"correct horse"), handled=False)


def test_user_and_password_come_from_a_file(certificate, tmp_path):
    login = tmp_path / "login"
    login.write_text("amanat:correct horse\n")
    options = {"tls_context": server_context(certificate), "authenticator": authenticator, "auth_required": True}
    with a_server(Sink(), smtp=options) as url:
        assert sent(url, [a_contact()], ca_file=certificate / "relay.pem", login_file=login)[0][0] == "accepted"


def test_a_wrong_password_stops_everything_and_is_not_shown(certificate, tmp_path):
    login = tmp_path / "login"
    login.write_text("amanat:wrong horse\n")
    options = {"tls_context": server_context(certificate), "authenticator": authenticator, "auth_required": True}
    with a_server(Sink(), smtp=options) as url, pytest.raises(Refused, match="refuses our log-in") as error:
        sent(url, [a_contact()], ca_file=certificate / "relay.pem", login_file=login)
    assert "horse" not in str(error.value)


def test_a_login_file_without_a_colon_is_said(tmp_path):
    (tmp_path / "login").write_text("amanat\n")
    with pytest.raises(BadChannelAddress, match="USER:PASSWORD"):
        open_channel("email", Opening(company=a_company(), address="smtp://127.0.0.1:25", texts={}, login_file=tmp_path / "login"))


@pytest.mark.parametrize(
    "address", ["Hotel <notices@hotel.example>", "notices@hotel.example> SIZE=1", "notices@hotel.example\r\nRCPT TO:<all@example.org>"]
)
@pytest.mark.parametrize("name", ["sender", "bounces"])
def test_an_own_address_that_would_bend_the_envelope_is_refused_before_anything_is_sent(name, address):
    with pytest.raises(BadChannelAddress, match=rf"company.toml: {name} must be an address alone"):
        open_channel("email", Opening(company=a_company(**{name: address}), address="smtp://127.0.0.1:25", texts={}))


@pytest.mark.parametrize(
    "address", ["", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://u:p@mail.example.org", "smtp://mail.example.org:99999"]
)
def test_an_address_that_is_no_relay_is_said_without_its_password(address):
    with pytest.raises(BadChannelAddress) as error:
        open_channel("email", Opening(company=a_company(), address=address, texts={}))
    assert "u:p" not in str(error.value)


def test_ports_default_to_those_of_the_protocol():
    assert (read_relay("smtp://mail.example.org").port, read_relay("smtps://mail.example.org").port) == (25, 465)


# ---- the open set ----


@pytest.mark.parametrize("name", channel_types())
def test_every_channel_reaches_its_examples_and_no_other(name):
    channel = channel_types()[name]
    assert channel.says and channel.source.startswith("https://") and dt.date.fromisoformat(channel.read_on)
    assert channel.examples and channel.not_examples
    assert all(channel.reaches(contact) for contact in channel.examples)
    assert not any(channel.reaches(contact) for contact in channel.not_examples)


def test_an_unknown_channel_is_said_with_the_one_that_was_meant():
    with pytest.raises(notify.UnknownChannel, match="did you mean 'email'"):
        open_channel("emial", Opening(company=a_company(), texts={}))


@given(st.from_regex(r"[a-z0-9.+_-]{1,20}@[a-z0-9-]{1,20}(\.[a-z]{2,5}){1,2}", fullmatch=True))
def test_no_address_in_a_servers_answer_is_kept(address):
    for words in (f"550 <{address}>: unknown", f"550 {address} unknown", f"550 5.1.1 user={address};", f"451 try ({address}) later"):
        assert address not in without_addresses(words)
        assert "@" not in without_addresses(words)


# ---- pipelining (RFC 2920) ----


class Pipelining(SMTP):
    """Counts the packets in which commands arrive."""

    n_packets = 0

    def data_received(self, data):
        type(self).n_packets += 1
        super().data_received(data)


class PipelineSink(Sink):
    """Offers PIPELINING."""

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]


def test_a_server_that_allows_it_gets_the_envelope_in_one_packet():
    class Counted(Pipelining):
        n_packets = 0

    with a_server(sink := PipelineSink(), protocol=Counted) as url:
        outcomes = sent(url, [a_contact()] * 10)
    assert [became for became, _ in outcomes] == ["accepted"] * 10 and len(sink.mails) == 10
    assert Counted.n_packets <= 2 + 2 * 10 + 1  # EHLO, then envelope and message for each, QUIT


def test_a_refused_recipient_does_not_disturb_the_next_one_in_the_pipeline():
    class Picky(PipelineSink):
        async def handle_RCPT(self, server, session, envelope, address, options):
            if address.startswith("gone"):
                return "550 5.1.1 no such user"
            if address.startswith("busy"):
                return "450 4.2.1 mailbox busy"
            envelope.rcpt_tos.append(address)
            return "250 ok"

    contacts = [a_contact(emails=(f"{name}@example.org",)) for name in ("gone", "sara", "busy", "omar")]
    with a_server(sink := Picky(), protocol=Pipelining) as url:
        assert [became for became, _ in sent(url, contacts)] == ["refused", "accepted", "try_later", "accepted"]
    assert sink.recipients == ["sara@example.org", "omar@example.org"]


def test_a_server_that_awaits_a_message_for_nobody_gets_an_empty_one():
    class Careless(Pipelining):
        """Answers DATA with 354 although it refused the recipient, as RFC 2920 allows."""

        async def smtp_RCPT(self, arg):
            if "gone" in arg:
                self.envelope.rcpt_tos.append("nobody@example.org")
                await self.push("550 5.1.1 no such user")
            else:
                await super().smtp_RCPT(arg)

    class NotEmpty(PipelineSink):
        def answer(self, envelope):
            return "250 ok" if envelope.content.strip() else "554 no valid recipients"

    with a_server(sink := NotEmpty(), protocol=Careless) as url:
        outcomes = sent(url, [a_contact(emails=("gone@example.org",)), a_contact()])
    assert outcomes[0] == ("refused", "550 5.1.1 no such user")
    assert outcomes[1][0] == "accepted"
    assert sink.recipients == ["sara@example.org"]


@pytest.mark.parametrize(
    "words", ["Somebody copied your data.\n" * 300, "Quelqu’un a copié vos données : « tout ».", "کسی داده‌های شما را کپی کرد؛ ۱۲ پرونده."]
)
def test_another_reader_of_mime_finds_the_same_words(words):
    from fast_mail_parser import parse_email

    texts = Texts(text=Plain(words), html=Plain(f"<p>{words}</p>"))
    raw = Composed(a_company(), a_notice(subject=words.splitlines()[0]), texts).fill(a_message(a_contact(name="سارا کریمی")), "sara@example.org")
    mail = parse_email(raw)

    assert [part.replace("\r\n", "\n").strip() for part in (*mail.text_plain, *mail.text_html)] == [words.strip(), f"<p>{words}</p>"]
    assert mail.subject == words.splitlines()[0]
