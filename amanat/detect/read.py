"""Files to verdicts, each message judged in the confined process; what ends it is counted and the rest is judged."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from amanat.detect.as_json import NotOurs, verdict_of
from amanat.detect.confined import FILES_AT_ONCE, confined, ending, forget
from amanat.detect.mail import BadMail, Ours
from amanat.detect.verdict import MailVerdict
from amanat.terms.alert import Evidence

SECONDS = 120  # for one child, which judges at most 500 messages


def judge_files(paths: Sequence[Path], ours: Ours, *, is_mbox: bool = False) -> Iterator[MailVerdict]:
    """A verdict for each message of each file; raises BadMail for a path that cannot be opened."""
    for path in paths:
        if path.is_dir():
            raise BadMail(f"{path}: is a folder; name the messages in it ({path}/*)")
        if not path.is_file():
            raise BadMail(f"{path}: there is no such file; check the spelling")
        if not os.access(path, os.R_OK):
            raise BadMail(f"{path}: may not be opened by this account; give it permission to read")
    for begin in range(0, len(paths), FILES_AT_ONCE):
        yield from _judge_some(list(paths[begin : begin + FILES_AT_ONCE]), ours, is_mbox)


def _judge_some(paths: list[Path], ours: Ours, is_mbox: bool) -> Iterator[MailVerdict]:
    start, number = 0, 1
    named, begun = paths, set[Path]()
    while paths:
        fds = [os.open(path, os.O_RDONLY | os.O_CLOEXEC) for path in paths]
        request = {"do": "mail", "ours": asdict(ours), "is_mbox": is_mbox, "start": start, "number": number}
        in_hand: tuple[int, int, int] | None = None
        following: tuple[int, int, int] | None = None
        how = ""
        try:
            for answer in confined().answers(request, fds, seconds=SECONDS):
                if "ended" in answer:
                    how = answer["ended"]
                elif "more" in answer:
                    following = _three(answer["more"], len(paths))
                elif "begin" in answer:
                    in_hand = _three(answer["begin"], len(paths))
                    begun |= {paths[in_hand[0]]} if in_hand else set()
                elif in_hand is not None:
                    verdict = _checked(answer, paths[in_hand[0]], in_hand[1])
                    yield verdict
                    in_hand = None
        finally:
            for fd in fds:
                os.close(fd)
        if how == "died":
            forget()
        if following is None:
            if not how:
                # A mailbox without a message is said too: nothing found is not the same as nothing there.
                yield from (_unread(path, 1, "It holds no message.") for path in named if path not in begun)
                return
            # The message in hand ended the child: it is counted, and the work goes on behind it.
            index, at, end = in_hand or (0, number, start)
            size = paths[index].stat().st_size
            yield _unread(paths[index], at, ending(how))
            following = (index, at + 1, end) if end < size and end > 0 else (index + 1, 1, 0)
        paths, number, start = paths[following[0] :], following[1], following[2]


def _checked(answer: dict[str, object], path: Path, number: int) -> MailVerdict:
    try:
        verdict = verdict_of(answer["verdict"], path=path.name)  # type: ignore[arg-type]
    except (NotOurs, KeyError, TypeError, ValueError):
        return _unread(path, number, "The process that reads it sent back something that makes no sense; it may be an attack.")
    return verdict if verdict.message == number else _unread(path, number, "The process that reads it lost count; it may be an attack.")


def _unread(path: Path, number: int, why: str) -> MailVerdict:
    from amanat.detect.verdict import GAP

    return MailVerdict(
        path=path.name,
        message=number,
        way="raw",
        verdict="cannot_say",
        probability=0.5,
        evidence=(Evidence(signal="reading", strength="context", says=GAP, details={"gap": why}),),
        digest=hashlib.sha256(f"{path.name}\0{number}".encode()).hexdigest(),
        gaps=(why,),
    )


def _three(given: object, n_files: int) -> tuple[int, int, int] | None:
    if isinstance(given, list) and len(given) == 3 and all(isinstance(n, int) for n in given) and 0 <= given[0] < n_files:
        return given[0], given[1], given[2]
    return None
