"""Whose data, which data: the three practice companies against their own truth.

A person for review is a question to somebody, not a claim: kinds are called wrong only of the sure, and counted apart for the others.
Of a table within reach that is not in hand, each of its persons has the kinds that the case says stand there: whether a cell of it is
empty, nobody can know. Such kinds are not wrong, though the truth has them only of persons whose cell is filled.

`python -m bench.bench_accuracy hospital 200000` measures one of another size and lists what is wrong, file by file.
"""

import csv
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

AMANAT = (sys.executable, "-m", "amanat")
KINDS, N_PERSONS = ("hotel", "hospital", "shop"), 20_000
LEAST_FOUND, MOST_WRONG, LEAST_RIGHT = 0.995, 0.002, 0.99
# A card with its code is found: that its number is, goes without saying.
_COVERS = {"card_number_alone": "card_with_code"}
# What law makes of others in the same record: right wherever they are.
_FOLLOWS = {"fin_acct_alone": {"iban"}, "fin_acct_with_code": {"card_with_code"}}


@dataclass(slots=True)
class Accuracy:
    """How a run over a practice story did."""

    n_affected: int
    n_found: int  # sure or to review
    n_sure: int  # affected and sure
    n_listed_sure: int
    n_wrong: int  # sure, and in none of the files
    n_pairs: int  # person and kind
    n_pairs_found: int
    n_pairs_listed: int  # of the sure
    n_pairs_wrong: int
    n_pairs_asked: int  # of those for review
    n_pairs_asked_wrong: int
    n_exact: int  # affected persons with exactly their kinds
    missed_by: Counter[tuple[str, str]] = field(default_factory=Counter)  # path and kind, of pairs that are nowhere else
    wrong_by: Counter[str] = field(default_factory=Counter)

    @property
    def is_enough(self) -> bool:
        found, wrong = self.n_found / self.n_affected, self.n_wrong / max(self.n_listed_sure, 1)
        right = self.n_pairs_found / self.n_pairs
        return found >= LEAST_FOUND and wrong <= MOST_WRONG and right >= LEAST_RIGHT


def declared(access: Path) -> dict[str, set[str]]:
    """By person: the kinds that `tables.csv` says of the tables that list them."""
    kinds: dict[str, set[str]] = {}
    with (access / "tables.csv").open(newline="", encoding="utf-8") as file:
        for table in csv.DictReader(file):
            with (access / table["persons"]).open(newline="", encoding="utf-8") as persons:
                for row in csv.DictReader(persons):
                    kinds.setdefault(row["person_id"], set()).update(table["kinds"].split(";"))
    return kinds


def compare(truth: Path, exposures: Path, access: Path) -> Accuracy:
    """Persons of the register in `truth` against those in `exposures`; `access` is what was said to be within reach."""
    rows = [row for row in pq.read_table(truth).to_pylist() if not row["person_id"].startswith("out-")]
    anywhere = {row["person_id"] for row in rows}
    wanted: dict[str, set[str]] = {}
    allowed = declared(access)
    places: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        allowed.setdefault(row["person_id"], set()).add(row["kind"])
        if row["readable"]:
            wanted.setdefault(row["person_id"], set()).add(row["kind"])
            places.setdefault((row["person_id"], row["kind"]), set()).add(row["path"])
    got: dict[str, set[str]] = {}
    sure = set()
    for row in pq.read_table(exposures, columns=["person_id", "kinds", "state"]).to_pylist():
        if row["state"] != "outsider":
            got[row["person_id"]] = set(row["kinds"])
            if row["state"] == "sure":
                sure.add(row["person_id"])
    done = Accuracy(
        n_affected=len(wanted),
        n_found=len(wanted.keys() & got.keys()),
        n_sure=len(wanted.keys() & sure),
        n_listed_sure=len(sure),
        n_wrong=len(sure - anywhere),
        n_pairs=sum(map(len, wanted.values())),
        n_pairs_found=0,
        n_pairs_listed=sum(len(kinds) for person, kinds in got.items() if person in sure),
        n_pairs_wrong=0,
        n_pairs_asked=sum(len(kinds) for person, kinds in got.items() if person not in sure),
        n_pairs_asked_wrong=0,
        n_exact=0,
    )
    for person, kinds in got.items():
        may = allowed.get(person, set())
        extra = {kind for kind in kinds - may if not _FOLLOWS.get(kind, {""}) & may}
        if person in sure:
            done.n_pairs_wrong += len(extra)
            done.wrong_by.update(extra)
        else:
            done.n_pairs_asked_wrong += len(extra)
        done.n_exact += person in wanted and not extra and all({kind, _COVERS.get(kind, kind)} & kinds for kind in wanted[person])
    for person, kinds in wanted.items():
        for kind in kinds:
            if {kind, _COVERS.get(kind, kind)} & got.get(person, set()):
                done.n_pairs_found += 1
            elif len(paths := places[person, kind]) == 1:
                done.missed_by[next(iter(paths)), kind] += 1
            else:
                done.missed_by["(several files)", kind] += 1
    return done


