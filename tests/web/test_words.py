"""Numbers, days and moments in three languages."""

from datetime import date, datetime, timezone
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.utils import timezone as zones
from django.utils import translation

from amanat.web.templatetags import names, words

AT = datetime(2026, 3, 9, 17, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "41,870"), ("fr", "41\u202f870"), ("fa", "۴۱٬۸۷۰")],
)
def test_numbers(language, shown):
    with translation.override(language):
        assert words.number(41870) == shown
        assert words.number(None) == ""


def test_a_moment_is_shown_in_the_reader_s_zone():
    with translation.override("fr"), zones.override("Europe/Paris"):
        assert words.moment(AT) == '<time datetime="2026-03-09T18:00+01:00">9 mars 2026, 18:00 <bdi class="zone" dir="ltr">CET</bdi></time>'


def test_persian_pages_use_the_jalali_calendar_with_the_gregorian_date_on_hover():
    with translation.override("fa"), zones.override("Asia/Tehran"):
        shown = words.moment(AT)
    # 9 March 2026 is 18 Esfand 1404; Tehran is three and a half hours ahead of UTC.
    assert "۱۸ اسفند ۱۴۰۴، ۲۰:۳۰" in shown
    assert 'title="9 March 2026"' in shown
    assert ">UTC+03:30<" in shown


def test_a_day_near_midnight_is_the_reader_s_day():
    late = datetime(2026, 3, 20, 22, 0, tzinfo=timezone.utc)
    with translation.override("fa"), zones.override("Asia/Tehran"):
        assert "۱ فروردین ۱۴۰۵" in words.day(late)
    with translation.override("en"):
        assert ">20 Mar 2026<" in words.day(date(2026, 3, 20))


@pytest.mark.parametrize(
    ("language", "now", "shown"),
    [
        ("en", datetime(2026, 3, 6, 18, 0, tzinfo=timezone.utc), "71 hours left"),
        ("en", datetime(2026, 3, 9, 16, 59, tzinfo=timezone.utc), "1 minute left"),
        ("en", datetime(2026, 3, 9, 20, 0, tzinfo=timezone.utc), "3 hours late"),
        ("fr", datetime(2026, 3, 9, 15, 30, tzinfo=timezone.utc), "encore 1 heure"),
        ("fr", datetime(2026, 3, 1, 17, 0, tzinfo=timezone.utc), "encore 8 jours"),
        ("fa", datetime(2026, 3, 8, 5, 0, tzinfo=timezone.utc), "۳۶ ساعت مانده"),
        ("fa", datetime(2026, 3, 14, 17, 0, tzinfo=timezone.utc), "۵ روز گذشته"),
    ],
)
def test_hours_left(language, now, shown):
    with translation.override(language):
        assert words.hours_left(AT, now) == shown
        assert words.hours_left(None, now) == ""


def test_a_code_keeps_its_direction():
    assert words.ltr("AB<12") == '<bdi dir="ltr">AB&lt;12</bdi>'


@pytest.mark.parametrize(("language", "shown"), [("en", "50.5%"), ("fr", "50,5\u202f%"), ("fa", "۵۰٫۵٪")])
def test_a_share_of_one_is_a_hundred_percent(language, shown):
    with translation.override(language):
        assert words.percent(0.505).replace("\u00a0", "\u202f") == shown


@pytest.mark.parametrize(
    ("route", "name", "lit"),
    [
        ("reach/", "reach", {"reach": "page"}),
        ("sending/unsure/", "unsure", {"reach": "true"}),
        ("notices/<str:notice_id>/", "notice", {"notices": "true"}),
        ("facts/<str:name>/", "fact", {"incident": "true"}),
        ("", "incident", {"incident": "page"}),
    ],
)
def test_a_page_lights_up_its_own_step_or_the_one_it_belongs_to(route, name, lit):
    match = SimpleNamespace(route=f"incidents/<uuid:incident_id>/{route}", url_name=name)
    context = {"request": SimpleNamespace(resolver_match=match), "incident": SimpleNamespace(pk=UUID(int=1)), "may_see_journal": True}

    steps = words.incident_steps(context)

    assert {key: step["current"] for (key, _says), step in zip(words.STEPS, steps, strict=True) if step["current"]} == lit


def test_a_telephone_number_in_a_persian_sentence_begins_with_its_plus():
    assert names.slots("تلفن: +33199002081") == 'تلفن: <bdi dir="ltr">+33199002081</bdi>'
    assert names.slots("Code: {code}. Call +33199002081.") == 'Code: <bdi class="slot">code</bdi>. Call +33199002081.'
    assert names.slots("a {{b}} <i>") == "a {b} &lt;i&gt;"
