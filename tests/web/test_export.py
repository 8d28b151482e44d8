"""The list of persons as a file: for whom, for which reason, and without doing harm where it is opened; and how far reading has come."""

import csv
import io
import json

import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.urls import reverse
from python_calamine import CalamineWorkbook

from amanat.lib.progress import Kept, read_progress
from amanat.web.respond import actions, journal
from amanat.web.respond.models import Run
from amanat.web.scope import actions as scope_actions
from amanat.web.scope import people

from .test_people import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(staff_of, now):
    """Of Alice, who leads it; Charlie may only look, Dana answers persons, and Bob is no member."""
    alice, charlie, dana, _bob = (staff_of(name) for name in ("alice", "charlie", "dana", "bob"))
    one = actions.declare(title="Guest database on sale", kind="data_breach", by=alice, now=now)
    actions.add_member(one, staff=charlie, role="viewer", by=alice, now=now)
    actions.add_member(one, staff=dana, role="support", by=alice, now=now)
    persons = [
        a_person(1, name='=HYPERLINK("http://x.example","Sara")', phones=("+33199001234",)),
        a_person(2, name="Ana, Née", emails=(), state="review"),
        a_person(3, state="refused", name="Nobody Wanted"),
    ]
    people.load(one, persons)
    return one


def asked(as_staff, name, incident, **given):
    from amanat.web.accounts.models import Staff

    browser = as_staff(Staff.objects.get(email=f"{name}@example.org"))
    address = reverse("export_people", args=[incident.pk])
    return browser.post(address, given) if given else browser.get(address)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_lead_and_data_protection_take_the_list_out_and_nobody_else(incident, as_staff):
    codes = {name: asked(as_staff, name, incident).status_code for name in ("alice", "charlie", "dana", "bob")}
    assert codes == {"alice": 200, "charlie": 403, "dana": 403, "bob": 404}
    assert asked(as_staff, "dana", incident, form="csv", why="printer").status_code == 403


