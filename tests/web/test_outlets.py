"""What everybody is told: two people, each outlet with its files and code, what went out, and what was withdrawn; read without the database."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from amanat import notify
from amanat.lib.signing import PublicKey
from amanat.notify.signed import read_statement
from amanat.web.notify import outlets_actions as actions
from amanat.web.notify import outlets_queries as queries
from amanat.web.notify.actions import take_in
from amanat.web.notify.outlets_models import ArtefactRow, OutletRow
from amanat.web.public import from_file, static_file
from amanat.web.respond import journal, signing

from ..notify.outlet_world import notice
from .test_approval import alice, fresh, incident, story  # noqa: F401  fixtures
from .test_public import door  # noqa: F401

pytestmark = pytest.mark.django_db
ONLY = ["status_page", "feeds", "portal", "x", "press_release"]


def staff(name):
    from amanat.web.accounts.models import Staff

    return Staff.objects.get(name=name)


@pytest.fixture
def told(incident):  # noqa: F811
    """The incident with texts for everybody and for the press, in three languages."""
    texts = [notice(language, audience) for language in ("en", "fr", "fa") for audience in ("public", "press")]
    take_in(incident, notices=texts, findings={}, by=None, now=timezone.now())
    return incident


def seen(one):
    return notify.statement_hash(queries.source(one, queries.texts(one, now=timezone.now())))


def sign(one, outlets=ONLY, by="Alice", now=None):
    return actions.sign(one, outlets, seen=seen(one), by=staff(by), now=now or timezone.now())


def release(one, outlets=ONLY, now=None):
    row = sign(one, outlets, now=now)
    return actions.release(one, row.pk, by=staff("Bob"), now=now or timezone.now())


def change(one, **words):
    take_in(one, notices=[notice(language, "public", **words) for language in ("en", "fr", "fa")], findings={}, by=None, now=timezone.now())


def carried(one, outlet):
    return OutletRow.objects.filter(incident=one, outlet=outlet).order_by("-released_at").first()


def test_nobody_releases_what_they_signed_and_nobody_signs_what_they_have_not_seen(told):
    row = sign(told)
    with pytest.raises(actions.NotNow, match="same"):
        actions.release(told, row.pk, by=staff("Alice"), now=timezone.now())
    with pytest.raises(actions.NotNow, match="changed"):
        actions.sign(told, ONLY, seen="0" * 64, by=staff("Alice"), now=timezone.now())
    with pytest.raises(actions.NotNow, match="nothing"):
        sign(told, [])
    change(told, told="We are writing to 43,112 people about this.")
    with pytest.raises(actions.NotNow, match="changed"):
        actions.release(told, row.pk, by=staff("Bob"), now=timezone.now())

    assert not OutletRow.objects.exists()


def test_what_the_gate_blocks_is_signed_by_nobody(told):
    blocked = [{"check": "marketing", "is_blocking": True, "says": "it sells something", "where": "", "quote": "", "rewrite": ""}]
    take_in(told, notices=[notice("en")], findings={"public.en": blocked}, by=None, now=timezone.now())

    with pytest.raises(actions.NotNow, match="blocked"):
        sign(told)


def test_a_release_is_kept_byte_for_byte_with_a_code_for_each_outlet_and_a_line_in_the_journal(told):
    release(told)

    assert {row.outlet for row in OutletRow.objects.all()} == set(ONLY)
    assert len({row.code for row in OutletRow.objects.all()}) == len(ONLY)
    names = ArtefactRow.objects.filter(outlet__outlet="press_release").values_list("name", flat=True)
    assert sorted(names) == [f"press-release.{language}.{kind}" for language in ("en", "fa", "fr") for kind in ("docx", "html", "pdf")]
    for row in OutletRow.objects.all():
        assert queries.outlet_of_code(row.code) == row
    assert queries.outlet_of_code("0000-0000-0000-0") is None and queries.outlet_of_code("nonsense") is None
    assert [e["act"] for e in journal.entries(told.pk)][-2:] != [] and "statement.released" in [e["act"] for e in journal.entries(told.pk)]
    assert journal.verify(told.pk).is_whole


def test_the_portal_message_is_signed_with_the_key_of_the_house_once_it_is_released(told):
    [key] = [one for one in [signing.signer(now=timezone.now() - timedelta(days=1))]]
    release(told)
    text = bytes(ArtefactRow.objects.get(name="en/portal.json").content).decode()

    body = read_statement(text, {key.id: PublicKey(public=key.public)})
    assert body["code"] == carried(told, "portal").code
    draft = queries.draft_of(told, "portal", now=timezone.now())
    assert json.loads(draft.artefacts[1].content)["signature"] is None


def test_everybody_reads_the_statement_and_the_next_one_says_what_changed(told, door):  # noqa: F811
    now = timezone.now()
    release(told, now=now - timedelta(hours=5))
    change(told, told="We are writing to 43,112 people about this.")
    release(told, now=now)

    page = door.get("/en/").content.decode()
    assert page.index("<li>We are writing to 43,112 people about this.</li>") < page.index(
        "<li><s>We are writing to 41,870 people about this.</s></li>"
    )
    assert page.index("<s>We are writing to 41,870") < page.index("What we said before") < page.rindex("We are writing to 41,870 people about this.")
    assert carried(told, "status_page").code in page
    assert "۴۱٬۸۷۰ نفر" in door.get("/fa/").content.decode()
    assert len(json.loads(door.get("/en/feed.json").content)["items"]) == 2
    assert door.get("/en/feed.atom").content.decode().count("<entry>") == 2


def test_what_was_withdrawn_says_so_on_the_page_and_leaves_the_portal(told, door, settings, tmp_path):  # noqa: F811
    settings.DATA = tmp_path
    release(told)
    static_file.write_files()
    assert door.get("/en/portal.json").status_code == 200
    for outlet in ("status_page", "portal"):
        actions.withdraw(told, carried(told, outlet).pk, why="a number was wrong", by=staff("Dana"), now=timezone.now())
    static_file.write_files()

    assert "We withdrew this on" in door.get("/en/").content.decode()
    assert door.get("/en/portal.json").status_code == 404
    with pytest.raises(actions.NotNow, match="gone"):
        actions.withdraw(told, carried(told, "portal").pk, why="again", by=staff("Dana"), now=timezone.now())
    assert [e["why"] for e in journal.entries(told.pk)][-1] == "a number was wrong"


def test_the_code_on_a_press_release_is_true_until_it_is_withdrawn(told, door):  # noqa: F811
    release(told)
    code = carried(told, "press_release").code

    def ask():
        return door.post("/en/verify/", {"code": code}, headers={"accept": "application/json"}).json()

    assert (ask()["state"], ask()["title"], ask()["sent_on"]) == ("true", "Attackers reached our booking system", timezone.now().date().isoformat())
    actions.withdraw(told, carried(told, "press_release").pk, why="wrong", by=staff("Dana"), now=timezone.now())
    assert ask()["state"] == "withdrawn"


def test_the_page_is_handed_out_from_a_file_without_asking_the_database(told, door, settings, tmp_path, django_assert_num_queries):  # noqa: F811
    settings.DATA = tmp_path
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "PublicAccount" not in one]  # which asks it by itself
    release(told)
    static_file.write_files()
    door = type(door)()
    door.get("/en/")

    with django_assert_num_queries(0):
        answer = door.get("/en/", headers={"accept-encoding": "gzip"})
        assert answer.status_code == 200 and answer["Content-Encoding"] == "gzip" and len(answer.content) < 10_000
        assert "stale-if-error=86400" in answer["Cache-Control"]
        assert door.get("/en/", headers={"accept-encoding": "gzip", "if-none-match": answer["ETag"]}).status_code == 304
        plain = door.get("/en/")
        assert plain["ETag"] != answer["ETag"] and "Attackers reached our booking system" in plain.content.decode()
        assert notify.STYLE_HASH in plain["Content-Security-Policy"]
        assert door.post("/en/").status_code == 405


def test_an_old_file_is_shown_only_while_the_database_does_not_answer(told, door, settings, tmp_path, monkeypatch):  # noqa: F811
    settings.DATA = tmp_path
    release(told)
    static_file.write_files()
    monkeypatch.setattr(from_file, "FRESH_SECONDS", -1)
    change(told, told="We are writing to 43,112 people about this.")
    release(told, ["status_page"])
    assert "43,112" in door.get("/en/").content.decode()

    def down(language):
        raise DatabaseError

    monkeypatch.setattr(from_file, "rendered", down)
    from django.core.cache import caches

    caches["pages"].clear()
    answer = door.get("/en/")
    assert answer.status_code == 200 and "41,870" in answer.content.decode() and "43,112" not in answer.content.decode()


def test_staff_sign_release_and_withdraw_on_their_page(told, fresh):  # noqa: F811
    address = reverse("statements", args=[told.pk])
    page = fresh("Charlie").get(address).content.decode()
    assert "Attackers reached our booking system" in page and "Sign, and hand it to a colleague" not in page
    sign_at, given = reverse("sign_statement", args=[told.pk]), {"outlet": ONLY, "seen": seen(told)}
    assert fresh("Charlie").post(sign_at, given).status_code == 403
    assert "Signed." in fresh("Alice").post(sign_at, given, follow=True).content.decode()
    row = queries.standing(told)
    release_at = reverse("release_statement", args=[told.pk, row.pk])
    assert "A different person must." in fresh("Alice").post(release_at, follow=True).content.decode()
    page = fresh("Bob").post(release_at, follow=True).content.decode()

    assert "Released." in page and carried(told, "x").code in page
    file = fresh("Charlie").get(reverse("statement_file", args=[told.pk, carried(told, "press_release").pk, "press-release.fa.pdf"]))
    assert file["Content-Type"] == "application/pdf" and file.content.startswith(b"%PDF") and "sandbox" in file["Content-Security-Policy"]
    draft = fresh("Charlie").get(reverse("draft_file", args=[told.pk, "status_page", "en/index.html"]))
    assert draft.status_code == 200 and "What changed" not in draft.content.decode()
    assert fresh("Charlie").get(reverse("draft_file", args=[told.pk, "nowhere", "en/index.html"])).status_code == 404
    withdraw_at = reverse("withdraw_outlet", args=[told.pk, carried(told, "x").pk])
    assert "Say why" in fresh("Dana").post(withdraw_at, {"why": " "}, follow=True).content.decode()
    assert "out of our hands" in fresh("Dana").post(withdraw_at, {"why": "wrong"}, follow=True).content.decode()


def test_texts_are_written_from_the_facts_as_they_stand_and_say_how_many_were_counted(incident, fresh):  # noqa: F811
    from amanat.web.scope.models import ScopeRow

    given = {"n_sure": 41870, "n_review": 0, "n_outsiders": 3, "n_findings": 1, "seconds": 1.0}
    ScopeRow.objects.create(
        incident=incident, at=timezone.now(), counts=[{"kind": "iban", "residence": "FR", "language": "fr", "state": "sure", "n": 1}], **given
    )
    texts = queries.texts(incident, now=timezone.now())

    assert {(one.notice.audience, one.notice.language) for one in texts} == {(a, b) for a in ("public", "press", "agent") for b in ("en", "fr", "fa")}
    said = {
        one.notice.language: [s.text for section in one.notice.sections for s in section.sentences] for one in texts if one.notice.audience == "press"
    }
    assert "41,870 people are affected." in said["en"] and any("۴۱٬۸۷۰" in text for text in said["fa"])
    page = fresh("Alice").get(reverse("statements", args=[incident.pk])).content.decode()
    assert "press-release.fa.pdf" in page and "call-script.fr.html" in page and "41,870 people are affected." in page
    assert incident.pk not in OutletRow.objects.values_list("incident", flat=True)


def test_an_incident_in_whose_name_nobody_can_speak_yet_teaches_what_will_stand_there(alice, fresh):  # noqa: F811
    from amanat.web.respond import actions as respond

    bare = respond.declare(title="Opened in a minute", kind="data_breach", by=alice, now=timezone.now())
    assert "There is no text for everybody yet." in fresh("Alice").get(reverse("statements", args=[bare.pk])).content.decode()
