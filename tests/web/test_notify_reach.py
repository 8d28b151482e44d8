"""Who has not been told?: every person once, why, cost and time from the company's own figures, and a proof pack that names nobody."""

import io
import json
import threading
import zipfile
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.urls import reverse
from django.utils import timezone as clock

from amanat import notify
from amanat.lib import journal as chain
from amanat.terms.company import BadCompany, Price, read_company
from amanat.web.notify import costs, queries
from amanat.web.notify.board import at_one_moment, board
from amanat.web.notify.ledger import PostgresLedger
from amanat.web.notify.models import NoticeRow
from amanat.web.respond import journal
from amanat.web.scope import people

from .test_approval import N, alice, countersign, fresh, incident, person, sign, story  # noqa: F401  fixtures

COMPANY = """
name = "Hotel"
legal_name = "Hotel SA"
address = "1 rue Exemple, Paris"
country = "FR"
website = "https://hotel.example"
notices_url = "https://hotel.example/verify"
sender = "notice@hotel.example"
privacy_email = "privacy@hotel.example"
"""


def company(tmp_path, more=""):
    path = tmp_path / "company.toml"
    path.write_text(COMPANY + more, encoding="utf-8")
    return read_company(path)


# ---- cost and time ----


def test_cost_and_time_come_from_the_companys_figures(tmp_path):
    ours = company(tmp_path, '[unit_cost]\nemail = "0.0004 EUR"\nletter = "1.29 EUR"\n[messages_per_hour]\nemail = 7200\n')
    mail, letter = costs.estimates(ours, [("email", 10_000), ("letter", 53)])

    assert (mail.total, mail.per_hour, mail.pace, mail.minutes) == (Price(Decimal("4.0000"), "EUR"), 7200, "stated", 84)  # 83.3, rounded up
    assert (letter.total, letter.pace, letter.minutes) == (Price(Decimal("68.37"), "EUR"), "", None)
    assert costs.total([mail, letter]) == [Price(Decimal("72.3700"), "EUR")]
    assert costs.ends_at([mail, letter], now=datetime(2026, 3, 6, 12, tzinfo=timezone.utc)) == datetime(2026, 3, 6, 13, 24, tzinfo=timezone.utc)


def test_what_nobody_entered_is_not_guessed(tmp_path):
    mail, letter = costs.estimates(company(tmp_path), [("email", 7200), ("letter", 1)])

    assert (mail.unit, mail.total, mail.pace, mail.minutes) == (None, None, "assumed", 120)
    assert (letter.unit, letter.total, letter.pace, letter.minutes) == (None, None, "", None)
    assert costs.total([mail, letter]) == []
    assert costs.ends_at([letter], now=datetime(2026, 3, 6, tzinfo=timezone.utc)) is None


def test_two_currencies_are_not_added_up(tmp_path):
    ours = company(tmp_path, '[unit_cost]\nemail = "0.01 USD"\nletter = "1 EUR"\n')
    assert costs.total(costs.estimates(ours, [("email", 100), ("letter", 2)])) == [Price(Decimal(2), "EUR"), Price(Decimal("1.00"), "USD")]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('[unit_cost]\nletter = "1,29 €"\n', r"company\.toml:11: unit_cost\.letter is no amount with its currency"),
        ("[messages_per_hour]\nemail = 0\n", r"messages_per_hour\.email must be at least 1"),
    ],
)
def test_a_figure_that_cannot_be_is_said_with_its_line(tmp_path, more, says):
    with pytest.raises(BadCompany, match=says):
        company(tmp_path, more)


# ---- the board ----


def told(incident, fresh):  # noqa: F811
    """Five persons: reached by mail, refused and now waiting for the letter, failed on every channel, not sure, never written to."""
    by_both = {"address": "1 rue Exemple, 75000 Paris", "channel_order": ("email", "letter")}
    crowd = [person(0, residence="US-CA"), person(1, **by_both), person(2), person(3, language="fr-CA"), person(4, emails=())]
    people.load(incident, crowd)
    sign(fresh, incident, typed="4")
    countersign(fresh, incident, typed="4")
    ledger = PostgresLedger(queries.standing_approval(incident))
    ledger.do = lambda what, *args: what(*args)  # in this thread, which alone sees the test's transaction
    names = {str(pk): secret["person_id"] for pk, secret in people.reveal_many(incident, people.AffectedPerson.objects.filter(incident=incident))}
    became = {"guest-0": "accepted", "guest-1": "refused", "guest-2": "refused", "guest-3": "delivered"}
    now = clock.now()
    for claimed in ledger.claim("email", 25, at=now):
        who = names[claimed.person_id]
        answer = "550 <guest@example.org> unknown" if became[who] == "refused" else ""
        ledger.record(notify.Outcome(sending_id=claimed.sending_id, became=became[who], answer=answer), at=now + timedelta(seconds=1))


