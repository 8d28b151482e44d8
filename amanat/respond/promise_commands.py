"""Commands of the register of public promises."""

from argparse import ArgumentTypeError, Namespace
from datetime import datetime, timezone
from pathlib import Path
from typing import get_args

from amanat.lib.alone import while_nobody_rewrites
from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable
from amanat.lib.moment import moment_of
from amanat.lib.table import table
from amanat.terms.promise import MadeIn, Promise

CASE = argument("case", type=Path, metavar="CASE", help="the folder that `amanat run --out` wrote")
SAYS = {
    "open": "open",
    "due_soon": "due soon",
    "overdue": "OVERDUE",
    "kept": "kept",
    "kept_late": "kept, late",
    "broken": "broken",
    "moved": "moved",
}


class NoCase(Fixable):
    """The folder is none that `amanat run --out` wrote."""


def _moment(text: str) -> datetime:
    moment = moment_of(text)
    if moment is None:
        raise ArgumentTypeError(f"{text!r} is not a moment with its offset, such as 2026-03-06T18:00:00+01:00")
    return moment


NOW = argument("--now", type=_moment, metavar="MOMENT", help="the moment to count from; without it, this one")


def add_to(verb: Verb) -> None:
    """Adds the commands to `amanat respond`."""

    @verb.command("promises", CASE, NOW, json_keys=("promises", "n_overdue"))
    def promises(given: Namespace) -> Result:
        """Show every public promise: whose it is, by when, and whether it was kept.

        The next update, the offers and the measures of a notice become promises by themselves when it is sent. Exit code 1 when
        one is overdue.
        """
        return _list(given.case, given.now or datetime.now(timezone.utc))

    @verb.command(
        "promise",
        CASE,
        argument("--says", action="append", required=True, metavar="LANGUAGE=TEXT", help="the words as the public read them; once per language"),
        argument("--owner", required=True, metavar="STAFF_ID", help="who keeps it"),
        argument("--due", type=_moment, metavar="MOMENT", help="by when; leave it out where no date was named"),
        argument("--made-in", choices=get_args(MadeIn), default="statement", help="where the public read or heard it (statement)"),
        argument("--made-at", type=_moment, metavar="MOMENT", help="when; without it, now"),
        json_keys=("promise",),
    )
    def promise(given: Namespace) -> Result:
        """Write down a promise that somebody made in public: in an interview, a hearing, a post."""
        return _add(given)

    @verb.command(
        "settle-promise",
        CASE,
        argument("promise", metavar="ID", help="as `amanat respond promises` shows it"),
        argument("verdict", choices=("kept", "broken", "moved"), help="kept: with --evidence; broken: with --why; moved: with --why and --due"),
        argument("--as", dest="staff", required=True, metavar="STAFF_ID", help="who says so"),
        argument("--evidence", default="", help="of a kept one: where anybody can see it"),
        argument("--why", default="", help="of a broken or moved one"),
        argument("--due", type=_moment, metavar="MOMENT", help="of a moved one: the new date"),
        argument("--at", type=_moment, metavar="MOMENT", help="when it was kept; without it, now"),
        json_keys=("promise", "new"),
    )
    def settle(given: Namespace) -> Result:
        """Note that a promise was kept, with the evidence; or broken, or moved to another date, with the reason."""
        return _settle(given)


def _list(case: Path, now: datetime) -> Result:
    from amanat.respond.promises import as_json, read_promises

    _check(case)
    found = sorted(read_promises(case).values(), key=lambda one: (one.due_at is None, one.due_at or one.made_at))
    rows = [[SAYS[one.standing(now)], one.id, _what(one), _at(one.due_at) or "no date", one.owner, one.evidence or one.why] for one in found]
    n_overdue = sum(one.standing(now) == "overdue" for one in found)
    text = table(["", "id", "promise", "by", "owner", "evidence or reason"], rows) if found else "Nothing was promised in public so far."
    if n_overdue:
        text += f"\n\n{n_overdue} overdue. Keep it, or say openly that it is late: amanat respond settle-promise {case} ID kept|broken|moved"
    return Result(keys={"promises": [as_json(one, now=now) for one in found], "n_overdue": n_overdue}, text=text, is_passed=not n_overdue)


def _add(given: Namespace) -> Result:
    from amanat.respond.promises import BadPromise, a_promise, as_json, read_promises, write_promises

    _check(given.case)
    words = {}
    for part in given.says:
        language, equals, text = part.partition("=")
        if not equals or not language.strip():
            raise BadPromise(f'{part!r}: write the language, =, and the words: --says "en=We publish the report of the outside experts."')
        words[language.strip()] = text
    now = datetime.now(timezone.utc)
    one = a_promise("other", words, made_in=given.made_in, made_at=given.made_at or now, due_at=given.due, owner=given.owner)
    with while_nobody_rewrites(given.case):
        if one.id in read_promises(given.case):
            raise BadPromise(f"this promise stands in the register already, as {one.id}")
        write_promises(given.case, [one])
        _note(given.case, given.owner, "promise.made", now, {"promise": one.id, "due_at": _iso(one.due_at), "made_in": one.made_in})
    return Result(keys={"promise": as_json(one, now=now)}, text=f"Written down as {one.id}.")


def _settle(given: Namespace) -> Result:
    from amanat.respond.promises import BadPromise, as_json, break_, keep, move, promise_named, read_promises, write_promises

    _check(given.case)
    now = datetime.now(timezone.utc)
    with while_nobody_rewrites(given.case):
        old = promise_named(read_promises(given.case), given.promise)
        new: Promise | None = None
        match given.verdict:
            case "kept":
                ended = keep(old, at=given.at or now, evidence=given.evidence)
            case "broken":
                ended = break_(old, at=now, why=given.why)
            case _:
                if given.due is None:
                    raise BadPromise("--due is missing: a moved promise has a new date")
                ended, new = move(old, at=now, due_at=given.due, why=given.why)
        write_promises(given.case, [ended, *([new] if new else [])])
        what = {"promise": ended.id, "moved_to": ended.moved_to, "due_at": _iso(new.due_at) if new else None}
        _note(given.case, given.staff, f"promise.{ended.state}", now, {name: value for name, value in what.items() if value}, why=ended.why)
    text = f"{ended.id}: {SAYS[ended.standing(now)]}." + (f" The new one is {new.id}." if new else "")
    return Result(keys={"promise": as_json(ended, now=now), "new": as_json(new, now=now) if new else None}, text=text)


def _check(case: Path) -> None:
    if not (case / "journal.jsonl").is_file():
        raise NoCase(f"{case}: holds no journal.jsonl; give the folder that `amanat run --out` wrote")


def _note(case: Path, who: str, act: str, at: datetime, what: dict[str, object], *, why: str = "") -> None:
    from amanat.lib.journal import Journal

    Journal(case / "journal.jsonl").write(who=who, act=act, at=at, what=what, why=why)


def _what(one: Promise) -> str:
    return one.words.get("en") or next(iter(one.words.values()), "") or "We write again."


def _at(moment: datetime | None) -> str:
    return moment.isoformat(timespec="minutes") if moment else ""


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
