"""Verification codes: told apart, read tolerantly, answered without a word about the person."""

import json
from datetime import datetime, timezone

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat import notify
from amanat.notify.verify import ALPHABET, NoCodes, UnknownNotice, hash_of_code, publish, read_code, spell, verify, withdraw, write_codes
from amanat.terms.sending import SENDINGS
from amanat.verbs.verify import VERB
from tests.notify.delivery_world import KEY, a_notice

NUMBERS = st.integers(0, 2**60 - 1)
COMPANY = """
name = "Hôtel Exemple"
legal_name = "Hôtel Exemple SA"
address = "1 rue Exemple, 75000 Paris"
country = "FR"
website = "https://hotel.example"
notices_url = "https://hotel.example/notices"
sender = "notices@hotel.example"
privacy_email = "privacy@hotel.example"
"""


@pytest.fixture
def case(tmp_path):
    (tmp_path / "case.key").write_text(KEY.hex())
    (tmp_path / "company.toml").write_text(COMPANY)
    notify.write_notices([a_notice()], tmp_path)
    sendings = pa.Table.from_pylist([{"sending_id": "s1", "notice_id": "eu.en", "person_id": "p1", "channel": "email"}], schema=SENDINGS)
    write_codes(tmp_path / "codes.parquet", KEY, [sendings])
    publish(tmp_path, [a_notice()], now=datetime(2026, 11, 22, tzinfo=timezone.utc))
    return tmp_path


@given(NUMBERS)
def test_a_code_reads_back_to_its_number(number):
    assert read_code(spell(number)) == number


@given(NUMBERS, st.integers(0, 12), st.integers(1, 31))
def test_every_single_wrong_symbol_is_noticed(number, place, shift):
    symbols = spell(number).replace("-", "")
    wrong = ALPHABET[(ALPHABET.index(symbols[place]) + shift) % 32]
    assert read_code(symbols[:place] + wrong + symbols[place + 1 :]) is None


@given(NUMBERS, st.integers(0, 12), st.integers(0, 12))
def test_every_swap_of_two_different_symbols_is_noticed(number, one, other):
    symbols = list(spell(number).replace("-", ""))
    if symbols[one] == symbols[other]:
        return
    symbols[one], symbols[other] = symbols[other], symbols[one]
    assert read_code("".join(symbols)) is None


@given(NUMBERS)
def test_people_may_type_it_as_they_read_it(number):
    code = spell(number)
    assert read_code(code.lower()) == number
    assert read_code(f"  {code.replace('-', ' ')} ") == number
    assert read_code(code.replace("-", "")) == number
    assert read_code(code.replace("0", "O").replace("1", "l")) == number
    assert read_code(code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))) == number
    assert read_code(code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == number
    assert read_code(f"\u2066{code}\u2069") == number


@given(st.text())
def test_any_text_can_be_asked_about(text):
    assert read_code(text) is None or 0 <= read_code(text) < 2**60


def test_a_million_sendings_have_a_million_codes():
    codes = {notify.code_for(KEY, f"{i:032x}") for i in range(1_000_000)}
    assert len(codes) == 1_000_000


def test_codes_spread_over_the_whole_alphabet():
    symbols = "".join(notify.code_for(KEY, str(i)) for i in range(3200)).replace("-", "")
    counts = np.array([symbols.count(symbol) for symbol in ALPHABET])
    assert len(symbols) == 3200 * 13
    assert counts.min() > 1100 and counts.max() < 1500  # 1,300 expected, standard deviation 36


def test_a_code_of_ours_is_true_and_tells_which_notice(case):
    answer = verify(notify.code_for(KEY, "s1"), case)
    assert (answer.state, answer.title, answer.sent_on, answer.company) == ("true", "What happened to your data", "2026-11-22", "Hôtel Exemple")


def test_a_well_formed_code_that_we_never_sent_is_unknown(case):
    answer = verify(spell(12345), case)
    assert (answer.state, answer.is_mistyped, answer.title, answer.sent_on) == ("unknown", False, "", "")


def test_a_mistyped_code_is_unknown_and_says_to_read_it_again(case):
    right = notify.code_for(KEY, "s1")
    wrong = ("0" if right[0] != "0" else "1") + right[1:]
    assert verify(wrong, case).is_mistyped


def test_a_withdrawn_notice_is_answered_so(case):
    withdraw(case, "eu.en", why="a wrong telephone number", now=datetime(2026, 11, 23, tzinfo=timezone.utc))
    assert verify(notify.code_for(KEY, "s1"), case).state == "withdrawn"


def test_a_withdrawn_notice_stays_withdrawn_when_sending_goes_on(case):
    withdraw(case, "eu.en", why="a wrong telephone number", now=datetime(2026, 11, 23, tzinfo=timezone.utc))
    publish(case, [a_notice()], now=datetime(2026, 11, 24, tzinfo=timezone.utc))
    assert verify(notify.code_for(KEY, "s1"), case).state == "withdrawn"


def test_only_a_notice_that_was_sent_can_be_withdrawn(case):
    with pytest.raises(UnknownNotice, match=r"sent were: eu\.en"):
        withdraw(case, "us.en", why="", now=datetime(2026, 11, 23, tzinfo=timezone.utc))


def test_the_stored_codes_lead_neither_to_the_code_nor_to_the_person(case):
    stored = (case / "codes.parquet").read_bytes() + (case / "published.json").read_bytes()
    code = notify.code_for(KEY, "s1")
    assert code.encode() not in stored and code.replace("-", "").encode() not in stored
    assert b"p1" not in stored and b"s1" not in stored


def test_a_code_is_unknown_under_another_key():
    assert hash_of_code(KEY, 1) != hash_of_code(bytes(32), 1)


def test_codes_written_twice_stay(case):
    more = pa.Table.from_pylist([{"sending_id": "s2", "notice_id": "eu.en", "person_id": "p2", "channel": "email"}], schema=SENDINGS)
    write_codes(case / "codes.parquet", KEY, [more])
    assert [verify(notify.code_for(KEY, s), case).state for s in ("s1", "s2")] == ["true", "true"]


def test_a_folder_without_codes_is_said(tmp_path):
    with pytest.raises(NoCodes, match=r"no codes\.parquet"):
        verify(spell(1), tmp_path)


def test_the_command_ends_with_0_for_true_and_1_for_anything_else(case, capsys):
    assert VERB.main([notify.code_for(KEY, "s1").lower(), "--case", str(case), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "true"
    assert VERB.main([spell(99), "--case", str(case)]) == 1
    assert "Treat the message as a fake" in capsys.readouterr().out


def test_the_command_needs_one_place_to_ask(case, capsys):
    assert VERB.main([spell(1)]) == 2
    assert VERB.main([spell(1), "--url", "http://hotel.example/verify"]) == 2
    assert "https://" in capsys.readouterr().err


def test_the_command_asks_the_public_page_with_the_code_in_the_body(capsys):
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    seen = []

    class Page(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append((self.path, self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"state": "withdrawn", "title": "A title", "sent_on": "2026-11-22", "company": "Hôtel Exemple"}).encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert VERB.main(["0000-0000-0001-2", "--url", f"http://127.0.0.1:{server.server_port}/verify"]) == 1
    finally:
        server.shutdown()
    assert seen == [("/verify", "code=0000-0000-0001-2")]
    assert "WITHDRAWN" in capsys.readouterr().out
