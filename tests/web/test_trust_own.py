"""The trust page uses what amanat itself sent, asked and answered: the same numbers as on the reach page and at the desk."""

from datetime import datetime, timedelta, timezone

import pytest
from django.urls import reverse

from amanat.web.care import queries as desk
from amanat.web.care.models import CaseRow, SurveyAnswer
from amanat.web.notify.board import board
from amanat.web.notify.models import ApprovalRow, NoticeRow, ReceiptRow, SendingRow
from amanat.web.respond import actions as respond_actions
from amanat.web.scope import people
from amanat.web.scope.models import AffectedPerson
from amanat.web.trust import actions, tasks

TOLD = datetime(2026, 1, 5, 8, tzinfo=timezone.utc)
NOW = TOLD + timedelta(days=100)


def day(n):
    return TOLD + timedelta(days=n)


@pytest.fixture
def incident(db, staff_of, tmp_path):
    """Thirty affected in the register, one in no register; thirty others; the table says that ten were told, on another day."""
    alice = staff_of("alice")
    persons = [f"{g}{i}" for g in "AB" for i in range(30)]
    (tmp_path / "register.csv").write_text("person_id,since\n" + "".join(f"{p},2020-05-01\n" for p in persons))
    rows = [f"{p},{day(n).isoformat()},order,20,," for p in persons for n in (-60, 60)]
    rows += [f"A{i},{day(-3).isoformat()},told,,," for i in range(10)]
    rows += [f"{g}{i},{day(40).isoformat()},answer,,nps,{score}" for g, score in (("A", 10), ("B", 9)) for i in range(20)]
    (tmp_path / "events.csv").write_text("\n".join(["person_id,at,kind,value_eur,question,score", *rows]) + "\n")
    one = respond_actions.declare(title="Guest database", kind="data_breach", by=alice, now=NOW, folder=str(tmp_path))
    people.load(one, [an_affected(f"A{i}", "FR" if i < 20 else "DE", "fr" if i < 20 else "de") for i in range(30)] + [an_affected("X1", None, None)])
    tell(one, alice)
    return one


def an_affected(person_id, residence, language):
    return people.Person(
        person_id=person_id,
        kinds=("email",),
        n_findings=1,
        n_records=1,
        belief=1.0,
        state="sure",
        basis="content",
        residence=residence,
        language=language,
        minor=False,
        letter_group="" if person_id == "A29" else "eu",
    )


