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


def test_a_sentence_written_anew_stands_whole_after_the_old_one_and_a_number_is_one_word():
    anew = changes.changes(content("We are writing to 1,228 people."), content("Enjoy your stay."))
    number = changes.changes(content("We are writing to 1,228 people."), content("We are writing to 1,000 people."))

    assert [line.state for line in anew if line.state != "same"] == ["removed", "added"]
    assert [line.parts for line in number if line.state != "same"] == [
        (("same", "We are writing to "), ("removed", "1,228"), ("added", "1,000"), ("same", " people."))
    ]
    assert [is_changed for is_changed, _lines in changes.folded(number)] == [False, True, False]


def test_the_subject_is_compared_too_and_the_same_text_shows_no_change():
    assert any(line.state != "same" for line in changes.changes(content("One."), content("One.", subject="Another")))
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


def advised(incident):  # noqa: F811
    """The English text with an advice and a finding that blocks."""
    row = NoticeRow.objects.get(incident=incident, notice_id="eu.en")
    at = {"where": "what_happened", "quote": "Data of yours were taken.", "says": "Who did it?", "rewrite": ""}
    row.findings = [{"check": "passive", "is_blocking": False, **at}, {"check": "minimising", "is_blocking": True, **at}]
    row.save()
    return row, at


@pytest.mark.django_db
def test_a_named_person_lets_an_advice_stand_and_the_journal_keeps_the_reason(incident, fresh):  # noqa: F811
    from amanat.web.notify.actions import take_in
    from amanat.web.respond.models import JournalEntry

    row, at = advised(incident)
    address = reverse("let_stand", args=[incident.pk, "eu.en"])
    given = {"check": "passive", "where": at["where"], "quote": at["quote"], "reason": "The authority asked for these words."}
    assert fresh("Charlie").post(address, given).status_code in (403, 404)
    assert fresh("Alice").post(address, given).status_code == 302

    row.refresh_from_db()
    assert [bool(f.get("overruled_by")) for f in row.findings] == [True, False]
    [entry] = JournalEntry.objects.filter(incident=incident, act="finding.overruled")
    assert entry.why == "The authority asked for these words."
    assert entry.what["check"] == "passive" and "taken" not in str(entry.what)
    assert "The authority asked for these words." in fresh("Charlie").get(reverse("notice", args=[incident.pk, "eu.en"])).content.decode()

    # The gate says it again at the same words: it stands on. At other words it does not.
    again = [{"check": "passive", "is_blocking": False, **at}]
    take_in(incident, notices=[notice_in("en")], findings={"eu.en": again}, by=None, now=timezone.now())
    row.refresh_from_db()
    assert row.findings[0]["overruled_by"]
    other = [{"check": "passive", "is_blocking": False, **at, "quote": "Mistakes were made."}]
    take_in(incident, notices=[notice_in("en", "Mistakes were made.")], findings={"eu.en": other}, by=None, now=timezone.now())
    assert not queries.newest_notices(incident)[0].findings[0]["overruled_by"]


@pytest.mark.django_db
def test_what_blocks_cannot_be_let_stand_on_the_page_either(incident, fresh):  # noqa: F811
    row, at = advised(incident)
    given = {"check": "minimising", "where": at["where"], "quote": at["quote"], "reason": "We would rather keep it like this."}
    page = fresh("Alice").post(reverse("let_stand", args=[incident.pk, "eu.en"]), given, follow=True).content.decode()
    assert "what blocks cannot stand" in page
    row.refresh_from_db()
    assert not any(f.get("overruled_by") for f in row.findings)


@pytest.mark.django_db
def test_a_sentence_is_marked_when_a_fact_under_it_changed_since(incident, alice, fresh):  # noqa: F811
    from amanat.web.respond import actions as respond

    page = reverse("notice", args=[incident.pk, "eu.en"])
    assert "Facts changed since" not in fresh("Charlie").get(page).content.decode()
    respond.note_fact(incident, name="what_happened", value={"en": "A thief came."}, status="known", by=alice, now=timezone.now())
    text = fresh("Charlie").get(page).content.decode()
    assert "Facts changed since this text was written" in text and "changed since</span>" in text


@pytest.mark.django_db
def test_what_everybody_else_reads_stands_side_by_side_and_can_be_kept_without_ending_an_approval(incident, alice, fresh):  # noqa: F811
    from amanat.web.notify.models import ApprovalRow

    page = fresh("Charlie").get(reverse("other_texts", args=[incident.pk]), {"for": "press", "kind": "account_takeover"}).content.decode()
    assert "Attackers in customers’ accounts" in page and "Intrusion dans des comptes clients" in page and "ورود مهاجمان به حساب مشتریان" in page
    assert 'lang="fa" dir="rtl"' in page and "Keep these texts" not in page
    easy = fresh("Charlie").get(reverse("other_texts", args=[incident.pk]), {"for": "public", "easy": "1"})
    assert easy.status_code == 200

    now = timezone.now()
    standing = ApprovalRow.objects.create(
        incident=incident, notices_hash="a" * 64, recipients_hash="b" * 64, n_recipients=N, author=alice, authored_at=now
    )
    keep = reverse("keep_other_texts", args=[incident.pk])
    assert fresh("Charlie").post(keep, {"for": "press"}).status_code in (403, 404)
    assert fresh("Alice").post(keep, {"for": "press", "kind": "account_takeover"}).status_code == 302
    kept = {row.notice_id for row in queries.newest_notices(incident) if row.audience == "press"}
    assert kept == {"press.en", "press.fr", "press.fa"}
    assert {row.notice_id for row in queries.letters(incident)} == {"eu.en", "eu.fr"}
    standing.refresh_from_db()
    assert standing.voided_at is None
