"""A ledger that several senders share: what another took over meanwhile is not attempted, so that nobody is told again."""

from datetime import datetime, timezone

import pytest

from amanat.notify.channel import Message, Outcome
from amanat.notify.deliver import work
from amanat.notify.ledger import Sending
from tests.notify.delivery_world import a_contact, a_notice

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)


class Shared:
    """Ten sendings; after three were attempted, the rest of the batch is somebody else's."""

    def __init__(self):
        self.queued, self.taken_over, self.recorded = [str(n) for n in range(10)], set(), []

    def claim(self, channel, n, *, at):
        some, self.queued = self.queued[:n], self.queued[n:]
        return [Sending(sending_id=one, notice_id="eu.en", person_id=one, channel=channel) for one in some]

    def record(self, *outcomes, at):
        self.recorded += [outcome.sending_id for outcome in outcomes]
        if len(self.recorded) == 3:
            self.taken_over = {str(n) for n in range(10)} - set(self.recorded)

    def put_back(self, sending_ids, *, at, answer, until=None):
        assert set(sending_ids) <= self.taken_over

    def n_open(self, channels):
        return 0

    def holds(self, sending_id):
        return sending_id not in self.taken_over


class OneByOne:
    n_parallel, batch_size, is_local = 1, 10, True

    def __init__(self):
        self.attempted = []

    def send(self, batch):
        for message in batch:
            self.attempted.append(message.sending_id)
            yield Outcome(sending_id=message.sending_id, became="accepted")

    def close(self):
        pass


class Many(OneByOne):
    def send_many(self, batch):
        return ([outcome] for outcome in self.send(batch))


@pytest.mark.parametrize("kind", [OneByOne, Many])
def test_what_another_sender_took_over_is_not_attempted(kind):
    ledger, channel = Shared(), kind()

    def messages(claimed):
        return [
            Message(sending_id=s.sending_id, notice=a_notice(), contact=a_contact(), kinds=frozenset(), basis="content", code="") for s in claimed
        ]

    work(ledger, {"email": channel}, messages=messages, now=lambda: NOW)
    assert channel.attempted == ledger.recorded == ["0", "1", "2"]
