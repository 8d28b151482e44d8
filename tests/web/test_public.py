"""The public door: a code is true, unknown or withdrawn, and the status page says what we know."""

import pytest
from django.test import Client
from django.utils import timezone

from amanat import notify
from amanat.web.notify import actions, queries
from amanat.web.notify.models import SendingRow

from .test_approval import N, alice, countersign, fresh, incident, sign, story  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(settings):
    """A browser at the public door."""
    settings.ROOT_URLCONF = "amanat.web.public_urls"
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "session" not in m and ".auth" not in m and "account" not in m and "messages" not in m]
    settings.MIDDLEWARE.insert(0, "django.middleware.locale.LocaleMiddleware")
    settings.MIDDLEWARE.insert(0, "tests.web.public_account.PublicAccount")
    settings.TEMPLATES = [
        {
            **t,
            "OPTIONS": {
                **t["OPTIONS"],
                "context_processors": [c for c in t["OPTIONS"]["context_processors"] if "auth" not in c and "messages" not in c],
            },
        }
        for t in settings.TEMPLATES
    ]
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def sent(incident, fresh):  # noqa: F811
    """The incident after two people approved."""
    sign(fresh, incident)
    countersign(fresh, incident)
    assert SendingRow.objects.count() == N
    return incident


def code_of(language="en"):
    row = SendingRow.objects.filter(notice__language=language).first()
    return notify.code_for(queries.code_key(), row.pk.hex)


def ask(door, code):
    return door.post("/en/verify/", {"code": code}, headers={"accept": "application/json"})


def test_a_code_of_ours_is_true_and_tells_nothing_of_the_person(sent, door):
    answer = ask(door, code_of()).json()

    today = timezone.now().date().isoformat()
    company = queries.company_of(sent).name
    assert answer == {
        "state": "true",
        "title": "What happened to your data",
        "language": "en",
        "sent_on": today,
        "company": company,
        "is_mistyped": False,
        "is_signed": None,
    }
    page = door.post("/en/verify/", {"code": code_of().lower().replace("-", " ")}).content.decode()
    assert "Yes, this message is from us." in page
    assert "Guest" not in page


def test_an_unknown_code_and_a_mistyped_one_differ(sent, door):
    code = code_of()
    assert ask(door, "0000-0000-0000-0").json() == {
        "state": "unknown",
        "title": "",
        "language": "",
        "sent_on": "",
        "company": "",
        "is_mistyped": False,
        "is_signed": None,
    }
    other = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert ask(door, other).json()["is_mistyped"] is True


def test_a_withdrawn_text_is_said_to_be_withdrawn(sent, door):
    actions.withdraw(sent, "eu.en", by=sent.declared_by, now=timezone.now())

    assert ask(door, code_of("en")).json()["state"] == "withdrawn"
    assert ask(door, code_of("fr")).json()["state"] == "true"


def test_every_page_for_outsiders_names_the_company_whose_it_is(sent, door):
    company = f'<p class="company"><bdi>{queries.company_of(sent).name}</bdi></p>'
    for path in ("verify", "my", "promises", "bulletin", "learn"):
        assert company in door.get(f"/fr/{path}/").content.decode(), path
    assert company in door.post("/fr/verify/", {"code": "KV7M-2Q9T-X4C8-R"}).content.decode()  # a code that is not ours


def test_too_many_tries_are_asked_to_wait(door):
    answers = [ask(door, "0000-0000-0000-0").status_code for _ in range(21)]

    assert answers == [200] * 20 + [429]


@pytest.mark.parametrize(("language", "word"), [("en", "What we know"), ("fr", "Ce que nous savons"), ("fa", "آنچه می‌دانیم")])
def test_the_status_page_tells_what_we_know_once_it_is_approved(sent, door, language, word):
    answer = door.get(f"/{language}/")
    page = answer.content.decode()

    assert word in page
    assert str(queries.facts_of(sent)["what_happened"].value[language])[:40] in page
    assert "csrf" not in answer.cookies
    assert not answer.cookies


def test_nothing_is_told_before_the_approval(incident, door):  # noqa: F811
    page = door.get("/en/").content.decode()
    assert "There is nothing to report at present." in page


@pytest.mark.django_db
def test_a_page_that_is_the_same_for_everyone_is_made_once_in_a_few_seconds_for_each_language(rf):
    from django.http import HttpResponse

    from amanat.web.public.steady import same_for_everyone

    n_made = []

    @same_for_everyone
    def page(request):
        n_made.append(request.path)
        return HttpResponse(f"{request.path} {len(n_made)}", status=404 if "missing" in request.path else 200)

    assert [page(rf.get("/en/")).content, page(rf.get("/fa/")).content, page(rf.get("/en/")).content] == [b"/en/ 1", b"/fa/ 2", b"/en/ 1"]
    # Never kept: what is no page, what changes something.
    for ask in (lambda: rf.get("/missing/"), lambda: rf.post("/en/")):
        assert page(ask()).content != page(ask()).content
