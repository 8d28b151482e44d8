"""How wrong may we be: a sample for a person to check, and bounds that are never too small."""

import csv
import json
import random
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from amanat import scope
from amanat.lib.errors import Fixable
from amanat.lib.journal import Journal
from amanat.scope import audit
from amanat.scope.__main__ import VERB
from amanat.scope.bound import Stratum, shares_of, upper_share, upper_total
from amanat.scope.masked import masked, shown

NOW = datetime(2026, 11, 22, 9, tzinfo=timezone.utc)
KEY = bytes(range(32))
REGISTER = "person_id,name,email,birth_date\n" + "".join(
    f"P-{i:02},Ana Person{i:02},ana{i:02}@example.org,1980-02-{i % 28 + 1:02}\n" for i in range(40)
)


@given(st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from([0.9, 0.95, 0.99, 0.9875]))
def test_the_bound_is_that_of_clopper_and_pearson(pair, confidence):
    n_bad, n = pair
    wanted = 1.0 if n_bad == n else beta.ppf(confidence, n_bad + 1, n - n_bad)
    assert upper_share(n_bad, n, confidence) == pytest.approx(wanted, abs=1e-9)


def test_nothing_bad_in_a_hundred_bounds_by_about_three_hundredths():
    # 1 - 0.05 ** (1 / 100)
    assert upper_share(0, 100) == pytest.approx(0.029513, abs=1e-6)


def test_strata_share_the_five_percent_and_a_stratum_checked_to_the_last_is_exact():
    a, b = Stratum(name="a", n_all=1000, n_checked=100, n_bad=0), Stratum(name="b", n_all=500, n_checked=50, n_bad=1)
    done = Stratum(name="c", n_all=20, n_checked=20, n_bad=3)
    wanted = 1000 * beta.ppf(0.975, 1, 100) + 500 * beta.ppf(0.975, 2, 49) + 3
    assert upper_total([a, b, done]) == pytest.approx(wanted)
    assert upper_total([done]) == 3
    assert upper_total([Stratum(name="d", n_all=70, n_checked=0, n_bad=0)]) == 70


def test_the_bound_of_strata_holds_in_95_of_100_samples():
    chance = random.Random(7)
    truth = {"a": (2000, 40), "b": (300, 30), "c": (50, 1)}
    n_held = 0
    for _ in range(300):
        strata = []
        for name, (n_all, n_bad) in truth.items():
            n = {"a": 120, "b": 40, "c": 20}[name]
            drawn = sum(i < n_bad for i in chance.sample(range(n_all), n))
            strata.append(Stratum(name=name, n_all=n_all, n_checked=n, n_bad=drawn))
        n_held += upper_total(strata) >= 71
    assert n_held >= 285


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), st.integers(0, 500))
def test_no_stratum_gives_more_than_it_has_and_nothing_is_left_over(sizes, n):
    drawn = shares_of(sizes, n)
    assert all(0 <= d <= size for d, size in zip(drawn, sizes, strict=True))
    assert sum(drawn) == max(min(n, sum(sizes)), sum(min(size, 10, n) for size in sizes))


@given(st.text())
def test_a_masked_text_has_no_word_of_the_text_and_no_more_than_two_digits_of_a_number(text):
    hidden = masked(text)
    assert len(hidden) == len(text)
    for word in "".join(c if c.isalnum() else " " for c in hidden).split():
        assert len(word) <= 2


def test_fields_are_shown_with_their_labels_and_findings_with_their_kinds():
    text, labels = "Ana Person\x1fana@example.org\x1f", "name\x1fmail\x1fnote"
    marks = [(11, 26, "email")]
    assert shown(text, labels, marks) == "name: A•• P••••• | mail: ‹email a••@e••••••.o••›"
    assert shown(text, labels, marks, is_revealed=True) == "name: Ana Person | mail: ‹email ana@example.org›"


@pytest.fixture
def case(tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    rows = "".join(f"ana{i:02}@example.org,1980-02-{i % 28 + 1:02}\n" for i in range(30))
    (files / "guests.csv").write_text("email,dob\n" + rows, encoding="utf-8")
    (files / "orders.csv").write_text("order,total\n" + "".join(f"{i},{i}.00\n" for i in range(50)), encoding="utf-8")
    # Two persons whom nobody can recognise by machine: no number, no address, no name that is known.
    (files / "note.txt").write_text("The lady from room four cried all night.\n\nHer brother came at six.\n", encoding="utf-8")
    (files / "lost.csv").write_bytes(b"\0" * 700)
    (tmp_path / "register.csv").write_text(REGISTER, encoding="utf-8")
    out = tmp_path / "case"
    scope.find_exposures([files], tmp_path / "register.csv", out=out, key=KEY, now=NOW, workers=1)
    Journal(out / "journal.jsonl").write(who="test", act="run.started", at=NOW)
    return out


def drawn(case: Path, n: int, **options):
    sheet, told = audit.draw_sheet(case, [case.parent / "files"], case.parent / "register.csv", key=KEY, n=n, now=NOW, **{"seed": 1, **options})
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file)), told


def answered(case: Path, rows, answer):
    path = case / "filled.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "answer": answer(row)} for row in rows)
    return audit.bounds_of(case, path, now=NOW)


def is_link(row):
    return row["person"] != ""


def test_the_sample_is_drawn_by_strata_and_shows_no_value(case):
    rows, told = drawn(case, 60)
    assert told["n_all"] == {"linked": 30, "found": 0, "empty": 51, "by key": 30, "by name": 0}
    assert sum(map(is_link, rows)) == 30 and len(rows) == 60
    text = (case / "audit/sheet.csv").read_text(encoding="utf-8")
    assert "ana0" not in text and "1980" not in text and "lady" not in text
    assert (case / "audit/sheet.csv").stat().st_mode & 0o777 == 0o600


