"""Commands about the register: `register` shows and settles what its columns hold, `rebuild` makes one from files."""

import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.progress import Line
from amanat.lib.table import plain, table
from amanat.scope import options


def add_to(verb: Verb) -> None:
    """Adds the commands to `amanat scope`."""
    verb.command(
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
    )(register)
    verb.command(
        "rebuild",
        argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders in which the company's persons stand"),
        argument("--out", type=Path, required=True, metavar="FILE", help="the register to write (CSV); a new file"),
        options.OWN_DOMAINS,
        options.WORKERS,
        json_keys=("persons", "records_used", "records_of_several", "records_without_key", "files_unread", "limits"),
    )(rebuild)


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
