"""What must we do, by when, and why: duties and clocks of the law, and how bad it is for the persons."""

from argparse import Namespace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from amanat.assess.money import commands as money_commands
from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.moment import moment_of

if TYPE_CHECKING:
    from amanat.terms.assessment import Assessment
    from amanat.terms.fact import Fact

VERB = Verb("assess", __doc__)

_CASE = (
    argument("facts", type=Path, help="facts.toml of the incident"),
    argument("--exposures", type=Path, metavar="FILE", help="exposures.parquet of a scan; without it the facts `residents` and `kinds` count"),
    argument("--now", metavar="MOMENT", help="as if it were then, such as 2026-03-06T18:00:00+01:00 (default: the clock)"),
    argument(
        "--as-of",
        metavar="MOMENT",
        help="as it stood then: by the facts that were known by that moment (`since`, `earlier`) and the law then in force; sets --now as well",
    ),
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

    at = _moment(given)
    assessment = _assessment(given, at)
    return Result(keys=assessment_as_json(assessment), text=wall.as_text(assessment, at=at))


@VERB.command("explain", _CASE[0], argument("duty", metavar="DUTY_ID", help="such as eu-gdpr.authority"), *_CASE[1:], json_keys=("duty",))
def explain(given: Namespace) -> Result:
    """Show every step that led to the state of one duty, and which single answer would change it."""
    from amanat.assess import assessment_as_json, wall

    known, assessment = _known(given), _assessment(given, _moment(given))
    by_id = {duty.id: i for i, duty in enumerate(assessment.duties)}
    if given.duty not in by_id:
        raise NoSuchDuty(f"there is no duty {given.duty!r}{did_you_mean(given.duty, by_id) or '.'} `amanat assess duties` lists them.")
    index = by_id[given.duty]
    return Result(keys={"duty": assessment_as_json(assessment)["duties"][index]}, text=wall.explained(assessment.duties[index], known))


@VERB.command(
    "basis",
    *_CASE,
    argument("--out", type=Path, metavar="FILE", help="every group as Parquet, with the content that the laws want in the letter"),
    json_keys=("n_persons", "n_groups", "groups"),
)
def basis(given: Namespace) -> Result:
    """List why we tell whom: for each group of persons alike, the laws that make us, by when, and which letter."""
    from amanat import assess
    from amanat.assess import basis_text

    exposures = _exposures(given.exposures)
    if exposures is None:
        raise NotExposures("the legal basis is that of each person: give --exposures, the exposures.parquet of a scan")
    groups = assess.legal_basis(_assessment(given, _moment(given)), exposures)
    if given.out is not None:
        import pyarrow.parquet as pq

        pq.write_table(groups, given.out)
    shown = groups.slice(0, basis_text.GROUPS_SHOWN).to_pylist()
    n_persons = sum(groups["n_persons"].to_pylist())
    keys = {"n_persons": n_persons, "n_groups": len(groups), "groups": shown}
    return Result(keys=keys, text=basis_text.as_text(shown, n_persons=n_persons, n_groups=len(groups)))


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
        for law in sorted(known, key=lambda law: law.kind == "contract")
    ]
    n_contracts = sum(law.kind == "contract" for law in known)
    header = ["law", "places", "duties", "unchecked", "read on", "enacted text read by", "name"]
    text = table(header, rows[: len(rows) - n_contracts], right=[2, 3])
    if n_contracts:
        text += f"\n\nCONTRACTS ({n_contracts}): they add duties and take none of the law's away.\n"
        text += table(["contract", *header[1:5], "text read by", "name"], rows[len(rows) - n_contracts :], right=[2, 3])
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
    "calendar",
    argument("--case", type=Path, required=True, metavar="DIR", help="folder of a case, as `amanat run --out` wrote it"),
    argument("--out", type=Path, metavar="FILE", help="the calendar; an earlier one there is followed (default: deadlines.ics in the case)"),
    argument("--now", metavar="MOMENT", help="as if it were then (default: the clock)"),
    json_keys=("file", "entries"),
)
def calendar(given: Namespace) -> Result:
    """Write the deadlines of a case as an iCalendar file (.ics), which any calendar program reads.

    Written again after something has changed, what has moved keeps its UID and gets a higher SEQUENCE, and what is not due any more is
    cancelled. Each event has alarms a day and two hours before; no person is in it.
    """
    from amanat.assess import calendar_file
    from amanat.lib.table import table

    at, target = _now(given.now), given.out or given.case / "deadlines.ics"
    before = calendar_file.read_ics(target.read_bytes(), where=str(target)) if target.exists() else {}
    wanted = calendar_file.entries_of(_kept(given.case / "assessment.json"), case=calendar_file.name_of(given.case))
    entries = calendar_file.follow(wanted, before, now=at)
    target.write_bytes(calendar_file.as_ics(entries, name="amanat", now=at))
    rows = [[one.due_at.isoformat(timespec="minutes"), one.standing.lower(), one.sequence, one.summary] for one in entries]
    text = f"{target}: {len(entries)} deadlines\n" + table(["deadline", "standing", "change", "duty"], rows, right=[2])
    return Result(keys={"file": str(target), "entries": [one.as_row() for one in entries]}, text=text)


