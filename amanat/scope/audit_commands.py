"""Commands for a person who checks: `audit` draws a sample and says how wrong we may be, `show` shows one record, masked."""

import os
from argparse import ArgumentTypeError, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from amanat.lib.command import Result, Verb, argument, one_or_more
from amanat.lib.table import table
from amanat.scope import options
from amanat.terms.incident import register_in


def _from_nought(text: str) -> int:
    if not text.strip().isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


def add_to(verb: Verb) -> None:
    """Adds the commands to `amanat scope`."""
    verb.command(
        "audit",
        argument("case", type=Path, metavar="CASE", help="the folder that `amanat run --out` or `amanat scope files --out` wrote"),
        argument("--sample", type=one_or_more, default=400, metavar="N", help="how many items to draw (default 400)"),
        argument("--seed", type=int, default=1, metavar="S", help="another seed, another sample (default 1)"),
        argument("--files", type=Path, action="append", metavar="PATH", help="the stolen files; left out, those of the case's story folder"),
        argument("--register", type=Path, help="the register; left out, that of the case's story folder"),
        argument("--reveal", default="", metavar="WHY", help="show the values themselves, for this reason; noted in the journal of the case"),
        argument("--answers", type=Path, metavar="FILE", help="the sheet with its column `answer` filled in: say how wrong we may be"),
        options.passwords(options.FROM_STORY),
        options.DATABASES,
        options.PROGRESS,
        options.WORKERS,
        json_keys=(
            "sheet", "n_drawn", "n_all", "gaps", "confidence", "strata", "passages", "missed_passages_upper", "persons_per_passage",
            "missed_persons_upper", "links", "wrong_links_upper", "wrong_share_upper", "skipped", "notes",
        ),
    )(audit)  # fmt: skip
    verb.command(
        "show",
        argument("case", type=Path, metavar="CASE", help="the folder that `amanat run --out` or `amanat scope files --out` wrote"),
        argument("path", help="the file, as findings and screens name it; members of containers follow !/"),
        argument("record", type=one_or_more, help="which record of it, from 1, as the screens count"),
        argument("--files", type=Path, action="append", metavar="PATH", help="the stolen files; left out, those of the case's story folder"),
        argument("--part", type=_from_nought, metavar="N", help="of a long record the passage N, from 0, as the sheet of an audit counts them"),
        argument("--plain", action="store_true", help="mark nothing in it: quicker where the scan was not compiled yet"),
        options.passwords(options.FROM_STORY),
        argument("--reveal", default="", metavar="WHY", help="show the values themselves, for this reason; noted in the journal of the case"),
        json_keys=("path", "place", "record", "shown", "is_revealed"),
    )(show)


def audit(given: Namespace) -> Result:
    """Draw a random sample for a person to check, and say how many persons may be missed or wrongly named.

    Without --answers it reads the files once more and writes CASE/audit/sheet.csv: passages (is somebody missed?) and links (is it really
    this person?), values masked. With --answers it gives the upper 95 % bounds. What could not be read is counted, with an estimate of who is in it.

    For example:
      amanat scope audit case/ --sample 400                            draws case/audit/sheet.csv
      (fill the column `answer` from the top: yes, no or ? of links; of passages how many persons are missing, or ?)
      amanat scope audit case/ --answers case/audit/sheet.csv          says how wrong we may be
    An item that is left out above the last one answered counts as a mistake, because what is skipped is often what is hard.
    """
    from amanat.scope import audit as stage
    from amanat.scope.checked import as_json
    from amanat.scope.gaps import GapEstimate
    from amanat.scope.sample import LINKS, PASSAGES

    now = datetime.now(UTC)
    if given.answers:
        keys = as_json(stage.bounds_of(given.case, given.answers, now=now))
        return Result(keys=keys, text=_bounds_as_text(keys))
    story = _story_of(given.case)
    files = given.files or ([story / "files"] if story and (story / "files").is_dir() else None)
    if not files:
        raise stage.BadCase(f"{given.case}: it does not say where the stolen files are; name them with --files")
    register = given.register or (register_in(story) if story else None)
    key_file = next((p for name in ("case.key", "hash.key") if (p := given.case / name).is_file()), None)
    if key_file is None:
        raise stage.BadCase(f"{given.case}: holds no case.key or hash.key; give the folder that the scan wrote")
    with options.progress(given.progress) as progress:
        sheet, told = stage.draw_sheet(
            given.case,
            files,
            register,
            key=bytes.fromhex(key_file.read_text().strip()),
            n=given.sample,
            seed=given.seed,
            now=now,
            reveal=given.reveal,
            passwords=_passwords(given.passwords, story),
            databases=given.database,
            workers=given.workers,
            progress=progress,
        )
    rows = [[f"{PASSAGES.get(name) or LINKS[name]}", f"{n:,}", f"{told['n_drawn'].get(name, 0):,}"] for name, n in told["n_all"].items()]
    gaps = told["gaps"]
    parts = [table(["what", "there are", "drawn"], rows, right=[1, 2]), ""]
    if gaps["n"]:
        parts.append(GapEstimate(**gaps).as_sentence())
    parts += [
        f"Written to {sheet}. Fill the column `answer` from the top, then: amanat scope audit {given.case} --answers {sheet}",
    ]
    if not given.reveal:
        parts.append("Values are masked; --reveal WHY shows them, and notes the reason in the journal of the case.")
    return Result(keys={"sheet": str(sheet), "n_drawn": told["n_drawn"], "n_all": told["n_all"], "gaps": gaps}, text="\n".join(parts))


