"""The pages of authorities' forms in Chromium, in three languages and two widths: axe finds nothing, nothing scrolls sideways."""

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat import notify
from amanat.web.notify import forms_actions as actions
from amanat.web.notify import forms_queries as queries

from .test_approval import alice, fresh, incident, story  # noqa: F401  fixtures
from .test_authority_forms import assessed  # noqa: F401  a fixture
from .test_browser import CHROMIUM, chromium, log_in, look, page, unfold  # noqa: F401  fixtures of the other pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if CHROMIUM is None:
    pytestmark.append(pytest.mark.skip(reason="there is no Chromium here: apt install chromium; these pages were not looked at"))


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_the_pages_of_forms(page, live_server, assessed, alice, language):  # noqa: F811
    type(alice).objects.filter(pk=alice.pk).update(language=language)
    now, form = timezone.now(), notify.form_named("edpb")
    document = queries.fill(assessed, form, queries.case_of(assessed), [], phase="initial", language="", now=now)
    sent = actions.hand_in(assessed, form, document, submitted_at=now, reference="2026-0042", by=alice, now=now)
    actions.enter(assessed, form, "63", value="The booking system in Lyon\nand its copy", why="asset list", by=alice, now=now)
    log_in(page, live_server, alice)
    addresses = [reverse("forms", args=[assessed.pk]), *(reverse("form", args=[assessed.pk, name]) for name in ("edpb", "fr_cnil"))]
    addresses += [reverse("form_field", args=[assessed.pk, "edpb", field]) for field in ("63", "65", "29", "46", "115")]
    addresses.append(reverse("form_sent", args=[assessed.pk, sent.pk]))
    for address in addresses:
        page.goto(address)
        unfold(page)
        assert look(page) == [], address
        assert page.get_attribute("html", "dir") == ("rtl" if language == "fa" else "ltr")
