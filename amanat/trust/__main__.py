"""Is trust coming back? What persons did after the incident, beside those who were not affected."""

from argparse import Namespace
from datetime import datetime, timezone
from pathlib import Path

from amanat import trust
from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable

VERB = Verb("trust", __doc__)


class BadMoment(Fixable):
    """A moment on the command line that is none."""


@VERB.command(
    "report",
    argument("events", type=Path, metavar="EVENTS", help="Parquet or CSV of what persons did: person_id, at, kind, …"),
    argument("--exposures", type=Path, required=True, metavar="FILE", help="who was affected: exposures.parquet of a scan, or a CSV with person_id"),
    argument("--persons", type=Path, metavar="FILE", help="the register: who was a customer, since when, of what value"),
    argument("--since", metavar="MOMENT", help="when persons could first react (default: the first event of the kind `told`)"),
    argument("--until", metavar="MOMENT", help="end of what was seen (default: the last event)"),
    argument("--founded", metavar="DAY", help="events before it are set aside (default: the first day in the register)"),
    argument("--receipts", type=Path, metavar="FILE", help="receipts.parquet of amanat's own sending: who was told, and when"),
    argument(
        "--answers", type=Path, metavar="FILE", help="answers of amanat's own survey: person_id, at, nps, csat, benevolence, integrity, competence"
    ),
    argument("--cases", type=Path, metavar="FILE", help="the desk's cases: opened_at, due_at, answered_at, state"),
    argument("--out", type=Path, metavar="DIR", help="where report.html, report.pdf and report.json go (default: nowhere)"),
    argument("--language", default="en", help="of the page and the PDF: en, fr, fa (default en)"),
    argument("--company", default="", metavar="NAME", help="whose report it is, for its head"),
    json_keys=(
        "since",
        "until",
        "n_days",
        "n_affected",
        "n_unaffected",
        "n_left_out",
        "measures",
        "set_aside",
        "cautions",
        "sources",
        "own",
        "files",
    ),
)
def report(given: Namespace) -> Result:
    """Measure what the incident did: leaving, orders, log-ins, recovery, reach, answers, complaints, cost.

    A number stands only with its interval and its comparison group; where the groups already differed before, or nobody is left to compare
    with, the report says "not identified" and why.
    """
    made = trust.report(
        given.events,
        given.exposures,
        persons=given.persons,
        since=_moment("--since", given.since),
        until=_moment("--until", given.until),
        founded=_moment("--founded", given.founded),
        receipts=given.receipts,
        answers=given.answers,
        cases=given.cases,
        now=datetime.now(timezone.utc),
    )
    files = trust.write_report(made, given.out, language=given.language, company=given.company) if given.out else []
    keys = trust.report_as_json(made) | {"files": [str(path) for path in files]}
    told = trust.sentences(keys, given.language)
    colon = told["text"]["colon"]
    lines = [*told["lead"], ""]
    for measure in told["measures"]:
        if measure["has_number"]:
            lines.append(f"{measure['title']}{colon}{measure['value']}  [{measure['standing_says']}, {measure['compared']}]")
        else:
            lines += [f"{measure['title']}{colon}{measure['standing_says']}{colon}{why}" for why in measure["why"]]
    for table in told["own"]["tables"]:
        lines += ["", table["title"], *[f"- {name}{colon}{'  '.join(cells)}" for name, cells in table["rows"]]]
    for head, notes in ((told["text"][name], told[name]) for name in ("sources", "cautions", "set_aside")):
        lines += ["", f"{head}{colon}".rstrip(), *[f"- {note}" for note in notes]] if notes else []
    lines += ["", *[str(path) for path in files]]
    return Result(keys=keys, text="\n".join(lines))


@VERB.command("check", json_keys=("n_compared", "misses", "accuracy"))
def check(given: Namespace) -> Result:
    """Run each measure's own examples, and show how well texts are read; exit 1 when an example comes out otherwise."""
    from dataclasses import asdict

    n_compared, misses = trust.check_measures()
    accuracy = trust.accuracies()
    lines = [f"{miss.gauge}: {miss.story!r}: {miss.name} should be {miss.expected}, and is {miss.got}" for miss in misses]
    lines.append(f"{n_compared} values compared in the examples of the measures, {len(misses)} differ.")
    lines += [
        f"texts in {language}: {a['sensitivity']:.0%} of complaints found, {a['specificity']:.0%} of the rest cleared, on {a['n']} held-out texts"
        for language, a in accuracy.items()
    ]
    keys = {"n_compared": n_compared, "misses": [asdict(miss) for miss in misses], "accuracy": accuracy}
    return Result(keys=keys, text="\n".join(lines), is_passed=not misses)


def _moment(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadMoment(f"{name} {text!r} is no moment; write it like 2026-11-16T07:40:00+01:00, or as a day like 2026-11-16") from None
    # A day alone begins at midnight UTC, as the events are in UTC.
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


if __name__ == "__main__":
    import sys

    sys.exit(VERB.main(sys.argv[1:]))
