"""Test sends: each notice to members of staff, marked as a test, with a code that is none. They tell nobody and stand in no ledger."""

import contextlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace

from amanat.lib.private import Private
from amanat.notify.channel import Message, Opening, Outcome, an_example, open_channel
from amanat.notify.select import bases_of
from amanat.terms.notice import Notice

MARK = "[TEST]"
CODE = "0000-0000-0000-0"  # as long as every code; whoever checks it is told that it is not ours


class NotLocalTrial(Exception):
    """A test of a drill or demonstration would leave this machine."""


def marked(notices: Iterable[Notice]) -> list[Notice]:
    """The notices for persons, each with the mark before its subject."""
    return [replace(n, subject=f"{MARK} {n.subject}") for n in notices if n.audience == "individuals"]


def trial_messages(notices: Sequence[Notice], addresses: Sequence[str]) -> list[Message]:
    """One message for each notice (as `marked` gives it) and address, with every kind of data that the notice speaks of."""
    return [
        Message(
            sending_id=secrets.token_hex(16),
            notice=notice,
            contact=replace(an_example(address), name=Private("name", MARK)),
            kinds=frozenset(kind for section in notice.sections for sentence in section.sentences for kind in sentence.kinds),
            basis=bases_of(notice)[0],
            code=CODE,
        )
        for notice in notices
        for address in addresses
    ]


def send_trials(messages: Sequence[Message], opening: Opening, *, is_confined: bool = False) -> list[Outcome]:
    """Sends them by e-mail and gives an outcome for each, in order; with `is_confined` only to this machine, or raises NotLocalTrial."""
    with contextlib.closing(open_channel("email", opening)) as channel:
        if is_confined and not channel.is_local:
            raise NotLocalTrial
        return list(channel.send(messages))
