"""Joins the stages for one whole incident: from a story folder to notices, and, with an approval, to receipts.

The command line, drills, stories and the worker of the web all run this. Every act is a line of the journal.
"""

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amanat import assess, notify, respond, scope
from amanat.lib.alone import held
from amanat.lib.errors import Fixable
from amanat.lib.journal import Journal
from amanat.lib.parquet import read_parquet
from amanat.lib.progress import Kept, Progress, silent
from amanat.lib.signing import Signer
from amanat.terms.assessment import Assessment
from amanat.terms.company import read_company
from amanat.terms.fact import read_facts
from amanat.terms.incident import Incident
from amanat.terms.notice import Finding, Notice

if TYPE_CHECKING:
    import pyarrow as pa


# In the case folder: where the story lies, whose register has the addresses. They are never copied into the case folder.
STORY = "story.txt"
# How far a run has come, while it goes on (lib.progress.read_progress).
PROGRESS = "progress.json"


class BadOut(Fixable):
    """The folder for the results cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one run found and wrote."""

    incident: Incident
    scope: "scope.Scope"
    assessment: Assessment
    persons_duties: "pa.Table"
    notices: tuple[Notice, ...]
    findings: Mapping[str, tuple[Finding, ...]]  # of the honesty gate, by notice id
    plan: "notify.Plan"
    reach: "notify.Reach | None"  # None when nothing was sent
    letters: tuple[Path, ...]
    journal_head: str
    seconds: float


def run(
    story: Path,
    out: Path,
    *,
    now: Callable[[], datetime],
    send: str | None = None,
    approval: Path | None = None,
    workers: int = 2,
    engine: str = "local",
    cluster: str = "auto",
    hold_unsure: bool = False,
    login_file: Path | None = None,
    ca_file: Path | None = None,
    is_drill: bool = False,
    facts: Path | None = None,
    reviewed: Path | None = None,
    passwords: Sequence[str] = (),
    databases: Sequence[Path] = (),
    progress: Progress = silent,
    who: str = "command line",
) -> Outcome:
    """One incident from its story folder into the folder `out`; nothing leaves the machine without `send` and `approval`.

    Args:
        login_file: USER:PASSWORD for the relay, in its first line.
        ca_file: certificate authority of a relay inside the company.
        is_drill: no relay but one on this machine is used.
        workers, engine, cluster: as `scope.find_exposures` has them.
        facts: counts instead of the story's facts.toml, when what is known has moved on elsewhere.
        reviewed: what reviewers decided about persons who were not sure (`amanat scope files --help`).
        passwords: to be tried on files that are encrypted, beside those in the story's passwords.txt.
        databases: files that each hold the address of a database whose tables are read as they stand.

    Raises Fixable with a sentence for what somebody must mend; everything that could be done before is kept in `out`.
    """
    began = time.monotonic()
    if send and not approval:
        raise notify.NotApproved(
            "--send needs --approval FILE, signed by an author and a different approver; `amanat notify approve --help` shows how"
        )
    incident = respond.open_incident(story, has_database=bool(databases))
    if facts is not None:
        incident = replace(incident, facts=read_facts(facts))
    _check_out(incident, out)
    with _alone(out):
        key, journal = open_case(incident, out)
        if facts is not None:
            shutil.copyfile(facts, out / "facts.toml")
        journal.write(who=who, act="run.started", at=now(), what={"incident": incident.id, "facts": sorted(incident.facts)})

        kept = Kept(out / PROGRESS, progress)
        try:
            found = _find(
                incident,
                out,
                key=key,
                reviewed=reviewed,
                passwords=passwords,
                databases=databases,
                workers=workers,
                engine=engine,
                cluster=cluster,
                now=now(),
                progress=kept,
            )
        finally:
            kept.close()
        journal.write(who=who, act="scope.found", at=now(), what=counts_of(found))

        assessment, persons_duties = judge(incident, found.exposures, out, now=now())
        journal.write(
            who=who,
            act="duties.assessed",
            at=now(),
            what={"severity": assessment.severity.band, "due": [d.id for d in assessment.duties if d.state == "due"]},
        )

        notices, findings = write(incident, assessment, found.exposures, persons_duties, out, now=now())
        journal.write(who=who, act="notices.composed", at=now(), what={n.id: n.content_hash for n in notices})

        plan = plan_sendings(incident, found.exposures, persons_duties, notices, out, key=key)
        letters = notify.write_sample_letters(notices, incident.company, out)
        journal.write(
            who=who,
            act="sendings.planned",
            at=now(),
            what={"n_sendings": plan.sendings.num_rows, "n_left_out": plan.left_out.num_rows, "n_together": plan.together.num_rows},
        )

        reach = None
        if send:
            assert approval is not None
            reach = deliver(
                incident,
                notices,
                plan,
                found.exposures,
                out,
                key=key,
                to=send,
                approval=approval,
                now=now,
                hold_unsure=hold_unsure,
                login_file=login_file,
                ca_file=ca_file,
                is_drill=is_drill,
                progress=progress,
            )
            journal.write(who=who, act="notices.sent", at=now(), what=dict(reach.states))
        return Outcome(
            incident=incident,
            scope=found,
            assessment=assessment,
            persons_duties=persons_duties,
            notices=tuple(notices),
            findings=findings,
            plan=plan,
            reach=reach,
            letters=tuple(letters),
            journal_head=journal.head,
            seconds=time.monotonic() - began,
        )


