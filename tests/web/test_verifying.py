"""The page for checking: signatures, ways and statements; no trace of who asks, no way to try codes out, and the same answer in size."""

import json
import re

import pytest
from django.core.cache import caches
from django.utils import timezone

from amanat import notify
from amanat.web.accounts.limits import wider
from amanat.web.detect.models import HandedIn
from amanat.web.notify import queries
from amanat.web.notify.models import SendingRow
from amanat.web.public import actions, strangers
from amanat.web.public.models import FakeReport, StrangeCode
from amanat.web.respond import journal, signing

from .test_approval import alice, countersign, fresh, incident, sign, story  # noqa: F401  fixtures
from .test_public import door, sent  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
STRANGE = "0000-0000-0000-0"


def code_of(language="en", nth=0):
    row = SendingRow.objects.filter(notice__language=language).order_by("pk")[nth]
    return notify.code_for(queries.code_key(), row.pk.hex)


def stamp_of(incident, language="en", *, signer=None, **changes):  # noqa: F811
    row = SendingRow.objects.filter(notice__language=language).order_by("pk").first()
    signer = signer or signing.signer(now=timezone.now())
    one = notify.notice_from(row.notice.content)
    return notify.stamper(signer, [one], queries.company_of(incident), on=timezone.now().date())(changes.get("code", code_of(language)), one.id)


def ask(door, code, **more):  # noqa: F811
    return door.post("/en/verify/", {"code": code} | more, headers={"accept": "application/json"})


def page(door, code, **more):  # noqa: F811
    return door.post("/en/verify/", {"code": code} | more).content.decode()


# ---- signatures ----


def test_a_scanned_square_is_known_by_code_and_signature(sent, door):  # noqa: F811
    found = ask(door, stamp_of(sent)).json()
    assert (found["state"], found["is_signed"], found["title"]) == ("true", True, "What happened to your data")
    assert "Its signature is ours, too." in page(door, stamp_of(sent))


def test_a_signature_that_is_not_ours_makes_a_code_of_ours_false(sent, door):  # noqa: F811
    from tests.notify.proof_world import a_signer

    forged = stamp_of(sent, signer=a_signer(7))
    for text in (forged, f"Your code is {code_of()}. Pay at once, and call us at the number below.\n{forged}"):
        assert (ask(door, text).json()["state"], ask(door, text).json()["is_signed"]) == ("unknown", False)
    assert "The signature in this text is not ours." in page(door, forged)


def test_a_key_that_was_revoked_makes_its_signatures_false(sent, door):  # noqa: F811
    stamp = stamp_of(sent)
    signing.rotate(now=timezone.now(), is_revoked=True)
    assert ask(door, stamp).json()["state"] == "unknown"
    assert ask(door, code_of()).json()["state"] == "true"  # the code itself does not hang on the key


# ---- ways ----


@pytest.mark.parametrize(
    ("came_by", "state"),
    [("email", "true"), ("sms", "other_channel"), ("call", "other_channel"), ("other", "true"), ("", "true"), ("pigeon", "true")],
)
def test_a_code_is_true_only_on_the_way_that_it_was_sent(sent, door, came_by, state):  # noqa: F811
    found = ask(door, code_of(), came_by=came_by).json()
    assert found["state"] == state
    assert bool(found["title"]) == (state == "true")


def test_it_is_said_when_we_never_wrote_that_way_at_all(sent, door):  # noqa: F811
    says = "We have never written to anybody that way about an incident."
    assert says in page(door, STRANGE, came_by="sms")
    assert says not in page(door, STRANGE, came_by="email")
    assert says not in page(door, STRANGE)


# ---- nobody can try codes out ----


def test_answers_have_one_size_whatever_they_say(sent, door):  # noqa: F811
    texts = [code_of("en"), code_of("fr"), STRANGE, "nonsense", stamp_of(sent), "word " * 100]
    assert {len(ask(door, text).content) for text in texts} == {1024}
    pages = [door.post("/en/verify/", {"code": text}) for text in texts]
    assert {len(one.content) for one in pages} == {16384}
    assert all("no-transform" in one["Cache-Control"] for one in pages)  # packed on its way, it would tell again


