"""Channel: one way to reach a person, as every file in `channels/` offers it.

A channel gets batches of messages and answers for each one, as soon as it knows. It keeps no record: the ledger does.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.open_set import OpenSet
from amanat.lib.private import Private
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice

Became = Literal["accepted", "delivered", "refused", "unsure", "try_later"]


class TryLater(Exception):
    """The channel as a whole cannot take messages now (no connection, server busy): nothing was sent, the batch waits."""


class Refused(Exception):
    """The channel as a whole will not take our messages (wrong log-in, sender not allowed): a person must look at it."""


class UnknownChannel(Fixable):
    """A channel that has no file in `channels/`."""


class BadChannelAddress(Fixable):
    """The address of a server or folder that a channel cannot use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One sending, ready to go: the notice, the person, what of theirs is exposed, how we know it, and their code."""

    sending_id: str
    notice: Notice
    contact: Contact
    kinds: frozenset[str]
    basis: str  # how we know: content | access | service (terms.exposure.Basis); "" when the exposures do not say
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt. `answer` is the server's words; the ledger strips addresses from it."""

    sending_id: str
    became: Became
    answer: str = ""


class Filled(Protocol):
    """A notice's text, compiled once, that is filled for each person."""

    def fill(self, contact: Contact, kinds: frozenset[str], basis: str, code: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Texts:
    """What one notice says by e-mail: as plain text and as HTML."""

    text: Filled
    html: Filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a channel may need to open. Each takes what it wants and says what is missing."""

    company: Company
    address: str = ""  # smtp://HOST:PORT; unused by the letter
    texts: Mapping[str, Texts]  # by notice id
    letters: Callable[[Notice, Sequence[Message], Path], Sequence[Path]] | None = None  # one PDF for each message, in order
    folder: Path | None = None  # where letters are put
    login_file: Path | None = None  # USER:PASSWORD in its first line; never in the address, where logs would show it
    ca_file: Path | None = None  # certificate authority of a relay inside the company
    n_parallel: int = 4  # batches at once, each on a connection of its own


class Channel(Protocol):
    """An open channel. `send` is called from `n_parallel` threads at once, each with its own batch."""

    n_parallel: int
    batch_size: int
    is_local: bool  # cannot leave this machine; drills use no other

    def send(self, batch: Sequence[Message]) -> Iterator[Outcome]:
        """Attempts one message after another and gives each outcome before the next attempt begins.

        Raises TryLater or Refused for what concerns all messages; those without an outcome count as not attempted.
        """
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelType:
    """One member of `channels/`; the file's name is the channel's name."""

    says: str
    reaches: Callable[[Contact], bool]  # whether the register holds what the channel needs
    lacks: str  # the reason to note when it does not: "no e-mail address on file"
    open: Callable[[Opening], Channel]
    source: str  # the standard or manual it follows
    read_on: str  # the day somebody last compared this file with it
    examples: tuple[Contact, ...]  # it reaches these
    not_examples: tuple[Contact, ...]


def an_example(*emails: str, address: str | None = None) -> Contact:
    """An invented contact with nothing but these e-mail addresses and this postal address, for the examples of a channel."""
    return Contact(
        person_id="1",
        name=None,
        emails=tuple(Private("email", email) for email in emails),
        phones=(),
        address=Private("address", address) if address is not None else None,
        residence=None,
        language=None,
        minor=None,
        deceased=None,
        needs=None,
    )


def channel_types() -> dict[str, ChannelType]:
    """Every channel by name."""
    found: dict[str, ChannelType] = OpenSet("notify/channels", "CHANNEL").load()
    return found


def open_channel(name: str, opening: Opening) -> Channel:
    """The channel of that name, ready to send; raises UnknownChannel."""
    known = channel_types()
    if name not in known:
        raise UnknownChannel(f"there is no channel {name!r}{did_you_mean(name, known) or '.'} Known: {', '.join(known)}")
    return known[name].open(opening)


_ADDRESS = re.compile(r"<?[^\s<>@\"']+@[^\s<>@\"',;]+>?|\"[^\"]*\"@\S+")


def without_addresses(answer: str) -> str:
    """The server's words without anything that looks like an e-mail address, on one line, at most 200 characters.

    >>> without_addresses("550 5.1.1 <sara@example.org>: Recipient address rejected")
    '550 5.1.1 <address>: Recipient address rejected'
    """
    one_line = " ".join(_ADDRESS.sub("<address>", answer).split())
    return "".join(c for c in one_line if c.isprintable())[:200]


def must_be(found: Any, what: str) -> Any:
    """`found`, or BadChannelAddress when the opening lacks it."""
    if not found:
        raise BadChannelAddress(f"the channel needs {what}")
    return found
