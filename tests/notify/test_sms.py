"""Text messages: what they say, what they cost, whom they reach, and the gateways that take them."""

import json
import select
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import gsm

from amanat.lib.private import Private
from amanat.lib.shape import UnknownKey
from amanat.notify import sms
from amanat.notify.channel import BadChannelAddress, NoGateway, Opening, Refused, open_channel
from amanat.notify.deliver import work
from amanat.notify.file_ledger import FileLedger
from amanat.notify.plan import turns_of
from tests.notify.counterparts import HttpCounterpart
from tests.notify.counterparts import smpp as smsc
from tests.notify.delivery_world import NOW, a_company, a_contact, a_notice, a_plan
from tests.notify.test_channel_contract import messages

# ---- length ----


@pytest.mark.parametrize(
    ("text", "alphabet", "n_units", "n_segments"),
    [
        ("", "gsm7", 0, 1),
        ("a" * 160, "gsm7", 160, 1),
        ("a" * 161, "gsm7", 161, 2),
        ("a" * 306, "gsm7", 306, 2),
        ("a" * 307, "gsm7", 307, 3),
        ("€" * 80, "gsm7", 160, 1),
        ("€" * 81, "gsm7", 162, 2),
        ("a" * 152 + "€" * 5, "gsm7", 162, 2),  # the euro sign may not be torn: it moves to the next segment whole
        ("é" * 160, "gsm7", 160, 1),
        ("ê" * 70, "ucs2", 70, 1),
        ("ê" * 71, "ucs2", 71, 2),
        ("س" * 134, "ucs2", 134, 2),
        ("س" * 135, "ucs2", 135, 3),
        ("😀" * 35, "ucs2", 70, 1),
        ("😀" * 36, "ucs2", 72, 2),
        ("a" * 159 + "’", "ucs2", 160, 3),
    ],
)
def test_a_text_is_counted_as_the_standard_counts_it(text, alphabet, n_units, n_segments):
    assert sms.size_of(text) == sms.Size(alphabet, n_units, n_segments)


def test_our_alphabet_is_the_one_that_another_library_knows():
    theirs = gsm.GSM_CHARACTER_TABLE
    # It knows no § and no form feed, and shows "`" for what it does not know.
    assert [n for n in range(128) if theirs[n] != sms.GSM_7[n]] == [sms.GSM_7.index("§")]
    assert {c: n for n, c in enumerate(theirs[128:]) if c != "`"} == {c: n for c, n in sms.GSM_7_TWO.items() if c != "\f"}


@given(st.text(alphabet=st.one_of(st.sampled_from(sms.GSM_7.replace("\x1b", "") + "€^{}"), st.characters(blacklist_categories=["Cs"])), max_size=400))
def test_cut_and_encoded_every_text_arrives_whole_and_each_segment_fits(text):
    size, parts = sms.size_of(text), sms.parts_of(text)
    assert "".join(parts) == text and len(parts) == size.n_segments
    for part in parts:
        octets = sms.encoded(part, size.alphabet)
        room = (160 if len(parts) == 1 else 153) if size.alphabet == "gsm7" else (140 if len(parts) == 1 else 134)
        assert len(octets) <= room
        assert (octets.decode("utf-16-be") if size.alphabet == "ucs2" else smsc.gsm_decode(octets)) == part


# ---- the text ----


def test_the_english_text_says_who_where_and_the_code_in_two_segments():
    text = sms.short_text(a_notice(), a_company(name="Hotel Example", phone={"default": "+33 1 99 00 00 00"}), "0000-0000-0001-2", "GB")
    assert text == (
        "A personal message from Hotel Example. Please read it: type this address yourself\nhotel.example/notices\nand enter your code\n"
        "0000-0000-0001-2\nWe never ask you for a password.\nOr call us: +33 1 99 00 00 00"
    )
    assert sms.size_of(text) == sms.Size("gsm7", 203, 2)


def test_the_french_text_needs_no_second_alphabet():
    text = sms.short_text(a_notice(language="fr"), a_company(name="Hotel Exemple", phone={"FR": "01 99 00 00 00"}), "0000-0000-0001-2", "FR")
    assert "Hotel Exemple : un message personnel." in text and "01 99 00 00 00" in text
    assert sms.size_of(text).alphabet == "gsm7"