def test_the_same_questions_go_to_the_database_for_a_code_of_ours_and_for_any_other(sent, door, django_assert_num_queries, monkeypatch):  # noqa: F811
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from amanat.web.public import verifying

    monkeypatch.setattr(strangers, "note", lambda *_given, **_more: None)
    ask(door, STRANGE)  # what is the same for all is read once
    asked = []
    for text in (code_of(), STRANGE, "nonsense", code_of("fr").lower()):
        with CaptureQueriesContext(connection) as caught:
            verifying.look_at(text)
        asked.append([re.sub(r"\\x[0-9a-f]+", "", query["sql"]) for query in caught.captured_queries])
    assert asked[0]
    assert all(one == asked[0] for one in asked)


def test_neighbours_together_get_no_more_than_a_neighbourhood(sent, door, settings, monkeypatch):  # noqa: F811
    monkeypatch.setattr(strangers, "BLOCK_TRIES_A_MINUTE", 5)
    answers = [door.post("/en/verify/", {"code": STRANGE}, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(7)]
    assert answers == [200] * 5 + [429] * 2
    assert door.post("/en/verify/", {"code": STRANGE}, REMOTE_ADDR="198.51.100.1").status_code == 200


def test_while_many_codes_are_tried_out_everybody_still_gets_a_few_tries(sent, door, monkeypatch):  # noqa: F811
    monkeypatch.setattr(strangers, "STRANGE_A_MINUTE", 2)
    for n in range(3):
        assert door.post("/en/verify/", {"code": STRANGE}, REMOTE_ADDR=f"203.0.113.{n}").status_code == 200
    answers = [door.post("/en/verify/", {"code": code_of()}, REMOTE_ADDR="198.51.100.1").status_code for _ in range(5)]
    assert answers == [200] * 3 + [429] * 2


@pytest.mark.parametrize(("network", "block"), [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::/64", "2001:db8:1::/48"), ("?", "?")])
def test_a_neighbourhood_is_what_can_be_rented_as_one(network, block):
    assert wider(network) == block


def test_a_huge_paste_is_cut_and_answered(sent, door):  # noqa: F811
    text = (STRANGE + " ") * 200 + ("AMANAT1:" + "A" * 300 + " ") * 3000
    assert ask(door, text[:2_000_000]).json()["state"] == "unknown"


# ---- waves of fakes ----


def test_a_code_that_is_not_ours_is_counted_without_who_asked(sent, door):  # noqa: F811
    for address in ("192.0.2.1", "192.0.2.1", "198.51.100.7"):
        door.post("/en/verify/", {"code": STRANGE}, REMOTE_ADDR=address)
    door.post("/en/verify/", {"code": code_of()})
    door.post("/en/verify/", {"code": "nonsense"})
    row = StrangeCode.objects.get()
    assert (row.n, len(row.networks)) == (3, 2)
    whole = json.dumps([row.networks, bytes(row.code_hash).hex()])
    assert not [secret for secret in ("192.0.2", "198.51", "0000-0000") if secret in whole]
    assert [one.n for one in strangers.most_asked(now=timezone.now())] == [3]


def test_made_up_codes_do_not_fill_the_disk(sent, door, monkeypatch):  # noqa: F811
    monkeypatch.setattr(strangers, "CODES_A_DAY", 2)
    for n in range(5):
        door.post("/en/verify/", {"code": notify.code_for(b"x" * 32, str(n))}, REMOTE_ADDR=f"198.51.{n}.1")
    assert StrangeCode.objects.count() == 2
    assert strangers.delete_due(now=timezone.now() + strangers.KEPT_FOR * 2) == 3  # and the count of the hour


def test_staff_see_which_codes_many_ask_about(sent, door, fresh, settings):  # noqa: F811
    for n in range(3):
        door.post("/en/verify/", {"code": STRANGE}, REMOTE_ADDR=f"198.51.{n}.1")
    rows = strangers.most_asked(now=timezone.now())
    assert [(one.n, len(one.networks), len(one.fingerprint)) for one in rows] == [(3, 3, 8)]


def test_what_was_pasted_is_kept_only_when_it_is_handed_to_us(sent, door):  # noqa: F811
    pasted = "Dear customer, your account is locked. Open https://thief.example/ and enter your card number at once."
    shown = page(door, pasted)
    assert shown.count("thief.example") == 1  # in the form that reports it
    assert not FakeReport.objects.exists()
    assert "thief.example" not in page(door, code_of())


# ---- statements to everybody ----

POST = "Attackers broke into our systems on 3 March. We are sorry. What we know stands on our own page; we never ask for your card."


@pytest.fixture
def released(sent, alice, staff_of):  # noqa: F811
    from amanat.web.notify.models import ArtefactRow, OutletRow, StatementRow

    now = timezone.now()
    statement = StatementRow.objects.create(
        incident=sent,
        outlets=["mastodon"],
        notices=[],
        statement_hash="0" * 64,
        author=alice,
        authored_at=now,
        approver=staff_of("ben"),
        released_at=now,
    )
    code = notify.code_for(queries.code_key(), str(statement.pk))
    hashed = notify.hash_of_code(queries.code_key(), notify.read_code(code))
    shared = {"incident": sent, "statement": statement, "outlet": "mastodon", "released_at": now}
    row = OutletRow.objects.create(**shared, code=code, code_hash=hashed, title="A statement", language="en")
    ArtefactRow.objects.create(outlet=row, name="en.txt", media_type="text/plain; charset=utf-8", content=POST.encode(), content_hash="0" * 64)
    return row


def test_a_statement_is_known_by_its_code_where_it_is_carried_and_by_its_words_anywhere(released, door):  # noqa: F811
    assert ask(door, released.code, came_by="social").json()["state"] == "true"
    assert ask(door, released.code, came_by="sms").json()["state"] == "other_channel"
    copied = POST.replace(" ", "  ").replace(". ", ".\n")
    assert (ask(door, copied, came_by="sms").json()["state"], ask(door, copied).json()["title"]) == ("true", "A statement")
    assert "It is one of our statements to everybody." in page(door, copied)
    assert ask(door, POST.replace("never ask", "ask")).json()["state"] == "unknown"


def test_what_was_released_stands_on_a_signed_list_that_follows_withdrawals(released, door, tmp_path):  # noqa: F811
    from amanat.notify import check_original
    from amanat.web.public import originals

    now = timezone.now()

    def state():
        caches["pages"].clear()
        (tmp_path / "list.json").write_bytes(door.get("/en/verify/originals.json").content)
        return check_original(POST.encode(), tmp_path / "list.json", {key.id: key for key in signing.published_keys()}).state

    assert door.get("/en/verify/originals.json").content == b"{}\n"
    assert originals.sign(now=now)
    assert not originals.sign(now=now)  # nothing new
    assert state() == "true"
    released.withdrawn_at = now
    released.save()
    assert originals.sign(now=now)
    assert state() == "withdrawn"
    signing.rotate(now=now, is_revoked=True)
    assert state() == "not_genuine"
    assert originals.sign(now=timezone.now())
    assert state() == "withdrawn"


# ---- detection ----


def test_a_reported_message_is_handed_to_detection_once_staff_say_so(sent, alice):  # noqa: F811
    now = timezone.now()
    row = actions.report_fake(came_by="email", text="Your account is locked. Open http://thief.example/login now.", now=now)
    assert not HandedIn.objects.exists()
    actions.hand_to_detection(row.incident, row.pk, by=alice, now=now)
    handed = HandedIn.objects.get()
    assert (handed.what, handed.by) == ("mail", alice)
    assert b"thief.example" not in bytes(handed.files)
    row.refresh_from_db()
    assert row.looked_at == now
    last = list(journal.entries(row.incident.pk))[-1]
    assert (last["act"], last["what"]) == ("fake.handed_on", {"report": str(row.pk)})
    with pytest.raises(actions.NotNow):
        actions.hand_to_detection(row.incident, handed.pk, by=alice, now=now)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("From: a@example.org\nSubject: Pay\n\nNow", "From: a@example.org"),
        ("Pay now", "MIME-Version: 1.0"),
        ("Note: pay\n\nnow", "MIME-Version: 1.0"),
    ],
)
def test_a_pasted_message_becomes_a_mail_with_the_head_that_it_brought(text, first):
    assert actions.as_mail(text).splitlines()[0] == first
