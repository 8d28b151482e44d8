"""`amanat notify statement`: the first words to everybody, ready within the hour, the last ones, and the monthly bulletin after them."""

from argparse import ArgumentTypeError, Namespace
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable
from amanat.lib.moment import moment_of


class NoFolder(Fixable):
    """The folder lacks what a statement is made of."""


def _moment(text: str) -> datetime:
    moment = moment_of(text)
    if moment is None:
        raise ArgumentTypeError(f"{text!r} is not a moment with its offset, such as 2026-03-06T18:00:00+01:00")
    return moment


def add_to(verb: Verb) -> None:
    """Adds `statement` to `amanat notify`."""
    verb.command(
        "statement",
        argument("folder", type=Path, metavar="FOLDER", help="a story or case folder: facts.toml may be nearly empty, company.toml says who speaks"),
        argument(
            "which",
            choices=("holding", "closing", "bulletin"),
            help="holding: what is true while almost nothing is known; closing: what was learned and done; bulletin: what became safer this month",
        ),
        argument("--next-update", type=_moment, metavar="MOMENT", help="when we write again; a promise that everybody reads"),
        argument("--lang", action="append", metavar="TAG", help="language, once for each; without it, those of the company"),
        argument("--out", type=Path, metavar="DIR", help="also write each text and its notice.json there"),
        argument("--now", type=_moment, metavar="MOMENT", help="when it goes out, for drills; default: now"),
        json_keys=("statements", "n_blocking"),
    )(statement)


def statement(given: Namespace) -> Result:
    """Write the holding statement of the first hour, the closing letter or a monthly bulletin, in the company's languages.

    They stand on the facts that are known; what is not known is said to be unknown. The closing letter tells the facts
    what_we_learned and what_we_changed, the bulletin those that begin with bulletin_. Exit code 1 when the honesty gate blocks.
    Nothing is sent: whoever publishes it signs for it.
    """
    from amanat.notify.as_text import as_text
    from amanat.notify.compose import compose
    from amanat.notify.gate import check_notice
    from amanat.notify.store import write_notices
    from amanat.terms.company import read_company
    from amanat.terms.fact import Fact, read_facts

    for name in ("facts.toml", "company.toml"):
        if not (given.folder / name).is_file():
            raise NoFolder(f"{given.folder}: {name} is missing; facts.toml may be empty, company.toml says who speaks and where to ask")
    facts, company = dict(read_facts(given.folder / "facts.toml")), read_company(given.folder / "company.toml")
    now = given.now or datetime.now(timezone.utc)
    if given.next_update:
        facts["next_update"] = Fact(name="next_update", value=given.next_update, status="known", source="--next-update")
    notices = compose(facts, company, now=now, audience=given.which, languages=given.lang)
    findings = {one.id: check_notice(one, facts, (), company, now=now) for one in notices}
    if given.out:
        given.out.mkdir(parents=True, exist_ok=True)
        write_notices(notices, given.out, findings=findings, company=company, on=now.date())
    n_blocking = sum(f.is_blocking for found in findings.values() for f in found)
    texts = {one.id: as_text(one) for one in notices}
    keys = {
        "statements": [
            {"id": one.id, "title": one.title, "text": texts[one.id], "findings": [asdict(f) for f in findings[one.id]]} for one in notices
        ],
        "n_blocking": n_blocking,
    }
    parts = [f"==== {one.id} ====\n\n{texts[one.id]}" for one in notices]
    parts += [f"The gate, {name}: {f.says} {f.quote}".rstrip() for name, found in findings.items() for f in found]
    if given.which == "holding" and "next_update" not in facts:
        parts.append("It promises no moment for the next news yet: give one that you can keep with --next-update.")
    return Result(keys=keys, text="\n\n".join(parts), is_passed=not n_blocking)