def test_the_persian_text_is_paid_for_as_ucs2_and_keeps_its_half_spaces():
    text = sms.short_text(a_notice(language="fa"), a_company(name="هتل نمونه"), "0000-0000-0001-2", "IR")
    assert "پیام شخصی از هتل نمونه" in text and "هیچ‌گاه" in text
    assert "\nhotel.example/notices\n" in text  # on lines of their own, so that they are not turned around
    assert "\n0000-0000-0001-2\n" in text
    assert sms.size_of(text).alphabet == "ucs2" and sms.size_of(text).n_segments == 3


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_no_text_shortens_a_link_or_names_what_happened(language):
    text = sms.short_text(a_notice(language=language, text="Your card was stolen."), a_company(), "0000-0000-0001-2", None)
    assert "hotel.example/notices" in text
    assert "card" not in text and "stolen" not in text


# ---- whom it reaches ----


@pytest.mark.parametrize(
    ("phones", "residence", "number"),
    [
        (("+44 7700 900123",), None, "+447700900123"),
        (("07700 900123",), "GB", "+447700900123"),
        (("06 39 98 00 01",), "FR", "+33639980001"),
        (("۰۹۹۹۹۹۹۰۰۰۱",), "IR", "+989999990001"),
        (("020 7946 0123", "07700 900123"), "GB", "+447700900123"),
        (("020 7946 0123",), "GB", ""),
        (("07700 900123",), None, ""),  # of which country?
        (("12",), "GB", ""),
        (("not a number",), "GB", ""),
    ],
)
def test_the_first_number_that_can_be_a_mobile_is_used(phones, residence, number):
    assert sms.number_of(a_contact(phones=tuple(Private("phone", p) for p in phones), residence=residence)) == number


def test_nobody_texts_a_person_who_has_died():
    phones = (Private("phone", "+447700900123"),)
    assert sms.reaches(a_contact(phones=phones)) and not sms.reaches(a_contact(phones=phones, deceased=True))


def test_text_messages_come_between_email_and_letter_where_the_company_has_them_and_never_first():
    ours = ["email", "sms", "letter"]
    assert turns_of(["email", "letter"], ours) == ("email", "sms", "letter")
    assert turns_of(["email", "letter"], ["email", "letter", "sms"]) == ("email", "letter", "sms")
    assert turns_of(["letter"], ours) == ("letter", "sms")  # the law left e-mail out; it does not come back
    assert turns_of(["letter"], ["sms", "letter"]) == ("letter", "sms")
    assert turns_of([], ours) == ()


# ---- gateways ----


def a_gateway(folder, text, name="sms_http"):
    (folder / "token").write_text("s3cret\n")
    (folder / f"{name}.toml").write_text(text)
    return open_channel("sms", Opening(company=a_company(), texts={}, gateways=folder, n_parallel=1))


