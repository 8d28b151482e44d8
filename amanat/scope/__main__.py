"""Whose data is in the stolen files: scan, match to the register, list what could not be read."""

import json
import os
import sys
from argparse import ArgumentTypeError, Namespace
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from amanat.lib.command import Result, Verb, argument, one_or_more
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.progress import Kept, Line, Progress
from amanat.lib.table import plain, table
from amanat.terms.incident import register_in

VERB = Verb("scope", __doc__ or "")


def _from_nought(text: str) -> int:
    if not text.strip().isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


class BadMoment(Fixable):
    """A moment that cannot be read."""


@VERB.command(
    "files",
    argument("paths", nargs="*", type=Path, metavar="PATH", help="files and folders as the thief had them"),
    argument(
        "--register",
        type=Path,
        help="the company's list of persons: CSV, Parquet, JSON lines, or register.toml (see `scope register`); without it everybody is an outsider",
    ),
    argument("--out", type=Path, required=True, help="folder for findings.parquet, exposures.parquet, gaps.csv and register.toml"),
    argument("--access", type=Path, help="folder with reach.toml, or tables.csv and accounts.csv: what was within reach"),
    argument("--reviewed", type=Path, metavar="FILE", help="CSV of what reviewers decided: person_id,decision,n_records,same_as"),
    argument("--own-domain", action="append", default=[], metavar="DOMAIN", help="a domain of the company, whose addresses are nobody's own"),
    argument("--passwords", type=Path, metavar="FILE", help="passwords, one a line, to be tried on files that are encrypted"),
    argument(
        "--database",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a file of yours alone (chmod 600) with the address of a database to be read as it stands: postgresql://, mysql://, sqlite:///",
    ),
    argument("--workers", type=one_or_more, default=2, help="how many processes read files at once, and how many threads look through them"),
    argument(
        "--engine", choices=("local", "ray"), default="local", help="on this machine, or on all machines of a Ray cluster that share the folders"
    ),
    argument("--cluster", default="auto", metavar="HOST:PORT", help="head of the Ray cluster (default: the one that this machine belongs to)"),
    argument("--progress", type=Path, metavar="FILE", help="keep in this file how far the work has come, for another program to show"),
    json_keys=("persons", "sure", "review", "outsiders", "kinds", "gaps", "notes", "files", "kept", "bytes", "records", "findings"),
)
def files(given: Namespace) -> Result:
    """Find whose data is in files, and which.

    Reads every file in a confined process, finds kinds of data, and matches them to the register. Values are never kept:
    findings hold the kind, the place and a keyed hash. What could not be read is in gaps.csv, with what to do next.

    For example:
      amanat scope files stolen/ --register register.csv --own-domain example.org --out case/
      amanat scope files stolen/ --register register.csv --passwords passwords.txt --out case/      what was locked is read now, the rest is kept
    """
    from amanat.scope import find_exposures, read_passwords
    from amanat.scope.exposures import persons_by, persons_by_kind
    from amanat.scope.key import hash_key

    # As `amanat run` has it: "nobody is affected" must not be the answer to a folder that was left empty by mistake.
    if not given.access and not given.database and not any(_may_hold_files(path) for path in given.paths):
        where = ", ".join(map(str, given.paths)) or "no file"
        raise NothingToRead(f"{where}: is empty; put the stolen files there, or say with --access what was reachable")
    with _progress(given.progress) as progress:
        found = find_exposures(
            given.paths,
            given.register,
            access=given.access,
            reviewed=given.reviewed,
            out=given.out,
            key=hash_key(given.out),
            own_domains=given.own_domain,
            passwords=read_passwords(given.passwords) if given.passwords else (),
            databases=given.database,
            workers=given.workers,
            engine=given.engine,
            cluster=given.cluster,
            now=datetime.now(UTC),
            progress=progress,
        )
    states = persons_by("state", found.exposures)
    kinds = Counter({kind: counts.total() for kind, counts in persons_by_kind(found.exposures).items()})
    keys = {
        "persons": found.exposures.num_rows,
        "sure": states["sure"],
        "review": states["review"],
        "outsiders": states["outsider"],
        "kinds": dict(kinds.most_common()),
        "gaps": [asdict(gap) | {"size_bytes": gap.size_bytes or None} for gap in found.gaps],
        "notes": list(found.notes),
        "files": found.n_files,
        "kept": found.n_kept,
        "bytes": found.n_bytes,
        "records": found.n_records,
        "findings": found.n_findings,
    }
    return Result(keys=keys, text=_as_text(found.exposures, keys, found.gaps, given.out))


