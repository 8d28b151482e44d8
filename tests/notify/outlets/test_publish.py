"""`amanat notify outlets | publish | unpublish`: drafts, two signatures, a release with its record, and a withdrawal."""

import json
import shutil
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from amanat.__main__ import load
from amanat.lib import journal
from amanat.notify.__main__ import VERB
from amanat.notify.approve import new_key
from amanat.notify.publish import Source, make_drafts
from amanat.notify.releases import outlet_of_code, releases_of, verify_statement
from amanat.notify.store import write_notices, write_texts
from amanat.notify.verify import read_code

from ..outlet_world import KEY, notice
from ..test_compose_commands import COMPANY_TOML
from ..writing_world import COMPANY

AT = datetime(2026, 3, 10, 9, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    home = tmp_path_factory.mktemp("public")
    case = home / "case"
    case.mkdir()
    staff = "".join(f'\n[[staff]]\nid = "{who}"\nname = "{who.title()}"\npublic_key = "{new_key(home / who)}"\n' for who in ("alice", "bob"))
    (case / "company.toml").write_text(COMPANY_TOML + staff, encoding="utf-8")
    (case / "facts.toml").write_text("next_update = 2026-03-12T09:00:00+00:00\n", encoding="utf-8")
    (case / "case.key").write_text("6b" * 32)
    journal.Journal(case / "journal.jsonl").write(who="test", act="run.started", at=AT, what={"incident": "practice"})
    write_all(case)
    return home


def write_all(case, **changed):
    texts = [notice(language, audience, **changed) for language in ("en", "fr", "fa") for audience in ("public", "press")]
    write_notices([notice("en", "individuals")], case, findings={})
    write_texts(texts, case, findings={}, facts={})


@pytest.fixture
def home(prepared, tmp_path):
    shutil.copytree(prepared, tmp_path / "home")
    return tmp_path / "home"


def run(capsys, *arguments):
    code = VERB.main([*map(str, arguments), "--format", "json"])
    said = capsys.readouterr()
    return code, json.loads(said.out)


def publish(capsys, home, who, *more):
    return run(capsys, "publish", home / "case", "--as", who, "--key", home / who, *more)


def acts(case):
    return [json.loads(line)["act"] for line in (case / "journal.jsonl").read_text(encoding="utf-8").splitlines()]


ONLY = ("--outlet", "status_page", "--outlet", "feeds", "--outlet", "x", "--outlet", "portal")


def test_drafts_are_written_to_be_looked_at_and_nothing_goes_out(home, capsys):
    code, keys = run(capsys, "publish", home / "case", "--outlet", "x", "--outlet", "status_page")

    assert code == 0 and keys["release"] is None
    assert [one["outlet"] for one in keys["drafts"]] == ["status_page", "x"]
    assert (home / "case/public/drafts/x/x.fa.txt").is_file()
    assert not (home / "case/public/site").exists()


def test_one_person_alone_releases_nothing_however_often_they_sign(home, capsys):
    for _ in range(2):
        code, keys = publish(capsys, home, "alice", *ONLY)
        assert code == 0 and (keys["author"], keys["approver"], keys["release"]) == ("alice", None, None)
    assert not (home / "case/public/site").exists()


def test_a_second_person_releases_and_the_record_says_where_and_with_which_code(home, capsys):
    publish(capsys, home, "alice", *ONLY)
    code, keys = publish(capsys, home, "bob", *ONLY)

    case = home / "case"
    assert code == 0 and (keys["author"], keys["approver"]) == ("alice", "bob")
    assert sorted(p.relative_to(case / "public").as_posix() for p in (case / "public/site/fa").iterdir()) == [
        f"site/fa/{name}" for name in ("feed.atom", "feed.json", "index.html", "portal.html", "portal.json")
    ]
    assert (case / "public/handed/x/x.en.txt").is_file()
    [row] = releases_of(case)
    assert (row.author, row.approver, [one.outlet for one in row.carried]) == ("alice", "bob", ["feeds", "portal", "status_page", "x"])
    assert acts(case)[-1] == "statement.released"
    assert journal.verify_file(case / "journal.jsonl").is_whole
    # Each outlet has a code of its own, so a code that turns up elsewhere is seen to be out of place.
    codes = {one["outlet"]: one["code"] for one in keys["drafts"]}
    assert len(set(codes.values())) == 4
    for outlet, made in codes.items():
        assert outlet_of_code(case, read_code(made))[1].outlet == outlet
        assert made not in (case / "public/releases.json").read_text(encoding="utf-8")
    assert outlet_of_code(case, 12345) is None and outlet_of_code(case, None) is None
    # A signature stands for one release.
    assert publish(capsys, home, "bob", *ONLY)[1]["release"] is None


def test_a_changed_text_or_another_choice_of_outlets_needs_the_first_signature_again(home, capsys):
    publish(capsys, home, "alice", *ONLY)
    write_all(home / "case", told="We are writing to 43,112 people about this.")

    assert publish(capsys, home, "bob", *ONLY)[1]["author"] == "bob"
    assert publish(capsys, home, "alice", "--outlet", "x")[1]["author"] == "alice"
    assert releases_of(home / "case") == []


def test_a_stolen_name_without_the_key_signs_nothing(home, capsys):
    code, keys = run(capsys, "publish", home / "case", *ONLY, "--as", "alice", "--key", home / "bob")

    assert code == 2 and "the key is not that of 'alice'" in keys["error"]


def test_an_update_keeps_what_was_said_and_says_what_changed(home, capsys):
    for who in ("alice", "bob"):
        publish(capsys, home, who, *ONLY)
    write_all(home / "case", told="We are writing to 43,112 people about this.")
    for who in ("alice", "bob"):
        publish(capsys, home, who, *ONLY)

    page = (home / "case/public/site/en/index.html").read_text(encoding="utf-8")
    assert "<li>We are writing to 43,112 people about this.</li>" in page
    assert "<li><s>We are writing to 41,870 people about this.</s></li>" in page
    assert "What we said before" in page
    assert (home / "case/public/site/en/feed.atom").read_text(encoding="utf-8").count("<entry>") == 2


def test_what_is_withdrawn_is_marked_where_it_stood_and_its_code_knows(home, capsys):
    for who in ("alice", "bob"):
        code, keys = publish(capsys, home, who, *ONLY)
    codes = {one["outlet"]: read_code(one["code"]) for one in keys["drafts"]}
    case = home / "case"
    assert run(capsys, "unpublish", case, "--outlet", "status_page", "--why", "a number was wrong", "--as", "alice")[0] == 0

    for language, words in (("en", "We withdrew this on"), ("fa", "این متن را در")):
        page = (case / f"public/site/{language}/index.html").read_text(encoding="utf-8")
        assert words in page
    assert "We withdrew this on" in (case / "public/site/en/feed.atom").read_text(encoding="utf-8")
    on_x = next(one["code"] for one in keys["drafts"] if one["outlet"] == "x")
    assert verify_statement(next(one["code"] for one in keys["drafts"] if one["outlet"] == "status_page"), case).state == "withdrawn"
    found = verify_statement(on_x, case, came_by="social")
    assert (found.state, found.title, found.company) == ("true", "Attackers reached our booking system", "Hotel Example")
    # A post is public, so its code can be copied into anything: met in a text message it is out of place.
    assert verify_statement(on_x, case, came_by="sms").state == "other_channel"
    assert verify_statement("0000-0000-0000-0", case).state == "unknown"
    # From the keyboard, too, and before any message to a person has gone out.
    assert load("verify").main([on_x, "--case", str(case), "--came-by", "social"]) == 0 and "TRUE: this code" in capsys.readouterr().out
    assert load("verify").main([on_x, "--case", str(case), "--came-by", "sms"]) == 1
    capsys.readouterr()
    assert outlet_of_code(case, codes["status_page"])[1].withdrawn_at and not outlet_of_code(case, codes["x"])[1].withdrawn_at
    assert acts(case)[-1] == "statement.withdrawn"
    assert run(capsys, "unpublish", case, "--outlet", "portal", "--why", "wrong", "--as", "alice")[0] == 0
    assert not (case / "public/site/en/portal.json").exists()
    code, keys = run(capsys, "unpublish", case, "--outlet", "portal", "--why", "wrong", "--as", "alice")
    assert code == 2 and "portal carries nothing; carrying are: feeds, x" in keys["error"]


def test_the_same_words_released_again_after_a_withdrawal_carry_another_code(home, capsys):
    codes = []
    for _ in range(2):
        for who in ("alice", "bob"):
            _, keys = publish(capsys, home, who, "--outlet", "x")
        codes += [one["code"] for one in keys["drafts"]]
        run(capsys, "unpublish", home / "case", "--outlet", "x", "--why", "wrong", "--as", "alice") if len(codes) == 1 else None

    first, second = (outlet_of_code(home / "case", read_code(code))[1] for code in codes)
    assert first.withdrawn_at and not second.withdrawn_at


def test_a_picture_beside_the_case_goes_with_the_posts_when_it_is_described(home, capsys):
    (home / "case/pictures").mkdir()
    (home / "case/pictures/map.png").write_bytes(b"\x89PNG")
    code, keys = run(capsys, "publish", home / "case", "--outlet", "mastodon")
    assert code == 1 and [one["where"] for one in keys["findings"]] == ["mastodon en", "mastodon fa", "mastodon fr"]
    assert publish(capsys, home, "alice", "--outlet", "mastodon")[0] == 2

    for language, alt in (("en", "A map."), ("fr", "Une carte."), ("fa", "یک نقشه.")):
        (home / f"case/pictures/map.{language}.txt").write_text(alt, encoding="utf-8")
    assert run(capsys, "publish", home / "case", "--outlet", "mastodon")[0] == 0
    assert (home / "case/public/drafts/mastodon/map.png").read_bytes() == b"\x89PNG"


def test_what_the_honesty_gate_blocks_is_not_signed(home, capsys):
    path = home / "case/texts/public.en/notice.json"
    body = json.loads(path.read_text(encoding="utf-8"))
    body["findings"] = [
        {"check": "marketing", "is_blocking": True, "says": "it sells something", "where": "what_happened", "quote": "", "rewrite": ""}
    ]
    path.write_text(json.dumps(body), encoding="utf-8")

    code, keys = publish(capsys, home, "alice", *ONLY)
    assert code == 2 and "must be mended first, the first in public.en what_happened: it sells something" in keys["error"]


def test_the_outlets_are_listed_with_what_they_carry(home, capsys):
    for who in ("alice", "bob"):
        publish(capsys, home, who, "--outlet", "x")
    code, keys = run(capsys, "outlets", home / "case")

    assert code == 0 and len(keys["outlets"]) == 10
    assert [(one["outlet"], one["author"], one["approver"], one["withdrawn_at"]) for one in keys["releases"]] == [("x", "alice", "bob", "")]


def test_a_case_without_a_text_for_everybody_says_so(home, capsys):
    shutil.rmtree(home / "case/texts")
    code, keys = publish(capsys, home, "alice")

    assert code == 2 and "holds no text for everybody, the press or agents" in keys["error"]


@pytest.mark.parametrize(
    ("country", "said"), [("FR", "12 March 2026, 10:00 UTC+1"), ("IR", "12 March 2026, 12:30 UTC+3:30"), ("", "12 March 2026, 09:00 UTC")]
)
def test_everybody_reads_the_hour_of_the_company_s_country_as_in_its_letters(country, said):
    source = Source(
        notices=[notice("en", "public")],
        company=replace(COMPANY, country=country),
        key=KEY,
        next_at=datetime(2026, 3, 12, 9, tzinfo=timezone.utc),
    )
    [page] = make_drafts(source, ["status_page"], at=AT)
    assert said in next(one.content for one in page.artefacts if one.name == "en/index.html").decode()