def test_any_provider_is_described_in_a_file_and_the_secret_stands_in_a_header_only(tmp_path):
    asked = []

    def answer(path, headers, body):
        asked.append((path, headers, body))
        return 200, b'{"sid": "SM-9"}'

    with HttpCounterpart(answer) as server:
        channel = a_gateway(
            tmp_path,
            f"""
            url = "{server.url}/2026/Messages"
            secret_file = "token"
            sender = "HOTEL"
            form = "form"
            answer_id = "sid"
            headers = {{ Authorization = "Basic {{basic}}", Idempotency-Key = "{{id}}" }}
            body = {{ To = "{{to_digits}}", Body = "{{text}}", From = "{{sender}}" }}
            """,
        )
        outcome = next(iter(channel.send(messages(1))))
        channel.close()

    path, headers, body = asked[0]
    assert outcome.answer == "HTTP 200, message SM-9, 3 segments"  # Hôtel, by its own spelling, is UCS-2
    assert path == "/2026/Messages"
    assert headers["Authorization"] == "Basic czNjcmV0" and headers["Idempotency-Key"] == "0" * 32
    assert body.startswith(b"To=447700900100&Body=A+personal+message+from+H%C3%B4tel+Exemple.") and body.endswith(b"&From=HOTEL")
    assert b"s3cret" not in body


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('url = "http://sms.example/v1"', r"sms_http.toml:1: .*cross the network in clear; use https"),
        ('url = "https://user:pw@sms.example/"', r"must not hold a user or password"),
        ('url = "https://sms.example/{secret}"', r"unknown slot {secret}. A url takes none"),
        ('url = "https://sms.example/"\n[body]\nto = "{nummer}"', r"to: unknown slot {nummer}.*It takes: to, to_digits, text, sender, id"),
        ('url = "https://sms.example/"\nbody = { to = "{secret}" }', r"unknown slot {secret}"),
        ('url = "https://sms.example/"\nheaders = { A = "{secret}" }', r"there is no secret_file"),
        ('url = "https://sms.example/"\nsecret_file = "gone"', r"sms_http.toml:2: .*gone cannot be read"),
        ('url = "sms.example"', r"must read https://HOST/PATH"),
    ],
)
def test_a_gateway_that_cannot_be_used_is_said_with_its_line(tmp_path, text, says):
    with pytest.raises(BadChannelAddress, match=says):
        a_gateway(tmp_path, text)


def test_a_key_that_nobody_reads_is_said(tmp_path):
    with pytest.raises(UnknownKey, match="did you mean 'headers'"):
        a_gateway(tmp_path, 'url = "https://sms.example/"\n[header]\nA = "b"')


def test_without_a_gateway_or_with_two_nobody_guesses(tmp_path):
    with pytest.raises(NoGateway, match=r"put smpp.toml or sms_http.toml into the folder of gateways"):
        open_channel("sms", Opening(company=a_company(), texts={}))
    for name in ("smpp", "sms_http"):
        (tmp_path / f"{name}.toml").write_text("")
    with pytest.raises(NoGateway, match="sms can go through one only"):
        open_channel("sms", Opening(company=a_company(), texts={}, gateways=tmp_path))


@pytest.mark.parametrize(
    ("status", "is_idempotent", "became"),
    [
        (500, False, "unsure"),
        (504, False, "unsure"),
        (500, True, "try_later"),
        (503, False, "try_later"),
        (400, False, "refused"),
        (201, False, "accepted"),
    ],
)
def test_a_status_leaves_a_doubt_only_where_there_is_one(tmp_path, status, is_idempotent, became):
    with HttpCounterpart(lambda *_: (status, b"")) as server:
        channel = a_gateway(tmp_path, f'url = "{server.url}/"\nis_idempotent = {str(is_idempotent).lower()}')
        assert [o.became for o in channel.send(messages(1))] == [became]
        channel.close()


@pytest.mark.parametrize("status", [401, 403, 404, 302])
def test_a_gateway_that_wants_none_of_ours_stops_the_channel_and_no_redirect_is_followed(tmp_path, status):
    asked = []
    with HttpCounterpart(lambda path, *_: asked.append(path) or (status, b"")) as server:
        channel = a_gateway(tmp_path, f'url = "{server.url}/"')
        with pytest.raises(Refused):
            list(channel.send(messages()))
        channel.close()
    assert asked == ["/"]


def test_a_connection_that_the_gateway_closed_while_idle_leaves_no_doubt(tmp_path):
    with HttpCounterpart(lambda *_: (200, b"")) as server:
        channel = a_gateway(tmp_path, f'url = "{server.url}/"')
        server._server.RequestHandlerClass.timeout = 0.05
        outcomes = []
        for message in messages():
            outcomes += [o.became for o in channel.send([message])]
            # The end of the connection arrives here, before the next message is written.
            assert select.select([channel._gateway._mine.connection.sock], [], [], 10)[0]
        channel.close()
    assert outcomes == ["accepted"] * 3


# ---- SMPP ----