class NothingToRead(Fixable):
    """The folders that were named hold no file."""


def _may_hold_files(path: Path) -> bool:
    """Whether there is a file, or something that only reading it can tell."""
    return not path.is_dir() or not os.access(path, os.R_OK | os.X_OK) or any(files for _folder, _folders, files in os.walk(path))


def _as_text(exposures: Any, keys: dict[str, Any], gaps: Any, out: Path) -> str:
    from amanat.scope.exposures import persons_by, persons_by_kind
    from amanat.terms.kinds import KINDS

    rows = [
        [KINDS[kind].says, f"{counts['sure']:,}", f"{counts['review']:,}", f"{counts['outsider']:,}"]
        for kind, counts in persons_by_kind(exposures).items()
    ]
    parts = [
        f"Read {keys['files']:,} files ({keys['bytes'] / 1e6:,.1f} MB, {keys['records']:,} records); {keys['findings']:,} values found."
        + (f" {keys['kept']:,} of the files had been read in an earlier run." if keys["kept"] else ""),
        f"{keys['sure']:,} persons of the register are affected for sure; {keys['review']:,} need a person's look;"
        f" {keys['outsiders']:,} persons found are not in the register.",
    ]
    if within := persons_by("basis", exposures)["access"]:
        parts.append(f"{within:,} of them are in no file that was read, but within the intruder's reach.")
    parts += keys["notes"]
    if rows:
        parts += ["", table(["kind of data", "sure", "review", "outsiders"], rows, right=[1, 2, 3])]
    if gaps:
        shown = [[gap.path, gap.reason, gap.next_step] for gap in gaps[:15]]
        parts += ["", f"{len(gaps):,} files could not be read:", table(["file", "why", "what next"], shown)]
        if len(gaps) > 15:
            parts.append(f"… and {len(gaps) - 15:,} more in {out / 'gaps.csv'}")
    parts += ["", f"Written to {out}: findings.parquet, exposures.parquet, gaps.csv."]
    return "\n".join(parts)


@VERB.command(
    "register",
    argument("register", type=Path, help="CSV, Parquet or JSON lines, or a register.toml that lists several files, tables and queries"),
    argument(
        "--set",
        action="append",
        default=[],
        metavar="COLUMN=HOLDS",
        help="say what a column holds (nothing after = : it is not used); of the second of several registers 2:COLUMN=HOLDS",
    ),
    argument("--confirm", action="store_true", help="ask for each column at the terminal, and write register.toml beside the register"),
    argument("--guess", action="store_true", help="show the guess also where it lacks what is needed"),
    argument("--by-name", action="store_true", help="the same by the names of the columns alone, without looking into them"),
    argument("--out", type=Path, metavar="FILE", help="write what was found or said as a register.toml, to be put beside the register"),
    json_keys=("parts",),
)
def register(given: Namespace) -> Result:
    """Show which columns of the register hold what, as amanat sees it, for a person to confirm. No value is shown.

    A register.toml beside the register settles it. It may list several registers, each with `file`, or `table` or `query` of a database
    whose address stands in AMANAT_REGISTER_URL or in a `connection_file`; never give a password on the command line.

    For example:
      amanat scope register guests.csv                         what amanat guesses
      amanat scope register guests.csv --confirm               column by column, and written down
      amanat scope register guests.csv --set "Ref=person_id" --set "Note=" --out register.toml

    A register.toml for two registers, of which the second says more of the same persons:
      [[register]]
      file = "guests.csv"
      [[register]]
      file = "members.parquet"
      ids = "shared"
    """
    from amanat.scope import describe_register

    parts, toml = describe_register(
        given.register, by_content=not given.by_name and not given.set, is_checked=not (given.by_name or given.set or given.confirm or given.guess)
    )
    target = given.out
    if given.set or given.confirm:
        said = [_said(given.set, number, len(parts)) for number in range(1, len(parts) + 1)]
        if given.confirm:
            said = [_asked(part, already) for part, already in zip(parts, said, strict=True)]
            target = target or given.register.with_name("register.toml")
        parts, toml = describe_register(given.register, holds=said)
    if target:
        target.write_text(toml, encoding="utf-8")
    texts = []
    for part in parts:
        rows = [[column["name"], ", ".join(column["sources"]), column["says"]] for column in part["columns"]]
        texts += [f"{part['where']}: {'confirmed' if part['confirmed'] else 'guessed; --confirm asks for each column and settles it'}"]
        texts += [table(["column", "in the register", "holds"], rows)]
        texts += [f"Not used: {', '.join(part['unused'])}"] if part["unused"] else []
    texts += [f"Written to {target}."] if target else []
    return Result(keys={"parts": parts}, text="\n".join(texts))


