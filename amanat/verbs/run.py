"""One incident from stolen files to notices; with an approval, to receipts."""

from argparse import Namespace
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amanat import scope
from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable
from amanat.lib.moment import moment_of
from amanat.lib.table import table

if TYPE_CHECKING:
    from amanat.pipeline import Outcome

VERB = Verb("run", __doc__)


class BadMoment(Fixable):
    """A moment that cannot be read."""


@VERB.command(
    "",
    argument("story", type=Path, help="a story folder: facts.toml, company.toml, register.csv or .parquet, files/, access/, outage/"),
    argument("--out", type=Path, required=True, help="folder for the results; made when it is missing"),
    argument("--send", metavar="smtp://HOST:PORT", help="deliver through this relay; needs --approval"),
    argument("--approval", type=Path, metavar="FILE", help="approval signed by an author and a different approver (amanat notify approve)"),
    argument("--login-file", type=Path, metavar="FILE", help="USER:PASSWORD for the relay in its first line; readable by its owner only"),
    argument("--ca-file", type=Path, metavar="FILE", help="certificate authority (PEM) of a relay inside the company"),
    argument("--hold-unsure", action="store_true", help="after a crash, do not send again what may already have gone out; leave it to a person"),
    argument(
        "--now", metavar="MOMENT", help="run as if it were this moment (ISO 8601 with offset); for drills, so it then sends to this machine only"
    ),
    argument("--facts", type=Path, metavar="FILE", help="facts that count instead of the story's facts.toml"),
    *scope.scan_options("a passwords.txt in the story folder is always tried"),
    json_keys=(
        "persons",
        "outsiders",
        "review",
        "kinds",
        "gaps",
        "duties",
        "notices",
        "seconds",
        "severity",
        "questions",
        "left_out",
        "reach",
        "notes",
        "journal_head",
        "out",
    ),
)
def run(given: Namespace) -> Result:
    """Run one incident: find whose data it is, what the law demands, write the notices, and send them when approved.

    Reads a story folder and writes to --out: findings.parquet, exposures.parquet, gaps.csv, assessment.json,
    persons_duties.parquet, notices/ (text, HTML, PDF letter and what the honesty gate says), sendings.parquet,
    receipts.parquet after sending, and journal.jsonl. Without --send nothing leaves the machine.

    Begin with a practice story: amanat prepare company story --persons 2000 && amanat run story --out out
    """
    from amanat import pipeline
    from amanat.lib.progress import Line, silent

    line = Line()
    try:
        outcome = pipeline.run(
            given.story,
            given.out,
            now=_clock(given.now),
            send=given.send,
            approval=given.approval,
            hold_unsure=given.hold_unsure,
            login_file=given.login_file,
            ca_file=given.ca_file,
            is_drill=given.now is not None,
            facts=given.facts,
            **scope.given_to_scan(given),
            progress=silent if given.format == "json" else line,
        )
    finally:
        line.close()
    if given.format == "json":
        return Result(keys=keys_of(outcome, given.out), text="")
    return Result(keys={}, text=summary(outcome, given.out))


def _clock(moment: str | None) -> Any:
    if moment is None:
        return lambda: datetime.now(timezone.utc)
    at = moment_of(moment)
    if at is None:
        raise BadMoment(f"--now {moment}: is not a moment with its offset from UTC; write it like 2026-11-14T09:00:00+01:00")
    return lambda: at


def keys_of(outcome: "Outcome", out: Path) -> dict[str, Any]:
    """The JSON keys of a run."""
    from amanat import pipeline

    counts = pipeline.counts_of(outcome.scope)
    by_kind: dict[str, int] = {}
    for row in pipeline.kinds_by_place(outcome.scope.exposures):
        by_kind[row["kind"]] = by_kind.get(row["kind"], 0) + row["count_all"]
    return {
        "persons": counts["persons"],
        "outsiders": counts["outsiders"],
        "review": counts["review"],
        "kinds": dict(sorted(by_kind.items(), key=lambda item: -item[1])),
        "gaps": [asdict(gap) | {"size_bytes": gap.size_bytes or None} for gap in outcome.scope.gaps],
        "duties": [
            {
                "id": d.id,
                "to": d.to,
                "state": d.state,
                "due_at": d.due_at.isoformat() if d.due_at else None,
                "standard": d.standard,
                "ask": list(d.ask),
            }
            for d in outcome.assessment.duties
        ],
        "notices": [
            {
                "id": n.id,
                "language": n.language,
                "letter_group": n.letter_group,
                "content_hash": n.content_hash,
                "blocking": sum(f.is_blocking for f in outcome.findings[n.id]),
                "advisory": sum(not f.is_blocking for f in outcome.findings[n.id]),
            }
            for n in outcome.notices
        ],
        "seconds": round(outcome.seconds, 3),
        "severity": asdict(outcome.assessment.severity),
        "questions": [asdict(q) for q in outcome.assessment.questions],
        "left_out": outcome.plan.left_out.num_rows,
        "reach": dict(outcome.reach.states) if outcome.reach else None,
        "notes": list(outcome.scope.notes),
        "journal_head": outcome.journal_head,
        "out": str(out),
    }


