"""A contract stands on the clock wall as one; where its text lies is said, and is no link."""

from datetime import datetime

import pytest
from django.urls import reverse

from amanat import assess
from amanat.web.assess import actions as assess_actions
from amanat.web.respond import actions as respond_actions
from tests.assess.stories import exposures_of, facts_of
from tests.processor.test_kits import AGREEMENT


@pytest.fixture
def incident(db, staff_of, now, tmp_path, monkeypatch):
    folder = tmp_path / "extra/assess/laws"
    folder.mkdir(parents=True)
    (folder / "blue_agreement.toml").write_text(AGREEMENT.replace('"the archive"', '"javascript:alert(1)"'), encoding="utf-8")
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path / "extra"))
    one = respond_actions.declare(title="Storage", kind="data_breach", by=staff_of("alice"), now=now)
    facts = facts_of(role="processor", acquired=True, establishments=["FR"], awareness=datetime.fromisoformat("2026-03-06T18:00:00+01:00"))
    people = exposures_of((5, "FR", ["email"], "sure"))
    content = assess.assessment_as_json(assess.assess(facts, exposures=people, now=now))
    assess_actions.take_in(one, content=content, scope=None, now=now, counted=assess.count_persons(people))
    return one


def test_a_contract_is_marked_on_the_wall_and_on_its_own_page(incident, staff_of, as_staff):
    from amanat.web.accounts.models import Staff

    alice = as_staff(Staff.objects.get(email="alice@example.org"))

    for address in (reverse("duties", args=[incident.pk]), reverse("duty", args=[incident.pk, "blue-agreement.controller"])):
        text = alice.get(address).content.decode()
        assert '<span class="tag">contract</span>' in text
        assert 'href="javascript:' not in text
        assert "javascript:alert(1)" in text  # said, as where the text lies