class BadSetting(Fixable):
    """What a column is said to hold cannot be understood."""


def _said(words: Sequence[str], number: int, n_parts: int) -> dict[str, str]:
    """What --set says of one of several registers, by column."""
    found = {}
    for word in words:
        column, equals, holds = word.rpartition("=")
        of, colon, rest = column.partition(":")
        is_numbered = bool(n_parts > 1 and colon and of.isdecimal() and 1 <= int(of) <= n_parts)
        if not equals or not column or (n_parts > 1 and not is_numbered):
            form = "2:COLUMN=HOLDS, where 2 is the number of the register" if n_parts > 1 else "COLUMN=HOLDS"
            raise BadSetting(f"--set {word}: write {form}, such as {'2:' if n_parts > 1 else ''}Ref=person_id")
        if not is_numbered or int(of) == number:
            found[rest if is_numbered else column] = holds.strip()
    return found


def _asked(part: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, str]:
    """What a person at the terminal says of each column: nothing leaves it as it is, a dash takes it out of use."""
    from amanat.terms.register import COLUMNS

    guessed = {source: column["name"] for column in part["columns"] for source in column["sources"]} | dict(said)
    sys.stderr.write(f"{part['where']}\nFor each column: Enter when it is right, - when it is not used, or one of {', '.join(COLUMNS)}.\n")
    answers = {}
    for source in part["names"]:
        holds = guessed.get(source, "")
        while True:
            sys.stderr.write(f"  {plain(source)}: {f'{holds} ({COLUMNS[holds].says})' if holds in COLUMNS else 'not used'} ? ")
            sys.stderr.flush()
            word = sys.stdin.readline()
            if not word:
                raise BadSetting("the questions ended before every column was confirmed; nothing was written")
            word = word.strip()
            if word in ("", "-") or word in COLUMNS:
                break
            sys.stderr.write(f"    there is no {word!r}{did_you_mean(word, COLUMNS)}\n")
        answers[source] = holds if word == "" else "" if word == "-" else word
    return answers


@VERB.command(
    "why",
    argument("person", metavar="PERSON", help="person_id, as in exposures.parquet"),
    argument("--case", type=Path, required=True, metavar="DIR", help="folder that `scope files` or `run` has written"),
    json_keys=("person_id", "state", "belief", "kinds", "n_records", "reasons", "bases"),
)
def why(given: Namespace) -> Result:
    """Say why somebody is on the list: for each record, what agrees and what does not, without a value.

    A decision of yours goes into a CSV file for `--reviewed`: confirmed, refused, merged (with same_as) or split.

    For example:
      amanat scope why G-00017 --case case/
    and, where it is somebody else, a file reviewed.csv for the next run (n_records as `why` has it):
      person_id,decision,n_records,same_as
      G-00017,refused,3,
    """
    from amanat.scope import bases_of
    from amanat.scope import why as found

    exposure, reasons = found(given.person, given.case)
    bases = bases_of(given.person, given.case)
    keys = {name: exposure[name] for name in ("person_id", "state", "belief", "kinds", "n_records")} | {
        "reasons": [asdict(reason) for reason in reasons]
    }
    text = (
        f"{given.person}: {exposure['state']} (belief {exposure['belief']:.2f}), {exposure['n_records']:,} records, {', '.join(exposure['kinds'])}."
    )
    says = {"accessed": "opened by the intruder", "accessible": "within the intruder's reach", "service": "went without the service"}
    more = [f"{one['source']}: {says[one['basis']]} (belief {one['belief']:.2f}), {', '.join(one['kinds'])}." for one in bases]
    return Result(keys=keys | {"bases": bases}, text="\n".join([text, *(reason.sentence() for reason in reasons), *more]))


