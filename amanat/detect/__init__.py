"""Detect: is something happening? Messages and logs to alerts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amanat.detect.waves import Asked, Mark, Report

if TYPE_CHECKING:
    from datetime import datetime

    from amanat.detect.mail import Ours
    from amanat.detect.read_logs import LogReport
    from amanat.detect.verdict import MailVerdict
    from amanat.terms.company import Company

__all__ = ["Asked", "Mark", "Report", "find_waves", "judge_mails", "marks_of", "ours_of", "sentences", "watch_logs"]


def ours_of(company: "Company", *, authserv_ids: Iterable[str] = (), keys: Mapping[str, str] | None = None) -> "Ours":
    """What is ours and could be borrowed: domains and names of `company.toml`, the servers whose word counts, public keys at hand."""
    from amanat.detect.mail import ours_of as of

    return of(company, authserv_ids=authserv_ids, keys=keys)


def judge_mails(paths: Sequence[Path], ours: "Ours", *, is_mbox: bool = False) -> "Iterator[MailVerdict]":
    """A verdict for each message in the files, opened in a confined process.

    Raises:
        Fixable: a path cannot be opened, or the confined process cannot be started.
    """
    from amanat.detect.read import judge_files

    return judge_files(paths, ours, is_mbox=is_mbox)


def watch_logs(paths: Sequence[Path], *, rules: Path | None = None, now: "datetime") -> "LogReport":
    """What the logs show: amanat's own rules and those of a folder, and patterns over many events; alerts by entity and time.

    Args:
        now: no event of a log that names no year is later than this.

    Raises:
        Fixable: a path or the folder of rules cannot be opened, or the confined process cannot be started.
    """
    from amanat.detect.read_logs import watch_files

    return watch_files(paths, rules=rules, now=now)


def marks_of(text: str, hosts: Iterable[str], *, ours: Iterable[str], key: bytes) -> frozenset[Mark]:
    """What a reported message may have in common with others: domains of its links (`hosts`), its sender, its longest sentence."""
    from amanat.detect.waves import marks_of as marks

    return marks(text, hosts, ours=ours, key=key)


def find_waves(reports: Sequence[Report], asked: Sequence[Asked], *, usual_an_hour: float, day: str, key: bytes) -> list[dict[str, Any]]:
    """The alerts about what many people reported or asked about alike on one day, as they are stored; ids stay the same while a wave grows."""
    from amanat.detect.as_json import alert_as_json
    from amanat.detect.waves import waves

    return [alert_as_json(alert) for alert in waves(reports, asked, usual_an_hour=usual_an_hour, day=day, key=key)]


def sentences() -> list[str]:
    """Every sentence that evidence can say, in English with %(name)s for its details, and the titles of our own rules, for translation."""
    from amanat.detect import mail, pattern, sigma_rule, signal, verdict, watch
    from amanat.detect.waves import SENTENCES as OF_WAVES

    of_members = [*(one.sentences for one in signal.signals().values()), *(one.sentences for one in pattern.patterns().values())]
    return sorted(
        {*verdict.SENTENCES, *watch.SENTENCES, *OF_WAVES, *mail.GAPS, *sigma_rule.titles(), *(says for sentences in of_members for says in sentences)}
    )
