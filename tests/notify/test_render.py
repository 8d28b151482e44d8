"""Text and HTML for one person: what they read, how it is set, and that nothing of theirs can become code."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.lib.private import Private
from amanat.notify.previews import CODE as SAMPLE_CODE
from amanat.notify.previews import previews
from amanat.notify.render import HtmlTemplate, TextTemplate, render_html, render_text
from amanat.notify.runs import FSI, LRI, PDI, RLM, Run, plain, runs
from amanat.notify.select import clean, reader_of
from amanat.notify.store import ChangedNotice, read_notices, write_notices
from amanat.wording import language as _language  # noqa: F401 - the words are read once before Hypothesis counts time
from tests.notify.writing_world import CODE, COMPANY, TODAY, fact, facts, notices, person

EXPECTED = Path(__file__).parent / "expected"
NOTICES = notices()


def text_for(id, notice, **who):
    someone = person(id, **who)
    return render_text(NOTICES[notice], someone.contact, someone.kinds, someone.basis, someone.code, COMPANY, on=TODAY)


def html_for(id, notice, **who):
    someone = person(id, **who)
    return render_html(NOTICES[notice], someone.contact, someone.kinds, someone.basis, someone.code, COMPANY, on=TODAY)


class Page(HTMLParser):
    """Tags, links and visible text of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.loaded, self.text, self.attributes = [], [], [], "", {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        self.attributes.setdefault(tag, given)
        if "href" in given:
            self.links.append(given["href"])
        self.loaded += [value for name, value in attrs if name in ("src", "background")]

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize(("id", "notice"), [("p4", "us-ny.en"), ("p1", "eu-gdpr.fr"), ("p3", "eu-gdpr.fa")])
def test_the_text_is_the_stored_one(id, notice):
    assert text_for(id, notice) == (EXPECTED / f"{notice}.txt").read_text(encoding="utf-8")


def test_a_person_reads_only_of_their_own_kinds():
    text = text_for("p4", "us-ny.en")
    assert "- Social Security number: your US Social Security number" in text
    assert "Payment card" not in text


@pytest.mark.parametrize("notice", ["eu-gdpr.fr", "us-ca.en", "eu-gdpr.fa"])
def test_the_page_has_its_language_and_direction_and_loads_nothing(notice):
    id = {"eu-gdpr.fr": "p1", "us-ca.en": "p2", "eu-gdpr.fa": "p3"}[notice]
    page = Page(html_for(id, notice))
    language, direction = notice[-2:], "rtl" if notice.endswith("fa") else "ltr"
    assert page.attributes["html"]["lang"] == page.attributes["body"]["lang"] == language
    assert page.attributes["html"]["dir"] == page.attributes["body"]["dir"] == direction
    assert page.loaded == [] and not {"img", "script", "link", "iframe", "form", "input"} & set(page.tags)
    assert set(page.links) == {"https://hotel.example/notices"}
    assert CODE in page.text


def test_no_style_loads_anything_from_elsewhere():
    html = html_for("p1", "eu-gdpr.fr")
    assert "@import" not in html and "url(" not in html


def test_codes_and_addresses_are_isolated_in_html():
    html = html_for("p3", "eu-gdpr.fa")
    assert re.search(rf'<bdi dir="ltr"[^>]*>{CODE}</bdi>', html)
    assert '<bdi dir="ltr">privacy@hotel.example</bdi>' in html
    assert '<bdi dir="ltr">+33 1 99 00 12 34</bdi>' in html
    assert '<bdi dir="ltr">096380</bdi>' in html


def test_persian_text_begins_each_line_from_the_right_and_isolates_what_reads_from_the_left():
    lines = [line for line in text_for("p3", "eu-gdpr.fa").split("\n") if line]
    assert all(line.startswith(RLM) for line in lines)
    assert f"{LRI}{CODE}{PDI}" in "\n".join(lines)
    assert f"{LRI}https://hotel.example/notices{PDI}" in "\n".join(lines)
    assert f"{FSI}Sara Example{PDI} گرامی،" in "\n".join(lines)


def test_a_lone_bracket_stays_outside_the_run():
    assert runs("چه رخ داد (What Happened)", "rtl") == (Run("چه رخ داد ("), Run("What Happened", is_ltr=True), Run(")"))
    assert runs("پلیس (FTC (US) x)", "rtl")[1].text == "FTC (US) x"


@pytest.mark.parametrize(
    ("who", "begins"),
    [
        ({}, "Dear Sara Example,"),
        ({"minor": True}, "To the parent or guardian of Sara Example:"),
        ({"deceased": True}, "To the family of Sara Example:"),
        ({"deceased": True, "minor": True}, "To the family of Sara Example:"),
        ({"name": None}, "Good day,"),
        ({"name": " \n "}, "Good day,"),
    ],
)
def test_the_greeting_fits_whoever_opens_the_message(who, begins):
    assert begins in text_for("p2", "us-ca.en", **who).split("\n")


def test_parents_and_families_are_told_who_is_meant():
    assert "“you”, it means the child in your care" in text_for("p2", "us-ca.en", minor=True)
    family = text_for("p2", "us-ca.en", deceased=True)
    assert (
        "This letter is about data that Sara Example had entrusted to us." in family and "Tell the bank and the credit bureaus of the death" in family
    )
    assert "child in your care" not in text_for("p2", "us-ca.en")


HOSTILE = [
    "<script>alert(1)</script>",
    "Sara\r\nBcc: all@example.org",
    "Sara\u202egnp.exe",
    "{{ 7*7 }}{% for x in y %}",
    "{code}{name}{{name}}",
    '#eval("1") $x$ [a](b)',
    "\ue0001",
    '" onmouseover="x',
    "a" * 10_000,
    "\x00\x1b[31m",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_a_name(name):
    html, text = html_for("p2", "us-ca.en", name=name), text_for("p2", "us-ca.en", name=name)
    shown = clean(Private("name", name))
    assert Page(html).tags == Page(html_for("p2", "us-ca.en")).tags
    assert f"Dear {shown}," in Page(html).text
    assert shown in text and len(text.split("\n")) == len(text_for("p2", "us-ca.en").split("\n"))
    assert not set("\u202e\x00\x1b\r") & set(text + html)


@settings(max_examples=150, deadline=None)
@given(name=st.text(min_size=1, max_size=60), notice=st.sampled_from(["us-ca.en", "us-ca.fa"]))
def test_no_name_changes_the_structure_of_the_page(name, notice):
    someone = person("p2", name=name)
    plainly = person("p2", name="Sara" if reader_of(someone.contact) == "self" else None)
    template = TEMPLATES[notice]
    one = template.fill(someone.contact, someone.kinds, someone.basis, CODE)
    other = template.fill(plainly.contact, plainly.kinds, plainly.basis, CODE)
    assert Page(one).tags == Page(other).tags


TEMPLATES = {id: HtmlTemplate(NOTICES[id], COMPANY, on=TODAY) for id in ("us-ca.en", "us-ca.fa")}


def test_a_statement_cannot_become_code_or_a_slot():
    evil = "<b>{{ company }}</b> {% raw %} {name} {code}"
    someone = person("p5")
    notice = notices(facts(what_happened=fact("what_happened", {"en": evil, "fr": "x", "fa": "x"})))["eu-gdpr.en"]
    html = render_html(notice, someone.contact, someone.kinds, someone.basis, CODE, COMPANY, on=TODAY)
    assert evil in Page(html).text
    assert evil in render_text(notice, someone.contact, someone.kinds, someone.basis, CODE, COMPANY, on=TODAY)


def test_a_template_filled_many_times_says_the_same_as_one_made_anew():
    template = TextTemplate(NOTICES["us-ca.en"], COMPANY, on=TODAY)
    for name in ("Ada", "Ben", "Ada"):
        someone = person("p2", name=name)
        assert template.fill(someone.contact, someone.kinds, someone.basis, CODE) == text_for("p2", "us-ca.en", name=name)


@pytest.mark.parametrize("notice", ["eu-gdpr.en", "eu-gdpr.fa"])
@pytest.mark.parametrize("kind", [TextTemplate, HtmlTemplate])
def test_what_a_mail_carries_is_the_text_in_utf_8_with_crlf(kind, notice):
    template, someone = kind(NOTICES[notice], COMPANY, on=TODAY), person("p3", name="Zoé\r\nBcc: چای\u200cکار")
    asked = (someone.contact, someone.kinds, someone.basis, someone.code)
    carried = template.wire(*asked)
    assert carried.decode("utf-8").split("\r\n") == template.fill(*asked).split("\n")
    assert b"\n" not in carried.replace(b"\r\n", b"") and b"\r" not in carried.replace(b"\r\n", b"")


@given(st.text(max_size=200), st.sampled_from(["ltr", "rtl"]))
def test_cutting_into_runs_loses_no_letter(text, direction):
    assert "".join(f"{{{run.slot}}}" if run.slot else run.text for run in runs(text, direction)) == plain(text)


def test_zero_width_joiners_of_persian_names_stay():
    assert clean(Private("name", "علی‌رضا")) == "علی‌رضا"


@pytest.mark.parametrize("id", sorted(NOTICES))
def test_the_approval_screen_gets_three_invented_persons(id):
    shown = previews(NOTICES[id], COMPANY, on=TODAY)
    assert len(shown) == 3 and len({each.text for each in shown}) == 3
    assert all(SAMPLE_CODE in each.text and each.subject == NOTICES[id].subject for each in shown)


def test_stored_notices_come_back_word_for_word(tmp_path):
    write_notices(NOTICES.values(), tmp_path, company=COMPANY, on=TODAY, findings={})
    assert read_notices(tmp_path) == [NOTICES[id] for id in sorted(NOTICES)]
    assert (tmp_path / "notices" / "us-ca.en" / "sample.html").exists()


def test_a_stored_notice_with_one_changed_word_is_refused(tmp_path):
    write_notices([NOTICES["us-ca.en"]], tmp_path)
    path = tmp_path / "notices" / "us-ca.en" / "notice.json"
    path.write_text(path.read_text(encoding="utf-8").replace("We are sorry", "We are not sorry"), encoding="utf-8")
    with pytest.raises(ChangedNotice, match="was changed after it was composed"):
        read_notices(tmp_path)


def test_a_stored_notice_that_is_no_notice_is_refused(tmp_path):
    folder = tmp_path / "notices" / "x"
    folder.mkdir(parents=True)
    (folder / "notice.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ChangedNotice, match="is not a notice"):
        read_notices(tmp_path)