@VERB.command(
    "text",
    argument(
        "--region", action="append", default=[], metavar="COUNTRY", help="ISO 3166-1 code of a country whose national telephone numbers are read"
    ),
    json_keys=("id", "findings"),
)
def text(given: Namespace) -> Result:
    """Find kinds of data in texts: JSON lines {"id", "text"} in, {"id", "findings"} out, one for one.

    Each finding has the identifier, its kind, start and end in characters, and the belief that it is what it seems.
    Values are never printed.
    """
    from amanat.scope import scan_text

    is_passed = True
    for answer in scan_text(sys.stdin, regions=given.region, now=datetime.now(UTC)):
        is_passed = is_passed and "error" not in answer
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return Result(keys={}, text=None, is_passed=is_passed)


@VERB.command("identifiers", json_keys=("identifiers",))
def identifiers(given: Namespace) -> Result:
    """List what can be found: every identifier with its kind and source."""
    from amanat.scope import identifiers as members

    found = members()
    keys = [
        {"identifier": name, "kind": m.kind, "form": m.form, "check": m.check, "headers": list(m.headers), "source": m.source}
        for name, m in found.items()
    ]
    return Result(keys={"identifiers": keys}, text=table(["identifier", "kind", "source"], [[n, m.kind, m.source] for n, m in found.items()]))


@VERB.command("check", json_keys=("n_identifiers", "n_examples", "problems"))
def check(given: Namespace) -> Result:
    """Try every identifier on its own examples and counter-examples, through the real scan."""
    from amanat.scope import identifiers as members
    from amanat.scope.check import check_identifiers

    problems = check_identifiers(datetime.now(UTC))
    found = members()
    n = sum(len(m.examples) + len(m.not_examples) for m in found.values())
    text = "\n".join(problems) if problems else f"All {n} examples of {len(found)} identifiers are as they should be."
    return Result(keys={"n_identifiers": len(found), "n_examples": n, "problems": problems}, text=text, is_passed=not problems)


@VERB.command(
    "access",
    argument("folder", type=Path, help="folder with reach.toml (stores, compromised accounts, logs), or tables.csv and accounts.csv"),
    argument("--register", type=Path, required=True, help="the company's list of persons"),
    argument("--out", type=Path, required=True, help="folder for exposures.parquet"),
    json_keys=("persons", "sure", "outsiders", "kinds", "notes"),
)
def access(given: Namespace) -> Result:
    """Find who was within the intruder's reach, before the stolen files are in hand.

    The folder says which stores of data there were, who could open them, and which accounts were in the intruder's hands; logs of it show what
    was opened. Who was opened is *accessed*, who could have been is *accessible*: both are on the list, with what makes us say so.

    A smallest reach.toml:
      [intruder]
      accounts = ["jane.doe"]
      since = 2026-11-12T22:00:00+01:00
      [[store]]
      name = "guests"
      columns = ["name", "email", "passport_no"]
      persons = "register"

    For example:
      amanat scope access access/ --register register.csv --out case/
    All that reach.toml may say stands in docs/how-to/access.md.
    """
    from amanat.scope import find_exposures
    from amanat.scope.exposures import persons_by, persons_by_kind
    from amanat.scope.key import hash_key

    found = find_exposures([], given.register, access=given.folder, out=given.out, key=hash_key(given.out), now=datetime.now(UTC))
    states = persons_by("state", found.exposures)
    kinds = Counter({kind: counts.total() for kind, counts in persons_by_kind(found.exposures).items()})
    keys = {
        "persons": found.exposures.num_rows,
        "sure": states["sure"],
        "outsiders": states["outsider"],
        "kinds": dict(kinds.most_common()),
        "notes": list(found.notes),
    }
    rows = [[kind, f"{n:,}"] for kind, n in kinds.most_common()]
    return Result(
        keys=keys, text="\n".join([f"{keys['persons']:,} persons were within reach.", *found.notes, "", table(["kind", "persons"], rows, right=[1])])
    )