def test_the_same_seed_draws_the_same_sample_whatever_the_number_of_processes(case):
    def told(**options):
        return sorted((row["path"], row["record"], row["person"]) for row in drawn(case, 20, **options)[0])

    assert told(workers=1) == told(workers=2) != told(seed=2)


def test_values_are_shown_for_a_reason_which_is_in_the_journal(case):
    rows, _ = drawn(case, 60, reveal="second look at the links")
    assert any("ana01@example.org" in row["shown"] for row in rows)
    lines = [json.loads(line) for line in (case / "journal.jsonl").read_text().splitlines()]
    assert lines[-1]["act"] == "audit.drawn" and lines[-1]["why"] == "second look at the links" and lines[-1]["what"]["is_revealed"] is True


def test_with_everything_checked_the_bounds_are_the_counts(case):
    rows, _ = drawn(case, 400)
    assert len(rows) == 111
    bounds = answered(case, rows, lambda row: "yes" if is_link(row) else "2" if row["path"] == "note.txt" else "0")
    assert bounds.missed_upper == 1 and bounds.persons_per_passage == 2 and bounds.wrong_upper == 0


def test_half_of_the_links_checked_bounds_the_other_half(case):
    rows, _ = drawn(case, 400)
    links = [row for row in rows if is_link(row)]
    last = rows.index(links[14])
    bounds = answered(case, rows, lambda row: "" if rows.index(row) > last else "yes" if is_link(row) else "0")
    assert bounds.wrong_upper == pytest.approx(30 * (1 - 0.05 ** (1 / 15)))
    assert any("not checked yet" in note for note in bounds.notes)


def test_what_is_skipped_and_what_is_doubtful_counts_as_bad(case):
    rows, _ = drawn(case, 400)
    first, second = [row["item"] for row in rows if is_link(row)][:2]
    bounds = answered(case, rows, lambda row: {first: "", second: "?"}.get(row["item"], "yes" if is_link(row) else "0"))
    assert bounds.wrong_upper == 2 and bounds.n_skipped == 1


def test_gaps_are_counted_with_who_may_stand_in_them(case):
    _, told = drawn(case, 20)
    gaps = told["gaps"]
    # guests.csv and orders.csv hold 30 persons in their bytes; the lost file has 700 bytes of the same kind.
    size = sum((case.parent / "files" / name).stat().st_size for name in ("guests.csv", "orders.csv"))
    assert (gaps["n"], gaps["size_bytes"]) == (1, 700)
    assert gaps["persons"] == round(700 * 30 / size)
    # 30 of the 40 persons of the register were found: no more than the others can be new.
    assert gaps["new_persons"] == 10
    assert "for each byte" in gaps["assumption"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("answer", "reply", 1), "no column answer"),
        (lambda text: text.replace("A0002", "A9002"), "no item 'A9002'"),
        (lambda text: text.replace("A0002", "A0001"), "stands there twice"),
        (lambda text: text.replace("A0001,Q,0", "A0001,Q,perhaps"), "row 2"),
        (lambda text: text.replace(",0\n", ",\n").replace(",yes\n", ",\n"), "no item is answered"),
    ],
)
def test_answers_that_cannot_be_used_are_said(case, change, words):
    rows, _ = drawn(case, 12)
    lines = "".join(f"{row['item']},Q,{'yes' if is_link(row) else '0'}\n" for row in rows).replace("A0001,Q,yes", "A0001,Q,0")
    path = case / "filled.csv"
    path.write_text(change("item,question,answer\n" + lines), encoding="utf-8")
    with pytest.raises(Fixable, match=words):
        audit.bounds_of(case, path, now=NOW)


def test_a_folder_without_a_scan_or_without_a_draw_is_said(tmp_path, case):
    with pytest.raises(Fixable, match=r"no findings\.parquet"):
        audit.draw_sheet(tmp_path, [], None, key=KEY, n=10, seed=1, now=NOW)
    with pytest.raises(Fixable, match="no sample was drawn yet"):
        audit.bounds_of(case, case / "filled.csv", now=NOW)


def test_the_command_draws_and_then_bounds(case, capsys):
    (case / "hash.key").write_text(KEY.hex())
    files = ["--files", str(case.parent / "files"), "--register", str(case.parent / "register.csv")]
    assert VERB.main(["audit", str(case), *files, "--sample", "400"]) == 0
    said = capsys.readouterr().out
    assert "1 files could not be read" in said and "values themselves" not in said and "--reveal WHY" in said
    with (case / "audit/sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    answered(case, rows, lambda row: "oui" if is_link(row) else "0")
    assert VERB.main(["audit", str(case), "--answers", str(case / "filled.csv"), "--format", "json"]) == 0
    keys = json.loads(capsys.readouterr().out)
    assert (keys["missed_passages_upper"], keys["wrong_links_upper"], keys["confidence"]) == (0, 0, 0.95)
    assert VERB.main(["audit", str(case), "--sample", "10"]) == 2
    assert "--files" in capsys.readouterr().err


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 60), st.integers(0, 5))
def test_a_cell_never_begins_like_a_formula(n, seed):
    from amanat.lib.cells import inert

    chance = random.Random(n * 7 + seed)
    text = "".join(chance.choice("=+-@ab\t\r 1") for _ in range(n))
    assert not inert(text).lstrip().startswith(("=", "+", "-", "@"))
