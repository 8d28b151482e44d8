"""Stand by the person: offers by harm, the desk's order, welfare calls, lessons, and what the survey after help says."""

from argparse import ArgumentTypeError, Namespace
from dataclasses import asdict
from datetime import date, datetime, timezone
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.moment import moment_of
from amanat.lib.table import table
from amanat.terms.register import COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

VERB = Verb("care", __doc__)


class BadInput(Fixable):
    """An argument or file that this verb cannot use."""


def _euros(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "").replace("_", ""))
    except InvalidOperation:
        raise ArgumentTypeError(f"{text!r} is not an amount in euros, such as 25000") from None


def _moment(text: str) -> datetime:
    moment = moment_of(text)
    if moment is None:
        raise ArgumentTypeError(f"{text!r} is not a moment with its offset, such as 2026-03-06T18:00:00+01:00")
    return moment


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day, such as 2026-03-06") from None


@VERB.command(
    "offers",
    argument("exposures", type=Path, help="exposures.parquet as `amanat run` or `amanat scope files` writes it"),
    argument("--budget", type=_euros, metavar="EUR", help="what may be spent; without it every offer is funded"),
    json_keys=("n_sure", "offers", "owed_eur", "funded_eur"),
)
def offers(given: Namespace) -> Result:
    """Show what each offer would cost for the persons affected, and which offers a budget holds.

    An offer is funded for everybody who is eligible or for nobody. What a law owes is funded first, whatever the budget.
    """
    from amanat.care import plan

    exposures = _exposures(given.exposures)
    lines = plan(exposures, budget_eur=given.budget)
    n_sure = sum(state == "sure" for state in exposures["state"].to_pylist())
    owed = sum((line.owed_eur for line in lines), Decimal(0))
    funded = sum((line.cost_eur if line.is_funded else line.owed_eur for line in lines), Decimal(0))
    rows = [
        [
            line.offer,
            f"{line.n_persons:,}",
            f"{line.n_owed:,}",
            f"{line.cost_eur:,.0f}",
            "yes" if line.is_funded else f"no, {line.short_eur:,.0f} EUR short",
        ]
        for line in lines
    ]
    text = table(["offer", "persons", "owed by law", "EUR if all accept", "funded"], rows, right=[1, 2, 3])
    text += f"\n\n{n_sure:,} persons are affected for sure; {funded:,.0f} EUR if everybody accepts what is funded, of which the law owes {owed:,.0f}."
    if given.budget is not None and owed > given.budget:
        text += "\nThe budget does not hold what the law owes. It is owed all the same."
    keys = {"n_sure": n_sure, "offers": [asdict(line) for line in lines], "owed_eur": owed, "funded_eur": funded}
    return Result(keys=keys, text=text)


@VERB.command("check", json_keys=("n_members", "flaws"))
def check(given: Namespace) -> Result:
    """Check every offer, harm and lesson: examples hold, all languages are there, nobody is asked to give up a right."""
    from amanat.care import flaws, harms, lessons
    from amanat.care import offers as all_offers

    found = flaws()
    n = len(all_offers()) + len(harms()) + len(lessons())
    text = (
        "\n".join(f"{flaw.member}: {flaw.says}" for flaw in found) or f"{n} offers, harms and lessons: every example holds, every language is there."
    )
    return Result(keys={"n_members": n, "flaws": [asdict(flaw) for flaw in found]}, text=text, is_passed=not found)