@VERB.command(
    "outage",
    argument(
        "events",
        type=Path,
        metavar="EVENTS",
        help="orders, log-ins or subscriptions (CSV or Parquet): person_id or email, at, service; "
        "if you like until (subscriptions) and outcome (done or not)",
    ),
    argument("--service", required=True, help="the service that was missing, as the events name it"),
    argument("--from", dest="since", required=True, metavar="MOMENT", help="when it began (ISO 8601 with offset)"),
    argument("--until", metavar="MOMENT", help="when it ended; left out while it lasts"),
    argument("--zone", metavar="ZONE", help="where the clocks stood that wrote times without an offset, such as Europe/Paris"),
    argument("--register", type=Path, help="the company's list of persons; without it everybody hit is an outsider, and no declared need is known"),
    argument("--out", type=Path, required=True, help="folder for outage.parquet and exposures.parquet"),
    json_keys=("persons", "sure", "review", "outsiders", "tries", "depends", "regular", "needs", "weeks", "rare", "notes"),
)
def outage(given: Namespace) -> Result:
    """Find who was hit when a service was missing, how often, and who depends on it.

    Somebody was hit who tried during the outage, whose subscription was in force, or who was used to come in the same hours of the weeks
    before. Who depends is measured before the outage: regular use, or a need declared in the register.

    For example:
      amanat scope outage orders.csv --service pharmacy --from 2026-11-14T09:00:00+01:00 \\
        --until 2026-11-14T15:30:00+01:00 --register register.csv --out case/
    where orders.csv begins with
      person_id,at,service,outcome
      P-0017,2026-11-14T09:12:00+01:00,pharmacy,failed
    """
    import pyarrow.compute as pc

    from amanat.scope import find_missed
    from amanat.scope.key import hash_key

    missed = find_missed(
        given.events,
        given.register,
        service=given.service,
        since=_moment("--from", given.since),
        until=_moment("--until", given.until) if given.until else None,
        zone=given.zone,
        out=given.out,
        key=hash_key(given.out),
        now=datetime.now(UTC),
    )
    hit = missed.hit
    states = {row["values"]: row["counts"] for row in pc.value_counts(hit["state"]).to_pylist()}
    keys = {
        "persons": hit.num_rows,
        "sure": states.get("sure", 0),
        "review": states.get("review", 0),
        "outsiders": states.get("outsider", 0),
        "tries": pc.sum(hit["n_tries"]).as_py() or 0,
        "depends": pc.sum(hit["depends"]).as_py() or 0,
        "regular": pc.sum(hit["is_regular"]).as_py() or 0,
        "needs": pc.sum(hit["has_need"]).as_py() or 0,
        "weeks": missed.n_weeks,
        "rare": missed.n_rare,
        "notes": list(missed.notes),
    }
    says = {"tried": "tried during the outage", "subscribed": "subscription in force", "habit": "used to come at that time", "need": "declared need"}
    counts = pc.value_counts(pc.binary_join_element_wise(hit["why"], hit["state"], " ")).to_pylist()
    by = {tuple(row["values"].split(" ")): row["counts"] for row in counts}
    rows = [[words, *(f"{by.get((why, state), 0):,}" for state in ("sure", "review", "outsider"))] for why, words in says.items()]
    parts = [
        f"{keys['sure']:,} persons of the register were hit for sure, {keys['review']:,} perhaps; {keys['outsiders']:,} are not in the register.",
        f"{keys['tries']:,} tries failed. {keys['depends']:,} of these persons depend on the service"
        f" ({keys['regular']:,} by regular use, {keys['needs']:,} by a declared need).",
        *missed.notes,
        "",
        table(["because", "sure", "review", "outsiders"], rows, right=[1, 2, 3]),
        "",
        f"Written to {given.out}: outage.parquet, exposures.parquet. Who must be called:"
        f" amanat care dependents {given.out / 'exposures.parquet'} --register REGISTER",
    ]
    return Result(keys=keys, text="\n".join(parts))


