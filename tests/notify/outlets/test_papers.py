"""Press release and the sheet for the telephone: three files, one text, the same numbers."""

import html
import io
import re
import zipfile

import pypdfium2
import pytest
from docx import Document

from amanat.notify.outlet import draft

from ..outlet_world import CODE, statement

# 1 March 2026, 41,870 people, 10 March 2026; in Persian 10 Esfand 1404, 41870, 19 Esfand 1404. One digit may be that of a list.
NUMBERS = {"en": {"2026", "41870", "10"}, "fr": {"2026", "41870", "10"}, "fa": {"10", "1404", "41870", "19"}}


@pytest.fixture(scope="module")
def release():
    return {a.name: a.content for a in draft("press_release", statement("en", "fr", "fa", audience="press")).artefacts}


def text_of_pdf(content):
    pdf = pypdfium2.PdfDocument(content)
    return "\n".join(pdf[n].get_textpage().get_text_bounded() for n in range(len(pdf)))


def text_of_docx(content):
    return "\n".join(p.text for p in Document(io.BytesIO(content)).paragraphs)


def text_of_html(content):
    body = content.decode().split("<body>")[1]
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


READ = {"pdf": text_of_pdf, "docx": text_of_docx, "html": text_of_html}


def numbers(text):
    """Every number of two digits or more, in Western digits; the code and the address are none of the story's."""
    text = text.replace(CODE, "").replace("75001", "").translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    text = re.sub(r"(?<=\d)[,٬\u00a0\u202f](?=\d)", "", text)
    return set(re.findall(r"\d\d+", text))


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_pdf_word_and_page_say_the_same_numbers(release, language):
    found = {kind: numbers(READ[kind](release[f"press-release.{language}.{kind}"])) for kind in READ}

    assert found == dict.fromkeys(READ, NUMBERS[language])


@pytest.mark.parametrize("kind", ["docx", "html", "pdf"])
def test_every_file_says_what_it_is_and_ends(release, kind):
    text = " ".join(READ[kind](release[f"press-release.en.{kind}"]).split())

    assert text.index("Press release") < text.index("Attackers reached our booking system") < text.index("We are writing to 41,870 people")
    assert text.index("We are writing to") < text.index("End of the press release")
    assert CODE in text


def test_the_pdf_is_tagged_and_says_its_language(release):
    for language in ("en", "fa"):
        content = release[f"press-release.{language}.pdf"]
        assert b"/MarkInfo" in content and b"pdfuaid" in content
        assert re.search(rb"/Lang ?\(" + language.encode() + rb"\)", content)


def test_the_word_file_has_headings_lists_and_its_direction(release):
    document = Document(io.BytesIO(release["press-release.fa.docx"]))
    xml = zipfile.ZipFile(io.BytesIO(release["press-release.fa.docx"])).read("word/document.xml").decode()

    assert [p.style.name for p in document.paragraphs if p.style.name.startswith(("Heading", "List"))] == [
        "Heading 1",
        "Heading 2",
        "Heading 2",
        "List Number",
        "List Number",
        "Heading 2",
    ]
    assert xml.count("<w:bidi/>") == len(document.paragraphs)
    assert document.core_properties.language == "fa"
    english = zipfile.ZipFile(io.BytesIO(release["press-release.en.docx"])).read("word/document.xml").decode()
    assert "w:bidi" not in english


def test_the_sheet_for_the_telephone_forbids_asking_for_what_was_stolen():
    pages = {a.name: a.content for a in draft("call_script", statement("en")).artefacts}
    text = " ".join(text_of_html(pages["call-script.en.html"]).split())

    assert "because the attackers may know them: e-mail address, password, date of birth and bank account number (IBAN)." in text
    assert "Never ask for a password, a PIN, a card’s security code or a payment" in text
    assert "As of 10 March 2026, 17:30 UTC. An older sheet is not valid any more." in text
    assert text.index("Who is calling?") < text.index("What you do not say") < text.index("What happened")


def test_while_nobody_knows_what_was_stolen_nothing_from_the_files_proves_who_is_calling():
    pages = {a.name: a.content for a in draft("call_script", statement("en", audience="agent", kinds=())).artefacts}

    assert "So do not use any detail from our files" in text_of_html(pages["call-script.en.html"])
