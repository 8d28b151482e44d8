"""Takes the results of a run (`amanat.pipeline`) from its folder into the tables, and clears the folder of personal data."""

import csv
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from amanat import assess, notify, scope
from amanat.lib.private import Private
from amanat.terms.contact import Contact
from amanat.terms.finding import Gap
from amanat.terms.incident import register_in
from amanat.web.assess import actions as assess_actions
from amanat.web.notify import actions as notify_actions
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.scope import actions as scope_actions
from amanat.web.scope.people import Person, mark_of

# Who was affected and with what, in the clear: once it is in the tables, encrypted, it must not lie here as well.
PERSONAL = (
    "findings.parquet",
    "exposures.parquet",
    "persons_duties.parquet",
    "places.parquet",
    "links.parquet",
    "outsiders.parquet",
    "bases.parquet",
    "outage.parquet",
    "same_persons.csv",
    "sendings.parquet",
    "further.parquet",
    "left_out.parquet",
    "left_out.csv",
)
HITS = "hits"  # what `scope.hits` keeps so that a run that was killed goes on: who stands where, and keyed hashes of their values
BATCH = 20_000
FILES_MAX = 10  # that a chart names


@transaction.atomic
def take_in(incident: Incident, out: Path, *, seconds: float, now: datetime) -> None:
    """Everything a run found, or nothing of it."""
    import pyarrow.parquet as pq

    from amanat.pipeline import kinds_by_place

    exposures = pq.read_table(out / "exposures.parquet")
    with (out / "gaps.csv").open(encoding="utf-8", newline="") as file:
        gaps = [Gap(path=r["path"], reason=r["reason"], size_bytes=int(r["size_bytes"] or 0), next_step=r["next_step"]) for r in csv.DictReader(file)]
    n = Counter(exposures.column("state").to_pylist())
    n["findings"] = sum(exposures.column("n_findings").to_pylist())
    counts = [
        {"kind": r["kind"], "residence": r["residence"], "language": r["language"], "state": r["state"], "n": r["count_all"]}
        for r in kinds_by_place(exposures)
    ]
    found = scope_actions.take_in(
        incident,
        persons=persons_of(incident, exposures, out),
        gaps=gaps,
        counts=counts,
        n=dict(n),
        seconds=seconds,
        now=now,
        files=kinds_by_file(out / "findings.parquet"),
        gap_estimate=json.loads((out / "gaps.json").read_text(encoding="utf-8")) if (out / "gaps.json").exists() else None,
    )
    content = json.loads((out / "assessment.json").read_text(encoding="utf-8"))
    assess_actions.take_in(incident, content=content, scope=found, now=now, counted=assess.count_persons(exposures))
    notices = notify.read_notices(out)
    findings = {
        path.parent.name: json.loads(path.read_text(encoding="utf-8")).get("findings", []) for path in (out / "notices").glob("*/notice.json")
    }
    n_changed = notify_actions.take_in(incident, notices=notices, findings=findings, by=None, now=now)
    journal.write(
        incident,
        act="run.taken_in",
        at=now,
        what={"persons": n["sure"], "review": n["review"], "outsiders": n["outsider"], "gaps": len(gaps), "notices_changed": n_changed},
    )


def kinds_by_file(findings: Path) -> list[dict[str, Any]]:
    """How many different values of each kind the richest files hold, and all others together."""
    import pyarrow.parquet as pq

    if not findings.exists():
        return []
    table = pq.read_table(findings, columns=["path", "kind", "key"], read_dictionary=["path", "kind"])
    table = table.set_column(0, "path", table.column("path").cast("string")).set_column(1, "kind", table.column("kind").cast("string"))
    cells = table.group_by(["path", "kind"]).aggregate([("key", "count_distinct")]).to_pylist()
    total: Counter[str] = Counter()
    for cell in cells:
        total[cell["path"]] += cell["key_count_distinct"]
    richest = {path for path, _n in total.most_common(FILES_MAX)}
    shown: Counter[tuple[str, str]] = Counter()
    for cell in cells:
        shown[cell["path"] if cell["path"] in richest else "", cell["kind"]] += cell["key_count_distinct"]
    return [{"path": path, "kind": kind, "n": n} for (path, kind), n in sorted(shown.items()) if kind]


def clear(out: Path) -> None:
    """Deletes what names persons from the folder of a run."""
    for name in PERSONAL:
        (out / name).unlink(missing_ok=True)
    shutil.rmtree(out / HITS, ignore_errors=True)