def test_the_csv_has_everybody_who_is_affected_and_no_formula(incident, as_staff):
    answer = asked(as_staff, "alice", incident, form="csv", why="For the printer of the letters")
    rows = {row["person_id"]: row for row in csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig")))}
    assert set(rows) == {"G-1", "G-2"}
    assert rows["G-1"]["name"] == '\'=HYPERLINK("http://x.example","Sara")' and rows["G-1"]["phones"] == "'+33199001234"
    assert rows["G-2"]["name"] == "Ana, Née" and rows["G-2"]["kinds"] == "email; passport" and rows["G-2"]["state"] == "review"
    assert answer["Cache-Control"] == "no-store" and "Guest" not in answer["Content-Disposition"]


def test_the_workbook_holds_text_and_no_formula(incident, as_staff):
    data = body(asked(as_staff, "alice", incident, form="xlsx", why="printer"))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    by = {row[0]: dict(zip(sheet[0], row, strict=True)) for row in sheet[1:]}
    assert by["G-1"]["name"] == '=HYPERLINK("http://x.example","Sara")' and by["G-1"]["n_findings"] == 3
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml and "hyperlink" not in xml.lower().replace("=hyperlink", "")


def test_the_parquet_keeps_lists_as_lists(incident, as_staff):
    rows = {
        row["person_id"]: row
        for row in pq.read_table(io.BytesIO(body(asked(as_staff, "alice", incident, form="parquet", why="analysis")))).to_pylist()
    }
    assert rows["G-1"]["kinds"] == ["email", "passport"] and rows["G-1"]["phones"] == ["+33199001234"] and rows["G-2"]["emails"] == []


def test_who_took_it_and_why_stands_in_the_journal_and_without_a_reason_nothing_is_handed_out(incident, as_staff):
    assert asked(as_staff, "alice", incident, form="csv", why="  ").status_code == 400
    assert asked(as_staff, "alice", incident, form="exe", why="x").status_code == 400
    assert [entry["act"] for entry in journal.entries(incident.pk) if entry["act"] == "people.exported"] == []
    body(asked(as_staff, "alice", incident, form="csv", why="For the printer of the letters"))
    (entry,) = (entry for entry in journal.entries(incident.pk) if entry["act"] == "people.exported")
    assert entry["what"] == {"form": "csv", "n": 2} and entry["why"] == "For the printer of the letters"


def test_the_page_says_in_three_languages_what_it_is(incident, as_staff):
    from amanat.web.accounts.models import Staff

    for language, words in (("en", "Who needs the list of persons?"), ("fr", "Qui a besoin de la liste"), ("fa", "فهرست افراد")):
        Staff.objects.filter(email="alice@example.org").update(language=language)
        assert words in asked(as_staff, "alice", incident).content.decode()


def test_the_list_of_erased_persons_is_gone(incident, as_staff, staff_of, now):
    actions.erase_people(incident, by=incident.declared_by, now=now, why="over")
    assert asked(as_staff, "alice", incident, form="csv", why="printer").status_code == 410


def test_gaps_have_an_estimate_and_files_their_kinds(incident, as_staff, now):
    from amanat.terms.finding import Gap
    from amanat.web.accounts.models import Staff

    scope_actions.take_in(
        incident,
        persons=[a_person(1)],
        gaps=[Gap(path="a.zip", reason="It is encrypted.", size_bytes=700, next_step="Ask for the password.")],
        counts=[{"kind": "email", "residence": "FR", "language": "fr", "state": "sure", "n": 1}],
        n={"sure": 1},
        seconds=1,
        now=now,
        files=[{"path": "guests.csv", "kind": "email", "n": 12}, {"path": "", "kind": "email", "n": 3}],
        gap_estimate={"n": 1, "size_bytes": 700, "n_without_size": 0, "persons": 41, "new_persons": 9, "assumption": "…"},
    )
    page = as_staff(Staff.objects.get(email="alice@example.org")).get(reverse("affected", args=[incident.pk])).content.decode()
    assert "About 41 persons may stand in them, about 9 of these in no other file" in page
    assert "Kinds of data by file" in page and "guests.csv" in page and "all other files" in page
    assert reverse("export_people", args=[incident.pk]) in page


def test_how_far_reading_has_come_is_shown_while_it_goes_on(incident, as_staff, now):
    from amanat.web.accounts.models import Staff

    browser = as_staff(Staff.objects.get(email="alice@example.org"))
    run = Run.objects.create(incident=incident, asked_at=now, state="running", alive_at=now)
    folder = settings.DATA / "cases" / str(incident.pk)
    folder.mkdir(parents=True)
    (folder / "progress.json").write_text(json.dumps({"what": "reading", "done": 250e6, "total": 1000e6, "began": 1000.0, "at": 1010.0}))
    part = browser.get(reverse("reading", args=[incident.pk])).content.decode()
    # 250 MB in 10 seconds: a quarter, 25 MB a second, 30 seconds left.
    assert "25%" in part.replace("\xa0", "").replace(" ", "") and "25 MB a second" in part and "1 minute" in part and 'value="25"' in part
    assert "hx-get" in part
    Run.objects.filter(pk=run.pk).update(state="done")
    part = browser.get(reverse("reading", args=[incident.pk])).content.decode()
    assert "hx-get" not in part and "Reading has come to its end." in part


def test_progress_is_kept_for_others_and_gone_at_the_end(tmp_path):
    seen = []
    kept = Kept(tmp_path / "progress.json", lambda *what: seen.append(what))
    kept("reading", 5.0, 10.0)
    told = read_progress(tmp_path / "progress.json")
    assert (told.what, told.done, told.total, told.share) == ("reading", 5.0, 10.0, 0.5) and told.seconds_left is None
    assert seen == [("reading", 5.0, 10.0)] and told.per_second > 0
    kept.close()
    assert read_progress(tmp_path / "progress.json") is None and list(tmp_path.iterdir()) == []
    (tmp_path / "progress.json").write_text('{"what": "reading", "done": "x"}')
    assert read_progress(tmp_path / "progress.json") is None


def test_every_reason_for_listing_a_person_stands_on_their_page_the_strongest_first(incident, as_staff):
    from amanat.web.accounts.models import Staff

    bases = (
        {"basis": "accessed", "source": "public.guests", "kinds": ["email"], "belief": 0.8},
        {"basis": "service", "source": "meals", "kinds": ["service"], "belief": 0.99},
    )
    people.load(incident, [a_person(7, basis="access", bases=bases)])
    browser = as_staff(Staff.objects.get(email="alice@example.org"))
    page = browser.get(reverse("person", args=[incident.pk, people.find(incident, person_id="G-7").pk])).content.decode()
    assert "Why this person is on the list" in page
    assert page.index("opened by the intruder") < page.index("public.guests") < page.index("went without the service") < page.index("meals")


def test_reasons_come_from_the_run_unless_the_files_alone_say_it(tmp_path):
    import pyarrow as pa

    from amanat.terms.exposure import BASES
    from amanat.web.intake import Places, _reasons

    rows = [("P-1", "content", "files", ["email"], 0.99), ("P-2", "content", "files", ["email"], 0.99), ("P-2", "accessible", "crm", ["name"], 0.4)]
    columns = zip(*rows, strict=True)
    pq.write_table(pa.table([pa.array(c, t) for c, t in zip(columns, BASES.types, strict=True)], schema=BASES), tmp_path / "bases.parquet")
    bases = Places(tmp_path / "bases.parquet")
    assert _reasons(bases.of("P-1")) == () == _reasons(bases.of("P-9"))
    assert [one["basis"] for one in _reasons(bases.of("P-2"))] == ["content", "accessible"]
