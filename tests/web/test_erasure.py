"""Erasing the persons of an incident: one asks, a different one confirms, and nothing that names one can be read afterwards."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from amanat.terms.finding import Gap
from amanat.web.public import actions as public
from amanat.web.public.models import FakeReport
from amanat.web.respond import actions, erasing, journal
from amanat.web.respond.models import Incident
from amanat.web.scope import actions as scope
from amanat.web.scope import people
from amanat.web.scope.models import GapRow, Review, ScopeRow

from .test_approval import N, alice, fresh, incident, person, story  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


def page(fresh, name, incident, **given):  # noqa: F811
    address = reverse("erase_people", args=[incident.pk])
    return fresh(name).post(address, given, follow=True) if given else fresh(name).get(address)


def confirmed_by(fresh, name, incident, typed=str(N), **more):  # noqa: F811
    address = reverse("confirm_erasure", args=[incident.pk, erasing.wish(incident).pk])
    return fresh(name).post(address, {"typed": typed} | more, follow=True).content.decode()


def is_readable(incident):  # noqa: F811
    return Incident.objects.get(pk=incident.pk).wrapped_keys is not None


def everything_stored():
    """All that the database holds, as one text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select t::text from "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_one_asks_with_a_reason_and_another_confirms(incident, fresh):  # noqa: F811
    assert page(fresh, "Charlie", incident).status_code == 403  # a viewer
    assert "This cannot be undone." in page(fresh, "Bob", incident).content.decode()
    assert page(fresh, "Alice", incident, why="done").status_code == 403  # the lead may confirm, not ask
    page(fresh, "Bob", incident, why="   ")
    assert erasing.wish(incident) is None

    assert "Nothing is erased before" in page(fresh, "Bob", incident, why="the retention period has ended").content.decode()
    assert "cannot confirm it" in confirmed_by(fresh, "Bob", incident)
    assert "is not the number of persons" in confirmed_by(fresh, "Alice", incident, typed="1")
    assert is_readable(incident)

    assert "Nobody can read these persons any more." in confirmed_by(fresh, "Alice", incident)
    assert not is_readable(incident)
    last = list(journal.entries(incident.pk))[-2:]
    assert [(line["act"], line["why"]) for line in last] == [(act, "the retention period has ended") for act in ("erasure.asked", "people.erased")]
    assert journal.verify(incident.pk).is_whole


def test_a_wish_can_be_taken_back_and_a_log_in_of_an_hour_ago_erases_nothing(incident, fresh, as_staff):  # noqa: F811
    page(fresh, "Bob", incident, why="too early")
    wish = erasing.wish(incident)
    old = as_staff(Incident.objects.get(pk=incident.pk).declared_by)
    answer = old.post(reverse("confirm_erasure", args=[incident.pk, wish.pk]), {"typed": str(N)})
    assert answer.url.startswith("/account/confirm/") and is_readable(incident)

    confirmed_by(fresh, "Alice", incident, do="withdraw")
    assert erasing.wish(incident) is None
    with pytest.raises(erasing.NotNow, match="gone"):
        erasing.confirm(incident, wish.pk, by=Incident.objects.get(pk=incident.pk).declared_by, now=timezone.now())
    assert is_readable(incident)


def test_nothing_that_names_a_person_is_left_in_tables_or_files(incident, settings, tmp_path):  # noqa: F811
    settings.DATA = tmp_path
    now, alice_ = timezone.now(), incident.declared_by
    scope.take_in(
        incident,
        persons=[person(0, name="Sara Nemouneh", emails=("sara.nemouneh@example.org",)), person(1, state="review", belief=0.6)],
        gaps=[Gap(path="scans/Sara Nemouneh passport.heic", reason="no reader", size_bytes=7, next_step="Open Sara Nemouneh by hand")],
        counts=[],
        n={"sure": 1, "review": 1},
        seconds=1,
        now=now,
        files=[{"path": "letters/Sara Nemouneh.docx", "kind": "iban", "n": 2}, {"path": "", "kind": "iban", "n": 3}],
    )
    scope.decide(
        incident, people.find(incident, person_id="guest-1").pk, decision="refused", why="This is Sara Nemouneh's sister.", by=alice_, now=now
    )
    review = Review.objects.get()
    assert review.why == "This is Sara Nemouneh's sister."
    report = public.report_fake(came_by="sms", text="Dear Sara Nemouneh, pay here", now=now)
    FakeReport.objects.update(incident=incident, secret=incident.keys().encrypt({"text": "Dear Sara Nemouneh"}, place=public.REPORT, row=report.pk))
    letter = tmp_path / "cases" / str(incident.pk) / "letters" / "eu.en.1.pdf"
    letter.parent.mkdir(parents=True)
    letter.write_bytes(b"%PDF")
    (letter.parent.parent / "gaps.csv").write_text("Sara Nemouneh passport.heic")

    actions.erase_people(incident, by=alice_, now=now, why="retention ended")

    assert "Nemouneh" not in everything_stored() and b"Nemouneh".hex() not in everything_stored()
    assert list(tmp_path.rglob("*.*")) == []
    assert (GapRow.objects.get().size_bytes, ScopeRow.objects.get().files) == (7, [{"path": "", "kind": "iban", "n": 5}])
    assert public.text_of(FakeReport.objects.get()) == ""


def test_a_reason_stands_encrypted_while_the_incident_lives(incident):  # noqa: F811
    people.load(incident, [person(1, state="review", belief=0.6)])
    row = people.find(incident, person_id="guest-1")
    scope.decide(incident, row.pk, decision="refused", why="Sara Nemouneh's sister", by=incident.declared_by, now=timezone.now())

    assert "Nemouneh" not in everything_stored() and b"Nemouneh".hex() not in everything_stored()
