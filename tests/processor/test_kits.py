"""Kits from a whole story: two controllers, files of each, files of nobody, a human being who is a customer of both."""

import csv
import hashlib
import io
import json
import stat
import zipfile
from datetime import datetime, timezone
from pathlib import Path

import pytest

from amanat import processor
from amanat.__main__ import load
from amanat.processor.controllers import BadControllers, read_controllers
from amanat.processor.kit import _words, words_for
from amanat.processor.leak import WouldTell
from amanat.processor.make import NoKits

NOW = datetime(2026, 3, 7, 10, tzinfo=timezone.utc)
TOLD = "2026-03-07T09:00:00+01:00"

COMPANY = """
name = "Keeper"
legal_name = "Keeper SAS"
address = "1 rue Exemple, 75001 Paris"
country = "FR"
website = "https://keeper.example"
notices_url = "https://keeper.example/notices"
sender = "notices@keeper.example"
privacy_contact = "Data-protection officer"
privacy_email = "dpo@keeper.example"
"""
FACTS = """
role = "processor"
awareness = 2026-03-06T18:00:00+01:00
main_establishment = "FR"
establishments = ["FR"]
acquired = true
encrypted = "no"
risk = "high"
[what_happened]
value = { en = "Attackers broke into our storage.", fr = "Des attaquants sont entrés dans notre stockage." }
"""
CONTROLLERS = f"""
[acme-hotels]
name = "Acme Hotels"
country = "FR"
language = "fr"
contact = "dpo@acme.example"
in_register = ["ACM"]
paths = ["acme/*", "dump_17.zip"]
told_at = {TOLD}

[blue-clinic]
name = "Blue Clinic"
country = "DE"
language = "fa"
paths = ["blue/*"]
contract = "blue-agreement"
"""
REGISTER = """person_id,name,email,phone,residence,controller
a1,Anna Weber,anna.weber@example.org,+33199001101,FR,ACM
a2,Louis Martin,louis.martin@example.org,+33199001102,FR,acme-hotels
b1,Karl Vogel,karl.vogel@example.org,+33199001103,DE,blue-clinic
b2,Anna Weber,anna.weber@example.org,+33199001101,DE,blue-clinic
n1,Nina Roth,nina.roth@example.org,+33199001104,DE,
"""
FILES = {
    "acme/guests.csv": "name,email,phone,iban\nLouis Martin,louis.martin@example.org,+33199001102,DE89370400440532013000\n"
    "Odd Stranger,odd.stranger@example.org,+33199001109,\n",
    "blue/patients.csv": "name,email,phone,diagnosis\nKarl Vogel,karl.vogel@example.org,+33199001103,asthma\n",
    "blue/broken.zip": "PK\x03\x04 broken",
    "shared.csv": "name,email,phone\nNina Roth,nina.roth@example.org,+33199001104\nAnna Weber,anna.weber@example.org,+33199001101\n",
}


def a_story(folder: Path, *, controllers: str = CONTROLLERS, facts: str = FACTS, files: dict[str, str] | None = None) -> Path:
    for name, text in {"company.toml": COMPANY, "facts.toml": facts, "controllers.toml": controllers, "register.csv": REGISTER}.items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name, text in (FILES if files is None else files).items():
        (folder / "files" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "files" / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    home = tmp_path_factory.mktemp("kits")
    return processor.make_kits(a_story(home / "story"), home / "out", now=lambda: NOW, workers=1)


def kit(made, name):
    return next(one for one in made.kits if one.controller.id == name)


def rows(path: Path):
    return {row["person_id"]: row for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))}


def everything(made, name):
    one = kit(made, name)
    with zipfile.ZipFile(one.zip) as pack:
        packed = {info.filename: pack.read(info).decode() for info in pack.infolist()}
    lying = {f"{one.controller.id}/{path.name}": path.read_bytes().decode() for path in one.folder.iterdir()}
    assert packed == lying
    return packed


