"""Detect: is something happening? Messages and logs to alerts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amanat.detect.mail import Ours
    from amanat.detect.verdict import MailVerdict
    from amanat.terms.company import Company

__all__ = ["judge_mails", "ours_of"]


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