@VERB.command(
    "cases",
    argument(
        "cases", type=Path, help="CSV with case_id, opened_at, urgency (depends, safety, need, harm, other), and if you like state, answered_at"
    ),
    argument("--now", type=_moment, help="the moment to count from; without it, this one"),
    json_keys=("cases", "n_open", "n_late", "kept_share"),
)
def cases(given: Namespace) -> Result:
    """Put cases into the order in which they are to be served, each with the time its first answer is due."""
    from amanat.care import due_at, in_order, kept
    from amanat.care.queue import read_cases

    now = given.now or datetime.now(timezone.utc)
    found = read_cases(given.cases)
    waiting = in_order(found)
    judged = [is_kept for is_kept in (kept(case, now=now) for case in found) if is_kept is not None]
    late = [case for case in waiting if due_at(case) < now]
    rows = [[case.id, case.urgency, due_at(case).isoformat(timespec="minutes"), "late" if case in late else ""] for case in waiting]
    share = sum(judged) / len(judged) if judged else None
    text = table(["case", "why first", "answer due", ""], rows) + f"\n\n{len(waiting)} open, {len(late)} late."
    if share is not None:
        text += f" The target was kept for {sum(judged)} of {len(judged)} cases whose time is over."
    keys = {
        "cases": [{"case_id": c.id, "urgency": c.urgency, "due_at": due_at(c).isoformat(), "is_late": c in late} for c in waiting],
        "n_open": len(waiting),
        "n_late": len(late),
        "kept_share": share,
    }
    return Result(keys=keys, text=text)


@VERB.command(
    "dependents",
    argument("exposures", type=Path, help="exposures.parquet of the incident"),
    argument("--register", type=Path, help="the register; its column `needs` says who declared a need"),
    json_keys=("persons", "n"),
)
def dependents(given: Namespace) -> Result:
    """List who must be called because they depend on us: an interrupted service first, with a declared need before all."""
    from amanat.care import to_call

    exposures = _exposures(given.exposures)
    found = to_call(exposures, _with_needs(given.register) if given.register else ())
    rows = [[one.person_id, one.why.replace("_", " ")] for one in found]
    text = (
        table(["person", "why"], rows) + f"\n\n{len(found)} persons to call."
        if found
        else "Nobody in these exposures lost a service or declared a need."
    )
    if not given.register:
        text += "\nWithout --register, declared needs are not known."
    return Result(keys={"persons": [asdict(one) for one in found], "n": len(found)}, text=text)


@VERB.command(
    "lessons",
    argument("--kinds", default="", metavar="KIND,KIND", help="kinds of data exposed, as in the glossary; without it, every lesson"),
    argument("--place", default="", help="where the person lives (ISO 3166-1 or 3166-2)"),
    argument("--language", default="en", help="language of the lessons"),
    json_keys=("lessons",),
)
def lessons(given: Namespace) -> Result:
    """Show the lessons that help a person, by the kinds of data exposed and the place."""
    from amanat.care import in_language, lessons_for
    from amanat.care import lessons as all_lessons
    from amanat.terms.kinds import KINDS
    from amanat.terms.places import is_place

    kinds = [kind.strip() for kind in given.kinds.split(",") if kind.strip()]
    for kind in kinds:
        if kind not in KINDS:
            raise BadInput(f"--kinds: {kind!r} is not a kind of data{did_you_mean(kind, KINDS)}")
    if given.place and not is_place(given.place):
        raise BadInput(f"--place: {given.place!r} is not a place; write ISO 3166-1 or 3166-2, such as FR or US-CA")
    found = lessons_for(kinds, given.place or None) if kinds or given.place else list(all_lessons().values())
    shown = [
        {"id": lesson.id, "minutes": lesson.minutes, "source": lesson.source, **asdict(in_language(lesson.words, given.language))} for lesson in found
    ]
    text = "\n\n".join(
        f"{one['title']} ({one['minutes']} min)\n{one['why']}\n" + "\n".join(f"  {n}. {step}" for n, step in enumerate(one["steps"], 1))
        for one in shown
    )
    return Result(keys={"lessons": shown}, text=text or "There is no lesson for these kinds and this place.")