@VERB.command(
    "diff",
    argument("before", type=Path, metavar="BEFORE", help="assessment.json as it was kept, or a folder with other law files than ours"),
    argument("cases", type=Path, nargs="+", metavar="FACTS", help="facts.toml, or the folder of a case; after a folder of laws, any number of them"),
    *_CASE[1:],
    json_keys=("changes", "n_same", "rules", "moved"),
)
def diff(given: Namespace) -> Result:
    """Show what has changed since an assessment was kept, or what another version of the laws does to open incidents.

    What is new or earlier stands first. Exit 1 when any duty has changed, so that a timer can watch open incidents.
    """
    return _diff_of_laws(given) if given.before.is_dir() else _diff_of_one(given)


def _diff_of_one(given: Namespace) -> Result:
    from dataclasses import asdict

    from amanat import assess
    from amanat.lib.table import table

    if len(given.cases) > 1:
        raise NotKept("an assessment.json is compared with the facts of one incident; give one, or a folder of laws as BEFORE")
    before, after = _kept(given.before), _assessment(given, _moment(given), given.cases[0])
    found = assess.changes(before, after)
    rows = [[one.duty, one.change, _says(one.state_before, one.due_before), _says(one.state_after, one.due_after)] for one in found]
    n_same = len({duty.id for duty in after.duties} - {one.duty for one in found})
    text = table(["duty", "what changed", "before", "now"], rows) if rows else f"Nothing has changed: {n_same} duties stand as they were."
    return Result(keys={"changes": [asdict(one) for one in found], "n_same": n_same, "rules": [], "moved": []}, text=text, is_passed=not found)


def _diff_of_laws(given: Namespace) -> Result:
    """Two versions of the law folder: what the rules say differently, and what that moves in which incident."""
    from dataclasses import asdict

    from amanat import assess
    from amanat.assess.statute_book import read_folder
    from amanat.assess.watch import rule_changes
    from amanat.lib.table import table

    at = _moment(given)
    pairs = {str(case): (_assessment(given, at, case, laws=given.before), _assessment(given, at, case)) for case in given.cases}
    rules = rule_changes([ready.law for ready in read_folder(given.before.resolve())], assess.laws().values())
    # Another wording of the same rule is named among the rules; here stands what it does to somebody.
    found = [one for one in assess.moved(pairs) if one.change != "reasons"]
    lines = [table(["duty", "what", "before", "now"], [[one.duty, one.what, one.before, one.after] for one in rules])] if rules else []
    lines += [""] if rules else ["The two folders say the same."]
    for one in found:
        n = len(one.cases)
        lines.append(
            f"{one.duty}: {one.change}, from {one.before or 'nothing'} to {one.after or 'nothing'};"
            f" affects {n} incident{'s' if n != 1 else ''}: {', '.join(one.cases)}"
        )
    lines += [] if found else ["No open incident is affected."]
    n_same = sum(len(after.duties) for _before, after in pairs.values()) - sum(len(one.cases) for one in found)
    keys = {"changes": [], "n_same": n_same, "rules": [asdict(one) for one in rules], "moved": [asdict(one) for one in found]}
    return Result(keys=keys, text="\n".join(lines), is_passed=not found)


def _says(state: str | None, due: datetime | None) -> str:
    return "" if state is None else f"{state}, {due:%Y-%m-%d %H:%M %z}" if due else state


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


def _assessment(given: Namespace, at: datetime, case: Path | None = None, *, laws: Path | None = None) -> "Assessment":
    from dataclasses import replace

    from amanat import assess

    known, assumed = _known_then(given, case)
    exposures = _exposures(given.exposures or _beside(case, "exposures.parquet"))
    found = assess.assess(
        known, exposures=exposures, now=at, include_proposed=given.include_proposed, laws=laws.resolve() if laws is not None else None
    )
    return replace(found, assumed=(*assumed, *found.assumed))


def _known(given: Namespace) -> "dict[str, Fact]":
    return _known_then(given, None)[0]


def _known_then(given: Namespace, case: Path | None) -> "tuple[dict[str, Fact], tuple[str, ...]]":
    """The facts, or with --as-of those known by then, and what had to be assumed about them."""
    from amanat.terms.fact import facts_as_of, read_facts

    path = given.facts if case is None else case
    if path.is_dir():
        path = _beside(path, "facts.toml") or _story_of(path) / "facts.toml"
    facts = read_facts(path)
    return facts_as_of(facts, _moment(given)) if given.as_of else (facts, ())


def _beside(case: Path | None, name: str) -> Path | None:
    """A file of a case folder, where there is one."""
    return case / name if case is not None and case.is_dir() and (case / name).exists() else None


def _story_of(case: Path) -> Path:
    """The story folder behind a case folder."""
    try:
        return Path((case / "story.txt").read_text(encoding="utf-8").strip())
    except OSError:
        raise NotKept(f"{case}: is no folder of a case, because it holds neither facts.toml nor story.txt; give one that `amanat run` made") from None


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


def _moment(given: Namespace) -> datetime:
    return _now(given.as_of, "--as-of") if given.as_of else _now(given.now)


def _now(text: str | None, option: str = "--now") -> datetime:
    if text is None:
        return datetime.now(timezone.utc)
    moment = moment_of(text)
    if moment is None:
        raise BadMoment(f"{option} {text!r} is no moment; write it with its offset from UTC, such as 2026-03-06T18:00:00+01:00")
    return moment


money_commands.add_to(VERB, _CASE, known=lambda given: (_known(given), _exposures(given.exposures), _assessment(given, _moment(given))))


if __name__ == "__main__":
    import sys

    sys.exit(VERB.main(sys.argv[1:]))