def _find(
    incident: Incident,
    out: Path,
    *,
    key: bytes,
    reviewed: Path | None,
    passwords: Sequence[str],
    databases: Sequence[Path],
    workers: int,
    engine: str,
    cluster: str,
    now: datetime,
    progress: Progress,
) -> "scope.Scope":
    return scope.find_exposures(
        [incident.files] if incident.files.is_dir() else [],
        incident.register,
        access=incident.access,
        outage=incident.outage,
        reviewed=reviewed,
        out=out,
        key=key,
        own_domains=incident.company.domains,
        passwords=(*passwords, *(scope.read_passwords(incident.passwords) if incident.passwords else ())),
        databases=databases,
        workers=workers,
        engine=engine,
        cluster=cluster,
        now=now,
        progress=progress,
    )


def send_case(
    case: Path,
    *,
    to: str,
    approval: Path,
    now: Callable[[], datetime],
    story: Path | None = None,
    hold_unsure: bool = False,
    login_file: Path | None = None,
    ca_file: Path | None = None,
    gateways: Path | None = None,
    sign: Path | None = None,
    is_drill: bool = False,
    progress: Progress = silent,
    who: str = "command line",
) -> "notify.Reach":
    """Sends what lies composed, planned and approved in a case folder, word for word, and continues where an earlier sending stopped.

    Args:
        story: the incident's story folder, where the register with the addresses is; the one that the case was made from when left out.
    """

    key = _key_in(case)
    if not (case / "exposures.parquet").is_file():
        raise BadOut(f"{case}: holds no exposures.parquet; run `amanat run STORY --out {case}` first")
    # The company as it was when the texts were composed: what two persons approved is what goes out.
    # Whether files are there does not matter any more: what was found in them, or in a database, lies in the case.
    incident = replace(respond.open_incident(story or _story_of(case), has_database=True), company=read_company(case / "company.toml"))
    reach = deliver(
        incident,
        notify.read_notices(case),
        notify.read_plan(case),
        read_parquet(case / "exposures.parquet"),
        case,
        key=key,
        to=to,
        approval=approval,
        now=now,
        hold_unsure=hold_unsure,
        login_file=login_file,
        ca_file=ca_file,
        gateways=gateways,
        sign=sign,
        is_drill=is_drill,
        progress=progress,
    )
    Journal(case / "journal.jsonl").write(who=who, act="notices.sent", at=now(), what=dict(reach.states))
    return reach


