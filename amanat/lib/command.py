"""Commands: `amanat <verb> <command> …`, each with `--format json`, and exit 0 (done), 1 (a check did not pass), 2 (input to mend).

A stage's `__main__.py` makes one `Verb` and decorates its commands. The manual's page is made from the same objects.
"""

import argparse
import errno
import inspect
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.table import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command found: `keys` for machines, `text` for people, and whether a check passed.

    `text` None means that the command wrote to standard output itself (a stream of JSON lines).
    """

    keys: dict[str, Any]
    text: str | None
    is_passed: bool = True


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument, in argparse's words."""

    names: tuple[str, ...]
    options: dict[str, Any]


def argument(*names: str, **options: Any) -> Argument:
    """`argument("--register", type=Path, help="…")`."""
    return Argument(names, options)


def one_or_more(text: str) -> int:
    """A whole number from 1, as an argument's `type`: with no process at work nothing would be read, and nobody found.

    >>> one_or_more("2")
    2
    """
    number = int(text) if text.strip().isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return number


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, arguments and function; its help is the function's docstring."""

    name: str
    arguments: tuple[Argument, ...]
    run: Callable[[argparse.Namespace], Result]
    json_keys: tuple[str, ...]

    @property
    def says(self) -> str:
        return (self.run.__doc__ or "").strip()


@dataclass(slots=True)
class Verb:
    """The commands of one stage. A verb with the single command "" takes its arguments directly (`amanat run STORY`)."""

    name: str
    says: str
    commands: dict[str, Command] = field(default_factory=dict)

    def command(
        self, name: str, *arguments: Argument, json_keys: Sequence[str] = ()
    ) -> Callable[[Callable[[argparse.Namespace], Result]], Callable[[argparse.Namespace], Result]]:
        """Registers the decorated function; `json_keys` are the documented keys of `--format json`."""

        def add(run: Callable[[argparse.Namespace], Result]) -> Callable[[argparse.Namespace], Result]:
            self.commands[name] = Command(name, arguments, run, tuple(json_keys))
            return run

        return add

    def parser(self) -> argparse.ArgumentParser:
        parser = _Parser(prog=f"amanat {self.name}", description=self.says, formatter_class=argparse.RawDescriptionHelpFormatter)
        if set(self.commands) == {""}:
            _fill(parser, self.commands[""])
            return parser
        below = parser.add_subparsers(metavar="COMMAND", required=True)
        for command in self.commands.values():
            first_line = command.says.split("\n")[0]
            # argparse fills in a help by %; one that says "20 %" must reach it with the sign doubled.
            first_line = first_line.replace("%", "%%")
            says = inspect.cleandoc(command.says)
            one = below.add_parser(command.name, help=first_line, description=says, formatter_class=argparse.RawDescriptionHelpFormatter)
            _fill(one, command)
        return parser

    def main(self, arguments: Sequence[str]) -> int:
        """Runs one command and gives the exit code."""
        for stream in (sys.stdout, sys.stderr):
            # A file name that is not UTF-8, or a terminal that knows no Persian, must not end the work at its last line.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        chosen = self.parser().parse_args(arguments)
        try:
            result: Result = _with_a_sentence(chosen)
        except Fixable as error:
            if chosen.format == "json":
                print(json.dumps({"error": str(error)}, ensure_ascii=False))
            print(f"amanat: {plain(str(error))}", file=sys.stderr)
            return 2
        except BrokenPipeError:
            _close_output()
            return 0
        except KeyboardInterrupt:
            print("amanat: stopped", file=sys.stderr)
            return 130
        try:
            if chosen.format == "json" and result.text is not None:
                print(json.dumps(result.keys, ensure_ascii=False, default=str), flush=True)
            elif result.text:
                print(plain(result.text), flush=True)
        except BrokenPipeError:
            _close_output()
        return 0 if result.is_passed else 1


class OutOfReach(Fixable):
    """A path or a disk that the system does not let us use."""


# What somebody can do about it; the system's own words say the rest.
_NEXT = {
    errno.ENOENT: "check the spelling",
    errno.EISDIR: "name a file, not a folder",
    errno.ENOTDIR: "a part of this path is a file where a folder must be; name another",
    errno.EEXIST: "it is in the way; move it, or name another path",
    errno.EACCES: "give this account permission, or name another path",
    errno.EPERM: "give this account permission, or name another path",
    errno.EROFS: "name a place that can be written to",
    errno.ENAMETOOLONG: "name a shorter path",
    errno.ELOOP: "a link there leads to itself; name the file itself",
    errno.ENOSPC: "make room on the disk, then run again",
    errno.EDQUOT: "make room within your quota, then run again",
    errno.EIO: "the disk or the share did not answer; try a copy elsewhere",
}


def _with_a_sentence(chosen: argparse.Namespace) -> Result:
    """Runs the command; what the system refuses about a path becomes a sentence, whichever stage met it."""
    try:
        result: Result = chosen.run_command(chosen)
        return result
    except OSError as error:
        if error.errno not in _NEXT or (error.filename is None and error.errno not in (errno.ENOSPC, errno.EDQUOT)):
            raise  # not about a path: ours to look at
        where = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes | os.PathLike) else "the disk"
        raise OutOfReach(f"{where}: {(error.strerror or 'cannot be used').lower()}; {_NEXT[error.errno]}") from error


def _close_output() -> None:
    """The reader (`| head`) has seen enough; without this Python would complain about it at the very end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # argparse lists the choices; we also say which one was probably meant.
        if "invalid choice" in message:
            word = message.split("'")[1]
            message += did_you_mean(word, message.split("choose from")[-1].replace("'", "").strip(" ()").split(", "))
        self.print_usage(sys.stderr)
        print(f"amanat: {message} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(2)


def _fill(parser: argparse.ArgumentParser, command: Command) -> None:
    for each in command.arguments:
        parser.add_argument(*each.names, **each.options)
    keys = f" (keys: {', '.join(command.json_keys)})" if command.json_keys else ""
    parser.add_argument("--format", choices=("text", "json"), default="text", help=f"what to print; json is for machines{keys}")
    parser.set_defaults(run_command=command.run)
