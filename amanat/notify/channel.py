"""Channel: one way to reach a person, as every file in `channels/` offers it.

A channel gets batches of messages and answers for each one, as soon as it knows. It keeps no record: the ledger does.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.open_set import OpenSet
from amanat.lib.private import Private
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice

Became = Literal["accepted", "delivered", "refused", "bounced", "unsure", "try_later"]


class TryLater(Exception):
    """The channel as a whole cannot take messages now (no connection, server busy): nothing was sent, the batch waits."""


class Refused(Exception):
    """The channel as a whole will not take our messages (wrong log-in, sender not allowed): a person must look at it."""


class UnknownChannel(Fixable):
    """A channel that has no file in `channels/`."""


class BadChannelAddress(Fixable):
    """The address of a server or folder that a channel cannot use."""


class NoGateway(Fixable):
    """Sendings that nothing can carry, or that two gateways could."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One sending, ready to go: the notice, the person, what of theirs is exposed, how we know it, and their code."""

    sending_id: str
    notice: Notice
    contact: Contact
    kinds: frozenset[str]
    basis: str  # how we know: content | access | service (terms.exposure.Basis); "" when the exposures do not say
    code: str
    stamp: str = ""  # code, notice, company and day, signed (`notify.stamp`); empty: nothing is signed here
    envelope: str = ""  # letters with the same one go into one envelope (`notify.household`); empty: one of its own
    n_in_envelope: int = 1
    leave_url: str = ""  # with which this reader of a newsletter leaves it (`notify.leave`); a notice that the law requires has none


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt. `answer` is the server's words; the ledger strips addresses from it."""

    sending_id: str
    became: Became
    answer: str = ""


class Filled(Protocol):
    """A notice's text, compiled once, that is filled for each person."""

    def fill(self, contact: Contact, kinds: frozenset[str], basis: str, code: str) -> str: ...

    def wire(self, contact: Contact, kinds: frozenset[str], basis: str, code: str) -> bytes:
        """The same in UTF-8 with CRLF line ends, as a mail carries it."""
        ...


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
    gateways: Path | None = None  # folder with NAME.toml for each channel that goes through somebody's gateway
    # Puts a text on the person's own page; gives the reason when there is none for them. Raises TryLater. None: there are no pages.
    place: Callable[[Message, str], str] | None = None


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


@runtime_checkable
class Concurrent(Protocol):
    """A channel that has many messages on their way at once, watched by one thread."""

    def send_many(self, batch: Iterable[Message]) -> Iterator[Sequence[Outcome]]:
        """Gives outcomes that came in together, and takes no further message before it is asked again; once a second it gives none.

        What it took from `batch` it ends; who wants it to stop ends the batch. Raises as `send` does, after what was on its way has ended.
        """
        ...


@runtime_checkable
class Listening(Protocol):
    """A channel that hears later what became of messages it handed over."""

    def reports(self) -> Iterator[Outcome]:
        """What was heard since the last call, without waiting: "delivered" or "bounced"."""
        ...


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
    carries: str = ""  # "email", "sms": what it carries, where that is not its own name. Two persons approve that, not who carries it
    gateway: type[Any] | None = None  # the shape of its NAME.toml; None: it has none
    read_as: str = ""  # what was read that day, where it was not the whole source, and what was not tried
    needs_gateway: bool = True  # it cannot be opened without its NAME.toml


def an_example(*emails: str, address: str | None = None, phones: Sequence[str] = (), residence: str | None = None) -> Contact:
    """An invented contact with nothing but these addresses and numbers, for the examples of a channel."""
    return Contact(
        person_id="1",
        name=None,
        emails=tuple(Private("email", email) for email in emails),
        phones=tuple(Private("phone", phone) for phone in phones),
        address=Private("address", address) if address is not None else None,
        residence=residence,
        language=None,
        minor=None,
        deceased=None,
        needs=None,
    )


def channel_types() -> dict[str, ChannelType]:
    """Every channel by name."""
    found: dict[str, ChannelType] = OpenSet("notify/channels", "CHANNEL").load()
    return found


def carriers_of(kind: str) -> dict[str, ChannelType]:
    """The members that carry sendings of this kind ("email", "sms", "letter"), by name; raises UnknownChannel."""
    types = channel_types()
    found = {name: one for name, one in types.items() if (one.carries or name) == kind}
    if not found:
        kinds = sorted({one.carries or name for name, one in types.items()})
        raise UnknownChannel(f"there is no channel {kind!r}{did_you_mean(kind, kinds) or '.'} Known: {', '.join(kinds)}")
    return found


def open_channel(kind: str, opening: Opening) -> Channel:
    """What carries sendings of that kind, ready to send: the one whose gateway is described, else the one that needs none.

    Raises UnknownChannel, and NoGateway when nothing is described or more than one.
    """
    known = carriers_of(kind)
    ready = [name for name, one in known.items() if one.gateway and gateway_file(name, opening).is_file()]
    ready = ready or [name for name, one in known.items() if one.gateway is None or not one.needs_gateway]
    if len(ready) == 1:
        return known[ready[0]].open(opening)
    if ready:
        raise NoGateway(f"{opening.gateways}: describes {' and '.join(ready)}, and {kind} can go through one only; keep the one that you mean")
    raise NoGateway(f"nothing carries {kind}: put {' or '.join(name + '.toml' for name in known)} into the folder of gateways")


def gateway_file(name: str, opening: Opening) -> Path:
    """Where the gateway of the channel `name` is described."""
    return (opening.gateways or Path(os.devnull)) / f"{name}.toml"


WORDS_MAX = 2000  # more is not looked at
_ADDRESS = re.compile(r"<?[^\s<>@\"']+@[^\s<>@\"',;]+>?|\"[^\"]*\"@\S+")


def without_addresses(answer: str) -> str:
    """The server's words without anything that looks like an e-mail address, on one line, at most 200 characters.

    >>> without_addresses("550 5.1.1 <sara@example.org>: Recipient address rejected")
    '550 5.1.1 <address>: Recipient address rejected'
    """
    if len(answer) > WORDS_MAX:
        answer = answer[:WORDS_MAX].rpartition(" ")[0]  # not in the middle of an address; the search takes the square of a word's length
    one_line = " ".join(_ADDRESS.sub("<address>", answer).split())
    return "".join(c for c in one_line if c.isprintable())[:200]


def must_be(found: Any, what: str) -> Any:
    """`found`, or BadChannelAddress when the opening lacks it."""
    if not found:
        raise BadChannelAddress(f"the channel needs {what}")
    return found