@VERB.command(
    "audit",
    argument("case", type=Path, metavar="CASE", help="the folder that `amanat run --out` or `amanat scope files --out` wrote"),
    argument("--sample", type=one_or_more, default=400, metavar="N", help="how many items to draw (default 400)"),
    argument("--seed", type=int, default=1, metavar="S", help="another seed, another sample (default 1)"),
    argument("--files", type=Path, action="append", metavar="PATH", help="the stolen files; left out, those of the case's story folder"),
    argument("--register", type=Path, help="the register; left out, that of the case's story folder"),
    argument("--reveal", default="", metavar="WHY", help="show the values themselves, for this reason; noted in the journal of the case"),
    argument("--answers", type=Path, metavar="FILE", help="the sheet with its column `answer` filled in: say how wrong we may be"),
    argument("--passwords", type=Path, metavar="FILE", help="passwords, one a line; left out, the passwords.txt of the case's story folder"),
    argument("--database", action="append", default=[], type=Path, metavar="FILE", help="a file with the address of a database, as the scan had it"),
    argument("--progress", type=Path, metavar="FILE", help="keep in this file how far the work has come, for another program to show"),
    argument("--workers", type=one_or_more, default=2, help="how many processes read files at once"),
    json_keys=(
        "sheet", "n_drawn", "n_all", "gaps", "confidence", "strata", "passages", "missed_passages_upper", "persons_per_passage",
        "missed_persons_upper", "links", "wrong_links_upper", "wrong_share_upper", "skipped", "notes",
    ),
)  # fmt: skip
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
    with _progress(given.progress) as progress:
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


@contextmanager
def _progress(file: Path | None) -> Iterator[Progress]:
    """On the terminal, and in a file where one is wanted."""
    line = Line(unit="MB", scale=1e6)
    kept = Kept(file, line) if file else None
    try:
        yield kept or line
    finally:
        line.close()
        if kept:
            kept.close()


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


@VERB.command(
    "show",
    argument("case", type=Path, metavar="CASE", help="the folder that `amanat run --out` or `amanat scope files --out` wrote"),
    argument("path", help="the file, as findings and screens name it; members of containers follow !/"),
    argument("record", type=one_or_more, help="which record of it, from 1, as the screens count"),
    argument("--files", type=Path, action="append", metavar="PATH", help="the stolen files; left out, those of the case's story folder"),
    argument("--part", type=_from_nought, metavar="N", help="of a long record the passage N, from 0, as the sheet of an audit counts them"),
    argument("--plain", action="store_true", help="mark nothing in it: quicker where the scan was not compiled yet"),
    argument("--passwords", type=Path, metavar="FILE", help="passwords, one a line; left out, the passwords.txt of the case's story folder"),
    argument("--reveal", default="", metavar="WHY", help="show the values themselves, for this reason; noted in the journal of the case"),
    json_keys=("path", "place", "record", "shown", "is_revealed"),
)
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


@VERB.command(
    "rebuild",
    argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders in which the company's persons stand"),
    argument("--out", type=Path, required=True, metavar="FILE", help="the register to write (CSV); a new file"),
    argument("--own-domain", action="append", default=[], metavar="DOMAIN", help="a domain of the company, whose addresses are nobody's own"),
    argument("--workers", type=one_or_more, default=2, help="how many processes read files at once"),
    json_keys=("persons", "records_used", "records_of_several", "records_without_key", "files_unread", "limits"),
)
def rebuild(given: Namespace) -> Result:
    """Make a register from files, for when the real one is encrypted and no backup is at hand.

    Persons are put together from e-mail addresses, national numbers, telephones and accounts. The file holds their values: it is readable by its
    owner only, and must be erased with the case. Its limits stand beside it in FILE.rebuilt.json.

    For example:
      amanat scope rebuild backup/ exports/ --own-domain example.org --out register.csv
      amanat scope register register.csv --confirm
    """
    import secrets

    from amanat.scope.rebuild import as_keys, rebuild_register

    line = Line(unit="MB", scale=1e6)
    made = rebuild_register(
        given.paths, given.out, key=secrets.token_bytes(32), own_domains=given.own_domain, now=datetime.now(UTC), workers=given.workers, progress=line
    )
    line.close()
    parts = [
        f"{made.persons:,} persons were put together from {made.records_used:,} records; {made.records_of_several:,} records name several persons and"
        f" {made.records_without_key:,} nobody who could be reached: they were left out. {made.files_unread:,} files could not be read.",
        "This is no register:",
        *(f"  - {limit}" for limit in made.limits),
        f"Written to {given.out}, with values of persons: keep it as carefully as the files.",
    ]
    return Result(keys=as_keys(made), text="\n".join(parts))


def _moment(name: str, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise BadMoment(f"{name} {text}: is not a moment with its offset from UTC; write it like 2026-11-14T09:00:00+01:00")
    return at
