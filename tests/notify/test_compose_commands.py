"""`amanat notify compose | check | preview` from the keyboard."""

import json
from dataclasses import asdict

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from amanat.notify.__main__ import VERB
from tests.notify.writing_world import ASSESSMENT, exposures, persons_duties

COMPANY_TOML = """
name = "Hotel Example"
legal_name = "Hotel Example SAS"
address = "1 rue de l’Exemple, 75001 Paris"
country = "FR"
website = "https://hotel.example"
notices_url = "https://hotel.example/notices"
sender = "notices@hotel.example"
privacy_email = "privacy@hotel.example"
domains = ["hotel.example"]
languages = ["en", "fr", "fa"]
"""
FACTS_TOML = """
incident_kind = "data_breach"
occurrence = 2026-03-01T02:00:00+00:00
awareness = 2026-03-06T17:00:00+00:00
next_update = 2026-03-20T17:00:00+00:00
law_enforcement_hold = false
acquired = true
what_we_did = { en = "We closed the access.", fr = "Nous avons fermé l’accès.", fa = "دسترسی را بستیم." }
"""


@pytest.fixture
def case(tmp_path):
    (tmp_path / "company.toml").write_text(COMPANY_TOML, encoding="utf-8")
    (tmp_path / "facts.toml").write_text(FACTS_TOML, encoding="utf-8")
    (tmp_path / "assessment.json").write_text(json.dumps(asdict(ASSESSMENT), default=str), encoding="utf-8")
    pq.write_table(exposures(), tmp_path / "exposures.parquet")
    pq.write_table(persons_duties(), tmp_path / "persons_duties.parquet")
    return tmp_path


def run(capsys, *arguments):
    code = VERB.main([str(a) for a in arguments])
    return code, capsys.readouterr()


def test_compose_writes_notices_texts_pages_and_letters(case, capsys):
    code, said = run(capsys, "compose", case, "--now", "2026-03-10T09:00:00+00:00", "--format", "json")
    assert code == 0
    keys = json.loads(said.out)
    assert {n["id"] for n in keys["notices"]} == {"br-lgpd.en", "eu-gdpr.en", "eu-gdpr.fa", "eu-gdpr.fr", "us-ca.en", "us-ca.fa", "us-ny.en"}
    assert {p.name for p in (case / "notices" / "us-ca.fa").iterdir()} == {"notice.json", "sample.txt", "sample.html", "sample.pdf"}


def test_compose_says_which_file_is_missing(case, capsys):
    (case / "exposures.parquet").unlink()
    code, said = run(capsys, "compose", case)
    assert code == 2 and "exposures.parquet is missing" in said.err


def test_compose_says_what_a_moment_looks_like(case, capsys):
    code, said = run(capsys, "compose", case, "--now", "tomorrow")
    assert code == 2 and "2026-03-06T18:00:00+01:00" in said.err


def test_compose_exits_with_1_when_the_gate_blocks_and_writes_all_the_same(case, capsys):
    facts = (case / "facts.toml").read_text(encoding="utf-8").replace(', fa = "دسترسی را بستیم."', "")
    (case / "facts.toml").write_text(facts, encoding="utf-8")
    code, said = run(capsys, "compose", case, "--now", "2026-03-10T09:00:00+00:00", "--no-letter")
    assert code == 1 and "untranslated" in said.out
    assert (case / "notices" / "eu-gdpr.fa" / "notice.json").exists()


def test_a_case_without_persons_has_no_notices(case, capsys):
    pq.write_table(pa.Table.from_pylist([], schema=persons_duties().schema), case / "persons_duties.parquet")
    code, said = run(capsys, "compose", case, "--format", "json")
    assert code == 0 and json.loads(said.out)["notices"] == []


@pytest.mark.parametrize(
    ("language", "good", "bad"),
    [
        (
            "en",
            "Attackers copied your address. We are sorry. Change your password. Call us: +44 20 7946 0123. Our own website "
            "tells you whether this message is genuine. We will write again by 12 March 2026.",
            "Only a small number of people. Click here.",
        ),
        (
            "fr",
            "Des attaquants ont copié votre adresse. Nous vous présentons nos excuses. Changez votre mot de passe. Par "
            "téléphone : +33 1 99 00 12 34. Notre propre site vous dira si ce message est authentique. Nous vous écrirons "
            "avant le 12 mars 2026.",
            "Par mesure de précaution, cliquez ici.",
        ),
        (
            "fa",
            "مهاجمان نشانی شما را کپی کردند. پوزش می‌خواهیم. گذرواژهٔ خود را عوض کنید. تلفن: ۰۲۱۰۰۰۰۰۰۰۰. وبگاه خود ما "
            "می‌گوید این پیام اصلی است یا نه. تا ۲۲ اسفند ۱۴۰۴ دوباره می‌نویسیم.",
            "محض احتیاط اینجا کلیک کنید.",
        ),
    ],
)
def test_check_passes_a_good_text_and_blocks_a_bad_one(language, good, bad, tmp_path, capsys):
    file = tmp_path / "text.txt"
    file.write_text(good, encoding="utf-8")
    code, said = run(capsys, "check", file, "--lang", language, "--format", "json")
    assert code == 0 and json.loads(said.out)["findings"] == []
    file.write_text(bad, encoding="utf-8")
    code, said = run(capsys, "check", file, "--lang", language, "--format", "json")
    assert code == 1 and {f["check"] for f in json.loads(said.out)["findings"] if f["is_blocking"]} == {"minimising", "phishing"}


