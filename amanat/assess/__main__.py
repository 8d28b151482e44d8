"""What must we do, by when, and why: duties and clocks of the law, and how bad it is for the persons."""

from argparse import Namespace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.moment import moment_of

if TYPE_CHECKING:
    from amanat.terms.assessment import Assessment

VERB = Verb("assess", __doc__)

_CASE = (
    argument("facts", type=Path, help="facts.toml of the incident"),
    argument("--exposures", type=Path, metavar="FILE", help="exposures.parquet of a scan; without it the facts `residents` and `kinds` count"),
    argument("--now", metavar="MOMENT", help="as if it were then, such as 2026-03-06T18:00:00+01:00 (default: the clock)"),
    argument("--include-proposed", action="store_true", help="drafts of law as well"),
)


class BadMoment(Fixable):
    """A moment on the command line that is none."""


class NoSuchDuty(Fixable):
    """A duty id that no law has."""


class NotKept(Fixable):
    """A file that holds no assessment."""


class NotExposures(Fixable):
    """A file that holds no exposures."""


@VERB.command("duties", *_CASE, json_keys=("severity", "duties", "fines", "questions", "assumed", "channel_order"))
def duties(given: Namespace) -> Result:
    """List what the law demands, the nearest deadline first, with reasons and what to ask next."""
    from amanat.assess import assessment_as_json, wall

    at = _moment(given.now)
    assessment = _assessment(given, at)
    return Result(keys=assessment_as_json(assessment), text=wall.as_text(assessment, at=at))


@VERB.command("explain", _CASE[0], argument("duty", metavar="DUTY_ID", help="such as eu-gdpr.authority"), *_CASE[1:], json_keys=("duty",))
def explain(given: Namespace) -> Result:
    """Show every step that led to the state of one duty, and which single answer would change it."""
    from amanat.assess import assessment_as_json, wall

    assessment = _assessment(given, _moment(given.now))
    by_id = {duty.id: i for i, duty in enumerate(assessment.duties)}
    if given.duty not in by_id:
        raise NoSuchDuty(f"there is no duty {given.duty!r}{did_you_mean(given.duty, by_id) or '.'} `amanat assess duties` lists them.")
    index = by_id[given.duty]
    return Result(keys={"duty": assessment_as_json(assessment)["duties"][index]}, text=wall.explained(assessment.duties[index]))


@VERB.command("facts", json_keys=("facts",))
def facts(given: Namespace) -> Result:
    """List every fact that laws and notices ask for: its type, its choices, and the question it answers."""
    from dataclasses import asdict

    from amanat.lib.table import table
    from amanat.terms.fact import fact_types

    types = fact_types().values()
    rows = [[fact.name, " < ".join(fact.choices) if fact.choices else fact.type, fact.says] for fact in types]
    return Result(keys={"facts": [asdict(fact) for fact in types]}, text=table(["fact", "type or choices", "question"], rows))


@VERB.command("laws", json_keys=("laws",))
def laws(given: Namespace) -> Result:
    """List the laws, where they hold, when each file was read, and which rules nobody has checked yet."""
    from amanat import assess
    from amanat.lib.table import table

    known = assess.laws().values()
    keys = [
        {
            "id": law.id,
            "name": law.name,
            "citation": law.citation,
            "places": list(law.places),
            "kind": law.kind,
            "authority": law.authority.name,
            "read_on": law.read_on.isoformat(),
            "read_by": law.read_by,
            "duties": [
                {"id": rule.id, "to": rule.to, "cite": rule.cite, "confidence": rule.confidence, "verified": rule.verified} for rule in law.duty
            ],
            "is_draft": all(version.status == "proposed" for rule in law.duty for version in rule.version),
        }
        for law in known
    ]
    rows = [
        [
            law.id,
            ", ".join(law.places) or "any",
            len(law.duty),
            sum(not rule.verified for rule in law.duty),
            law.read_on,
            law.read_by or "nobody yet",
            law.name,
        ]
        for law in known
    ]
    text = table(["law", "places", "duties", "unchecked", "read on", "enacted text read by", "name"], rows, right=[2, 3])
    text += "\n\n“unchecked”: no source was opened for the rule; it may create a duty, never remove one."
    return Result(keys={"laws": keys}, text=text)