def summary(outcome: "Outcome", out: Path) -> str:
    """What a tired person needs to read first, in order."""
    from amanat import assess, pipeline

    counts = pipeline.counts_of(outcome.scope)
    rows = pipeline.kinds_by_place(outcome.scope.exposures)
    size_mb, n_unsized = sum(gap.size_bytes for gap in outcome.scope.gaps) / 1e6, sum(not gap.size_bytes for gap in outcome.scope.gaps)
    severity = outcome.assessment.severity
    parts = [
        f"{outcome.incident.company.name}: {counts['persons']:,} persons sure,"
        f" {counts['review']:,} to review, {counts['outsiders']:,} not in the register.",
        f"Read {counts['files']:,} files ({outcome.scope.n_bytes / 1e6:,.0f} MB, {counts['records']:,} records);"
        f" {counts['gaps']:,} could not be read{_size_of_gaps(size_mb, n_unsized)}.",
        *outcome.scope.notes,
        "",
        "WHOSE DATA (persons sure or to review)",
        _whose(rows),
        "",
        _how_bad(severity.band, severity.score, severity.advice),
        *[f"  {text}" for text in severity.overrides],
        "",
        "WHAT WE MUST DO, BY WHEN",
        assess.clock_wall(outcome.assessment),
    ]
    if outcome.assessment.questions:
        parts += [
            "",
            "QUESTIONS THAT SETTLE MOST",
            *[f"  {q.fact}: {q.says} (duties that wait: {len(q.settles)})" for q in outcome.assessment.questions[:5]],
        ]
    if outcome.scope.gaps:
        parts += [
            "",
            "WHAT COULD NOT BE READ",
            table(["file", "why", "what next"], [[gap.path, gap.reason, gap.next_step] for gap in outcome.scope.gaps[:20]]),
        ]
        if len(outcome.scope.gaps) > 20:
            parts.append(f"… and {len(outcome.scope.gaps) - 20} more in {out / 'gaps.csv'}")
    blocked = [n.id for n in outcome.notices if any(f.is_blocking for f in outcome.findings[n.id])]
    parts += [
        "",
        f"NOTICES: {len(outcome.notices)} in {out / 'notices'}, for {outcome.plan.sendings.num_rows:,} persons;"
        f" {outcome.plan.left_out.num_rows:,} cannot be reached (see left_out.csv)",
    ]
    if blocked:
        parts.append(f"  The honesty gate blocks {', '.join(blocked)}: see notice.json in each folder.")
    parts += ["", "WHAT HAPPENS NEXT", *_next(outcome, out)]
    return "\n".join(parts)


def _size_of_gaps(size_mb: float, n_unsized: int) -> str:
    parts = [f"{size_mb:,.1f} MB"] if size_mb else []
    parts += [f"of {n_unsized:,} nobody knows the size"] if n_unsized else []
    return f" ({', '.join(parts)})" if parts else ""


def _how_bad(band: str, score: float, advice: str) -> str:
    if band == "unknown":
        return f"HOW BAD: not known yet, because nobody has said which data are affected; advice so far: {advice}"
    return f"HOW BAD: {band.replace('_', ' ')} (ENISA {score:g}); advice: {advice}"


def _whose(rows: list[dict[str, Any]]) -> str:
    inside = [row for row in rows if row["state"] != "outsider"]
    kinds = sorted({row["kind"] for row in inside}, key=lambda kind: -sum(r["count_all"] for r in inside if r["kind"] == kind))[:8]
    groups: dict[tuple[str, str], dict[str, int]] = {}
    for row in inside:
        group = groups.setdefault((row["residence"] or "unknown", row["language"] or "?"), {})
        group[row["kind"]] = group.get(row["kind"], 0) + row["count_all"]
    ranked = sorted(groups.items(), key=lambda item: -max(item[1].values()))
    shown = [[place, language, *[f"{group.get(kind, 0):,}" for kind in kinds]] for (place, language), group in ranked[:15]]
    text = table(["place", "language", *kinds], shown, right=range(2, 2 + len(kinds)))
    return text + (f"\n… and {len(ranked) - 15} smaller groups" if len(ranked) > 15 else "")


def _next(outcome: "Outcome", out: Path) -> list[str]:
    if outcome.reach:
        stopped = [f"  Sending stopped: {outcome.reach.stopped_because}"] if outcome.reach.is_stopped else []
        return stopped + [f"  {state}: {n:,}" for state, n in outcome.reach.states.items()] + [f"  Who was not reached: amanat notify reach {out}"]
    story, n = outcome.incident.folder, outcome.plan.sendings.num_rows
    return [
        f"  1. Read the notices and the gaps; answer the questions in {story / 'facts.toml'} and run again.",
        "  2. Author, then a different approver:",
        f"     amanat notify approve {out} --as STAFF --key KEYFILE --file approval.toml --typed {n}",
        f"  3. amanat notify send {out} --to smtp://HOST:PORT --approval approval.toml",
    ]
