"""A survey: the world as it is now, looked at for all controls at once, and the result for people and machines."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from amanat.lib.table import table
from amanat.prepare.look_up import SystemDns, handshake, own_files
from amanat.prepare.recorded import Recorded
from amanat.prepare.sheet import Sheet
from amanat.prepare.standing import STATE_WORDS, Standing, standings
from amanat.prepare.world import World
from amanat.terms.company import Company


def survey(
    company: Company | None,
    sheet: Sheet,
    *,
    now: datetime,
    key_file: Path,
    is_online: bool,
    staff: tuple[int, int] | None = None,
    answers: dict[str, Any] | None = None,
) -> tuple[Standing, ...]:
    """Every control's standing now; see `amanat.prepare.standing`."""
    recorded = Recorded(answers) if answers is not None else None
    folder = Path(sheet.backups.folder).expanduser() if sheet.backups.folder else None
    n_staff, n_without = staff or (None, None)
    world = World(
        now=now,
        company=company,
        plan=sheet.plan,
        dkim_selectors=sheet.dkim.selectors,
        own=own_files(key_file=key_file, backup_folder=folder, n_staff=n_staff, n_without_second_factor=n_without),
        dns=recorded or (SystemDns() if is_online else None),
        handshake=recorded.handshake if recorded else handshake if is_online else None,
    )
    return standings(world, sheet)


def as_json(found: Sequence[Standing]) -> dict[str, Any]:
    """Documented keys of `amanat prepare controls --format json`."""
    return {
        "controls": [
            {
                "name": one.name,
                "title": one.control.words["en"].title,
                "state": one.state.replace(" ", "_"),
                "is_must": one.control.is_must,
                "hurts": one.control.hurts,
                "owner": one.owner,
                "evidence": one.evidence,
                "on": one.on.isoformat() if one.on else None,
                "is_stale": one.is_stale,
                "reasons": [{"state": r.state.replace(" ", "_"), "is_seen": r.is_seen, "says": r.sentences["en"]} for r in one.reasons],
                "why": one.control.words["en"].why,
                "next_step": one.control.words["en"].next_step,
                "sources": [
                    {"name": s.name, "cite": s.cite, "url": s.url, "read_on": s.read_on.isoformat() if s.read_on else None}
                    for s in one.control.sources
                ],
            }
            for one in found
        ],
        "counts": counts(found),
        "not_passed": [one.name for one in found if not one.is_passed],
    }


def counts(found: Sequence[Standing]) -> dict[str, int]:
    """How many controls in each state."""
    return {state.replace(" ", "_"): sum(one.state == state for one in found) for state in STATE_WORDS}


def _because(one: Standing) -> str:
    more = sum(reason.state != "in place" for reason in one.reasons[1:])
    return one.reasons[0].sentences["en"] + (f" (and {more} more; --format json tells all)" if more else "")


def as_text(found: Sequence[Standing]) -> str:
    """The table for the terminal: what hurts most first, each with its worst reason and who owns it."""
    rows = [
        [
            "!" if not one.is_passed else "",
            one.state,
            "●" * one.control.hurts,
            one.control.words["en"].title,
            one.owner or "nobody",
            one.on or "",
            _because(one),
        ]
        for one in found
    ]
    lines = [table(["", "state", "hurts", "control", "owner", "looked at", "because"], rows), ""]
    total = counts(found)
    lines.append(
        f"{total['in_place']} of {len(found)} in place, {total['partly']} partly, {total['missing']} missing, {total['unknown']} unknown. "
        "Unknown is not no, and no pass."
    )
    open_ = [one for one in found if not one.is_passed]
    if open_:
        lines += ["", "WHAT TO DO FIRST"]
        lines += [f"  {n}. {one.control.words['en'].title}: {one.control.words['en'].next_step}" for n, one in enumerate(open_[:5], 1)]
    return "\n".join(lines)
