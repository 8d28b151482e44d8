"""Prepare's command that joins the stages: the drill."""

import json
from argparse import Namespace
from datetime import datetime, timezone
from pathlib import Path

from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable

QUESTIONS = {
    "declare": "The alarm has come in. Decide who leads and whether this is an incident.",
    "review": "Look at gaps.csv and at the persons who are to be reviewed.",
    "decide": "Look at assessment.json: what is missing, what do you decide?",
    "read": "Read the notices in notices/, each language by somebody who speaks it.",
    "sign": "Two people approve what goes out.",
    "file": "Fill in the authorities' forms.",
}


class BadSpeed(Fixable):
    """--speed is no number above zero."""


class NobodyThere(Fixable):
    """--ask without a terminal."""


def add_to(verb: Verb) -> None:
    """Adds `drill` to `amanat prepare`."""
    verb.command(
        "drill",
        argument("story", type=Path, nargs="?", metavar="STORY", help="a practice story; without it one is made in DIR/story"),
        argument("--out", type=Path, required=True, metavar="DIR", help="folder for the case and the report"),
        argument("--speed", type=float, default=60.0, metavar="N", help="one second of machine and people counts as N seconds (default 60)"),
        argument("--ask", action="store_true", help="wait for the people at the keyboard at each of their steps, and measure them"),
        argument("--persons", type=int, default=2000, metavar="N", help="persons of the story that is made (default 2000)"),
        argument("--seed", type=int, default=1, metavar="S", help="of the story that is made (default 1)"),
        argument("--language", default="en", metavar="TAG", help="of the report: en, fr, fa (default en)"),
        json_keys=(
            "story", "points", "points_max", "measures", "aware_at", "timeline", "speed", "steps", "deadlines", "persons", "gaps", "lessons",
            "report",
        ),
    )(drill)  # fmt: skip


def drill(given: Namespace) -> Result:
    """The whole incident once, on the real system with a moved clock; timed, scored, and told to a local inbox only.

    Scope, assessment, notices, two signatures and delivery run as on the day; no mail can leave this machine. The report says how long it took to
    declare, to know who, to tell; which deadlines were met; who was missed or told without cause; and what to do better. It is written to
    DIR/report.txt, report.json and report.html. The minutes of people are assumed unless --ask measures them.
    """
    import sys

    from amanat import drill as drilling
    from amanat import prepare
    from amanat.lib.progress import Line, silent

    if not 0 < given.speed <= 100_000:
        raise BadSpeed(f"--speed {given.speed:g}: give a number above 0 and up to 100,000; 1 is the speed of life")
    if given.ask and not sys.stdin.isatty():
        raise NobodyThere("--ask waits for people at a keyboard, and there is none; leave it out to use assumed minutes")
    line = Line()
    progress = silent if given.format == "json" else line
    given.out.mkdir(parents=True, exist_ok=True)
    story = given.story or drilling.practise(given.out, persons=given.persons, seed=given.seed, at=_this_morning(), progress=progress)
    try:
        done = drilling.run(story, given.out / "case", speed=given.speed, ask=_ask if given.ask else None, progress=progress)
    finally:
        line.close()
    score = prepare.score_drill(done)
    keys = prepare.report_drill(done, score, "json")
    for name in ("txt", "html"):
        (given.out / f"report.{name}").write_text(str(prepare.report_drill(done, score, name, language=given.language)) + "\n", encoding="utf-8")
    (given.out / "report.json").write_text(json.dumps(keys, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    text = f"{prepare.report_drill(done, score, 'txt', language=given.language)}\n\n{given.out / 'report.html'}"
    return Result(keys={**keys, "report": str(given.out / "report.html")}, text=text)


def _ask(name: str) -> None:
    input(f"\n{QUESTIONS[name]}\nPress Enter when it is done. ")


def _this_morning() -> datetime:
    return datetime.now(timezone.utc).astimezone().replace(hour=9, minute=0, second=0, microsecond=0)
