"""The attacker comes back for this server: what they try at both doors, and what they must not get."""

import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from amanat.web.logs import NoValues, without_values
from amanat.web.notify import plans, tasks
from amanat.web.notify.models import SendingRow
from amanat.web.notify.queries import standing_approval
from amanat.web.public import actions, queries
from amanat.web.respond import actions as respond
from amanat.web.scope import people

from .test_approval import N, alice, countersign, fresh, incident, person, sign, story  # noqa: F401  fixtures
from .test_public import ask, code_of, door, sent  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
NO_CODE = "0000-0000-0000-0"


def try_from(door, address):  # noqa: F811
    return door.post("/en/verify/", {"code": NO_CODE}, headers={"accept": "application/json"}, REMOTE_ADDR=address).status_code


# ---- limits on tries ----


def test_many_visitors_do_not_clear_the_count_of_one(door):  # noqa: F811
    for _ in range(21):
        last = try_from(door, "192.0.2.1")
    assert last == 429
    for n in range(500):
        try_from(door, f"198.51.100.{n % 250}" if n < 250 else f"203.0.113.{n % 250}")

    assert try_from(door, "192.0.2.1") == 429


def test_all_addresses_of_one_ipv6_connection_are_one_visitor(door):  # noqa: F811
    answers = [try_from(door, f"2001:db8:1:2::{n:x}") for n in range(1, 23)]

    assert answers == [200] * 20 + [429] * 2
    assert try_from(door, "2001:db8:1:3::1") == 200


def test_the_cache_that_counts_log_ins_is_not_emptied_by_a_few_hundred_entries(db):
    from django.core.cache import cache

    cache.set("z-log-ins-of-one-person", 5, 300)
    for n in range(700):
        cache.set(f"another-{n:04}", 1, 300)

    assert cache.get("z-log-ins-of-one-person") == 5


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_counted_one_by_one(rf):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    from amanat.web.accounts.limits import came_too_often
    from amanat.web.accounts.models import Tries

    def come(_n):
        try:
            return came_too_often(rf.post("/"), "test", 10, seconds=60)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        refused = list(pool.map(come, range(60)))

    assert refused.count(False) == 10
    assert Tries.objects.get().n == 60


def test_the_span_ends_when_it_was_said_to_end_and_what_ended_is_deleted(rf):
    from datetime import timedelta

    from django.core.cache import caches

    from amanat.web.accounts.limits import came_too_often
    from amanat.web.accounts.models import Tries

    one = rf.post("/")
    assert [came_too_often(one, "test", 2, seconds=3600) for _ in range(3)] == [False, False, True]
    row = Tries.objects.get()
    assert timedelta(minutes=55) < row.ends_at - timezone.now() <= timedelta(minutes=61)

    Tries.objects.update(ends_at=timezone.now() - timedelta(minutes=5))
    assert came_too_often(one, "test", 2, seconds=3600) is False
    Tries.objects.update(ends_at=timezone.now() - timedelta(minutes=5))
    caches["pages"].delete("swept_tries")  # as if a second had passed: so often at most it is looked for what has ended
    came_too_often(one, "something else", 2, seconds=3600)
    assert Tries.objects.count() == 1


# ---- a copied code beside a link that only looks like ours ----


@pytest.mark.parametrize(
    "link",
    [
        "https://OURS:443@thief.example/x",
        "https://OURS@thief.example/",
        r"https://thief.example\.OURS/",
        r"https:\\thief.example\x",
        "https:thief.example/x",
        "//thief.example/x",
        "www.thief.example",
        "thief.example/login",
        "https://OURS.thief.example",
    ],
)
def test_a_link_is_judged_by_where_a_browser_would_go(sent, door, link):  # noqa: F811
    ours = queries.company_of(sent).domains[0]
    text = f"Dear guest,\nsomething happened to your data. Log in at {link.replace('OURS', ours)} now. Code: {code_of()}"
    page = door.post("/en/verify/", {"code": text}).content.decode()

    assert "leads to places that are not ours" in page and "thief.example" in page


def test_links_to_our_own_places_raise_no_alarm(sent, door):  # noqa: F811
    ours = queries.company_of(sent).domains[0]
    links = f"https://{ours}/my/, http://www.{ours}:8080/x?y=//z, www.{ours}. Write to help@{ours}; and/or call 01/02/2026. https://{ours}،"
    page = door.post("/en/verify/", {"code": f"Dear guest, something happened to your data. {links} Code: {code_of()}"}).content.decode()

    assert "Yes, this message is from us." in page and "leads to places that are not ours" not in page


@pytest.mark.parametrize("named", ["cnil.fr/plaintes", "www.irs.gov/ippin", "https://www.cnil.fr/plaintes"])
def test_an_authority_that_our_letters_name_raises_no_alarm_and_a_place_that_sounds_like_it_does(sent, door, named):  # noqa: F811
    text = f"Dear guest, something happened to your data. You may complain: {named}. Code: {code_of()}"
    page = door.post("/en/verify/", {"code": text}).content.decode()
    assert "Yes, this message is from us." in page and "leads to places that are not ours" not in page
    false = door.post(
        "/en/verify/", {"code": text.replace("cnil.fr", "cnil.fr.thief.example").replace("irs.gov", "irs-gov.example")}
    ).content.decode()
    assert "leads to places that are not ours" in false and "Yes, this message is from us." not in false
    assert "verdict is-true" not in false  # a warning does not stand in the colour of what is proven


