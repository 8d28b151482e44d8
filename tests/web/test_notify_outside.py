"""Beside a text, what everybody will see: the status page, every post with its length, and the sheet for the telephone, in its language."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.notify.outlets.x import length
from amanat.web.notify import outlets_queries
from amanat.web.notify.actions import take_in

from ..notify.outlet_world import notice
from .test_approval import alice, fresh, incident, story  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def spoken(incident):  # noqa: F811
    """The incident with a text for everybody in three languages."""
    take_in(incident, notices=[notice(language, "public") for language in ("en", "fr", "fa")], findings={}, by=None, now=timezone.now())
    return incident


def outside(one, fresh, notice_id):  # noqa: F811
    return fresh("Charlie").get(reverse("notice_outside", args=[one.pk, notice_id]))


def frames(page):
    return re.findall(r'<iframe[^>]* src="([^"]+)"', page.content.decode())


def test_a_text_for_everybody_stands_in_frames_that_can_do_nothing(spoken, fresh):  # noqa: F811
    page = outside(spoken, fresh, "public.fr")
    shown = frames(page)

    assert page.status_code == 200 and page.content.decode().count('sandbox=""') == len(shown)
    [status] = [one for one in shown if one.endswith("/status_page/fr/index.html")]
    assert any(one.endswith("/call_script/call-script.fr.html") for one in shown)
    assert not any("/en/" in one.split("/draft/")[1] or "/fa/" in one.split("/draft/")[1] for one in shown)
    inside = fresh("Charlie").get(status)
    assert inside.status_code == 200 and inside["X-Frame-Options"] == "SAMEORIGIN" and "frame-src 'self'" in page["Content-Security-Policy"]
    assert notice("fr", "public").title in inside.content.decode()


def test_every_post_stands_there_with_its_length_as_the_network_counts(spoken, fresh):  # noqa: F811
    text = outside(spoken, fresh, "public.fa").content.decode()
    draft = outlets_queries.draft_of(spoken, "x", now=timezone.now())
    posts = json.loads(next(one.content for one in draft.artefacts if one.name == "x.fa.json"))["posts"]

    assert posts and all(post["text"].splitlines()[0] in text for post in posts)
    assert f'<meter min="0" max="280" value="{length(posts[0]["text"])}"' in text
    assert text.count('max="280"') == len(posts)


def test_beside_a_letter_stands_what_everybody_reads_and_whose_text_that_is(spoken, fresh):  # noqa: F811
    text = outside(spoken, fresh, "eu.en").content.decode()

    assert "It carries another text, on the same facts:" in text and f"{reverse('other_texts', args=[spoken.pk])}?for=public" in text
    assert reverse("notice_outside", args=[spoken.pk, "eu.en"]) in fresh("Charlie").get(reverse("notice", args=[spoken.pk, "eu.en"])).content.decode()


def test_what_is_mailed_as_text_is_read_in_the_direction_of_its_language(spoken, fresh):  # noqa: F811
    take_in(spoken, notices=[notice("fa", "bulletin")], findings={}, by=None, now=timezone.now())
    text = outside(spoken, fresh, "bulletin.fa").content.decode()

    own = text[text.index("Monthly bulletin by e-mail") : text.index("Status page")]  # what carries this text stands first
    assert '<pre lang="fa" dir="rtl">' in own and notice("fa").title in own and "It carries another text" not in own


def test_without_the_company_the_page_says_what_is_missing(spoken, fresh):  # noqa: F811
    type(spoken).objects.filter(pk=spoken.pk).update(folder="")
    page = outside(spoken, fresh, "eu.en")

    assert page.status_code == 200 and "There is no text for everybody in this language." in page.content.decode() and frames(page) == []


def test_a_text_that_is_not_there_has_no_such_page(spoken, fresh):  # noqa: F811
    assert outside(spoken, fresh, "public.de").status_code == 404