def tell(incident, alice):
    """A0 to A19 and X1 by e-mail; A20's mail came back and a letter went; A21 refused; the others wait. A0 to A14 answer, A0 to A3 ask."""
    notice = NoticeRow.objects.create(
        incident=incident, notice_id="eu.fr", letter_group="eu", language="fr", audience="person", content={}, content_hash="x", at=TOLD
    )
    approval = ApprovalRow.objects.create(incident=incident, notices_hash="x", recipients_hash="x", n_recipients=30, author=alice, authored_at=TOLD)
    by_id = {secret["person_id"]: pk for pk, secret in people.reveal_many(incident, AffectedPerson.objects.filter(incident=incident))}

    def sent(person, channel, *states):
        row = SendingRow.objects.create(
            incident=incident, approval=approval, notice=notice, person_id=by_id[person], channel=channel, state=states[-1][0], changed_at=TOLD
        )
        for state, at in states:
            ReceiptRow.objects.create(sending=row, state=state, at=at)

    for i in range(20):
        sent(f"A{i}", "email", ("attempting", TOLD), ("accepted", day(i // 10)))
    sent("X1", "email", ("accepted", TOLD))
    sent("A20", "email", ("accepted", TOLD), ("bounced", day(1)))
    sent("A20", "letter", ("accepted", day(2)))
    sent("A21", "email", ("refused", TOLD))
    for i in range(22, 29):
        sent(f"A{i}", "email", ("queued", TOLD))
    for i in range(15):
        said = {"nps": 9 if i < 5 else 3, "csat": 5 if i < 9 else 2, "benevolence": 1 + i % 5, "integrity": 4, "competence": None}
        SurveyAnswer.objects.create(incident=incident, person_id=by_id[f"A{i}"], language="fr", notice_id="eu.fr", at=day(30), **said)
    for i, (hours, state) in enumerate([(2, "answered"), (40, "answered"), (None, "open"), (1, "closed")]):
        CaseRow.objects.create(
            incident=incident,
            person_id=by_id[f"A{i}"],
            channel="page",
            urgency="question",
            urgency_rank=3,
            state=state,
            opened_at=day(5),
            due_at=day(6),
            answered_at=day(5) + timedelta(hours=hours) if hours else None,
        )


def measured(incident):
    report, _is_new = actions.ask(incident, by=incident.declared_by, now=NOW)
    tasks.measure_trust.func(None, report_id=str(report.pk))
    report.refresh_from_db()
    assert (report.state, report.sentence) == ("done", "")
    return report.content


@pytest.mark.django_db(transaction=True)
def test_the_numbers_are_those_of_the_reach_page_and_of_the_desk(incident):
    content = measured(incident)
    reached, figures = board(incident), desk.survey(incident)

    # To be told: A0 to A28 and X1; reached: A0 to A20 and X1.
    assert (content["own"]["reach"]["n"], content["own"]["reach"]["reached"]) == (30, 22) == (reached["n"], reached["n_reached"])
    assert next(m["estimate"]["value"] for m in content["measures"] if m["name"] == "reach") == 22 / 30
    by = content["own"]["reach"]["by"]
    for what, of_board in (("language", "language"), ("residence", "place")):
        assert {(r["name"], r["n"], r["reached"]) for r in by[what]} == {
            (r["name"], r["n_left"] + r["n_reached"], r["n_reached"]) for r in reached[of_board]
        }
    assert {(r["name"], r["reached"]) for r in by["channel"]} == {(r["name"], r["n_reached"]) for r in reached["channel"]}
    levels = {one["question"]: one for one in content["own"]["survey"]}
    for figure in figures:
        ours = levels[figure["question"]]
        assert ours["n"] == figure["n"]
        for name in ("value", "low", "high"):
            assert (ours[name] is None) == (figure[name] is None) and (figure[name] is None or abs(ours[name] - figure[name]) <= 0.5)
    # A third promotes, two thirds detract.
    assert abs(levels["nps"]["value"] + 100 / 3) < 1e-9 and levels["csat"]["value"] == 0.6 and levels["competence"]["n"] == 0
    numbers = desk.numbers(incident, now=NOW)
    told = content["own"]["help"]
    assert (told["over"], told["in_time"] / told["over"]) == (numbers["n_over"], numbers["kept_share"]) == (3, 1 / 3)
    assert (told["n"], told["answered"], told["median_hours"]) == (3, 2, 21.0)


@pytest.mark.django_db(transaction=True)
def test_when_persons_could_first_react_comes_from_our_receipts(incident):
    content = measured(incident)

    assert content["since"] == "2026-01-05T08:00:00+00:00"
    assert content["sources"] == [
        {"code": "told_own", "values": {"n": 22, "table": 10}},
        {"code": "answers_own", "values": {"n": 15, "table": 20, "others": 20}},
        {"code": "joined_register", "values": {"n": 31, "known": 30}},
    ]
    assert {"code": "exposed_not_in_register", "n": 1, "example": ""} in content["cautions"]


@pytest.mark.django_db(transaction=True)
def test_the_page_says_which_source_was_used_and_names_nobody(incident, as_staff):
    content = measured(incident)
    page = as_staff(incident.declared_by).get(reverse("measures", args=[incident.pk])).content.decode()

    assert "Who was told, and when, comes from amanat’s own receipts: 22 persons. 10 events of the kind “told” in the table were not used." in page
    assert "Of 31 persons of the incident, 30 are in the register." in page
    assert "Told, by channel" in page and "Germany" in page and "Survey after help" in page
    assert "A20" not in str(content) and "X1" not in str(content)