def persons_of(incident: Incident, exposures: Any, out: Path) -> Iterator[Person]:
    """Exposures joined with contacts from the register and with each person's duties, in batches."""
    import pyarrow.parquet as pq

    duties = pq.read_table(out / "persons_duties.parquet")
    duty_row = {person: i for i, person in enumerate(duties.column("person_id").to_pylist())}
    places, bases, links, parts = (Places(out / f"{name}.parquet") for name in ("places", "bases", "links", "outsiders"))
    register = register_in(Path(incident.folder))
    for start in range(0, exposures.num_rows, BATCH):
        batch = exposures.slice(start, BATCH)
        ids = batch.column("person_id")
        contacts: dict[str, Contact] = {c.person_id: c for c in scope.read_contacts(register, ids)} if register else {}
        for row in batch.to_pylist():
            at = duty_row.get(row["person_id"])
            duty = {name: duties.column(name)[at].as_py() for name in ("duty_ids", "letter_group", "channel_order")} if at is not None else {}
            yield _person(
                row,
                contacts.get(row["person_id"]),
                duty,
                _with_likeness(places.of(row["person_id"]), links.of(row["person_id"])),
                _reasons(bases.of(row["person_id"])),
                parts.of(row["person_id"]) if row["state"] == "outsider" else (),
            )


def _with_likeness(places: tuple[dict[str, Any], ...], links: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """Places, with what a likeness rests on where it is by likeness that the person was seen there."""
    if not links:
        return places
    reasons = {(link["path"], link["place"], link["record"]): link["reasons"] for link in links}
    found = ((place, reasons.get((place["path"], place["place"], place["record"]))) for place in places)
    return tuple({**place, "reasons": list(why)} if why else place for place, why in found)


def _reasons(bases: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """Why a person is listed, the strongest reason first; nothing where the files alone say so, as for most."""
    ranked = sorted(bases, key=lambda one: (("content", "accessed", "accessible", "service").index(one["basis"]), -one["belief"], one["source"]))
    told = tuple({**one, "belief": round(float(one["belief"]), 4)} for one in ranked)
    return () if [one["basis"] for one in told] == ["content"] else told


class Places:
    """Where each person was seen (`scope.places`), or why they are listed (`scope.access`), looked up by person."""

    def __init__(self, file: Path) -> None:
        import numpy as np
        import pyarrow.parquet as pq

        self._rows = pq.read_table(file).sort_by("person_id") if file.exists() else None
        if self._rows is not None:
            ids, first, n = np.unique(
                self._rows.column("person_id").to_numpy(zero_copy_only=False).astype(str), return_index=True, return_counts=True
            )
            self._at = {person: (int(begin), int(length)) for person, begin, length in zip(ids, first, n, strict=True)}

    def of(self, person_id: str) -> tuple[dict[str, Any], ...]:
        """The person's rows, without the person."""
        if self._rows is None or person_id not in self._at:
            return ()
        begin, length = self._at[person_id]
        return tuple({k: v for k, v in place.items() if k != "person_id"} for place in self._rows.slice(begin, length).to_pylist())


def _person(
    row: dict[str, Any],
    contact: Contact | None,
    duty: dict[str, Any],
    places: tuple[dict[str, Any], ...],
    bases: tuple[dict[str, Any], ...],
    parts: tuple[dict[str, Any], ...],
) -> Person:
    def value(private: Private | None) -> str:
        return private.reveal(why="encrypted into the incident's table") if private else ""

    return Person(
        person_id=row["person_id"],
        kinds=tuple(row["kinds"]),
        n_findings=row["n_findings"],
        n_records=row["n_records"],
        belief=round(float(row["belief"]), 4),
        state=row["state"],
        basis=row["basis"],
        residence=row["residence"],
        language=row["language"],
        minor=row["minor"],
        letter_group=duty.get("letter_group") or "",
        duty_ids=tuple(duty.get("duty_ids") or ()),
        channel_order=tuple(duty.get("channel_order") or ()),
        name=value(contact.name) if contact else "",
        emails=tuple(value(e) for e in contact.emails) if contact else (),
        phones=tuple(value(p) for p in contact.phones) if contact else (),
        address=value(contact.address) if contact else "",
        needs=value(contact.needs) if contact else "",
        deceased=contact.deceased if contact else None,
        birth_date=value(contact.birth_date) if contact else None,
        national_mark=mark_of(contact.national_id) if contact else "",
        controllers=contact.controllers if contact else (),
        places=places,
        bases=bases,
        parts=parts,
    )
