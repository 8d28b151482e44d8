"""What do we say?: facts beside sentences, the gate's word at the sentence it quotes, versions word by word, samples of the real list."""

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat import notify
from amanat.terms.notice import Notice, Section, Sentence
from amanat.web.notify import changes, plans, queries
from amanat.web.notify.models import NoticeRow
from amanat.web.scope import people

from .test_approval import N, alice, fresh, incident, notice_in, person, story  # noqa: F401  fixtures


def content(*sentences, subject="A message"):
    return Notice(
        id="eu.en",
        letter_group="eu",
        language="en",
        audience="individuals",
        title="What happened",
        subject=subject,
        greeting="Dear {name},",
        sections=(Section(id="what_happened", heading="In short", sentences=tuple(Sentence(text=text) for text in sentences)),),
        closing="Hotel Exemple",
        duty_ids=(),
    ).as_dict()


def test_a_changed_word_is_the_only_thing_marked():
    found = changes.changes(content("We found out on Monday."), content("We found out on Tuesday."))

    changed = [line for line in found if line.state != "same"]
    assert changed == [
        changes.Line("changed", (("same", "We found out on "), ("removed", "Monday"), ("added", "Tuesday"), ("same", "."))),
    ]


def test_a_sentence_that_came_or_went_is_whole():
    added = changes.changes(content("One."), content("One.", "Two."))
    assert [line for line in added if line.state != "same"] == [changes.Line("added", (("added", "Two."),))]
    removed = changes.changes(content("One.", "Two."), content("One."))
    assert [line for line in removed if line.state != "same"] == [changes.Line("removed", (("removed", "Two."),))]


def test_the_subject_is_compared_too_and_the_same_text_shows_no_change():
    assert any(line.state == "changed" for line in changes.changes(content("One."), content("One.", subject="Another")))
    assert {line.state for line in changes.changes(content("One."), content("One."))} == {"same"}


@pytest.mark.django_db
def test_versions_are_compared_on_the_page(incident, fresh):  # noqa: F811
    from amanat.web.notify.actions import take_in

    only = fresh("Charlie").get(reverse("notice_changes", args=[incident.pk, "eu.en"])).content.decode()
    assert "There is one version only." in only
    take_in(incident, notices=[notice_in("en", "Data of yours were copied.")], findings={}, by=None, now=timezone.now())
    page = fresh("Charlie").get(reverse("notice_changes", args=[incident.pk, "eu.en"])).content.decode()

    assert "<del>taken</del><ins>copied</ins>" in page
    again = fresh("Charlie").get(reverse("notice_changes", args=[incident.pk, "eu.en"]), {"from": "1", "to": "x"})
    assert again.status_code == 200


def test_a_finding_stands_at_the_sentence_that_it_quotes_and_another_below_its_section():
    row = NoticeRow(
        content=content("We take this seriously.", "Data were taken."),
        findings=[
            {"check": "formula", "where": "what_happened", "quote": "We take this seriously.", "says": "Empty.", "is_blocking": False},
            {"check": "delay", "where": "what_happened", "quote": "", "says": "Late.", "is_blocking": False},
        ],
    )
    [section] = queries.sections(row, {}, "en")

    assert [[f["check"] for f in s["findings"]] for s in section["sentences"]] == [["formula"], []]
    assert [f["check"] for f in section["findings"]] == ["delay"]


def sample(*kinds, residence="FR", reader="self"):
    return notify.Sample(kinds=tuple(sorted(kinds)), basis="content", residence=residence, reader=reader)


def test_samples_are_the_most_harmful_the_most_common_and_whoever_reads_for_another():
    counted = {
        sample("name", "email"): 900,
        sample("name", "email", "medical", "iban"): 3,
        sample("name", "email", "phone", "address", "loyalty_id", "dob"): 40,
        sample("name", reader="guardian"): 2,
        sample("name", reader="family"): 5,
    }
    assert notify.choose_samples(counted.items()) == [
        ("most_harm", sample("name", "email", "medical", "iban"), 3),
        ("most_common", sample("name", "email"), 900),
        ("another_reader", sample("name", reader="guardian"), 2),
    ]


def test_without_such_a_reader_the_third_has_the_fewest_kinds_and_no_sample_stands_twice():
    counted = {sample("name", "iban"): 5, sample("name", "email"): 4, sample("name"): 1}
    assert [why for why, _sample, _n in notify.choose_samples(counted.items())] == ["most_harm", "most_common", "fewest_kinds"]
    assert [n for _why, _sample, n in notify.choose_samples(counted.items())] == [5, 4, 1]
    assert notify.choose_samples([(sample("name"), 7)]) == [("most_harm", sample("name"), 7)]
    assert notify.choose_samples([]) == []


@pytest.mark.django_db
def test_the_page_shows_what_real_persons_read_and_no_real_name(incident, fresh):  # noqa: F811
    crowd = [person(n, kinds=("name", "email")) for n in range(5)]
    crowd += [person(5, language="en", kinds=("name", "iban"), name="Hidden Person"), person(6, language="en", minor=True, kinds=("name",))]
    people.load(incident, crowd)
    counts = plans.counts_of(incident, now=timezone.now())

    assert [(why, s.kinds, s.reader, n) for why, s, n in counts.samples["eu.en"]] == [
        ("most_harm", ("iban", "name"), "self", 1),
        ("most_common", ("email", "name"), "self", 3),
        ("another_reader", ("name",), "guardian", 1),
    ]
    page = fresh("Charlie").get(reverse("notice_samples", args=[incident.pk, "eu.en"])).content.decode()
    assert "Bank account number (IBAN)" in page
    assert "the parents or guardian of a minor" in page
    assert "Hidden Person" not in page
    assert "Guest 5" not in page
