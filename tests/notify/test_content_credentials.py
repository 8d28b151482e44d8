"""C2PA manifests: trusted under the company's certificate alone, broken by any change, and a hostile file harms nothing."""

import io
import json
from datetime import datetime, timedelta, timezone

import c2pa
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from amanat.lib.signing import PublicKey, Signer, key_id
from amanat.notify import content_credentials
from amanat.notify.content_credentials import NoCertificate, read_credentials
from amanat.notify.originals import original_of, signed_originals

NOW = datetime.now(timezone.utc)


def a_certificate(name, key, issuer, issuer_key, *, is_authority):
    def called(what):
        return x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Hotel Example"), x509.NameAttribute(x509.NameOID.COMMON_NAME, what)])

    made = x509.CertificateBuilder().subject_name(called(name)).issuer_name(called(issuer)).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=30))
    usage = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    usage |= {"key_cert_sign": is_authority, "crl_sign": is_authority, "digital_signature": not is_authority}
    made = made.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    made = made.add_extension(x509.KeyUsage(**usage), critical=True)
    made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    if not is_authority:
        made = made.add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.5.5.7.3.4")]), critical=False)
    return made.sign(issuer_key, None).public_bytes(serialization.Encoding.PEM)


class House:
    """A company that signs pictures under its own key."""

    def __init__(self):
        self.key, self.camera = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        self.authority = a_certificate("House", self.key, "House", self.key, is_authority=True)
        self.chain = a_certificate("Press office", self.camera, "House", self.key, is_authority=False) + self.authority

    def signed(self, plain, kind="image/jpeg"):
        made = {"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"}
        manifest = {"claim_generator_info": [{"name": "a camera"}], "assertions": [{"label": "c2pa.actions", "data": {"actions": [made]}}]}
        signer = c2pa.Signer.from_callback(self.camera.sign, c2pa.C2paSigningAlg.ED25519, self.chain.decode(), None)
        out = io.BytesIO()
        c2pa.Builder(json.dumps(manifest)).sign(signer, kind, io.BytesIO(plain), out)
        return out.getvalue()


def a_picture(kind="JPEG"):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (9, 80, 120)).save(out, kind)
    return out.getvalue()


@pytest.fixture(scope="module")
def house():
    return House()


@pytest.fixture
def look(tmp_path, house):
    (tmp_path / "house.pem").write_bytes(house.authority)
    raw = house.key.public_key().public_bytes_raw()
    keys = {key_id(raw): PublicKey(public=raw, since=NOW - timedelta(days=9))}

    def at(content, name="copy.jpg", *, certificate=tmp_path / "house.pem", keys=keys):
        (tmp_path / name).write_bytes(content)
        return read_credentials(tmp_path / name, certificate, keys)

    return at


def test_a_picture_signed_under_the_house_s_key_is_trusted(look, house):
    found = look(house.signed(a_picture()))
    assert (found.state, found.signer, found.is_house_key, found.failures) == ("trusted", "Press office", True, ())
    assert found.sentence == "Its C2PA manifest is whole and signed under the company's own key."
    assert look(house.signed(a_picture("PNG"), "image/png"), "copy.png").state == "trusted"


def test_a_certificate_of_another_key_is_the_company_s_and_not_the_house_s(look, house):
    found = look(house.signed(a_picture()), keys={})
    assert (found.state, found.is_house_key) == ("trusted", False)


def test_a_revoked_key_is_no_house_key_any_more(look, house):
    raw = house.key.public_key().public_bytes_raw()
    assert not look(house.signed(a_picture()), keys={"x": PublicKey(public=raw, is_revoked=True)}).is_house_key


def test_somebody_else_s_manifest_is_whole_and_proves_nothing(look, house):
    stranger = House().signed(a_picture())
    assert look(stranger).state == "valid"
    assert look(house.signed(a_picture()), certificate=None).state == "valid"


def test_one_changed_byte_breaks_it(look, house):
    raw = bytearray(house.signed(a_picture()))
    raw[-40] ^= 1
    found = look(bytes(raw))
    assert (found.state, "assertion.dataHash.mismatch" in found.failures) == ("broken", True)


def test_a_picture_without_a_manifest_and_a_text_are_said_to_be_that(look):
    assert look(a_picture()).state == "none"
    assert look(b"Dear reader", "release.txt").state == "not_a_picture"


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff\xeb\xff\xff garbage", b"\x00" * 5000, b"\x00\x00\x00\x20ftypisom" + b"\xff" * 400, b"<svg" + b"<g>" * 5000]
)
@pytest.mark.parametrize("name", ["a.jpg", "a.mp4", "a.svg"])
def test_what_is_no_picture_is_said_and_harms_nothing(look, content, name):
    assert look(content, name).state in ("unreadable", "none")


def test_a_manifest_cut_off_anywhere_is_never_trusted(look, house):
    raw = house.signed(a_picture())
    for end in (200, 1500, len(raw) // 2, len(raw) - 1):
        assert look(raw[:end]).state in ("unreadable", "broken", "none")


def test_a_huge_file_is_not_opened(look, monkeypatch):
    monkeypatch.setattr(content_credentials, "SIZE_MAX", 100)
    assert look(a_picture()).state == "too_large"


def test_a_file_that_is_no_certificate_is_said(look, tmp_path):
    (tmp_path / "bad.pem").write_text("-----BEGIN NONSENSE")
    with pytest.raises(NoCertificate, match=r"bad\.pem"):
        look(a_picture(), certificate=tmp_path / "bad.pem")


def test_the_command_says_what_a_picture_proves_beside_the_list(house, tmp_path, capsys):
    from amanat.verbs.verify import VERB

    signer = Signer(house.key)
    plain = a_picture()
    (tmp_path / "list.json").write_text(signed_originals([original_of("a.jpg", plain, released_at="")], company="Hotel", made_at=NOW, signer=signer))
    (tmp_path / "keys.json").write_text(signer.public.hex())
    (tmp_path / "house.pem").write_bytes(house.authority)
    answers = {}
    for name, content in {"listed": plain, "signed": house.signed(plain), "stranger": House().signed(plain)}.items():
        (tmp_path / f"{name}.jpg").write_bytes(content)
        given = ["--original", f"{tmp_path}/{name}.jpg", "--list", f"{tmp_path}/list.json", "--key", f"{tmp_path}/keys.json"]
        ended = VERB.main([*given, "--certificate", f"{tmp_path}/house.pem", "--format", "json"])
        said = json.loads(capsys.readouterr().out)
        answers[name] = (ended, said["state"], said["c2pa"])
    assert answers == {"listed": (0, "true", "none"), "signed": (0, "unknown", "trusted"), "stranger": (1, "unknown", "valid")}
