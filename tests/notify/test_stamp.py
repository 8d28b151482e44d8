"""The stamp: small enough for a letter, read back as it is scanned or pasted, and no letter of it can be changed unseen."""

import json
from dataclasses import replace
from datetime import date, datetime, timezone
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.lib.signing import list_of
from amanat.notify.channel import Message, Texts
from amanat.notify.letter import render_letters
from amanat.notify.mime import Composed
from amanat.notify.render import HtmlTemplate, TextTemplate
from amanat.notify.stamp import HEAD, STAMPS_MAX, check_stamp, make_stamp, qr_rows, qr_svg, stamper, stamps_in
from amanat.notify.verify import spell
from amanat.verbs.verify import VERB
from tests.notify.proof_world import a_signer, keys_of
from tests.notify.writing_world import COMPANY, TODAY, notices, person

SIGNER, DAY, CODE = a_signer(), date(2026, 11, 22), spell(123456789)
KEYS = keys_of(SIGNER)
STAMP = make_stamp(SIGNER, code=CODE, notice_hash="ab" * 32, company="Hôtel Exemple", on=DAY)
NOTICES = notices()


def test_a_stamp_says_what_was_signed():
    [found] = stamps_in(STAMP)
    assert (found.code, found.notice, found.company, found.day, found.key) == (CODE, "ab" * 16, "Hôtel Exemple", DAY, SIGNER.id)
    assert check_stamp(found, KEYS) == ""


@given(st.integers(0, 2**60 - 1), st.text(max_size=60), st.dates(date(2020, 1, 1), date(2190, 1, 1)))
def test_every_stamp_reads_back(number, company, day):
    [found] = stamps_in(make_stamp(SIGNER, code=spell(number), notice_hash="cd" * 32, company=company, on=day))
    assert (found.code, found.day) == (spell(number), day)
    assert company.startswith(found.company)
    assert len(found.company.encode()) <= 48
    assert found.is_signed_by(SIGNER.public)


@given(st.integers(len(HEAD), len(STAMP) - 2), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_every_changed_letter_is_noticed(at, letter):
    changed = STAMP[:at] + letter + STAMP[at + 1 :]
    assert changed == STAMP or all(check_stamp(one, KEYS) for one in stamps_in(changed))


@given(st.integers(len(HEAD), len(STAMP) - 2))
def test_a_letter_that_is_missing_or_swapped_is_noticed(at):
    for changed in (STAMP[:at] + STAMP[at + 1 :], STAMP[:at] + STAMP[at + 1] + STAMP[at] + STAMP[at + 2 :]):
        assert changed == STAMP or all(check_stamp(one, KEYS) for one in stamps_in(changed))


@pytest.mark.parametrize(
    "pasted",
    [
        STAMP.lower(),
        "\n".join(STAMP[i : i + 44] for i in range(0, len(STAMP), 44)),
        "Dear Sara,\n> > " + "\n> > ".join(STAMP[i : i + 30] for i in range(0, len(STAMP), 30)) + "\n> Kind regards",
        "\u2066" + STAMP.replace("Q", "Q\u00ad") + "\u2069 and so on",
    ],
)
def test_it_is_found_as_people_copy_it(pasted):
    assert [one.code for one in stamps_in(pasted)] == [CODE]


@pytest.mark.parametrize(
    "text",
    ["", "AMANAT1:", "AMANAT1:.", "AMANAT2:" + STAMP[8:], STAMP[:-1], STAMP[:100] + ".", f"AMANAT1:{'A' * 200}.", f"AMANAT1:{'7' * 190}."],
)
def test_what_is_no_stamp_is_none(text):
    assert stamps_in(text) == []


def test_a_huge_paste_is_read_in_no_time():
    texts = [("AMANAT1:" + "A" * 230 + " ") * 4000, "AMANAT1:" + " A" * 500_000, "AMANAT1 " * 100_000, (STAMP + " ") * 4000]
    found = [len(stamps_in(text)) for text in texts]
    assert found == [0, 0, 0, STAMPS_MAX]


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({}, "which the company does not publish"),
        (keys_of(a_signer(2)), "which the company does not publish"),
        ({SIGNER.id: next(iter(keys_of(a_signer(2)).values()))}, "its signature does not fit"),
        (keys_of(SIGNER, is_revoked=True), "was revoked"),
        (keys_of(SIGNER, until=datetime(2026, 11, 1, tzinfo=timezone.utc)), "was no longer in use"),
        (keys_of(SIGNER, since=datetime(2026, 12, 1, tzinfo=timezone.utc)), "was not in use yet"),
        (keys_of(SIGNER, since=datetime(2026, 11, 22, 18, tzinfo=timezone.utc), until=datetime(2026, 11, 22, 19, tzinfo=timezone.utc)), ""),
    ],
)
def test_only_a_published_key_in_its_time_makes_it_true(keys, says):
    [found] = stamps_in(STAMP)
    why = check_stamp(found, keys)
    assert says in why
    assert bool(why) == bool(says)