@pytest.mark.django_db
def test_every_person_counts_once_by_their_best_message(incident, fresh):  # noqa: F811
    told(incident, fresh)
    found = board(incident)

    assert {k: found[k] for k in ("n", "n_reached", "n_open", "n_unsure", "n_failed", "n_never", "n_left")} == {
        "n": 5,
        "n_reached": 2,
        "n_open": 1,
        "n_unsure": 0,
        "n_failed": 1,
        "n_never": 1,
        "n_left": 3,
    }
    assert [(row["name"], row["n_reached"], row["n_left"]) for row in found["place"]] == [("FR", 1, 3), ("US-CA", 1, 0)]
    assert [(row["name"], row["n_open"], row["n_reserve"]) for row in found["channel"]] == [("email", 0, 0), ("letter", 1, 0)]
    assert found["answers"] == [("550 <address> unknown", 2)]


@pytest.mark.django_db
def test_the_board_says_why_and_names_places_and_languages(incident, fresh):  # noqa: F811
    told(incident, fresh)
    page = fresh("Charlie").get(reverse("reach", args=[incident.pk])).content.decode()

    assert "no e-mail address on file" in page
    assert "California (United States)" in page
    assert "French (Canada)" in page
    assert "US-CA" not in page
    assert "€1.29 each" in page
    assert "Take the proof pack" not in page  # a viewer may not


# ---- the proof pack ----


def take(fresh, incident, name="Alice"):  # noqa: F811
    answer = fresh(name).post(reverse("proof_pack", args=[incident.pk]))
    return answer, zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) if answer.status_code == 200 else None


def lines(pack, name):
    return [json.loads(line) for line in pack.read(name).decode().splitlines()]


@pytest.mark.django_db
def test_the_pack_holds_every_message_with_its_receipts_and_the_journal_up_to_its_taking(incident, fresh):  # noqa: F811
    told(incident, fresh)
    answer, pack = take(fresh, incident)

    assert answer["Content-Disposition"] == 'attachment; filename="proof.zip"'
    sendings = lines(pack, "sendings.jsonl")
    assert sorted((s["channel"], s["state"]) for s in sendings) == [
        ("email", "accepted"),
        ("email", "delivered"),
        ("email", "refused"),
        ("email", "refused"),
        ("letter", "queued"),
    ]
    for sending in sendings:
        assert sending["content_hash"] in set(NoticeRow.objects.values_list("content_hash", flat=True))
        assert [r["state"] for r in sending["receipts"]][-1] == sending["state"]
        assert all(datetime.fromisoformat(r["at"]).tzinfo for r in sending["receipts"])
    manifest = json.loads(pack.read("manifest.json"))
    verdict = chain.verify_entries(iter(lines(pack, "journal.jsonl")), head=manifest["journal_head"])
    assert verdict.is_whole
    last = lines(pack, "journal.jsonl")[-1]
    assert (last["act"], last["hash"]) == ("proof.taken", manifest["journal_head"])
    assert manifest["lines"] == {"notices": 2, "approvals": 1, "sendings": 5, "journal": len(list(journal.entries(incident.pk)))}
    [approval] = lines(pack, "approvals.jsonl")
    assert (approval["author"], approval["approver"], approval["n_recipients"]) == ("Alice", "Bob", 4)


@pytest.mark.django_db
def test_the_text_in_the_pack_can_be_checked_against_its_fingerprint(incident, fresh):  # noqa: F811
    import hashlib

    _answer, pack = take(fresh, incident)
    for row in lines(pack, "notices.jsonl"):
        words = json.dumps(row["content"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert hashlib.sha256(words.encode()).hexdigest() == row["content_hash"]


@pytest.mark.django_db
def test_the_pack_names_nobody(incident, fresh):  # noqa: F811
    told(incident, fresh)
    _answer, pack = take(fresh, incident)
    whole = "".join(pack.read(name).decode(errors="replace") for name in pack.namelist())

    for secret in ("guest0@", "guest@", "example.org", "Guest 0", "guest-0", "rue Exemple"):
        assert secret not in whole, secret
    for row in people.AffectedPerson.objects.all():
        assert str(row.pk) not in whole


@pytest.mark.django_db
def test_only_who_may_read_the_journal_takes_it_and_asking_is_not_enough(incident, fresh, staff_of):  # noqa: F811
    staff_of("eve")
    assert take(fresh, incident, name="Charlie")[0].status_code == 403
    assert take(fresh, incident, name="Eve")[0].status_code == 404
    assert fresh("Alice").get(reverse("proof_pack", args=[incident.pk])).status_code == 405
    assert "proof.taken" not in [e["act"] for e in journal.entries(incident.pk)]
    assert take(fresh, incident, name="Dana")[0].status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_writes_while_the_board_is_read_stands_on_none_of_its_lines_yet():
    def write():
        ContentType.objects.create(app_label="meanwhile", model="meanwhile")
        connection.close()

    with at_one_moment():
        before = ContentType.objects.count()
        worker = threading.Thread(target=write)
        worker.start()
        worker.join()
        assert ContentType.objects.count() == before
    assert ContentType.objects.count() == before + 1
    ContentType.objects.filter(app_label="meanwhile").delete()
