"""One sentence: what this channel reaches, and through what."""

from collections.abc import Iterator, Sequence

from amanat.notify.channel import ChannelType, Message, Opening, Outcome
from amanat.terms.contact import Contact


class Open:
    """The open channel. Raise TryLater or Refused for what concerns all messages; answer for each one otherwise."""

    batch_size = 50
    n_parallel = 1
    is_local = False

    def __init__(self, opening: Opening) -> None:
        self._address = opening.address

    def send(self, batch: Sequence[Message]) -> Iterator[Outcome]:
        # Yield each outcome before the next attempt begins: what is yielded is on record, what is not counts as not attempted.
        for message in batch:
            raise NotImplementedError(message.sending_id)
        yield from ()

    def close(self) -> None: ...


def _reaches(contact: Contact) -> bool:
    return bool(contact.phones)


CHANNEL = ChannelType(
    says="What it is, as staff read it.",
    reaches=_reaches,
    lacks="no … on file",
    open=Open,
    source="https://…",  # the standard or the provider's manual
    read_on="2026-01-01",  # when you read it
    examples=(),  # contacts it reaches, invented
    not_examples=(),
)