def test_a_signature_for_something_else_is_none_on_a_stamp():
    [found] = stamps_in(STAMP)
    assert not replace(found, signature=SIGNER.sign("tree head", found.signed)).is_signed_by(SIGNER.public)


# ---- on letters ----


def test_the_square_is_small_and_reads_back():
    zxingcpp = pytest.importorskip("zxingcpp")
    from PIL import Image

    rows = qr_rows(STAMP)
    assert len(rows) == 49  # version 8: 49 modules in 27 mm are half a millimetre each
    picture = Image.new("L", (57, 57), 255)
    picture.paste(Image.frombytes("L", (49, 49), b"".join(rows)), (4, 4))
    [read] = zxingcpp.read_barcodes(picture.resize((456, 456), Image.Resampling.NEAREST))
    assert read.text == STAMP
    assert qr_svg(STAMP).startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 57 57">')


@pytest.mark.parametrize(("notice", "language"), [("us-ca.en", "en"), ("eu-gdpr.fr", "fr"), ("eu-gdpr.fa", "fa")])
def test_a_printed_letter_is_scanned_and_its_signature_holds(tmp_path, notice, language):
    import pypdfium2
    import zxingcpp

    someone = person("p1", name="سارا نمونه" if language == "fa" else "Sara Example")
    stamp = stamper(SIGNER, NOTICES.values(), COMPANY, on=TODAY)(CODE, notice)
    [path] = render_letters(NOTICES[notice], [replace(someone, stamp=stamp)], COMPANY, tmp_path, on=TODAY)
    pdf = pypdfium2.PdfDocument(path)
    read = [one.text for page in pdf for one in zxingcpp.read_barcodes(page.render(scale=150 / 72, grayscale=True).to_pil())]
    pdf.close()
    assert read == [stamp]
    [found] = stamps_in(read[0])
    assert (found.code, found.notice, check_stamp(found, KEYS)) == (CODE, NOTICES[notice].content_hash[:32], "")


# ---- in mails ----


@pytest.mark.parametrize("notice", ["us-ca.en", "eu-gdpr.fr", "eu-gdpr.fa"])
def test_a_mail_carries_it_as_text_without_a_link_more(notice):
    someone, one = person("p1"), NOTICES[notice]
    texts = Texts(text=TextTemplate(one, COMPANY, on=TODAY), html=HtmlTemplate(one, COMPANY, on=TODAY))
    composed = Composed(COMPANY, one, texts)
    stamp = stamper(SIGNER, NOTICES.values(), COMPANY, on=TODAY)(CODE, notice)

    def parts(stamp):
        message = Message(
            sending_id="s" * 32, notice=one, contact=someone.contact, kinds=someone.kinds, basis="content", code=someone.code, stamp=stamp
        )
        mail = message_from_bytes(composed.fill(message, "sara@example.org"), policy=policy.default)
        return [part.get_content() for part in mail.iter_parts()]

    (text, html), (bare_text, bare_html) = parts(stamp), parts("")
    for whole in (text, html.replace("<br>", "\n")):
        [found] = stamps_in(whole)
        assert check_stamp(found, KEYS) == ""
    assert html.count("<a ") == bare_html.count("<a ")
    assert HEAD not in bare_text + bare_html
    assert html.rstrip().endswith("</html>")


# ---- the command ----


@pytest.fixture
def keys(tmp_path):
    (tmp_path / "keys.json").write_text(json.dumps(list_of(KEYS.values())))
    return str(tmp_path / "keys.json")


def test_the_command_says_that_the_company_signed_it_and_what_that_does_not_say(keys, capsys):
    assert VERB.main(["--qr", STAMP, "--key", keys]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"SIGNED: Hôtel Exemple signed a message with the code {CODE} on 2026-11-22.")
    assert "Whether it was withdrawn since is not seen offline" in out


@pytest.mark.parametrize(("text", "says"), [("hello", "UNKNOWN: this text holds no signed stamp"), (STAMP[:-9] + "AAAAAAAA.", "NOT GENUINE")])
def test_the_command_says_when_it_is_not_genuine(keys, capsys, text, says):
    assert VERB.main(["--qr", text, "--key", keys]) == 1
    assert capsys.readouterr().out.startswith(says)


@pytest.mark.parametrize("words", [["--qr", STAMP], ["--qr", STAMP, "KV7M", "--key", "x"], [], ["--qr", STAMP, "--key", "nothing-here"]])
def test_the_command_says_what_it_needs(capsys, words):
    assert VERB.main(words) == 2
    assert capsys.readouterr().err.startswith("amanat: ")