def test_a_long_text_goes_in_segments_that_a_phone_joins_and_asks_for_one_receipt():
    with smsc.opened("takes") as pair:
        [outcome] = pair.channel.send(messages(1))
        segments = pair.smsc.segments
    assert outcome.answer == "SMSC message a3, 3 segments"
    assert [s["text"][:6] for s in segments] == [bytes((5, 0, 3, segments[0]["text"][3], 3, n)) for n in (1, 2, 3)]
    assert {s["coding"] for s in segments} == {8} and {s["esm_class"] for s in segments} == {0x40}
    assert [s["receipt"] for s in segments] == [0, 0, 1]
    assert {s["to"] for s in segments} == {"447700900100"}
    assert pair.taken() == [sms.short_text(a_notice(), a_company(), "0000-0000-0000-2", "GB")]


def test_a_text_of_which_half_was_taken_is_a_doubt_not_a_second_try():
    with smsc.opened("takes", "busy") as pair:
        [outcome] = pair.channel.send(messages(1))
    assert (outcome.became, outcome.answer) == ("unsure", "SMPP status 0x58: throttled, after 1 of 3 segments")


def test_a_wrong_password_stops_the_channel():
    class Strict(smsc.Smsc):
        def __init__(self, script):
            super().__init__(script, password=b"another")

    with smsc.opened("takes", smsc_class=Strict) as pair, pytest.raises(Refused, match="refuses our log-in: wrong password"):
        list(pair.channel.send(messages()))


def test_an_smsc_far_away_needs_tls_or_a_private_line(tmp_path):
    with pytest.raises(BadChannelAddress, match=r"smpp.toml:1: .*is_tls = true, or is_private_line = true"):
        a_gateway(tmp_path, 'host = "smsc.example"\nsystem_id = "a"\nsecret_file = "token"\nsender = "HOTEL"', name="smpp")


def test_receipts_of_the_operator_tell_who_was_reached_and_who_needs_the_letter(tmp_path):
    contacts = [a_contact(f"p{i}", emails=(), phones=(Private("phone", f"+4477009001{i:02}"),), residence="GB") for i in range(2)]
    plan = a_plan(contacts, channels=("sms", "letter"))
    assert plan.sendings["channel"].to_pylist() == ["sms", "sms"]
    with FileLedger(tmp_path / "ledger.jsonl", plan.sendings, plan.further, at=NOW) as ledger, smsc.opened("takes") as pair:
        ids = plan.sendings["sending_id"].to_pylist()
        of = dict(zip(ids, messages(2), strict=True))

        told, deadline = [], time.monotonic() + 20

        def stop():
            # The receipts come once both are accepted, and the work goes on until both were heard.
            if ledger.counts().get("accepted") == 2 and not told:
                told.append(True)
                pair.smsc.send_receipt("a3", "DELIVRD")
                pair.smsc.send_receipt("a6", "UNDELIV")
            return ("bounced" in ledger.counts() and "delivered" in ledger.counts()) or time.monotonic() > deadline

        class Patient:
            """The ledger, which stays open until the receipts were heard."""

            def __getattr__(self, name):
                return getattr(ledger, name)

            def n_open(self, channels):
                return 1

        def claimed(sendings):
            return [replace(of[s.sending_id], sending_id=s.sending_id) for s in sendings]

        work(Patient(), {"sms": pair.channel}, messages=claimed, now=lambda: NOW, stop=stop)
        states = {row["sending_id"]: row["state"] for row in ledger.states().to_pylist()}
        assert sorted(states[i] for i in ids) == ["bounced", "delivered"]
        assert [s for i, s in states.items() if i not in ids] == ["queued"]  # the letter of the one whose text did not arrive
    assert json.loads((tmp_path / "ledger.jsonl").read_text().splitlines()[-2])["answer"] == "receipt of the SMSC: UNDELIV, error 000"


def test_what_came_meanwhile_is_heard_and_strange_texts_are_not_receipts():
    with smsc.opened("takes") as pair:
        [outcome] = pair.channel.send(messages(1))
        pair.smsc.send_receipt("unknown", "DELIVRD")
        pair.smsc.send_receipt("a3", "ENROUTE")
        pair.smsc.send_receipt("a3", "DELIVRD")
        heard, deadline = [], time.monotonic() + 10
        while not heard and time.monotonic() < deadline:
            heard = list(pair.channel.reports())
    assert [(o.sending_id, o.became) for o in heard] == [(outcome.sending_id, "delivered")]