@VERB.command("check", json_keys=("n_compared", "misses"))
def check(given: Namespace) -> Result:
    """Judge every law's own examples; exit 1 when one comes out otherwise than its file expects."""
    from dataclasses import asdict

    from amanat import assess

    n_compared, misses = assess.check_laws()
    lines = [f"{miss.law}: {miss.story!r}: {miss.duty} should be {miss.expected}, and is {miss.got}" for miss in misses]
    lines.append(f"{n_compared} outcomes compared in the examples of {len(assess.laws())} laws, {len(misses)} differ.")
    return Result(keys={"n_compared": n_compared, "misses": [asdict(miss) for miss in misses]}, text="\n".join(lines), is_passed=not misses)


@VERB.command(
    "diff",
    argument("before", type=Path, metavar="BEFORE", help="assessment.json as it was kept (of `amanat run`, or `assess duties … --format json`)"),
    *_CASE,
    json_keys=("changes", "n_same"),
)
def diff(given: Namespace) -> Result:
    """Judge the facts by the laws and the facts of today, and show what has changed since an assessment was kept.

    What is new or earlier stands first. Exit 1 when any duty has changed, so that a timer can watch an open incident.
    """
    from dataclasses import asdict

    from amanat.assess.diff import changes
    from amanat.lib.table import table

    before, after = _kept(given.before), _assessment(given, _moment(given.now))
    found = changes(before, after)

    def says(state: str | None, due: datetime | None) -> str:
        return "" if state is None else f"{state}, {due:%Y-%m-%d %H:%M %z}" if due else state

    rows = [[one.duty, one.change, says(one.state_before, one.due_before), says(one.state_after, one.due_after)] for one in found]
    n_same = len({duty.id for duty in after.duties} - {one.duty for one in found})
    text = table(["duty", "what changed", "before", "now"], rows) if rows else f"Nothing has changed: {n_same} duties stand as they were."
    return Result(keys={"changes": [asdict(one) for one in found], "n_same": n_same}, text=text, is_passed=not found)


def _kept(path: Path) -> "Assessment":
    import json

    from amanat import assess

    try:
        table = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise NotKept(f"{path}: there is no such file; give the assessment.json that `amanat run --out` wrote") from None
    except ValueError:
        table = None
    if not isinstance(table, dict):
        raise NotKept(f"{path}: is no assessment.json; give the one that `amanat run --out` wrote")
    return assess.assessment_from_json(table)


def _assessment(given: Namespace, at: datetime) -> "Assessment":
    from amanat import assess
    from amanat.terms.fact import read_facts

    known = read_facts(given.facts)
    return assess.assess(known, exposures=_exposures(given.exposures), now=at, include_proposed=given.include_proposed)


def _exposures(path: Path | None):  # type: ignore[no-untyped-def]
    if path is None:
        return None
    import pyarrow as pa
    import pyarrow.parquet as pq

    from amanat.terms.exposure import EXPOSURES

    try:
        return pq.read_table(path, columns=EXPOSURES.names).cast(EXPOSURES)
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else "it is no Parquet file with the columns of exposures"
        raise NotExposures(f"{path}: {reason}; make it with `amanat scope files … --out DIR`") from None


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(timezone.utc)
    moment = moment_of(text)
    if moment is None:
        raise BadMoment(f"--now {text!r} is no moment; write it with its offset from UTC, such as 2026-03-06T18:00:00+01:00")
    return moment


if __name__ == "__main__":
    import sys

    sys.exit(VERB.main(sys.argv[1:]))
