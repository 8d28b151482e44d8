"""A drill: a practice story run through the real stages on a moved clock, told to a local inbox only, and held against the truth.

What the machine does is measured. What people do is measured when they sit there (`ask`), and otherwise assumed, and the report says so.
"""

import csv
import json
import socket
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from amanat import notify, pipeline, prepare
from amanat.lib.errors import Fixable
from amanat.lib.progress import Progress, silent
from amanat.terms.drill import Deadline, Drill, Step

# Minutes that people take when nobody sits there: our assumption, for a small team that has done it once before.
ASSUMED_MINUTES = {"declare": 25.0, "review": 60.0, "decide": 45.0, "read": 60.0, "sign": 20.0, "file": 45.0}


class NotForDrills(Fixable):
    """The story cannot be drilled: something is missing, or it is no practice story."""


class MovedClock:
    """A clock that starts at a given moment, runs faster than the machine's, and can be put forward."""

    def __init__(self, start: datetime, speed: float, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._start, self._speed, self._ticks, self._began = start, speed, ticks, ticks()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(self._ticks() - self._began) * self._speed)

    def put_forward(self, minutes: float) -> None:
        self._start += timedelta(minutes=minutes)


def run(
    story: Path,
    out: Path,
    *,
    speed: float = 60.0,
    ask: Callable[[str], None] | None = None,
    minutes: Mapping[str, float] = ASSUMED_MINUTES,
    ticks: Callable[[], float] = time.monotonic,
    progress: Progress = silent,
) -> Drill:
    """Runs the whole story once and says what happened; `prepare.score_drill` judges it.

    Args:
        story: a practice story with `facts.toml`, `company.toml` and `staff/` keys; `truth.parquet` and `expected.toml` where there is a truth.
        out: the case folder; new or empty.
        speed: seconds of the drill for each second of machine and people.
        ask: called with a step's name, returns when the people at the keyboard are done; None: the step takes its assumed minutes.
    """
    if out.is_dir() and any(out.iterdir()):
        raise NotForDrills(f"{out}: is not empty; a drill begins with a new folder")
    keys = sorted((story / "staff").glob("*.key"))
    if len(keys) < 2:
        raise NotForDrills(f"{story}: has no two practice keys in staff/; make a story with `amanat prepare company`")
    aware_at = _aware_at(story)
    clock = MovedClock(aware_at, speed, ticks=ticks)
    steps: list[Step] = []

    def people(name: str) -> None:
        steps.append(_step(name, clock, ask, minutes))

    people("declare")
    declared_at = clock.now()
    outcome = pipeline.run(story, out, now=clock.now, is_drill=True, progress=progress, who="drill")
    known_at, written_at = (_when(out, act) for act in ("scope.found", "notices.composed"))
    for name in ("review", "decide", "read", "sign"):
        people(name)
    approval = _approve(outcome, out, keys, clock.now())
    approved_at = clock.now()
    with local_inbox() as relay:
        pipeline.send_case(out, to=relay, approval=approval, now=clock.now, is_drill=True, progress=progress, who="drill")
    told_at = prepare.last_told_at(out)
    people("file")
    ended_at = clock.now()
    done = {"individuals": told_at}
    return Drill(
        story=outcome.incident.company.name,
        aware_at=aware_at,
        declared_at=declared_at,
        known_at=known_at,
        written_at=written_at,
        approved_at=approved_at,
        told_at=told_at,
        ended_at=ended_at,
        speed=speed,
        steps=tuple(steps),
        deadlines=tuple(
            Deadline(duty=d.id, to=d.to, due_at=d.due_at, done_at=done.get(d.to, ended_at)) for d in outcome.assessment.duties if d.state == "due"
        ),
        persons=prepare.compare_told(out, story / "truth.parquet"),
        n_planned=outcome.plan.sendings.num_rows,
        gaps_listed=_listed(out),
        gaps_expected=_expected(story),
    )


def practise(out: Path, *, persons: int, seed: int, at: datetime, progress: Progress = silent) -> Path:
    """A story for a drill in `out`/story; the one that is there already is used again."""
    story = out / "story"
    if not (story / "facts.toml").is_file():
        prepare.make_company(story, persons=persons, seed=seed, at=at, progress=progress)
    return story


@contextmanager
def local_inbox() -> Iterator[str]:
    """A mail server on this machine that takes every mail and sends none on; gives its address."""
    from aiosmtpd.controller import Controller

    class Sink:
        async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:
            return "250 2.0.0 kept here"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        server.stop()


def _aware_at(story: Path) -> datetime:
    from amanat.terms.fact import read_facts

    facts = read_facts(story / "facts.toml")
    aware = facts.get("awareness")
    if aware is None or not isinstance(aware.value, datetime):
        raise NotForDrills(f"{story / 'facts.toml'}: says nothing of `awareness`; the drill's clock starts there")
    return aware.value


def _step(name: str, clock: MovedClock, ask: Callable[[str], None] | None, minutes: Mapping[str, float]) -> Step:
    if ask is None:
        clock.put_forward(minutes[name])
        return Step(name=name, minutes=minutes[name], is_measured=False)
    began = clock.now()
    ask(name)
    return Step(name=name, minutes=(clock.now() - began).total_seconds() / 60, is_measured=True)


def _approve(outcome: pipeline.Outcome, out: Path, keys: list[Path], now: datetime) -> Path:
    shared: dict[str, Any] = {
        "incident_id": outcome.incident.id,
        "notices": outcome.notices,
        "plan": outcome.plan,
        "company": outcome.incident.company,
        "now": now,
        "findings": [finding for found in outcome.findings.values() for finding in found],
    }
    authored = notify.author(staff_id=keys[0].stem, key=notify.read_key(keys[0]), **shared)
    signed = notify.approve(authored, staff_id=keys[1].stem, key=notify.read_key(keys[1]), **shared)
    path = out / "approval.toml"
    notify.write_approval(path, signed)
    return path


def _when(out: Path, act: str) -> datetime:
    with (out / "journal.jsonl").open(encoding="utf-8") as lines:
        return next(datetime.fromisoformat(entry["at"]) for entry in map(json.loads, lines) if entry["act"] == act)


def _listed(out: Path) -> frozenset[str]:
    # A gap may lie inside a container; the truth names the container.
    with (out / "gaps.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["path"].split("!/")[0] for row in csv.DictReader(file))


def _expected(story: Path) -> frozenset[str] | None:
    path = story / "expected.toml"
    if not path.is_file():
        return None
    gaps = tomllib.loads(path.read_text(encoding="utf-8")).get("gaps", {})
    return frozenset(one.split("!/")[0] for one in gaps.get("unreadable", ()))
