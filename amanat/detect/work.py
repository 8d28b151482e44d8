"""What a confined child does: judges messages, or watches logs. Runs without files and network; everything comes as descriptors."""

import io
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from amanat.detect.as_json import alert_as_json, verdict_as_json
from amanat.detect.mail import Ours
from amanat.detect.mailbox import looks_like_mbox, messages
from amanat.detect.reading import Reading
from amanat.detect.sigma_rule import compile_rules
from amanat.detect.verdict import judge
from amanat.detect.watch import Watch

MESSAGES_AT_ONCE = 500


def answers(request: dict[str, Any], fds: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The answers to one request of `confined.Confined.answers`."""
    yield from _mails(request, fds) if request["do"] == "mail" else _logs(request, fds)


def _mails(request: dict[str, Any], fds: Sequence[int]) -> Iterator[dict[str, Any]]:
    """For each message {"begin": [file, number, place]} and then its verdict; {"more": …} when another child should go on."""
    given = request["ours"]
    ours = Ours(domains=tuple(given["domains"]), names=tuple(given["names"]), authserv_ids=tuple(given["authserv_ids"]), keys=dict(given["keys"]))
    start, number = request["start"], request["number"]
    n_done = 0
    for index, fd in enumerate(fds):
        with io.BufferedReader(io.FileIO(fd, closefd=False), 1 << 20) as file:
            os.lseek(fd, 0, os.SEEK_SET)
            is_mbox = request["is_mbox"] or looks_like_mbox(file.peek(512)[:512])
            place = start
            for end, raw in messages(file, is_mbox=is_mbox, start=start):
                if n_done >= MESSAGES_AT_ONCE:
                    yield {"more": [index, number, place]}
                    return
                yield {"begin": [index, number, end]}
                yield {"verdict": verdict_as_json(judge(raw, ours, message=number)), "file": index}
                number, place, n_done = number + 1, end, n_done + 1
        start, number = 0, 1


def _logs(request: dict[str, Any], fds: Sequence[int]) -> Iterator[dict[str, Any]]:
    """{"begin": [file]} for each file, {"read": …} behind it, and at the end {"report": …}."""
    rules, not_run = compile_rules([(path, text) for path, text in request["rules"]])
    watch = Watch(rules, request["names"])
    year_end = datetime.fromisoformat(request["now"])
    for index, fd in enumerate(fds):
        if index in request["skip"]:
            continue
        yield {"begin": [index, 0, 0]}
        reading = Reading(index, year_end=year_end)
        os.lseek(fd, 0, os.SEEK_SET)
        with io.BufferedReader(io.FileIO(fd, closefd=False), 1 << 20) as file:
            watch.read(file, reading)
        told = {"format": reading.format, "n_events": reading.n_events, "n_broken": reading.n_broken, "first_broken": reading.first_broken}
        yield {"read": {**told, "reason": reading.reason}, "file": index}
    yield {
        "report": {
            "alerts": [alert_as_json(alert) for alert in watch.alerts()],
            "n_events": watch.n_events,
            "n_rules": len(rules),
            "not_run": [[one.path, one.reason] for one in not_run],
        }
    }


def warm() -> None:
    """Imports and opens whatever a judgement could need, by making a few."""
    import evtx  # noqa: F401 (nothing can be imported later)
    from PIL import Image

    from amanat.detect.check import check_all
    from amanat.detect.signal import EXAMPLE_OURS, a_mail

    Image.init()  # every picture format
    check_all()
    words = "A few words in English that are long enough to be judged by the model."
    inner = 'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: message/rfc822\n\n' + a_mail(words) + "\n--b--\n"
    judge(f"From: a@example.org\nMIME-Version: 1.0\n{inner}".encode(), EXAMPLE_OURS)
