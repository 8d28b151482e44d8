"""Be ready next time: controls that must be there, a company to practise on, drills."""

from argparse import BooleanOptionalAction, Namespace
from datetime import datetime, timezone
from pathlib import Path

from amanat import prepare
from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable
from amanat.lib.progress import Line
from amanat.lib.table import table

VERB = Verb("prepare", __doc__)
# A Friday evening: the 72 hours of the GDPR run through the weekend.
AWARENESS = "2026-11-13T19:40:00+01:00"


class BadMoment(Fixable):
    """--at is not a moment."""


@VERB.command(
    "company",
    argument("folder", type=Path, metavar="DIR", help="the story folder to write; new or empty"),
    argument("--persons", type=int, default=2000, metavar="N", help="persons in the register (default 2000)"),
    argument("--seed", type=int, default=1, metavar="S", help="another seed, another company (default 1)"),
    argument("--kind", default="hotel", help="kind of company: hotel, hospital or shop (default hotel)"),
    argument("--at", default=AWARENESS, metavar="MOMENT", help=f"when the company became aware, with offset from UTC (default {AWARENESS})"),
    argument("--excess-churn", type=float, default=0.03, metavar="SHARE", help="affected customers who leave because of it (default 0.03)"),
    argument(
        "--events",
        action=BooleanOptionalAction,
        default=None,
        help="write what guests did, half a year on each side (hotels only; default: to 200,000)",
    ),
    json_keys=("folder", "persons", "affected", "outsiders", "accessible_only", "only_unreadable", "kinds", "residents", "files", "size_bytes"),
)
def company(given: Namespace) -> Result:
    """Invent a company on its worst day: register, stolen files, facts, and the truth about them.

    The folder can be given to `amanat run`. Nobody in it exists: numbers are valid by checksum and come from ranges that belong to nobody
    wherever such a range exists. The same arguments give the same bytes.
    """
    try:
        at = datetime.fromisoformat(given.at)
    except ValueError:
        raise BadMoment(f"--at: {given.at!r} is not a moment; write it like {AWARENESS}") from None
    line = Line(unit="persons")
    try:
        keys = prepare.make_company(
            given.folder,
            persons=given.persons,
            seed=given.seed,
            kind=given.kind,
            at=at,
            excess_churn=given.excess_churn,
            events=given.events,
            progress=line,
        )
    finally:
        line.close()
    rows = [
        ("persons in the register", f"{keys['persons']:,}"),
        ("of them in the stolen files", f"{keys['affected']:,}"),
        ("only within the intruder's reach", f"{keys['accessible_only']:,}"),
        ("only in files that nobody can open", f"{keys['only_unreadable']:,}"),
        ("persons not in the register", f"{keys['outsiders']:,}"),
        ("stolen files", f"{keys['files']:,}"),
        ("megabytes", f"{keys['size_bytes'] / 1e6:,.0f}"),
    ]
    text = f"{table(['in ' + str(given.folder), 'number'], rows, right=[1])}\n\nNext: amanat run {given.folder} --out OUT"
    return Result(keys=keys, text=text)


@VERB.command(
    "controls",
    argument("--company", type=Path, metavar="FILE", help="company.toml, for our domains and pages and for who may approve"),
    argument("--controls", type=Path, metavar="FILE", help="controls.toml: what staff say; default: the one beside company.toml"),
    argument("--offline", action="store_true", help="ask neither DNS nor our web pages; those controls are then unknown"),
    json_keys=("controls", "counts", "not_passed"),
)
def controls(given: Namespace) -> Result:
    """Are we ready? Each control with its state, why, its owner, and what to do; what hurts most first.

    Where we can look ourselves, we do: DNS records and certificates of our domains, common mistakes of the response plan, amanat's own key and
    backups. Elsewhere the word of staff counts, if it names owner, evidence and a recent day. Exit 1 when a must-have is missing or unknown.
    """
    from amanat.lib import settings
    from amanat.prepare.survey import as_json, as_text
    from amanat.terms.company import read_company

    now = datetime.now(timezone.utc)
    company = read_company(given.company) if given.company else None
    path = given.controls
    if path is None and given.company and (given.company.parent / "controls.toml").exists():
        path = given.company.parent / "controls.toml"
    sheet = prepare.read_sheet(path, today=now.astimezone().date()) if path else None
    key_file = Path(settings.get("AMANAT_MASTER_KEY_FILE") or settings.data_folder() / "master.key").expanduser()
    found = prepare.readiness(company, sheet, now=now, key_file=key_file, is_online=not given.offline)
    keys = as_json(found)
    return Result(keys=keys, text=as_text(found), is_passed=not keys["not_passed"])


@VERB.command("check", json_keys=("n_tried", "misses"))
def check(given: Namespace) -> Result:
    """Try every control's own examples; exit 1 when one comes out otherwise than its file says."""
    from dataclasses import asdict

    n_tried, misses = prepare.check_controls()
    lines = [f"{m.control}: example {m.number} should be {', '.join(m.expected)}, and is {', '.join(m.got)}" for m in misses]
    lines.append(f"{n_tried} examples of controls tried, {len(misses)} differ.")
    return Result(keys={"n_tried": n_tried, "misses": [asdict(m) for m in misses]}, text="\n".join(lines), is_passed=not misses)
