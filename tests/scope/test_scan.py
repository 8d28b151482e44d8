"""The fast scan against its slow judge, and against bytes that mean it harm."""

import os
import subprocess
import sys
from datetime import date

import numpy as np
import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amanat.scope.candidate import NEAR_WORD
from amanat.scope.identifier import BELIEF_MIN
from amanat.scope.scan import Scanner, best_of, records_of
from tests.scope.slow_scan import identifiers_of

NOW = date(2026, 11, 22)

JUDGED = {"email", "iban", "card", "fr_nir", "ir_national_number", "us_ssn", "uk_nino", "br_cpf", "ca_sin", "phone", "ip"}
SCANNER = Scanner(bytes(16), now=NOW)

# Each in a grouping that its identifier allows: another grouping is another question, and the judge does not ask it.
SPELLINGS = [
    "sara@example.org",
    "Sara.Ahmadi+stay@mail.example.com",
    "DE89 3704 0044 0532 0130 00",
    "GB29NWBK60161331926819",
    "fr1420041010050500013m02606",
    "NO93-8601-1117-947",
    "4111 1111 1111 1111",
    "5555-5555-5555-4444",
    "378282246310005",
    "6011111111111117",
    "2 55 08 14 168 025 38",
    "180022A12345636",
    "0499370899",
    "049-937089-9",
    "078-05-1129",
    "078 05 1129",
    "HH 01 02 03 D",
    "jg103759a",
    "111.444.777-35",
    "046 454 286",
    "046-454-286",
    "+33 1 99 00 12 34",
    "+44 20 7946 0123",
    "+1 415-555-0132",
    "+989123456789",
    "203.0.113.7",
    "2001:db8::8a2e:370:7334",
    "2001:db8:0:1:1:1:1:1",
    "::ffff:192.0.2.128",
]
SPELLINGS += [phonenumbers.format_number(phonenumbers.example_number(r), phonenumbers.PhoneNumberFormat.E164) for r in ("BR", "IT", "JP", "ZA", "NG")]


@st.composite
def items(draw):
    """A value in one of its spellings, with up to two digits or letters changed for others."""
    text = draw(st.sampled_from(SPELLINGS))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text) - 1))
        if text[at].isdigit():
            text = text[:at] + draw(st.sampled_from("0123456789")) + text[at + 1 :]
        elif text[at].isalpha() and "@" not in text and ":" not in text:
            # Of an address only the digits change: what is a letter there is a matter of taste (RFC 5321 against what people use).
            letters = "ABCDEFGHJKLMNPRSTWXYZ" if text[at].isupper() else "abcdefghjklmnprstwxyz"
            text = text[:at] + draw(st.sampled_from(letters)) + text[at + 1 :]
    return text


def fast(texts: list[str]) -> list[set[str]]:
    """For each item of ", "-joined texts: the identifiers that the scan gives to the whole item."""
    line = ", ".join(texts)
    found = SCANNER.scan(records_of([line]))
    begins = np.cumsum([0, *[len(t) + 2 for t in texts]])
    out: list[set[str]] = [set() for _ in texts]
    for identifier, start, end in zip(found.identifier, found.start, found.end, strict=True):
        name = SCANNER.names[identifier]
        at = int(np.searchsorted(begins, start, "right")) - 1
        if name in JUDGED and start == begins[at] and end == begins[at] + len(texts[at]):
            out[at].add(name)
    return out


# A national reading of digits and a number that only has a possible length are no findings of the judge.
def without_unsure_phones(texts: list[str], found: list[set[str]], expected: list[set[str]]) -> list[set[str]]:
    return [f - {"phone"} if "phone" not in e else f for f, e in zip(found, expected, strict=True)]