def run(kind: str, persons: int, folder: Path) -> Accuracy:
    """Makes a company, scans its files, and compares."""
    story, out = folder / "story", folder / "out"
    subprocess.run([*AMANAT, "prepare", "company", story, "--kind", kind, "--persons", str(persons), "--no-events"], check=True, capture_output=True)
    register = next(p for name in ("register.csv", "register.parquet") if (p := story / name).exists())
    domains = ("karvan-hotels.example", "karvan.example", "karvanclub.example", "hopital-du-quai.example", "karvan-shop.example")
    own = [part for domain in domains for part in ("--own-domain", domain)]
    scan = [*AMANAT, "scope", "files", story / "files", "--register", register, "--access", story / "access", "--out", out, *own, "--format", "json"]
    json.loads(subprocess.run(scan, check=True, capture_output=True, text=True).stdout)
    return compare(story / "truth.parquet", out / "exposures.parquet", story / "access")


def measure() -> list[dict[str, str]]:
    rows = []
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as temporary:
            done = run(kind, N_PERSONS, Path(temporary))
        for what, n, of, goal in (
            ("persons found", done.n_found, done.n_affected, f"≥ {LEAST_FOUND:.1%}"),
            ("wrong persons among the sure", done.n_wrong, done.n_listed_sure, f"≤ {MOST_WRONG:.1%}"),
            ("kinds found for their persons", done.n_pairs_found, done.n_pairs, f"≥ {LEAST_RIGHT:.0%}"),
            ("kinds wrong among those of the sure", done.n_pairs_wrong, done.n_pairs_listed, ""),
            ("kinds wrong among those for review", done.n_pairs_asked_wrong, done.n_pairs_asked, ""),
        ):
            rows.append(
                {"what": f"{kind}, {N_PERSONS:,} persons: {what}", "ours": f"{n / max(of, 1):.2%}", "peer": "goal", "theirs": goal, "ratio": ""}
            )
    return rows


def main() -> int:
    kind, persons = (sys.argv[1:] + ["hospital", "20000"][len(sys.argv) - 1 :])[:2]
    with tempfile.TemporaryDirectory() as temporary:
        done = run(kind, int(persons), Path(temporary))
    share = {
        "found": done.n_found / done.n_affected,
        "sure": done.n_sure / done.n_affected,
        "wrong": done.n_wrong / max(done.n_listed_sure, 1),
        "kinds found": done.n_pairs_found / done.n_pairs,
        "kinds wrong, of the sure": done.n_pairs_wrong / max(done.n_pairs_listed, 1),
        "kinds wrong, for review": done.n_pairs_asked_wrong / max(done.n_pairs_asked, 1),
        "persons with exactly their kinds": done.n_exact / done.n_affected,
    }
    print(f"{kind}, {int(persons):,} persons, {done.n_affected:,} affected")
    print("\n".join(f"  {name:<34} {value:8.3%}" for name, value in share.items()))
    print("  missed:", *(f"{path} · {kind_}: {n:,}" for (path, kind_), n in done.missed_by.most_common(25)), sep="\n    ")
    print("  wrong kinds:", *(f"{kind_}: {n:,}" for kind_, n in done.wrong_by.most_common(12)), sep="\n    ")
    return 0 if done.is_enough else 1


if __name__ == "__main__":
    sys.exit(main())
