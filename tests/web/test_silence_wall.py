"""The silence clock stands on the walls of deadlines, and the band tells a promise from what the facts only plan."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.web.chain import queries
from amanat.web.respond import actions as respond
from amanat.web.respond import promising

from .test_approval import alice, fresh, incident, story  # noqa: F401  fixtures


@pytest.mark.django_db
def test_the_walls_say_how_long_the_public_has_known_while_nobody_was_told(incident, fresh, alice):  # noqa: F811
    walls = [reverse("deadlines"), reverse("duties", args=[incident.pk])]
    before = [fresh("Alice").get(wall).content.decode() for wall in walls]
    three_hours_ago = timezone.now() - timedelta(hours=3, minutes=1)
    respond.note_fact(
        incident, name="public_knowledge", value=three_hours_ago.isoformat(), status="known", source="a newspaper", by=alice, now=timezone.now()
    )
    after = [fresh("Alice").get(wall).content.decode() for wall in walls]

    assert ["nobody was told by us" in page for page in before] == [False, False]
    assert ["nobody was told by us" in page for page in after] == [True, True]
    assert ["3 hours" in page for page in after] == [True, True]


@pytest.mark.django_db
def test_the_band_shows_the_promise_and_says_so_where_an_update_is_only_planned(incident, fresh, alice):  # noqa: F811
    now = timezone.now()
    planned = now + timedelta(days=3)
    respond.note_fact(incident, name="next_update", value=planned.isoformat(), status="known", source="", by=alice, now=now)
    band, page = queries.band(incident), fresh("Alice").get(reverse("incident", args=[incident.pk])).content.decode()
    assert (band.promise_at, band.planned_at) == (None, planned)
    assert "next update planned" in page

    due = now + timedelta(days=5)
    promising.make(incident, kind="offer", words={"en": "We pay."}, made_in="hearing", made_at=now, due_at=due, owner=alice, by=alice, now=now)
    band, page = queries.band(incident), fresh("Alice").get(reverse("incident", args=[incident.pk])).content.decode()
    assert (band.promise_at, band.planned_at) == (due, None)
    assert "next update planned" not in page