# ---- what two people approved ----


def test_the_same_persons_at_other_addresses_are_not_what_two_people_approved(incident, fresh):  # noqa: F811
    sign(fresh, incident)
    countersign(fresh, incident)
    approval = standing_approval(incident)
    assert plans.planned(incident).covers(approval)

    people.load(incident, [person(n) if n else person(n, emails=("thief@example.net",)) for n in range(N)])

    assert not plans.planned(incident).covers(approval)
    assert tasks.send(approval) == "texts or recipients changed after the approval"
    assert SendingRow.objects.filter(state="queued").count() == N
    approval.refresh_from_db()
    assert approval.voided_at is not None


# ---- pages for everyone ----


def test_no_words_behind_a_question_mark_and_no_other_name_make_the_page_anew_or_stand_in_it(sent, door, monkeypatch):  # noqa: F811
    made, stories = [], queries.stories
    monkeypatch.setattr(queries, "stories", lambda language: made.append(language) or stories(language))
    pages = [door.get("/en/?pay=thief.example").content] + [door.get(f"/en/?x={n}").content for n in range(3)]
    pages += [door.get("/en/", headers={"host": f"localhost:{8000 + n}"}).content for n in range(3)]

    assert made == ["en"]
    assert set(pages) == {pages[0]} and b"thief.example" not in pages[0]


def words(text="We know this."):
    return {language: {"known": text, "unknown": "", "doing": "", "changed": ""} for language in ("en", "fr", "fa")}


def publish(one, by, other, text="We know this."):
    row = actions.write_update(one, words=words(text), next_at=None, by=by, now=timezone.now())
    actions.publish(one, row.pk, by=other, now=timezone.now())


def test_an_incident_without_a_company_file_does_not_close_the_public_door(sent, door, alice, staff_of, settings, tmp_path):  # noqa: F811
    settings.DATA = tmp_path
    bare = respond.declare(title="Opened in a minute", kind="data_breach", by=alice, now=timezone.now())
    publish(bare, alice, staff_of("eve"), "A second thing happened.")

    for page in ("/en/", "/en/feed.atom"):
        answer = door.get(page)
        assert answer.status_code == 200 and "A second thing happened." in answer.content.decode()
    assert ask(door, code_of()).json()["state"] == "true"


def test_a_character_that_xml_does_not_know_does_not_take_the_feed_away(incident, door, alice, staff_of, settings, tmp_path):  # noqa: F811
    settings.DATA = tmp_path
    publish(incident, alice, staff_of("eve"), "Line one\x0bline two")

    assert "Line one line two" in door.get("/en/feed.atom").content.decode()
    # The files that need no server are written when the database has agreed.
    from amanat.web.public.static_file import write_files

    assert "Line one line two" in (write_files() / "fa" / "feed.atom").read_text(encoding="utf-8")


# ---- who reads what strangers pasted ----


def test_a_reported_message_is_read_by_who_looks_into_it_and_by_no_viewer(incident, fresh, alice, staff_of):  # noqa: F811
    actions.publish(
        incident,
        actions.write_update(incident, words=words(), next_at=None, by=alice, now=timezone.now()).pk,
        by=staff_of("eve"),
        now=timezone.now(),
    )
    actions.report_fake(came_by="sms", text="Sara, pay <script>alert(1)</script> now", now=timezone.now())
    address = reverse("updates", args=[incident.pk])

    page = fresh("Alice").get(address).content.decode()
    assert "Sara, pay &lt;script&gt;" in page
    assert "Sara" not in fresh("Charlie").get(address).content.decode()


# ---- logs ----


def test_a_link_that_opens_something_does_not_stand_in_the_log_of_an_error():
    record = logging.LogRecord("django.request", logging.ERROR, "f", 1, "%s: %s", ("Internal Server Error", "/en/my/code/KV7M-2Q9T-X4C8-R/"), None)
    NoValues().filter(record)

    assert record.getMessage() == "Internal Server Error: /en/my/code/<key>/"
    assert without_values("Internal Server Error: /setup/kJ2_x-aaaaaaaaaaaaaaaaaaaaaaaaaa/") == "Internal Server Error: /setup/<key>/"


@pytest.mark.parametrize(
    ("long", "kept"),
    [("a" * 300_000, "a" * 300_000), ("1- " * 100_000, "1- " * 100_000), ("=(" * 150_000, "<detail>"), ("a@" * 150_000, "<email>")],
)
def test_what_strangers_write_into_a_log_line_is_read_once_however_long_it_is(long, kept):
    # Read anew from each character, these would take the processor for hours: nobody would wait for this test.
    assert without_values(f"Origin checking failed - {long}") == f"Origin checking failed - {kept}"


# ---- files of the house ----


@pytest.mark.parametrize("name", ["controls", "company"])
@pytest.mark.parametrize(
    ("content", "says"), [(b"a=" + b"[" * 50_000, "nested more deeply"), (b"a." * 2_000 + b"a=1", "more dots than any such file needs")]
)
def test_a_file_that_would_cost_all_memory_is_refused_with_a_sentence(staff_of, as_staff, name, content, says):
    browser = as_staff(staff_of("dana", is_administrator=True))
    answer = browser.post(reverse("ready_files"), {name: SimpleUploadedFile("a.toml", content)}, follow=True)

    assert answer.status_code == 200 and says in answer.content.decode()
