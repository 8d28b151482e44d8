"""What a person can mend is a page with a sentence; what nobody can mean is refused at the door."""

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.web.respond import actions

from .test_approval import alice, fresh, incident, story  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare(alice):  # noqa: F811
    """An incident that was declared on the screens, without a folder."""
    return actions.declare(title="Bare", kind="data_breach", by=alice, now=timezone.now())


@pytest.mark.parametrize("page", ["reach", "sending", "notices", "approve"])
def test_an_incident_without_a_folder_has_pages_that_say_what_is_missing(bare, fresh, page):  # noqa: F811
    answer = fresh("Alice").get(reverse(page, args=[bare.pk]))

    assert answer.status_code in (200, 409)
    if answer.status_code == 409:
        assert "has no folder yet" in answer.content.decode()


def test_an_address_with_a_nul_or_a_year_beyond_the_calendar_is_no_error_of_ours(incident, fresh):  # noqa: F811
    journal = reverse("journal", args=[incident.pk])

    assert fresh("Alice").get(f"{journal}?who=%00").status_code == 400
    assert fresh("Alice").get(f"{journal}?last=9999-12-31").status_code == 200