def test_check_says_which_languages_we_have(tmp_path, capsys):
    (tmp_path / "t.txt").write_text("x", encoding="utf-8")
    code, said = run(capsys, "check", tmp_path / "t.txt", "--lang", "de")
    assert code == 2 and "there are no words in 'de'. We have: en, fa, fr." in said.err


@pytest.mark.parametrize("spelling", ["fa", "FA", "fa_IR", "fa-IR"])
def test_check_knows_a_language_however_it_is_spelt(spelling, tmp_path, capsys):
    (tmp_path / "t.txt").write_text("جای نگرانی نیست.", encoding="utf-8")
    code, said = run(capsys, "check", tmp_path / "t.txt", "--lang", spelling)
    assert code == 1 and "minimising" in said.out


def test_check_of_a_missing_or_binary_file_says_so(tmp_path, capsys):
    assert run(capsys, "check", tmp_path / "none.txt", "--lang", "en")[0] == 2
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe\x00")
    code, said = run(capsys, "check", tmp_path / "b.txt", "--lang", "en")
    assert code == 2 and "save it as UTF-8" in said.err


def test_preview_shows_three_invented_persons_for_each_notice(case, capsys):
    run(capsys, "compose", case, "--no-letter")
    code, said = run(capsys, "preview", case, "--notice", "eu-gdpr.fa", "--html", case / "pages", "--format", "json")
    assert code == 0 and len(json.loads(said.out)["previews"]) == 3
    assert len(list((case / "pages").iterdir())) == 3


def test_preview_of_a_case_without_notices_says_what_to_do(case, capsys):
    code, said = run(capsys, "preview", case)
    assert code == 2 and "amanat notify compose" in said.err


def test_a_text_for_another_audience_needs_facts_and_company_only(tmp_path, capsys):
    (tmp_path / "company.toml").write_text(COMPANY_TOML, encoding="utf-8")
    (tmp_path / "facts.toml").write_text(FACTS_TOML, encoding="utf-8")
    code, said = run(capsys, "compose", tmp_path, "--audience", "press", "--lang", "en", "--lang", "fa", "--now", "2026-03-10T09:00:00+00:00")
    assert code == 0
    assert "Attack on personal data: what Hotel Example knows and does" in said.out
    assert {p.name for p in (tmp_path / "texts").iterdir()} == {"press.en", "press.fa"}
    assert {p.name for p in (tmp_path / "texts" / "press.fa").iterdir()} == {"notice.json", "text.txt"}
    assert not (tmp_path / "notices").exists()


def test_letters_in_easy_language_stand_apart_from_those_that_are_sent(case, capsys):
    code, said = run(capsys, "compose", case, "--easy", "--incident", "account_takeover", "--format", "json", "--now", "2026-03-10T09:00:00+00:00")
    assert code == 0
    assert "eu-gdpr.fr-x-easy" in {n["id"] for n in json.loads(said.out)["notices"]}
    assert not (case / "notices").exists()


def test_a_text_in_easy_language_is_checked_as_one(tmp_path, capsys):
    (tmp_path / "text.txt").write_text("Criminals came into our computers (on Monday).", encoding="utf-8")
    _, said = run(capsys, "check", tmp_path / "text.txt", "--lang", "EN-x-easy", "--format", "json")
    assert "easy_read" in {f["check"] for f in json.loads(said.out)["findings"]}


@pytest.fixture
def advised(case, capsys):
    """A case whose notices got an advice, and one that blocks."""
    facts = (case / "facts.toml").read_text(encoding="utf-8").replace("We closed the access.", "We closed the access, pursuant to our plan.")
    (case / "facts.toml").write_text(facts, encoding="utf-8")
    (case / "journal.jsonl").touch()
    run(capsys, "compose", case, "--no-letter", "--now", "2026-03-10T09:00:00+00:00")
    return case