@VERB.command(
    "claim",
    argument("harm", help="what happened, by the name of a file in care/harms"),
    argument("--kinds", default="", metavar="KIND,KIND", help="what of the person's data was affected"),
    argument("--on", type=_day, metavar="DAY", help="the day of the misuse, if the person said one"),
    argument("--incident", type=_day, metavar="DAY", help="the first day of the incident, if it is known"),
    argument("--received", type=_moment, help="when the claim came in; without it, now"),
    json_keys=("link", "reasons", "answer_due_at", "is_urgent"),
)
def claim(given: Namespace) -> Result:
    """Say how a reported harm hangs together with the incident, and by when the person must have an answer."""
    from amanat.care import answer_due, harms, link_of
    from amanat.terms.claim import Claim

    known = harms()
    if given.harm not in known:
        raise BadInput(f"there is no harm {given.harm!r}{did_you_mean(given.harm, known)}; known are {', '.join(known)}".replace("?;", "?"))
    received = given.received or datetime.now(timezone.utc)
    link = link_of(
        Claim(harm=given.harm, happened_on=given.on, received_at=received, lost_eur=None),
        [kind.strip() for kind in given.kinds.split(",")],
        began_on=given.incident,
    )
    due = answer_due(known[given.harm], received)
    reasons = ", ".join(link.reasons).replace("_", " ")
    text = f"link to the incident: {link.state.replace('_', ' ')} ({reasons})\nanswer due by {due.isoformat(timespec='minutes')}"
    return Result(
        keys={"link": link.state, "reasons": list(link.reasons), "answer_due_at": due.isoformat(), "is_urgent": known[given.harm].is_urgent},
        text=text,
    )


@VERB.command(
    "survey",
    argument("answers", type=Path, help="CSV or Parquet with any of nps (0 to 10), csat, benevolence, integrity, competence (1 to 5)"),
    json_keys=("figures",),
)
def survey(given: Namespace) -> Result:
    """Count the survey after help: every figure with its 95 % interval, and none from fewer than ten answers."""
    from amanat.care import figures
    from amanat.care.survey import N_LEAST, read_answers

    found = figures(read_answers(given.answers))

    def shown(figure: Any) -> list[object]:
        if figure.value is None:
            return [figure.question, figure.n, f"not shown: fewer than {N_LEAST} answers", "", figure.says]
        return [figure.question, figure.n, f"{figure.value:.2f}", f"{figure.low:.2f} to {figure.high:.2f}", figure.says]

    text = table(["question", "answers", "value", "95 % interval", "meaning"], [shown(f) for f in found], right=[1])
    return Result(keys={"figures": [asdict(f) for f in found]}, text=text)


def _exposures(path: Path) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.read_table(path)
    except (OSError, pa.ArrowInvalid):
        raise BadInput(f"{path}: cannot be read as Parquet; give the exposures.parquet that `amanat run` or `amanat scope files` wrote") from None
    for column in ("person_id", "kinds", "basis", "residence", "state"):
        if column not in found.column_names:
            raise BadInput(f"{path}: has no column {column!r}; give an exposures.parquet as `amanat run` or `amanat scope files` writes it")
    return found


def _with_needs(register: Path) -> list[str]:
    """Ids of the persons whose register row has something under `needs`. Raises BadInput for a file that cannot answer that."""
    rows, header = _register_rows(register)
    plain = {name.strip().lower().replace(" ", "_"): name for name in header}
    names = {}
    for ours in ("person_id", "needs"):
        found = [plain[name] for name in (ours, *COLUMNS[ours].also) if name in plain]
        if not found:
            # Without it "nobody declared a need" would be said of people whom nobody asked about.
            raise BadInput(f"{register}: has no column {ours!r}{did_you_mean(ours, plain)}; it needs the columns person_id and needs")
        names[ours] = found[0]
    if not rows:
        raise BadInput(f"{register}: holds no persons; give the whole register")
    return [str(row[names["person_id"]]) for row in rows if str(row[names["needs"]] or "").strip()]


def _register_rows(register: Path) -> tuple[list[dict[str, Any]], list[str]]:
    import csv

    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        if register.suffix == ".parquet":
            found = pq.read_table(register)
            return found.to_pylist(), found.column_names
        with register.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            delimiter = max(",;\t", key=head.count)
            reader = csv.DictReader(file, delimiter=delimiter)
            rows = list(reader)
            return rows, list(reader.fieldnames or [])
    except FileNotFoundError:
        raise BadInput(f"{register}: there is no such file; check the spelling") from None
    except (UnicodeDecodeError, csv.Error, pa.ArrowInvalid):
        raise BadInput(f"{register}: cannot be read; give the register as CSV in UTF-8 or as Parquet") from None


if __name__ == "__main__":
    import sys

    sys.exit(VERB.main(sys.argv[1:]))
