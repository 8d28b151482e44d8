"""A mail to one person, such as a code, goes the way that notices go: by the relay that was described, signed, or by the provider."""

import base64

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from amanat.web.notify import one_mail
from amanat.web.notify.queries import company_of
from amanat.web.notify.way_out import NoRelay

from ..notify.counterparts import HttpCounterpart
from ..notify.delivery_world import Sink, a_contact, a_notice, a_server
from .test_approval import alice, incident, story  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateways(tmp_path, monkeypatch):
    monkeypatch.delenv("AMANAT_SMTP", raising=False)
    monkeypatch.setenv("AMANAT_GATEWAYS", str(tmp_path))
    return tmp_path


def send(one):
    one_mail.mail(one, a_contact(), a_notice(), code="1234")


def test_it_is_signed_with_the_keys_of_the_described_relay(incident, gateways):  # noqa: F811
    key, domain = rsa.generate_private_key(65537, 2048), company_of(incident).sender.rpartition("@")[2]
    (gateways / "rsa.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    dns = {f"amanat._domainkey.{domain}.".encode(): b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)}
    taker = Sink()
    with a_server(taker) as url:
        (gateways / "email.toml").write_text(f'address = "{url}"\n[[dkim]]\ndomain = "{domain}"\nselector = "amanat"\nkey_file = "rsa.pem"\n')
        send(incident)

    assert taker.recipients == ["sara@example.org"]
    assert dkim.DKIM(taker.mails[0]).verify(dnsfunc=lambda name, **_: dns.get(name))


def test_it_goes_through_the_described_provider(incident, gateways):  # noqa: F811
    taken = []
    (gateways / "key").write_text("a-secret\n")
    with HttpCounterpart(lambda path, headers, body: taken.append((path, body)) or (200, b"{}")) as provider:
        (gateways / "mailgun.toml").write_text(f'domain = "mail.hotel.example"\nsecret_file = "key"\nurl = "{provider.url}"\n')
        send(incident)

    [(path, body)] = taken
    assert path == "/v3/mail.hotel.example/messages.mime" and b"sara@example.org" in body


def test_in_a_drill_no_provider_outside_this_machine_gets_it(incident, gateways):  # noqa: F811
    (gateways / "key").write_text("a-secret\n")
    (gateways / "mailgun.toml").write_text('domain = "mail.hotel.example"\nsecret_file = "key"\n')

    with pytest.raises(NoRelay, match="a drill or demonstration reaches only this machine"):
        send(incident)