def overruled(capsys, case, *more):
    return run(capsys, "overrule", case, "eu-gdpr.en", "--by", "claire", "--now", "2026-03-10T10:00:00+00:00", *more)


def test_a_named_person_lets_an_advice_stand_with_a_reason_and_the_journal_knows(advised, capsys):
    code, _ = overruled(capsys, advised, "--check", "jargon", "--why", "The authority asked for these very words.")
    assert code == 0
    [entry] = [json.loads(line) for line in (advised / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (entry["who"], entry["act"], entry["why"]) == ("claire", "finding.overruled", "The authority asked for these very words.")
    assert entry["what"]["notice_id"] == "eu-gdpr.en" and entry["what"]["check"] == "jargon"
    assert "pursuant" not in json.dumps(entry["what"])

    # Composed again with the same words it still stands; with other words the gate says it anew.
    def standing():
        body = json.loads((advised / "notices" / "eu-gdpr.en" / "notice.json").read_text(encoding="utf-8"))
        return [f["overruled_by"] for f in body["findings"] if f["check"] == "jargon"]

    run(capsys, "compose", advised, "--no-letter", "--now", "2026-03-10T11:00:00+00:00")
    assert standing() == ["claire"]
    facts = (advised / "facts.toml").read_text(encoding="utf-8")
    (advised / "facts.toml").write_text(facts.replace("pursuant to our plan", "pursuant to the plan"), encoding="utf-8")
    run(capsys, "compose", advised, "--no-letter", "--now", "2026-03-10T12:00:00+00:00")
    assert standing() == [""]


def test_what_blocks_cannot_be_let_stand(advised, capsys):
    facts = (advised / "facts.toml").read_text(encoding="utf-8").replace("We closed the access", "As a valued customer you get a voucher")
    (advised / "facts.toml").write_text(facts, encoding="utf-8")
    run(capsys, "compose", advised, "--no-letter", "--now", "2026-03-10T09:00:00+00:00")
    code, said = overruled(capsys, advised, "--check", "marketing", "--why", "We would like to give something back.")
    assert code == 2
    assert "'marketing' blocks" in said.err
    assert (advised / "journal.jsonl").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(("check", "why", "says"), [("jargon", "ok", "say why"), ("hedging", "We are sure of it.", "says nothing of 'hedging'")])
def test_an_advice_stands_for_a_reason_and_only_where_it_was_given(advised, capsys, check, why, says):
    code, said = overruled(capsys, advised, "--check", check, "--why", why)
    assert code == 2 and says in said.err


def test_a_changed_fact_marks_the_sentences_that_rest_on_it_in_every_text(case, capsys):
    now = ("--now", "2026-03-10T09:00:00+00:00")
    run(capsys, "compose", case, "--no-letter", *now)
    run(capsys, "compose", case, "--audience", "press", "--lang", "en", *now)
    code, said = run(capsys, "stale", case)
    assert (code, said.out.strip()) == (0, "Every sentence says what the facts say.")

    facts = (case / "facts.toml").read_text(encoding="utf-8").replace("acquired = true", 'acquired = { value = true, status = "believed" }')
    (case / "facts.toml").write_text(facts, encoding="utf-8")
    code, said = run(capsys, "stale", case, "--format", "json")
    keys = json.loads(said.out)
    assert code == 1
    assert (keys["changed"], keys["next_update"]) == (["acquired"], "2026-03-20T17:00:00+00:00")
    by_text = {(one["notice_id"], one["text"]) for one in keys["touched"]}
    assert ("press.en", "The attackers copied personal data.") in by_text
    assert any(id == "eu-gdpr.fa" and "کپی کردند" in text for id, text in by_text)
    assert {id for id, _ in by_text} == {"press.en", "br-lgpd.en", "eu-gdpr.en", "eu-gdpr.fa", "eu-gdpr.fr", "us-ca.en", "us-ca.fa", "us-ny.en"}

    run(capsys, "compose", case, "--no-letter", *now)
    run(capsys, "compose", case, "--audience", "press", "--lang", "en", *now)
    assert run(capsys, "stale", case)[0] == 0


def test_a_fact_that_nobody_gave_before_touches_the_sentence_that_said_we_do_not_know(case, capsys):
    run(capsys, "compose", case, "--no-letter", "--now", "2026-03-10T09:00:00+00:00")
    searched = 'search_for_misuse = { en = "We searched.", fr = "Nous avons cherché.", fa = "گشتیم." }\n'
    (case / "facts.toml").write_text((case / "facts.toml").read_text(encoding="utf-8") + searched, encoding="utf-8")
    keys = json.loads(run(capsys, "stale", case, "--format", "json")[1].out)
    assert "We do not know yet whether anyone has misused the data." in {one["text"] for one in keys["touched"]}
