"""A message on the person's own page in amanat: placed there by the web, and read by who opens the page with code and one-time code."""

from collections.abc import Iterator, Sequence

from amanat.notify.channel import BadChannelAddress, ChannelType, Message, Opening, Outcome, an_example
from amanat.terms.contact import Contact


class MyPage:
    """The pages of an incident."""

    batch_size = 25
    n_parallel = 1
    is_local = True  # nothing leaves this machine; who wants to read comes here

    def __init__(self, opening: Opening) -> None:
        if opening.place is None:
            raise BadChannelAddress(
                "there is no page on which a person could read a message: send from the web (`amanat up`), or describe portal.toml"
            )
        self._place, self._texts = opening.place, opening.texts

    def send(self, batch: Sequence[Message]) -> Iterator[Outcome]:
        for message in batch:
            text = self._texts[message.notice.id].text.fill(message.contact, message.kinds, message.basis, message.code)
            why_not = self._place(message, text)
            answer = why_not or "placed on the person's own page"
            yield Outcome(sending_id=message.sending_id, became="refused" if why_not else "accepted", answer=answer)

    def close(self) -> None: ...


def _reaches(contact: Contact) -> bool:
    # The page opens with a one-time code that goes to the e-mail address on file.
    return bool(contact.emails)


CHANNEL = ChannelType(
    says="A message on the person's own page in amanat.",
    reaches=_reaches,
    lacks="no e-mail address on file to open their own page with",
    open=MyPage,
    carries="portal",
    # Art 34(1) wants it communicated to the person: placed is accepted, and delivered only once they have opened it.
    source="https://eur-lex.europa.eu/eli/reg/2016/679/oj",
    read_on="2026-11-22",
    read_as="Article 34 of the GDPR, as the file of that law cites it; it names no channel.",
    examples=(an_example("sara@example.org"),),
    not_examples=(an_example(), an_example(phones=("+447700900123",))),
)
