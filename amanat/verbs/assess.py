"""Assess's command that needs other stages: the kits of a processor, one for each controller."""

from argparse import Namespace
from datetime import datetime, timezone
from pathlib import Path

from amanat.lib.command import Result, Verb, argument, one_or_more
from amanat.lib.errors import Fixable
from amanat.lib.moment import moment_of
from amanat.lib.table import table


class BadMoment(Fixable):
    """What stands for the moment when a controller was told is none."""


def add_to(verb: Verb) -> None:
    """Adds `controllers` to `amanat assess`."""
    verb.command(
        "controllers",
        argument("story", type=Path, metavar="STORY", help="the incident's folder, with controllers.toml beside facts.toml"),
        argument("--out", type=Path, required=True, metavar="DIR", help="where the kits are written: a folder and a zip for each controller"),
        argument("--facts", type=Path, metavar="FILE", help="counts instead of the story's facts.toml"),
        argument(
            "--told",
            action="append",
            default=[],
            metavar="ID=MOMENT",
            help="when we told a controller: acme-hotels=2026-03-07T09:00:00+01:00; may be repeated",
        ),
        argument("--workers", type=one_or_more, default=2, help="processes that read files (default 2)"),
        json_keys=("folder", "kits", "unknown", "n_gaps_of_nobody"),
    )(controllers)


def controllers(given: Namespace) -> Result:
    """As a processor, make for each controller a kit of its own: its persons, a draft of our notice, its clock.

    No kit holds anything of another controller, not even that there is one. Whose a record is follows from the file that it was found
    in (`paths` in controllers.toml), else from the column `controller` of the register. Who cannot be given to anybody for sure stands
    in ours/unknown.csv, with the reason. Exit 1 when there is somebody there.
    """
    from amanat import processor
    from amanat.lib.progress import Line, silent

    line = Line()
    try:
        made = processor.make_kits(
            given.story,
            given.out,
            now=lambda: datetime.now(timezone.utc),
            facts=given.facts,
            told=dict(map(_told, given.told)),
            workers=given.workers,
            progress=silent if given.format == "json" else line,
        )
    finally:
        line.close()
    rows, keys = [], []
    for kit in made.kits:
        told, ours, its = kit.controller.told_at, kit.our_duty, kit.its_duties
        first = next((duty for duty in its if duty.due_at), None)
        by = ours.due_at.isoformat(timespec="minutes") if ours and ours.due_at else ours.limit.split(";")[0] if ours else "no duty found"
        clock = first.due_at.isoformat(timespec="minutes") if first and first.due_at and told else "begins when it is told"
        rows.append([kit.controller.id, kit.n_sure, kit.n_review, kit.n_outsiders, kit.n_unclear, kit.n_gaps, "told" if told else by, clock])
        keys.append(
            {
                "controller": kit.controller.id,
                "name": kit.controller.name,
                "contact": kit.controller.contact,
                "folder": str(kit.folder),
                "zip": str(kit.zip),
                "n_sure": kit.n_sure,
                "n_review": kit.n_review,
                "n_outsiders": kit.n_outsiders,
                "n_unclear": kit.n_unclear,
                "n_gaps": kit.n_gaps,
                "told_at": told.isoformat() if told else None,
                "we_tell_by": ours.due_at.isoformat() if ours and ours.due_at else None,
                "because_of": ours.id if ours else None,
                "its_duties": [{"id": duty.id, "due_at": duty.due_at.isoformat() if duty.due_at else None} for duty in its],
            }
        )
    header = ["controller", "persons", "to review", "outsiders", "data unclear", "gaps", "we tell it by", "its first deadline"]
    text = table(header, rows, right=[1, 2, 3, 4, 5])
    for why, n in made.unknown:
        text += f"\n{n} of nobody: {processor.unknown_says(why)}"
    text += f"\n\n{made.folder}: a folder and a zip for each; ours/ is for us alone." + (" Settle ours/unknown.csv." if made.unknown else "")
    result = {"folder": str(made.folder), "kits": keys, "unknown": dict(made.unknown), "n_gaps_of_nobody": made.n_gaps_of_nobody}
    return Result(keys=result, text=text, is_passed=not made.unknown)


def _told(text: str) -> tuple[str, datetime]:
    name, _, when = text.partition("=")
    moment = moment_of(when)
    if moment is None:
        raise BadMoment(f"--told {text!r}: write ID=MOMENT with its offset from UTC, such as acme-hotels=2026-03-07T09:00:00+01:00")
    return name, moment