def test_each_kit_lists_its_own_persons_and_nobody_elses(made):
    acme, blue = rows(kit(made, "acme-hotels").folder / "persons.csv"), rows(kit(made, "blue-clinic").folder / "persons.csv")

    assert {person for person in acme if not person.startswith("out-")} == {"a1", "a2"}
    assert {person for person in blue if not person.startswith("out-")} == {"b1", "b2"}
    assert "iban" in acme["a2"]["kinds"]
    assert "medical" in blue["b1"]["kinds"]
    assert acme["a2"]["emails"] == "louis.martin@example.org"


@pytest.mark.parametrize(
    ("mine", "never"),
    [
        ("acme-hotels", ["blue", "clinic", "karl", "vogel", "+33199001103", "nina", "blue-agreement", "patients", "\nb1,", "\nb2,"]),
        ("blue-clinic", ["acme", "hotels", "louis", "martin", "+33199001102", "nina", "odd.stranger", "guests", "dump_17", "acm,", "\na1,", "\na2,"]),
    ],
)
def test_nothing_in_a_kit_or_its_zip_tells_of_the_other(made, mine, never):
    for name, text in everything(made, mine).items():
        for mark in never:
            assert mark.casefold() not in text.casefold(), f"{name} tells of {mark}"


def test_no_kit_says_how_many_controllers_there_are(made):
    for mine in ("acme-hotels", "blue-clinic"):
        files = everything(made, mine)
        assert {name.split("/")[1] for name in files} <= {"persons.csv", "notice.txt", "notice.html", "duties.txt", "gaps.csv"}
        assert all("controllers" not in text and "responsables du traitement" not in text for text in files.values())


def test_a_human_being_of_both_is_named_to_both_without_the_data_of_a_file_of_nobody(made):
    for mine, person in (("acme-hotels", "a1"), ("blue-clinic", "b2")):
        row = rows(kit(made, mine).folder / "persons.csv")[person]
        assert row["kinds"] == ""
        assert row["note"] == "which of the data are affected is not known yet"


def test_ids_of_outsiders_have_nothing_in_common_between_scans(tmp_path: Path):
    same = "name,email\nOdd Stranger,odd.stranger@example.org\n"
    story = a_story(tmp_path / "story", files={"acme/x.csv": same, "blue/x.csv": same})

    found = processor.make_kits(story, tmp_path / "out", now=lambda: NOW, workers=1)

    acme, blue = (set(rows(kit(found, name).folder / "persons.csv")) for name in ("acme-hotels", "blue-clinic"))
    assert len(acme) == len(blue) == 1
    assert not acme & blue


def test_who_is_nobodys_is_listed_for_us_and_not_dropped(made):
    listed = rows(made.folder / "ours" / "unknown.csv")

    assert listed["n1"]["why"] == "no_controller"
    assert dict(made.unknown)["no_controller"] == 1


def test_a_file_that_cannot_be_read_is_a_gap_of_its_owner_alone(made):
    assert "broken.zip" in (kit(made, "blue-clinic").folder / "gaps.csv").read_text(encoding="utf-8")
    assert not (kit(made, "acme-hotels").folder / "gaps.csv").exists()
    assert kit(made, "blue-clinic").n_gaps == 1


def test_the_controllers_clock_begins_when_we_told_it(made):
    duties = {duty.id: duty for duty in kit(made, "acme-hotels").its_duties}

    # Told at 09:00 in Paris on 7 March: 72 hours end at 09:00 on 10 March, and not 72 hours after our own awareness on the evening before.
    assert duties["eu-gdpr.authority"].due_at == datetime(2026, 3, 10, 8, tzinfo=timezone.utc)
    assert "counted from the moment when you were told, 2026-03-07 09:00 +0100" in everything(made, "acme-hotels")["acme-hotels/duties.txt"]


def test_who_was_not_told_has_no_clock_yet_and_sees_it_as_if_it_were_told_now(made):
    assert kit(made, "blue-clinic").controller.told_at is None
    assert "as if you had been told at 2026-03-07 10:00 +0000" in everything(made, "blue-clinic")["blue-clinic/duties.txt"]


def test_our_own_duty_to_tell_it_follows_from_the_law_without_a_contract(made):
    assert kit(made, "acme-hotels").our_duty.id == "eu-gdpr.controller"