def show(given: Namespace) -> Result:
    """Show one record of the stolen files: masked, with what was found in it marked; with its values for a written reason.

    The file is read anew, in a confined process. A reviewer sees with it what the screens only name.

    For example:
      amanat scope show case/ exports/guests.csv 17
      amanat scope show case/ "backup.zip!/mail.mbox" 3 --reveal "two guests have the same name"
    """
    from amanat.scope.audit import BadCase
    from amanat.scope.show import show_record

    story = _story_of(given.case)
    files = given.files or ([story / "files"] if story and (story / "files").is_dir() else None)
    if not files:
        raise BadCase(f"{given.case}: it does not say where the stolen files are; name them with --files")
    place, shown = show_record(
        given.case,
        files,
        given.path,
        given.record,
        part=given.part,
        now=datetime.now(UTC),
        reveal=given.reveal,
        is_marked=not given.plain,
        passwords=_passwords(given.passwords, story),
    )
    keys = {"path": given.path, "place": place, "record": given.record, "shown": shown, "is_revealed": bool(given.reveal)}
    where = f"{given.path}{', ' + place if place else ''}, record {given.record:,}:"
    hint = [] if given.reveal else ["Values are masked; --reveal WHY shows them, and notes the reason in the journal of the case."]
    return Result(keys=keys, text="\n".join([where, shown, *hint]))


def _passwords(file: Path | None, story: Path | None) -> tuple[str, ...]:
    """Of the list that is named, else of the story's."""
    from amanat.scope import read_passwords

    found = file or (story / "passwords.txt" if story and (story / "passwords.txt").is_file() else None)
    return read_passwords(found) if found else ()


def _story_of(case: Path) -> Path | None:
    path = case / "story.txt"
    story = Path(os.fsdecode(path.read_bytes())) if path.is_file() else None
    return story if story and story.is_dir() else None


def _bounds_as_text(keys: dict[str, Any]) -> str:
    rows = [[s["name"], f"{s['n_all']:,}", f"{s['n_checked']:,}", f"{s['n_bad']:,}"] for s in keys["strata"]]
    parts = [table(["stratum", "there are", "checked", "bad"], rows, right=[1, 2, 3]), "", "With 95 % confidence:"]
    if keys["missed_passages_upper"] is not None:
        n = keys["missed_passages_upper"]
        parts.append(
            f"  at most {n:,.0f} of {keys['passages']:,} passages hold a person whom nobody named"
            f" ({n / max(keys['passages'], 1):.2%}); at most {keys['missed_persons_upper']:,.0f} persons, if no passage holds more than"
            f" {keys['persons_per_passage']} of them, as in the sample;"
        )
    if keys["wrong_links_upper"] is not None:
        parts.append(
            f"  at most {keys['wrong_links_upper']:,.0f} of {keys['links']:,} sure persons are somebody else ({keys['wrong_share_upper']:.2%})."
        )
    parts.append("Clopper and Pearson in each stratum; the strata are put together by Bonferroni's inequality, which is never too small.")
    return "\n".join([*parts, *keys["notes"]])
