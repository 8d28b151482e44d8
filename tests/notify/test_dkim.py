"""Mail that the company signs itself, judged by dkimpy, which shares no line with ours."""

import base64

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from amanat.lib.shape import MissingKey
from amanat.notify.channel import BadChannelAddress, Message, Opening, open_channel
from amanat.notify.dkim import Dkim, DkimKey
from amanat.notify.mime import Composed
from tests.notify.delivery_world import TEXTS, Sink, a_company, a_contact, a_notice, a_server


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """A folder with an RSA and an Ed25519 key, and what DNS would say of them."""
    home, dns = tmp_path_factory.mktemp("keys"), {}
    for name, key in (("rsa", rsa.generate_private_key(65537, 2048)), ("ed25519", ed25519.Ed25519PrivateKey.generate())):
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (home / f"{name}.pem").write_bytes(pem)
        form = (
            (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            if name == "ed25519"
            else (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        )
        public = base64.b64encode(key.public_key().public_bytes(*form))
        dns[f"{name}1._domainkey.hotel.example.".encode()] = b"v=DKIM1; k=" + name.encode() + b"; p=" + public
    return home, dns


def a_key(name="rsa", **changes):
    return DkimKey(**{"domain": "hotel.example", "selector": f"{name}1", "key_file": f"{name}.pem"} | changes)


def a_mail(home, *given, notice=None, contact=None, company=None):
    one = notice or a_notice()
    message = Message(sending_id="ab" * 16, notice=one, contact=contact or a_contact(), kinds=frozenset(), basis="content", code="0000-0000-0001-2")
    signer = Dkim(given, sender="notices@hotel.example", beside=home / "email.toml")
    return Composed(company or a_company(), one, TEXTS["eu.en"], signer).fill(message, "sara@example.org")


def is_whole(mail, dns, n=0):
    try:
        return dkim.DKIM(mail).verify(idx=n, dnsfunc=lambda name, **_: dns.get(name))
    except dkim.ValidationError:  # its word for another body
        return False


@pytest.mark.parametrize("subject", ["A message about your data", "Un message à propos de vos données, " * 6, "پیامی دربارهٔ داده‌های شما"])
def test_dkimpy_finds_both_signatures_whole(keys, subject):
    home, dns = keys
    mail = a_mail(home, a_key("rsa"), a_key("ed25519"), notice=a_notice(subject=subject), contact=a_contact(name="سارا کریمی"))

    assert is_whole(mail, dns, 0) and is_whole(mail, dns, 1)
    assert max(map(len, mail.split(b"\r\n"))) < 998


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"Subject: A message", b"Subject: A massage"),
        (b"From: ", b"From: Somebody <else@evil.example>\r\nFrom: "),
        (b"MIME-Version: 1.0", b"MIME-Version: 1.0\r\nReply-To: else@evil.example"),
        (b"MIME-Version: 1.0", b"MIME-Version: 1.0\r\nCc: else@evil.example"),
        (b"text/html", b"text/plain"),
    ],
)
def test_what_is_changed_on_the_way_breaks_the_signature(keys, was, becomes):
    home, dns = keys
    mail = a_mail(home, a_key(), company=a_company(reply_to=""))
    assert is_whole(mail, dns)

    assert was in mail
    assert not is_whole(mail.replace(was, becomes, 1), dns)


def test_blanks_that_servers_change_in_headers_break_nothing(keys):
    home, dns = keys
    mail = a_mail(home, a_key())

    assert is_whole(mail.replace(b"Subject: A message about", b"SUBJECT:  A message\r\n about"), dns)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([a_key(domain="evil.example")], "signs for evil.example, and the sender is at hotel.example"),
        ([a_key("ed25519")], "needs an RSA key"),
        ([a_key(key_file="nobody.pem")], "cannot be read (No such file or directory)"),
        ([a_key(key_file="email.toml")], "holds no private key"),
        ([a_key(selector="a; d=evil.example")], "a selector is letters"),
    ],
)
def test_a_key_that_helps_nobody_is_refused_before_the_first_mail(keys, given, says):
    home, _ = keys
    (home / "email.toml").write_text("# not a key")
    with pytest.raises(BadChannelAddress, match=says.replace("(", r"\(").replace(")", r"\)")):
        Dkim(given, sender="notices@hotel.example", beside=home / "email.toml")


def test_the_relays_file_signs_what_goes_through_it_and_names_the_relay(keys):
    home, dns = keys
    sink = Sink()
    with a_server(sink) as url:
        (home / "email.toml").write_text(
            f'address = "{url}"\n[[dkim]]\ndomain = "hotel.example"\nselector = "rsa1"\nkey_file = "rsa.pem"\n', encoding="utf-8"
        )
        channel = open_channel("email", Opening(company=a_company(), texts=TEXTS, gateways=home))
        one = Message(sending_id="ab" * 16, notice=a_notice(), contact=a_contact(), kinds=frozenset(), basis="content", code="0000-0000-0001-2")
        outcomes = [o.became for o in channel.send([one])]
        channel.close()

    assert outcomes == ["accepted"]
    assert is_whole(sink.mails[0], dns)


def test_a_key_without_its_selector_names_the_place(keys):
    home, _ = keys
    (home / "email.toml").write_text('address = "smtp://127.0.0.1:25"\n[[dkim]]\ndomain = "hotel.example"\nkey_file = "rsa.pem"\n')
    with pytest.raises(MissingKey, match="'selector' is missing"):
        open_channel("email", Opening(company=a_company(), texts=TEXTS, gateways=home))
