"""Names that a text itself presents, without a register and without a model of a language."""

from datetime import date

import pytest

from amanat import scope
from amanat.scope.introduced import with_introduced
from amanat.scope.scan import Scanner, records_of
from tests.scope.test_find import KEY, NOW, REGISTER

SCANNER = Scanner(bytes(16), now=date(2026, 11, 22))
_NAMES = {"person_name", "given_name", "family_name"}


def names_in(text, labels=""):
    records = records_of([text], [labels])
    found = with_introduced(SCANNER.scan(records), records, SCANNER)
    return [text[start:end] for start, end, which in zip(found.start, found.end, found.identifier, strict=True) if SCANNER.names[which] in _NAMES]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dear Mr. Russell Tokarev, your room is booked.", "Russell Tokarev"),
        ("Mme Zoé Le Goff est venue hier.", "Zoé Le Goff"),
        ("M. Théo Lambert-Roux a rappelé.", "Théo Lambert-Roux"),
        ("Sehr geehrter Herr Dr. Großmüller,", "Großmüller"),
        ("Estimada Sra. Inés Ortega:", "Inés Ortega"),
        ("Prezado Sr. Tiago dos Santos,", "Tiago dos Santos"),
        ("سرکار خانم دکتر مینا کاظمی، با سلام", "مینا کاظمی"),
        ("آقای رضایی دیروز تماس گرفت", "رضایی"),
        ("Hi Paul, I have lost my card.", "Paul"),
        ("سلام سارا، خوبی؟", "سارا"),
        ("Hello, my name is Mimir Andreasen and I would like to cancel.", "Mimir Andreasen"),
        ("Bonjour, je m’appelle Anaïs Béranger.", "Anaïs Béranger"),
        ("Ich heiße Jörg Vogt.", "Jörg Vogt"),
        ("اسم من علی رضایی است", "علی رضایی"),
        ("Patient: Sigtryggur Bernharðsson\nWard 3", "Sigtryggur Bernharðsson"),
        ("بیمار: سارا احمدی", "سارا احمدی"),
        ("See you on Monday.\n\nKind regards,\nJean-Luc Béranger\nDirector", "Jean-Luc Béranger"),
        ('On Tuesday "Ahmadi, Sara" <sara@example.org> wrote:', "Ahmadi, Sara"),
        ("Le 3 mars, Paul Durand a écrit :", "Paul Durand"),
        ("The report speaks of Angela Longino and nobody else.", "Angela Longino"),
        ("Angela Longino's room was searched.", "Angela Longino"),
        (r"Ward 3\nName: Kosara Reisl\nPhone: 082 777 7526", "Kosara Reisl"),
    ],
)
def test_a_name_that_the_text_presents_is_found_without_a_register(text, name):
    assert names_in(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Dear Customer, dear Sir or Madam,",
        "Sehr geehrte Damen und Herren,",
        "Chers clients, bonjour à tous",
        "Hi Team, Hello World!",
        "مشتری گرامی، سلام",
        "Kind regards,\nYour Team at the Grand Palace",
        "Karvan Hotels <info@karvan.example>",
        "1850 Elm Dr Boston",
        "Once in 61 Anna Lindh and then in Tom Larsens vei 83",
        "Victoria Station, Charlotte Street, the Martin Hotel",
        "My name is on the list. The name is not correct.",
        "a name is a name; hello there; regards",
        "May June and April Monday",
        "Subject: Invoice Number",
    ],
)
def test_what_only_looks_like_a_name_is_none(text):
    assert names_in(text) == []


def test_in_a_table_only_columns_that_may_hold_sentences_are_read():
    labels = "hotel\x1fname\x1fremarks"
    row = "Martin Palace\x1fSara Ahmadi\x1f" + "The guest complained about the noise and asked us to write to her husband. " * 2 + "Mr Jonas Holm"

    assert names_in(row, labels) == ["Sara Ahmadi", "Jonas Holm"]


def test_the_key_is_that_of_the_same_name_in_its_own_field():
    records = records_of(["Dear Ms Sara Ahmadi, hello", "Ahmadi Sara"], ["", "full name"])
    found = with_introduced(SCANNER.scan(records), records, SCANNER)
    keys = found.key[found.identifier == SCANNER.names.index("person_name")]

    assert len(keys) == 2 and keys[0] == keys[1]


def test_a_text_full_of_names_gives_them_all():
    text = "Dear Ms Sara Ahmadi, hello. " * 6000

    assert names_in(text) == ["Sara Ahmadi"] * 6000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("room 12: Ana Lima, insulin in the fridge", ["insulin"]),
        ("Frau Heß ist allergisch gegen Nüsse.", ["allergisch"]),
        ("Le client est diabétique.", ["diabétique"]),
        ("Viaja en silla de ruedas", ["silla de ruedas"]),
        ("مهمان دیابت دارد", ["دیابت"]),
        ("The fridge is in the room and the fever of the sales goes on.", []),
    ],
)
def test_words_about_health_are_found_in_the_middle_of_a_note(text, words):
    records = records_of([text])
    found = with_introduced(SCANNER.scan(records), records, SCANNER)
    medical = found.identifier == SCANNER.names.index("diagnosis")

    assert [text[start:end] for start, end in zip(found.start[medical], found.end[medical], strict=True)] == words


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("paid with 411111******1111 on Monday", ["411111******1111"]),
        ("carte **** **** **** 1111", ["**** **** **** 1111"]),
        ("card 4111-****-****-1111.", ["4111-****-****-1111"]),
        ("SSN ***-**-1234 and phone +33 6 ** ** ** 12 **** 1234", []),
        ("**** 2026 ****", []),
        ("***** five stars, 1234 voices", []),
    ],
)
def test_card_numbers_of_which_stars_hide_the_middle_are_part_of_a_card(text, part):
    records = records_of([text])
    found = with_introduced(SCANNER.scan(records), records, SCANNER)
    cards = found.identifier == SCANNER.names.index("card_truncated")

    assert [text[start:end] for start, end in zip(found.start[cards], found.end[cards], strict=True)] == part


@pytest.fixture
def exposures(tmp_path):
    def run(text):
        (tmp_path / "files").mkdir()
        (tmp_path / "files" / "note.txt").write_text(text, encoding="utf-8")
        (tmp_path / "register.csv").write_text(REGISTER, encoding="utf-8")
        done = scope.find_exposures([tmp_path / "files"], tmp_path / "register.csv", out=tmp_path / "out", key=KEY, now=NOW, workers=1)
        return {row["person_id"][:4]: (row["state"], set(row["kinds"])) for row in done.exposures.to_pylist()}

    return run


def test_a_presented_name_with_a_birth_date_tells_of_an_outsider(exposures):
    assert exposures("Dear Mr Jonas Holm, born on 12 March 1961, your results are here.") == {"out-": ("outsider", {"name", "dob"})}


def test_a_presented_name_alone_tells_of_nobody(exposures):
    assert exposures("Dear Mr Jonas Holm, your results are here.") == {}


def test_the_name_of_who_signs_is_not_that_of_the_person_whose_key_stands_there(exposures):
    assert exposures("sara@example.org asked for a room.\n\nKind regards,\nTom Berger") == {"P-1": ("sure", {"email"})}


def test_the_person_s_own_name_with_a_mistake_in_it_is_theirs(exposures):
    assert exposures("Dear Ms Sara Ahmady, we wrote to sara@example.org yesterday.") == {"P-1": ("sure", {"email", "name"})}
