"""A filled form as PDF: tagged, in its language, complete, and nothing in it is read as markup."""

import re
from datetime import datetime, timedelta, timezone

import pypdfium2
import pytest

from amanat.notify.form import all_forms, form_named
from amanat.notify.form_fill import Entry, fill_form
from amanat.notify.form_pdf import form_pdf
from tests.notify.form_world import FULL, NOW, a_case

AWARE = datetime(2026, 3, 6, 17, tzinfo=timezone.utc)


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(("name", "language"), [(form.id, language) for form in all_forms().values() for language in form.languages])
def test_every_form_is_set_as_a_tagged_pdf_with_its_title_and_language(name, language):
    form = form_named(name)
    document = fill_form(form, a_case({"awareness": AWARE}, company=FULL), language=language, now=NOW)
    pdf = form_pdf(form, document, FULL, on=NOW.date())
    assert b"pdfuaid" in pdf and b"/MarkInfo" in pdf and b"/StructTreeRoot" in pdf
    assert re.search(rb"/Lang ?\(" + language.encode(), pdf)
    assert re.search(rb"/DisplayDocTitle ?true", pdf)
    text = text_of(pdf)
    for field in form.fields_in(document.phase):
        assert re.sub(r"\s+", " ", field.label[language]) in text, field.id


def test_a_pdf_says_that_the_template_is_a_draft_and_how_much_is_missing():
    form = form_named("edpb")
    document = fill_form(form, a_case({"awareness": AWARE}), now=NOW)
    text = text_of(form_pdf(form, document, FULL, on=NOW.date()))
    assert "Draft: version 1.0 for public consultation" in text
    assert f"{len(document.lacking)} required answers are still missing." in text
    assert "6 March 2026, 18:00" in text and "not known yet" in text and "48 Date and time of awareness" in text


def test_a_late_form_says_so_and_a_follow_up_marks_what_changed():
    form = form_named("gdpr_art33")
    case = a_case({"awareness": AWARE, "residents": {"FR": 100}}, due={"eu-gdpr.authority": AWARE + timedelta(hours=72)})
    late = fill_form(form, case, now=AWARE + timedelta(hours=80), reference="N-7")
    text = text_of(form_pdf(form, late, FULL, on=NOW.date()))
    assert "Handed in after the deadline of 9 March 2026, 18:00" in text and "Number given by the authority: N-7" in text
    more = fill_form(form, a_case({"awareness": AWARE, "residents": {"FR": 120}}), phase="follow_up", now=NOW, before=late)
    assert "120 changed since the last submission" in text_of(form_pdf(form, more, FULL, on=NOW.date()))


@pytest.mark.parametrize("hostile", ['#eval("1+1")', "$x$ *bold* [link](u)", '"}]}', "{company} {{n}}", "<b>&amp;"])
def test_what_somebody_enters_is_printed_as_it_is(hostile):
    form = form_named("gdpr_art33")
    document = fill_form(form, a_case(), now=NOW, entries={"nature": Entry(value=hostile)})
    assert hostile in text_of(form_pdf(form, document, FULL, on=NOW.date()))


def test_the_same_document_gives_the_same_bytes():
    form = form_named("us_sec_8k")
    document = fill_form(form, a_case(), now=NOW)
    assert form_pdf(form, document, FULL, on=NOW.date()) == form_pdf(form, document, FULL, on=NOW.date())