def test_the_notice_is_in_the_language_of_the_controller_with_its_digits(made):
    french, persian = everything(made, "acme-hotels"), everything(made, "blue-clinic")

    assert "À Acme Hotels · dpo@acme.example" in french["acme-hotels/notice.txt"]
    assert "Des attaquants sont entrés dans notre stockage." in french["acme-hotels/notice.txt"]
    assert "پیش‌نویس ۱۶ اسفند ۱۴۰۴" in persian["blue-clinic/notice.txt"]
    assert '<html lang="fa" dir="rtl">' in persian["blue-clinic/notice.html"]


def test_kits_are_for_their_owner_only_and_the_scan_leaves_nothing_behind(made):
    for path in made.folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert [path.name for path in made.folder.iterdir() if path.name.startswith(".")] == []


def test_the_journal_counts_and_names_no_person(made):
    line = json.loads((made.folder / "ours/journal.jsonl").read_text(encoding="utf-8"))

    assert line["act"] == "kits.made"
    assert "@" not in json.dumps(line)
    assert line["what"]["acme-hotels"]["persons"] >= 1


def test_a_sentence_that_names_another_controller_stops_every_kit(tmp_path: Path):
    story = a_story(tmp_path / "story", facts=FACTS.replace("Des attaquants sont entrés", "Des attaquants venus par Blue Clinic sont entrés"))

    with pytest.raises(WouldTell, match=r"the kit of acme-hotels was not made: its notice\.\w+ holds the name of blue-clinic"):
        processor.make_kits(story, tmp_path / "out", now=lambda: NOW, workers=1)

    assert not (tmp_path / "out/acme-hotels").exists()
    assert not (tmp_path / "out/blue-clinic").exists()
    assert [path.name for path in (tmp_path / "out").iterdir() if path.name.startswith(".")] == []


def test_a_contract_with_one_controller_sets_our_deadline_and_shows_in_no_kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "extra/assess/laws"
    folder.mkdir(parents=True)
    (folder / "blue_agreement.toml").write_text(AGREEMENT, encoding="utf-8")
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path / "extra"))

    found = processor.make_kits(a_story(tmp_path / "story"), tmp_path / "out", now=lambda: NOW, workers=1)

    assert kit(found, "blue-clinic").our_duty.id == "blue-agreement.controller"
    assert kit(found, "blue-clinic").our_duty.due_at == datetime(2026, 3, 7, 17, tzinfo=timezone.utc)
    assert kit(found, "acme-hotels").our_duty.id == "eu-gdpr.controller"
    for mine in ("acme-hotels", "blue-clinic"):
        assert all("blue-agreement" not in text for text in everything(found, mine).values())


AGREEMENT = """
id = "blue-agreement"
name = "Agreement with Blue Clinic"
citation = "no. 7"
places = []
kind = "contract"
by_establishment = false
read_on = 2026-11-22
verified = true
[authority]
name = "Blue Clinic"
zone = "Europe/Berlin"
[[duty]]
id = "blue-agreement.controller"
to = "controller"
who = "Blue Clinic"
says = "Within 24 hours."
cite = "clause 4"
source = "the archive"
confidence = "high"
verified = true
role = "processor"
[[duty.version]]
when = "acquired or accessed"
deadline = { within_hours = 24, from = "awareness" }
[[example]]
story = "taken"
facts = { awareness = 2026-03-06T18:00:00+01:00, acquired = true, role = "processor" }
duties = { "blue-agreement.controller" = 2026-03-07T18:00:00+01:00 }
"""


def test_made_again_a_kit_of_a_controller_who_left_is_gone_and_the_same_story_gives_the_same_zip(tmp_path: Path):
    story = a_story(tmp_path / "story", files={"acme/x.csv": FILES["acme/guests.csv"].split("Odd")[0]})
    first = processor.make_kits(story, tmp_path / "out", now=lambda: NOW, workers=1)
    before = hashlib.sha256(kit(first, "acme-hotels").zip.read_bytes()).hexdigest()
    (story / "controllers.toml").write_text(CONTROLLERS.split("[blue-clinic]")[0], encoding="utf-8")

    second = processor.make_kits(story, tmp_path / "out", now=lambda: NOW, workers=1)

    assert hashlib.sha256(kit(second, "acme-hotels").zip.read_bytes()).hexdigest() == before
    assert not (tmp_path / "out/blue-clinic").exists()
    assert not (tmp_path / "out/blue-clinic.zip").exists()


