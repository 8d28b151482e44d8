"""The notice names the person's own page only where there is one, in every language, as an address to be typed by hand."""

from dataclasses import replace

import pytest

from amanat.notify.compose import BadNoticesUrl
from amanat.notify.gate import check_notice
from amanat.notify.render import render_html, render_text
from tests.notify.writing_world import CODE, COMPANY, DUTIES, NOW, TODAY, facts, notices, person

WITH_PAGE = replace(COMPANY, my_page_url="https://hotel.example/my")


def test_without_a_page_nothing_is_said_of_one():
    assert all("hotel.example/my" not in s.text for n in notices().values() for part in n.sections for s in part.sentences)


def test_with_a_page_every_notice_names_it_and_the_gate_has_no_objection():
    made = notices(company=WITH_PAGE)
    assert {n.language for n in made.values()} == {"en", "fr", "fa"}
    for notice in made.values():
        assert sum("https://hotel.example/my" in s.text for part in notice.sections for s in part.sentences) == 1, notice.id
        assert check_notice(notice, facts(), DUTIES, WITH_PAGE, now=NOW) == [], notice.id


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_the_page_is_an_address_to_type_and_no_link(language):
    notice = notices(company=WITH_PAGE)[f"eu-gdpr.{language}"]
    who = person("p1")
    html = render_html(notice, who.contact, {"email"}, "content", CODE, WITH_PAGE, on=TODAY)
    assert "hotel.example/my" in html and 'href="https://hotel.example/my' not in html
    assert "https://hotel.example/my" in render_text(notice, who.contact, {"email"}, "content", CODE, WITH_PAGE, on=TODAY)


@pytest.mark.parametrize("address", ["hotel.example/my", "javascript:alert(1)", "ftp://hotel.example/my"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(BadNoticesUrl, match="my_page_url must be a whole address"):
        notices(company=replace(COMPANY, my_page_url=address))