@settings(deadline=None, max_examples=300)
@given(st.lists(items(), min_size=1, max_size=6))
def test_the_fast_scan_finds_what_its_slow_judge_finds(texts):
    expected = [identifiers_of(t) for t in texts]
    assert without_unsure_phones(texts, fast(texts), expected) == expected


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(["FR", "GB", "DE", "IR", "BR", "US"]), st.integers(0, 10**6), st.sampled_from(["NATIONAL", "INTERNATIONAL", "E164"]))
def test_a_telephone_has_the_same_key_in_every_spelling(region, number, spelling):
    example = phonenumbers.example_number(region)
    digits = phonenumbers.national_significant_number(example)
    changed = phonenumbers.PhoneNumber(
        country_code=example.country_code, national_number=int(digits[:-6] + f"{number % 10**6:06d}"), italian_leading_zero=None
    )
    if not phonenumbers.is_valid_number(changed):
        return
    scanner = SCANNER
    row = np.array([scanner.region_row(example.country_code)], np.int32)
    schema = np.array([scanner.schema_of("phone")], np.int32)

    def keys(text: str) -> set[int]:
        found = scanner.scan_texts(pa.array([text], pa.large_string()), schema, dialled_of_record=row)
        whole = (found.identifier == scanner.names.index("phone")) & (found.start == 0) & (found.end == len(text))
        return set(found.key[whole & ((found.flags & 1) == 0)].tolist())

    text = phonenumbers.format_number(changed, getattr(phonenumbers.PhoneNumberFormat, spelling))
    # A bracket that opens a number belongs to it, so the whole text is the number in each spelling.
    assert keys(text) == keys(phonenumbers.format_number(changed, phonenumbers.PhoneNumberFormat.E164)) != set()


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.binary(max_size=120), max_size=6), st.sampled_from(["", "password\x1fdob\x1fname", "ssn\x1fphone"]))
def test_hostile_bytes_are_scanned_within_their_records(blobs, labels):
    text = pa.Array.from_buffers(
        pa.large_string(),
        len(blobs),
        [None, pa.py_buffer(np.cumsum([0, *map(len, blobs)]).astype(np.int64)), pa.py_buffer(b"".join(blobs) or b"\0")],
    )
    found = SCANNER.scan_texts(text, np.full(len(blobs), SCANNER.schema_of(labels), np.int32))
    for record, start, end in zip(found.record, found.start, found.end, strict=True):
        assert 0 <= start < end <= len(blobs[record])


def test_what_is_found_in_a_record_does_not_depend_on_its_neighbours():
    texts = [*SPELLINGS, "né le 12/03/1985", "password: hunter2hunter", "کد ملی ۰۴۹۹۳۷۰۸۹۹", "$2b$12$" + "a" * 53]
    together = SCANNER.scan(records_of(texts))
    for number, text in enumerate(texts):
        alone = SCANNER.scan(records_of([text]))
        mine = together.record == number
        assert together.key[mine].tolist() == alone.key.tolist()
        assert together.start[mine].tolist() == alone.start.tolist()


def test_the_last_word_of_a_record_says_nothing_of_the_next():
    found = SCANNER.scan(records_of(["tel", "3140218700", "his telephone", "3140218700"]))
    assert set((found.flags & NEAR_WORD).tolist()) == {0}


def test_a_field_that_comes_again_is_found_again_at_its_own_place():
    labels = "email\x1fnote\x1fphone"
    row = "sara@example.org\x1fborn 12/03/1985, see DE89 3704 0044 0532 0130 00\x1f+33 1 99 00 12 34"
    other = "sara@example.org\x1fx\x1f+33 1 99 00 12 35"
    together = SCANNER.scan(records_of([row, other, row, "née, " + row, row], [labels] * 5))
    for number, text in enumerate([row, other, row, "née, " + row, row]):
        alone = SCANNER.scan(records_of([text], [labels]))
        mine = together.take(together.record == number)
        assert len(alone) > 1
        for column in ("start", "end", "identifier", "flags", "key", "belief", "field"):
            assert getattr(mine, column).tolist() == getattr(alone, column).tolist(), (number, column)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.lists(st.sampled_from([*SPELLINGS, "tel", "born on 12/03/1985", "room 12, 5 nights"]), min_size=2, max_size=2), max_size=12))
def test_what_is_found_in_fields_does_not_depend_on_whether_they_came_before(rows):
    texts = ["\x1f".join(row) for row in rows]
    together = SCANNER.scan(records_of(texts, ["note\x1fphone"] * len(texts)))
    for number, text in enumerate(texts):
        alone = SCANNER.scan(records_of([text], ["note\x1fphone"]))
        mine = together.take(together.record == number)
        assert [c.tolist() for c in mine.columns()[1:]] == [c.tolist() for c in alone.columns()[1:]]