def dry_run_case(case: Path, *, story: Path | None = None) -> "notify.DryRun":
    """What sending a case would come to, with the register as it is now; sends nothing and needs no approval."""
    incident = replace(respond.open_incident(story or _story_of(case), has_database=True), company=read_company(case / "company.toml"))
    plan = notify.read_plan(case)
    contacts = scope.read_contacts(incident.register, plan.sendings.column("person_id")) if incident.register else iter(())
    return notify.dry_run(plan, contacts, notify.read_notices(case), incident.company)


def open_case(incident: Incident, out: Path) -> tuple[bytes, Journal]:
    """The folder of results, for its owner only, with its key and journal; a second run continues it."""
    _check_out(incident, out)
    key_file = out / "case.key"
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not key_file.exists():
        key_file.touch(mode=0o600)
        key_file.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    for name in ("facts.toml", "company.toml"):
        shutil.copyfile(incident.folder / name, out / name)
    (out / STORY).write_bytes(os.fsencode(incident.folder.resolve()))
    return _key_in(out), Journal(out / "journal.jsonl")


def _check_out(incident: Incident, out: Path) -> None:
    if out.resolve().is_relative_to(incident.files.resolve()):
        raise BadOut(f"{out}: lies inside the stolen files; choose another folder for --out")
    if out.exists() and not out.is_dir():
        raise BadOut(f"{out}: is a file; choose a folder for --out")
    if out.is_dir() and any(out.iterdir()) and not (out / "case.key").exists():
        raise BadOut(f"{out}: holds other things and was not made by amanat; choose an empty folder for --out")


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Keeps a second run away: two would mix their results and tear the chain of the journal that both write."""
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    with held(out, fcntl.LOCK_EX, BadOut(f"{out}: another run is writing there; wait for it to end, or choose another folder for --out")):
        yield


def _key_in(case: Path) -> bytes:
    path = case / "case.key"
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise BadOut(f"{case}: holds no case.key; give the folder that `amanat run --out` wrote") from None
    except ValueError:
        raise BadOut(f"{path}: is not a key in hex; restore it from a copy, codes and sendings hang on it") from None


def _story_of(case: Path) -> Path:
    path = case / STORY
    story = Path(os.fsdecode(path.read_bytes())) if path.is_file() else None
    if story is None or not story.is_dir():
        lost = f"the story folder {story} is not there any more" if story else "it does not say which story folder it was made from"
        raise BadOut(f"{case}: {lost}; the register with the addresses is there, so give its place with --story")
    return story


def judge(incident: Incident, exposures: "pa.Table", out: Path, *, now: datetime) -> "tuple[Assessment, pa.Table]":
    """The assessment of an incident and, for each person, the duties towards them; written to `out`."""
    import pyarrow.parquet as pq

    assessment = assess.assess(incident.facts, exposures=exposures, now=now)
    persons_duties = assess.persons_duties(assessment, exposures)
    (out / "assessment.json").write_text(
        json.dumps(assess.assessment_as_json(assessment), ensure_ascii=False, indent=1, default=str), encoding="utf-8"
    )
    pq.write_table(persons_duties, out / "persons_duties.parquet")
    return assessment, persons_duties


def write(
    incident: Incident, assessment: Assessment, exposures: "pa.Table", persons_duties: "pa.Table", out: Path, *, now: datetime
) -> tuple[list[Notice], dict[str, tuple[Finding, ...]]]:
    """The notices of an incident with what the honesty gate says of each; written to `out`/notices."""
    notices = notify.compose(incident.facts, incident.company, assessment, exposures, persons_duties, now=now)
    findings = {n.id: tuple(notify.check_notice(n, incident.facts, assessment.duties, incident.company, now=now)) for n in notices}
    notify.write_notices(notices, out, findings=findings, company=incident.company, facts=incident.facts)
    return notices, findings


def plan_sendings(
    incident: Incident, exposures: "pa.Table", persons_duties: "pa.Table", notices: Sequence[Notice], out: Path, *, key: bytes
) -> "notify.Plan":
    """One sending for each person who can be reached, and who cannot and why; written to `out`."""
    contacts = scope.read_contacts(incident.register, persons_duties.column("person_id")) if incident.register else iter(())
    due = notify.dues_of(out, notices)
    urgent = notify.served_first(exposures)
    plan = notify.plan(
        persons_duties,
        contacts,
        notices,
        incident.company,
        facts=incident.facts,
        key=key,
        due=due,
        urgent=urgent,
        exposures=exposures,
        told=notify.told_before(out),
    )
    notify.write_plan(plan, out)
    return plan


def deliver(
    incident: Incident,
    notices: Sequence[Notice],
    plan: "notify.Plan",
    exposures: "pa.Table",
    out: Path,
    *,
    key: bytes,
    to: str,
    approval: Path,
    now: Callable[[], datetime],
    hold_unsure: bool,
    login_file: Path | None,
    ca_file: Path | None,
    is_drill: bool,
    progress: Progress,
    gateways: Path | None = None,
    sign: Path | None = None,
) -> "notify.Reach":
    """Sends what two persons approved; raises NotApproved when text or recipients are not what they signed."""
    if incident.register is None:
        raise notify.NotApproved(f"{incident.folder}: there is no register, so nobody can be written to; rebuild it from a backup first")
    signed = notify.read_approval(approval)
    notify.check_approval(signed, incident_id=incident.id, notices=notices, plan=plan, company=incident.company)
    contacts = scope.read_contacts(incident.register, plan.sendings.column("person_id"))
    reach = notify.deliver(
        plan,
        notices,
        contacts,
        exposures,
        out,
        to=to,
        approval=signed,
        company=incident.company,
        key=key,
        now=now,
        hold_unsure=hold_unsure,
        login_file=login_file,
        ca_file=ca_file,
        gateways=gateways,
        signer=Signer(notify.read_key(sign)) if sign else None,
        is_drill=is_drill,
        progress=progress,
    )
    if reach.n_reached:
        _keep_promises(incident, notices, out, owner=signed.author, now=now())
    return reach


def _keep_promises(incident: Incident, notices: Sequence[Notice], out: Path, *, owner: str, now: datetime) -> None:
    """Writes into the case's register what the notices promised to those who have them now."""
    facts = read_facts(out / "facts.toml") if (out / "facts.toml").is_file() else incident.facts
    carried = {name for notice in notices for section in notice.sections for sentence in section.sentences for name in sentence.facts}
    for one in respond.take_promises(out, facts, carried, made_in="notice", made_at=now, owner=owner):
        what = {"promise": one.id, "kind": one.kind, "due_at": one.due_at.isoformat() if one.due_at else None}
        Journal(out / "journal.jsonl").write(who=owner, act="promise.made", at=now, what=what)


def counts_of(found: "scope.Scope") -> dict[str, int]:
    """How many persons in each state, and how much was read."""
    states = found.exposures.column("state").to_pylist() if found.exposures.num_rows < 1 else None
    import pyarrow.compute as pc

    counted = (
        {} if states is not None else {str(row["values"]): int(row["counts"]) for row in pc.value_counts(found.exposures.column("state")).to_pylist()}
    )
    return {
        "persons": counted.get("sure", 0),
        "review": counted.get("review", 0),
        "outsiders": counted.get("outsider", 0),
        "gaps": len(found.gaps),
        "files": found.n_files,
        "records": found.n_records,
        "findings": found.n_findings,
    }


def kinds_by_place(exposures: "pa.Table") -> list[dict[str, Any]]:
    """Persons by residence, language and kind, for tables and charts: vectorised, sure and review and outsiders apart."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kinds = exposures.column("kinds").combine_chunks()
    parents = pc.list_parent_indices(kinds)
    flat = pa.table({"kind": pc.list_flatten(kinds), **{name: exposures.column(name).take(parents) for name in ("state", "residence", "language")}})
    return list(flat.group_by(["state", "residence", "language", "kind"]).aggregate([([], "count_all")]).to_pylist())