def test_a_folder_with_other_things_is_not_touched(tmp_path: Path):
    story = a_story(tmp_path / "story")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/letter.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(NoKits, match="holds other things"):
        processor.make_kits(story, tmp_path / "out", now=lambda: NOW, workers=1)
    with pytest.raises(NoKits, match="inside the stolen files"):
        processor.make_kits(story, story / "files/out", now=lambda: NOW, workers=1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no controller"),
        ("[Acme]\nname = 'x'\ncountry = 'FR'", "names a folder"),
        ("[acme]\nname = 'x'\ncountry = 'France'", "is no country"),
        ("[acme]\nname = 'x'\ncountry = 'FR'\npaths = ['a/*']\n[blue]\nname = 'y'\ncountry = 'DE'\npaths = ['a/*']", "stands for acme and for blue"),
        (
            "[acme]\nname = 'x'\ncountry = 'FR'\nin_register = ['7']\n[blue]\nname = 'y'\ncountry = 'DE'\nin_register = ['7']",
            "stands for acme and for blue",
        ),
        ("acme = 1", "write each controller as a table"),
    ],
)
def test_a_controllers_file_that_cannot_be_is_said(tmp_path: Path, text, says):
    (tmp_path / "controllers.toml").write_text(text, encoding="utf-8")

    with pytest.raises(BadControllers, match=says):
        read_controllers(tmp_path / "controllers.toml")


def test_the_notice_says_the_same_things_in_every_language():
    english = _words()["en"]
    assert all(set(words) == set(english) for words in _words().values())
    assert words_for("fr-CA")[0] == "fr"
    assert words_for("de")[0] == "en"


def test_the_command_lists_the_kits_and_fails_while_somebody_is_nobodys(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    story = a_story(tmp_path / "story")

    assert load("assess").main(["controllers", str(story), "--out", str(tmp_path / "out"), "--workers", "1", "--format", "json"]) == 1

    keys = json.loads(capsys.readouterr().out)
    assert [one["controller"] for one in keys["kits"]] == ["acme-hotels", "blue-clinic"]
    assert keys["unknown"]["no_controller"] == 1
    assert set(keys) == set(load("assess").commands["controllers"].json_keys)


def test_when_a_controller_was_told_may_be_given_and_counts_before_the_file(tmp_path: Path):
    story = a_story(tmp_path / "story")
    told = {"blue-clinic": datetime(2026, 3, 7, 6, tzinfo=timezone.utc)}

    found = processor.make_kits(story, tmp_path / "out", now=lambda: NOW, told=told, workers=1)

    assert {duty.id: duty.due_at for duty in kit(found, "blue-clinic").its_duties}["eu-gdpr.authority"] == datetime(
        2026, 3, 10, 6, tzinfo=timezone.utc
    )
    with pytest.raises(NoKits, match="did you mean 'blue-clinic'"):
        processor.make_kits(story, tmp_path / "out", now=lambda: NOW, told={"blue-clinik": NOW}, workers=1)


def test_other_facts_than_those_of_the_folder_may_count(tmp_path: Path):
    (tmp_path / "facts.toml").write_text(FACTS.replace("Des attaquants sont entrés", "Des inconnus sont entrés"), encoding="utf-8")

    found = processor.make_kits(a_story(tmp_path / "story"), tmp_path / "out", now=lambda: NOW, facts=tmp_path / "facts.toml", workers=1)

    assert "Des inconnus sont entrés" in everything(found, "acme-hotels")["acme-hotels/notice.txt"]


def test_a_moment_that_is_none_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert load("assess").main(["controllers", str(tmp_path), "--out", str(tmp_path / "out"), "--told", "acme-hotels=yesterday"]) == 2

    assert "write ID=MOMENT" in capsys.readouterr().err
