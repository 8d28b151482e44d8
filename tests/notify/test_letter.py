"""Letters: a tagged PDF per person, on the paper of their country, with nothing of theirs read as markup."""

import ctypes
import json
import re
from dataclasses import replace

import pypdfium2
import pytest

from amanat.lib.private import Private
from amanat.notify.letter import letter_data, render_letters
from amanat.notify.select import LetterPerson
from amanat.notify.store import write_sample_letters
from amanat.wording import FONTS
from tests.notify.writing_world import COMPANY, TODAY, notices, person

NOTICES = notices()


def pdf_text(path):
    pdf = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    size = pdf[0].get_size()
    pdf.close()
    return text, size


def as_seen(path):
    """All letters of a PDF as they stand on the page, line by line from the left, without blanks."""
    pdf = pypdfium2.PdfDocument(path)
    lines = {}
    for number, page in enumerate(pdf):
        text = page.get_textpage()
        for i in range(text.count_chars()):
            letter = text.get_text_range(i, 1)
            origin_x, origin_y = ctypes.c_double(), ctypes.c_double()
            pypdfium2.raw.FPDFText_GetCharOrigin(text.raw, i, origin_x, origin_y)
            if letter.strip():
                lines.setdefault((number, -round(origin_y.value)), []).append((origin_x.value, letter))
    pdf.close()
    return "\n".join("".join(letter for _, letter in sorted(line)) for _, line in sorted(lines.items()))


def with_contact(someone, **changed):
    return LetterPerson(contact=replace(someone.contact, **changed), kinds=someone.kinds, basis=someone.basis, code=someone.code)


@pytest.fixture(scope="module")
def letters(tmp_path_factory):
    out = tmp_path_factory.mktemp("letters")
    chosen = {"us-ca.en": person("p2"), "eu-gdpr.fr": person("p1"), "eu-gdpr.fa": person("p3", name="سارا نمونه")}
    return {id: render_letters(NOTICES[id], [someone], COMPANY, out, on=TODAY)[0] for id, someone in chosen.items()}


def test_a_letter_is_tagged_and_names_its_language_and_title(letters):
    for id, path in letters.items():
        raw = path.read_bytes()
        assert b"pdfuaid" in raw and b"/MarkInfo" in raw, id
        assert re.search(rb"/Lang ?\(" + id[-2:].encode(), raw), id


def test_americans_get_their_own_paper_and_everyone_else_a4(letters):
    assert [round(n) for n in pdf_text(letters["us-ca.en"])[1]] == [612, 792]
    assert [round(n) for n in pdf_text(letters["eu-gdpr.fr"])[1]] == [595, 842]


def test_a_letter_says_what_the_message_says(letters):
    text, _ = pdf_text(letters["us-ca.en"])
    for said in (
        "Notice of Data Breach",
        "Dear Sara Example,",
        "What Information Was Involved",
        "K7Q2-9MXP",
        "12 rue Fictive",
        "Page 1 of 2",
        "10 March 2026",
    ):
        assert said in text, said


def test_a_persian_letter_has_persian_digits_and_its_code_unturned(letters):
    # A PDF reader turns words of mixed lines around when it copies them; what counts is what the eye sees from the left.
    seen = as_seen(letters["eu-gdpr.fa"])
    assert "K7Q2-9MXP" in seen and "privacy@hotel.example" in seen and "+33199001234" in seen
    assert "https://hotel.example/notices" in seen and "۱۴۰۴" in seen and "096380" in seen


@pytest.mark.parametrize("name", ['#eval("1+1")', "$x$ *bold* [link](u)", "Sara\nExample", "\\u{202e}", '"}]}', "Sara\u202eExample", "<b>&amp;"])
def test_a_hostile_name_is_printed_as_it_is(name, tmp_path):
    [path] = render_letters(NOTICES["us-ca.en"], [person("p2", name=name)], COMPANY, tmp_path, on=TODAY)
    text, _ = pdf_text(path)
    shown = re.sub(r"[\n\u202e]", " ", name)
    assert f"Dear {shown}," in text


def test_a_name_in_a_script_that_our_fonts_lack_still_gets_a_letter(tmp_path):
    [path] = render_letters(NOTICES["us-ca.en"], [person("p2", name="山田太郎")], COMPANY, tmp_path, on=TODAY)
    assert "K7Q2-9MXP" in pdf_text(path)[0]


def test_a_person_without_name_or_address_still_gets_a_letter(tmp_path):
    someone = with_contact(person("p2", name=None), address=None)
    [path] = render_letters(NOTICES["us-ca.en"], [someone], COMPANY, tmp_path, on=TODAY)
    assert "Good day," in pdf_text(path)[0]


def test_letters_come_one_per_person_in_order_and_again_the_same(tmp_path):
    someone = [with_contact(person("p2"), person_id=id) for id in ("b", "a/../c", "d")]
    paths = render_letters(NOTICES["us-ca.en"], someone, COMPANY, tmp_path, on=TODAY)
    assert [p.name for p in paths] == ["us-ca.en.b.pdf", "us-ca.en.a%2F..%2Fc.pdf", "us-ca.en.d.pdf"]
    before = [p.read_bytes() for p in paths]
    render_letters(NOTICES["us-ca.en"], someone, COMPANY, tmp_path, on=TODAY)
    assert [p.read_bytes() for p in paths] == before and len(list(tmp_path.iterdir())) == 3


def test_the_address_stands_in_the_window_of_the_country():
    french = letter_data(NOTICES["eu-gdpr.fr"], person("p1"), COMPANY, on=TODAY)
    german = letter_data(NOTICES["eu-gdpr.en"], person("p5"), COMPANY, on=TODAY)
    assert french["window_left_mm"] > 100 and german["window_left_mm"] == 22
    assert french["address"] == ["Sara Example", "12 rue Fictive", "75002 Paris"]


def test_a_persian_address_is_set_from_the_right():
    someone = with_contact(person("p3", name="سارا نمونه"), address=Private("address", "تهران، خیابان نمونه، پلاک ۱۲"))
    data = letter_data(NOTICES["eu-gdpr.fa"], someone, COMPANY, on=TODAY)
    assert data["address_is_rtl"] and data["address"][1:] == ["تهران", "خیابان نمونه", "پلاک ۱۲"]
    assert json.dumps(data)  # plain data, nothing else


def test_sample_letters_lie_beside_their_notices(tmp_path):
    (tmp_path / "notices" / "eu-gdpr.fa").mkdir(parents=True)
    [path] = write_sample_letters([NOTICES["eu-gdpr.fa"]], COMPANY, tmp_path, on=TODAY)
    assert path == tmp_path / "notices" / "eu-gdpr.fa" / "sample.pdf" and path.read_bytes().startswith(b"%PDF")


def test_the_fonts_ship_with_their_licences_and_stay_small():
    names = {path.name for path in FONTS.iterdir()}
    assert {"Vazirmatn-OFL.txt", "SourceSans3-OFL.md"} <= names
    assert sum(path.stat().st_size for path in FONTS.glob("*.ttf")) < 2_000_000
