"""The status page and the feeds: how things stand, what changed, when we write again, everything said before, in one light file."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import feedparser
import pytest

from amanat.notify.outlet import draft
from amanat.notify.said import Story, said_of
from amanat.notify.status import SIZE_MAX_BYTES, Frame, status_pages

from ..outlet_world import AT, CODE, NEXT_AT, notice, statement
from ..writing_world import COMPANY


def said(language, at=AT, **changed):
    before = said_of(notice(language), COMPANY, code=CODE, at=at)
    return before if not changed else said_of(notice(language, **changed), COMPANY, code=CODE, at=at + timedelta(days=2), last=before)


def page(*stories, language="en"):
    return status_pages(stories, Frame(language=language, verify_url="https://hotel.example/notices"))["index.html"]


def test_the_page_brings_everything_with_it_and_asks_nobody():
    for artefact in draft("status_page", statement("en", "fr", "fa")).artefacts:
        text = artefact.content.decode()
        assert "<script" not in text and "<img" not in text and "@import" not in text and "url(" not in text
        assert re.findall(r'(?:src|href)="https?://(?!hotel\.example)', text) == []
        assert len(artefact.content) < SIZE_MAX_BYTES


def test_the_page_is_set_from_the_right_in_persian_with_its_calendar_and_digits():
    text = next(a.content.decode() for a in draft("status_page", statement("en", "fa")).artefacts if a.language == "fa")

    assert '<html lang="fa" dir="rtl">' in text
    # 12 March 2026, 09:00 UTC
    assert '<time datetime="2026-03-12T09:00+00:00" title="2026-03-12">۲۱ اسفند ۱۴۰۴، ساعت ۰۹:۰۰ به وقت UTC</time>' in text
    assert f'<bdi dir="ltr">{CODE}</bdi>' in text
    assert '<a href="../en/index.html" lang="en" hreflang="en">English</a>' in text


def test_an_update_says_which_sentences_are_new_and_which_stand_there_no_more():
    now = said("en", told="We are writing to 43,112 people about this.")
    text = page(Story(now, (said("en"),)))

    since = text.index("What changed since")
    assert since < text.index("<li>We are writing to 43,112 people about this.</li>") < text.index("This no longer stands here:")
    assert "<li><s>We are writing to 41,870 people about this.</s></li>" in text
    assert text.count("attackers entered our booking system") == 2  # now, and before; it is no news


def test_another_code_alone_is_no_news():
    first = said_of(notice("en"), COMPANY, code="0000-0000-0000-0", at=AT)

    assert said_of(notice("en"), COMPANY, code=CODE, at=AT, last=first).changed is None


def test_what_was_withdrawn_stays_and_says_so():
    gone = replace(said("en"), withdrawn_at=AT + timedelta(days=1))
    text = page(Story(said("en", entered="Nobody entered."), (gone,)))

    assert "We withdrew this on" in text and "Do not act on it any more." in text
    assert text.index("Nobody entered.") < text.index("We withdrew this on")


def test_a_long_history_moves_to_a_second_page_and_how_things_stand_stays_on_the_first():
    past = tuple(said("en", at=AT - timedelta(hours=n), entered=f"Statement number {n}. " + "We are reading the files. " * 40) for n in range(1, 61))
    pages = status_pages([Story(said("en", entered="This is new."), past)], Frame(language="en"))

    assert len(pages["index.html"].encode()) <= SIZE_MAX_BYTES
    assert "This is new." in pages["index.html"] and "Statement number 1." in pages["index.html"]
    assert "Statement number 60." not in pages["index.html"] and 'href="before.html"' in pages["index.html"]
    assert all(f"Statement number {n}." in pages["before.html"] for n in range(1, 61))


def test_markup_in_a_text_is_shown_as_text():
    text = page(Story(said("en", entered='<script>alert(1)</script> & "more"', title="<b>Bold</b>")))

    assert "<script" not in text and "<b>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in text


def test_an_empty_page_says_what_will_stand_there():
    assert "There is nothing to report at present." in page()
    assert "در حال حاضر چیزی برای گزارش نیست." in page(language="fa")


# ---- feeds ----


@pytest.fixture
def feeds():
    before = {"en": (said("en", at=AT - timedelta(days=1), entered="We are looking into it."),)}
    return {a.name: a.content for a in draft("feeds", statement("en", "fa", before=before)).artefacts}


def test_the_atom_feed_is_one_to_a_reader_that_is_not_ours(feeds):
    feed = feedparser.parse(feeds["en/feed.atom"])

    assert not feed.bozo and feed.version == "atom10"
    assert feed.feed.title == "Hotel Example: What we know" and feed.feed.id == "https://hotel.example/notices/en/"
    assert [entry.published for entry in feed.entries] == ["2026-03-10T17:30:00Z", "2026-03-11T17:30:00Z"][::-1]
    newest = feed.entries[1]
    assert newest.title == "Hotel Example: Attackers reached our booking system" and newest.author == "Hotel Example"
    assert "We are writing to 41,870 people about this." in newest.content[0].value
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", entry.id) for entry in feed.entries)
    assert feedparser.parse(feeds["fa/feed.atom"]).feed.language == "fa"


def test_the_json_feed_has_what_version_1_1_asks_for(feeds):
    feed = json.loads(feeds["fa/feed.json"])

    # jsonfeed.org/version/1.1: version, title and items are required; each item has an id (a string) and content_html or content_text.
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["language"] == "fa" and feed["title"] == "Hotel Example: آنچه می‌دانیم"
    assert feed["feed_url"] == "https://hotel.example/notices/fa/feed.json" and feed["home_page_url"] == "https://hotel.example/notices/fa/"
    for item in feed["items"]:
        assert isinstance(item["id"], str) and item["content_html"]
        assert item["authors"] == [{"name": "Hotel Example"}]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item["date_published"])


def test_a_character_that_xml_does_not_know_does_not_take_the_feed_away():
    from amanat.notify.feed import atom

    text = atom(
        [Story(said("en", entered="Line one\x0bline two"))], "en", page_url="https://hotel.example/en/", feed_url="https://hotel.example/en/feed.atom"
    )
    assert not feedparser.parse(text).bozo and "Line one line two" in text


def test_the_promise_of_the_next_update_stands_on_the_page():
    text = next(a.content.decode() for a in draft("status_page", statement("en")).artefacts)

    assert '<strong>We write again by <time datetime="2026-03-12T09:00+00:00">12 March 2026, 09:00 UTC</time></strong>' in text
    assert NEXT_AT.isoformat() == "2026-03-12T09:00:00+00:00"