def test_a_record_with_more_candidates_than_there_is_room_for_is_scanned_whole():
    found = SCANNER.scan(records_of(["x", "sara@example.org " * 70_000, "y@example.org"]))
    assert (found.identifier == SCANNER.names.index("email")).sum() == 70_001


# Texts in which a value stands: nothing, words, marks, other values. None says what the value is, and none is glued to it.
AROUND = ["", "see ", "(no. 7) ", "42 rooms; ", "né à Lyon, ", "سلام ", "ref: x1 | ", "a,b\n", '{"k": "v", "n": [3]} ', "“quoted” "]


@settings(deadline=None, max_examples=300)
@given(items(), st.sampled_from(AROUND), st.sampled_from(AROUND))
def test_the_text_around_a_value_does_not_hide_it_nor_make_another(item, before, after):
    expected = identifiers_of(item)
    begin = len(before)
    text = f"{before}{item}, {after}"
    found = SCANNER.scan(records_of([text]))
    whole = (found.start == begin) & (found.end == begin + len(item))
    names = {SCANNER.names[i] for i in found.identifier[whole]} & JUDGED
    assert without_unsure_phones([item], [names], [expected]) == [expected]


def test_the_scan_is_compiled_once_whatever_it_is_given():
    from amanat.scope.engine.one_pass import scan

    SCANNER.scan(records_of(["ascii only", "né à Lyon"], ["", "name\x1fphone"]))
    SCANNER.scan(records_of([]))
    Scanner(bytes(16), now=None, regions=["FR"], own_domains=["example.org"], names=np.zeros(1024, np.uint8)).scan(records_of(["x"]))
    assert len(scan.signatures) == 1


HOSTILE = """
import numba, numpy as np, random
assert numba.config.BOUNDSCHECK
from datetime import date
from amanat.scope.scan import Scanner, records_of
scanner = Scanner(bytes(16), now=date(2026, 11, 22))
rng = random.Random(7)
pieces = ["+33 6", "@", "a@b.cc", "::", "1:", "12/03/19", "$2b$", "(", "password:", "born ", "GB29 NWBK "]
pieces += ["\\u06f1\\u06f2", "\\x1f", "\\n", "0" * 70, "a" * 300, "9-" * 40, "{SSHA}", "March 1", "-", "."]
texts = ["".join(rng.choice(pieces) for _ in range(rng.randint(0, 12))) for _ in range(4000)]
found = scanner.scan(records_of(texts, [rng.choice(["", "password\\x1fdob", "name\\x1fphone"]) for _ in texts]))
print(len(found) > 0)
"""


def test_no_read_is_out_of_bounds(tmp_path):
    # Numba's own bounds checks, in a process of their own: they change the machine code, so it has a cache of its own.
    # Nothing is made fast there: to compile it would take longer than to run it slowly.
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "NUMBA_OPT": "0", "AMANAT_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", HOSTILE], env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.stdout.strip() == "True", done.stderr[-2000:]


def telephones(text: str) -> set[str]:
    """The texts that are surely telephone numbers."""
    scanner = Scanner(bytes(32), now=date(2026, 11, 22))
    found = scanner.scan(records_of([text]))
    found = found.take(best_of(found) & (found.belief >= BELIEF_MIN))
    rows = zip(found.start.tolist(), found.end.tolist(), found.identifier.tolist(), strict=True)
    return {text[start:end] for start, end, name in rows if scanner.names[name] == "phone"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"Jane Doe\nPhone: (415) 555-0132", "(415) 555-0132"),
        (r"office\n+44 20 7946 0123 fax", "+44 20 7946 0123"),
        ("Phone: 61 60 34", "61 60 34"),  # no plan gives it out; the label says what it is
        ("Fax: 06-79062134.", "06-79062134"),
    ],
)
def test_a_number_behind_a_label_or_a_written_line_end_is_a_telephone_number(text: str, value: str):
    assert value in telephones(text)


@pytest.mark.parametrize("text", [r"C:\new\4155550132x", "call about order 61 60 34", "phone model 61 60 34", "Phone: 61 60 34x"])
def test_a_number_that_only_stands_near_is_none(text: str):
    assert telephones(text) == set()
