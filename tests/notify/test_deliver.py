"""Delivery against real mail servers that are good, slow, busy, rude or broken."""

import csv
import threading
import time

import pyarrow.parquet as pq
import pytest
from aiosmtpd.smtp import SMTP

from amanat import notify
from amanat.notify.approve import BadSigner, NotApproved
from amanat.notify.deliver import NotLocal
from tests.notify.delivery_world import (
    KEY,
    NOW,
    Sink,
    a_company,
    a_contact,
    a_notice,
    a_plan,
    a_server,
    an_approval,
    deliver,
    many_contacts,
)


def test_everybody_on_the_list_is_told_once(tmp_path):
    contacts, sink = many_contacts(150), Sink()
    with a_server(sink) as url:
        reach = deliver(tmp_path, contacts, a_plan(contacts), url)

    assert sorted(sink.recipients) == sorted(f"p{i}@example.org" for i in range(150))
    assert (reach.n_persons, reach.n_reached, reach.n_waiting, reach.is_stopped) == (150, 150, 0, False)
    assert reach.states == {"accepted": 150}


def test_each_message_carries_its_own_code_and_it_verifies(tmp_path):
    contacts, sink = many_contacts(3), Sink()
    plan = a_plan(contacts)
    with a_server(sink) as url:
        deliver(tmp_path, contacts, plan, url)

    codes = {m.get_body(("plain",)).get_content().strip().rsplit(", ", 1)[1] for m in sink.messages}
    assert codes == {notify.code_for(KEY, sending_id) for sending_id in plan.sendings["sending_id"].to_pylist()}
    assert (tmp_path / "codes.parquet").exists()


def test_a_greylisting_server_gets_the_same_message_again(tmp_path):
    class Grey(Sink):
        def __init__(self):
            super().__init__()
            self.seen = set()

        async def handle_RCPT(self, server, session, envelope, address, options):
            if address not in self.seen:
                self.seen.add(address)
                return "450 4.2.0 greylisted, come back"
            envelope.rcpt_tos.append(address)
            return "250 ok"

    contacts, sink = many_contacts(20), Grey()
    with a_server(sink) as url:
        reach = deliver(tmp_path, contacts, a_plan(contacts), url)

    assert reach.n_reached == 20
    assert set(sink.message_ids.values()) == {1}
    receipts = pq.read_table(tmp_path / "receipts.parquet").to_pylist()
    one = [r["state"] for r in receipts if r["person_id"] == "p7"]
    assert one == ["queued", "attempting", "queued", "attempting", "accepted"]


def test_a_refused_address_moves_the_person_to_the_letter(tmp_path):
    class Picky(Sink):
        async def handle_RCPT(self, server, session, envelope, address, options):
            if address == "p3@example.org":
                return f"550 5.1.1 <{address}>: no such user"
            envelope.rcpt_tos.append(address)
            return "250 ok"

    contacts, sink = many_contacts(6), Picky()
    with a_server(sink) as url:
        reach = deliver(tmp_path, contacts, a_plan(contacts), url)

    assert reach.n_reached == 6
    assert reach.states == {"accepted": 6, "refused": 1}
    rows = list(csv.DictReader((tmp_path / "letters" / "manifest.csv").open()))
    assert [(row["person_id"], row["pages"]) for row in rows] == [("p3", "1")]
    assert (tmp_path / "letters" / rows[0]["file"]).read_bytes().startswith(b"%PDF")


def test_what_a_server_says_is_kept_without_addresses(tmp_path):
    class Rude(Sink):
        async def handle_RCPT(self, server, session, envelope, address, options):
            return f"550 5.1.1 <{address}>: no such user"

    contacts = [a_contact("1", address=None)]
    with a_server(Rude()) as url:
        reach = deliver(tmp_path, contacts, a_plan(contacts), url)

    assert reach.n_failed == 1
    stored = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert b"sara@example.org" not in stored
    last = pq.read_table(tmp_path / "receipts.parquet").to_pylist()[-1]
    assert (last["state"], last["answer"]) == ("refused", "550 5.1.1 <address>: no such user")


def test_a_second_address_of_the_person_is_tried_when_the_first_is_refused(tmp_path):
    class Picky(Sink):
        async def handle_RCPT(self, server, session, envelope, address, options):
            if address == "old@example.org":
                return "550 5.1.1 no such user"
            envelope.rcpt_tos.append(address)
            return "250 ok"

    contacts, sink = [a_contact("1", emails=("old@example.org", "new@example.org"))], Picky()
    with a_server(sink) as url:
        deliver(tmp_path, contacts, a_plan(contacts), url)

    assert sink.recipients == ["new@example.org"]


class Breaking(SMTP):
    """Takes the message and closes the connection before it answers, the first `n_breaks` times."""

    n_breaks = 1

    async def smtp_DATA(self, arg):
        if type(self).n_breaks > 0:
            real, self.push = self.push, self._mute
            self.real = real
        await super().smtp_DATA(arg)

    async def _mute(self, status):
        text = status if isinstance(status, str) else status.decode()
        if text.startswith("354"):
            await self.real(status)
            return
        type(self).n_breaks -= 1
        self.transport.close()


def test_a_connection_lost_after_the_message_is_resent_with_the_same_message_id(tmp_path):
    contacts, sink = many_contacts(4), Sink()

    class Once(Breaking):
        n_breaks = 1

    with a_server(sink, protocol=Once) as url:
        reach = deliver(tmp_path, contacts, a_plan(contacts), url, n_parallel=1)

    assert reach.n_reached == 4
    # The server had taken the message whose answer got lost: it holds five, of which two have one Message-ID.
    assert sorted(sink.message_ids.values()) == [1, 1, 1, 2]
    states = [r["state"] for r in pq.read_table(tmp_path / "receipts.parquet").to_pylist()]
    assert states.count("unsure") == 1


def test_unsure_sendings_are_held_for_a_person_when_that_is_asked_for(tmp_path):
    contacts, sink = many_contacts(4), Sink()

    class Once(Breaking):
        n_breaks = 1

    with a_server(sink, protocol=Once) as url:
        retry = notify.Retry(hold_unsure=True)
        reach = deliver(tmp_path, contacts, a_plan(contacts), url, n_parallel=1, retry=retry)

    assert (reach.n_reached, reach.n_unsure) == (3, 1)
    assert set(sink.message_ids.values()) == {1}


def test_a_server_that_always_breaks_is_not_flooded(tmp_path):
    contacts, sink = [a_contact("1", address=None)], Sink()

    class Always(Breaking):
        n_breaks = 1000

    with a_server(sink, protocol=Always) as url:
        reach = deliver(tmp_path, contacts, a_plan(contacts), url, n_parallel=1)

    assert reach.n_unsure == 1
    assert sum(sink.message_ids.values()) == 4  # the first and three resends
    assert len(sink.message_ids) == 1


def test_a_server_that_closes_after_each_message_gets_a_new_connection(tmp_path):
    class OneEach(SMTP):
        n_taken = 0

        async def smtp_MAIL(self, arg):
            self.n_taken += 1
            if self.n_taken > 1:
                await self.push("421 4.7.0 too many messages on this connection")
                self.transport.close()
                return
            await super().smtp_MAIL(arg)

    contacts, sink = many_contacts(10), Sink()
    with a_server(sink, protocol=OneEach) as url:
        reach = deliver(tmp_path, contacts, a_plan(contacts), url)

    assert reach.n_reached == 10
    assert reach.states == {"accepted": 10}
    assert set(sink.message_ids.values()) == {1}


def test_a_relay_that_is_down_is_waited_for(tmp_path):
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    contacts = many_contacts(5)
    asked = []

    def stop():
        asked.append(1)
        return len(asked) > 20

    reach = deliver(tmp_path, contacts, a_plan(contacts), f"smtp://127.0.0.1:{port}", stop=stop)

    assert (reach.is_stopped, reach.n_waiting, reach.stopped_because) == (True, 5, "asked to stop")
    with a_server(sink := Sink()) as url:
        assert deliver(tmp_path, contacts, a_plan(contacts), url).n_reached == 5
    assert set(sink.message_ids.values()) == {1}


def test_a_relay_that_is_down_is_not_asked_again_for_every_sending(tmp_path):
    contacts, asked = many_contacts(500), []

    def stop():
        asked.append(1)
        return len(asked) > 30

    deliver(tmp_path, contacts, a_plan(contacts), "smtp://127.0.0.1:1", stop=stop)
    assert (tmp_path / "ledger.jsonl").read_text().count('"state":"attempting"') <= 8


def test_a_mistake_of_ours_is_seen_and_what_was_in_the_air_is_in_doubt(tmp_path):
    from amanat.notify.channel import Texts
    from tests.notify.delivery_world import Plain, Wired

    class Broken(Wired):
        def fill(self, contact, kinds, basis, code):
            if contact.person_id == "p3":
                raise ZeroDivisionError
            return "text"

    contacts, sink = many_contacts(5), Sink()
    with a_server(sink) as url:
        with pytest.raises(ZeroDivisionError):
            deliver(tmp_path, contacts, a_plan(contacts), url, n_parallel=1, texts={"eu.en": Texts(text=Broken(), html=Plain())})
        reach = deliver(tmp_path, contacts, a_plan(contacts), url)
    assert reach.n_reached == 5
    assert set(sink.message_ids.values()) == {1}


def test_nobody_to_tell_is_no_error(tmp_path):
    import pyarrow as pa

    from amanat.notify.plan import Plan

    empty = a_plan(many_contacts(1))
    plan = Plan(sendings=empty.sendings.slice(1), further=empty.further.slice(1), left_out=empty.left_out)
    reach = deliver(tmp_path, [], plan, "smtp://127.0.0.1:1", approval=an_approval(plan))
    assert (reach.n_persons, reach.n_waiting, reach.states) == (0, 0, {})
    assert isinstance(plan.sendings, pa.Table)


def test_when_most_are_refused_sending_stops_before_everybody_gets_a_letter(tmp_path):
    class Hostile(Sink):
        async def handle_RCPT(self, server, session, envelope, address, options):
            return "554 5.7.1 your server is on our list"

    contacts = [a_contact(f"p{i}", emails=(f"p{i}@example.org",), address=None) for i in range(400)]
    with a_server(Hostile()) as url:
        reach = deliver(tmp_path, contacts, a_plan(contacts), url)

    assert reach.is_stopped and "more than half of the last 200 were refused" in reach.stopped_because
    assert reach.states["refused"] < 210 and reach.n_waiting > 190


def test_a_relay_that_defers_everybody_uses_up_nobodys_tries(tmp_path):
    class Down(Sink):
        began = 0.0

        async def handle_RCPT(self, server, session, envelope, address, options):
            self.began = self.began or time.monotonic()
            if time.monotonic() < self.began + 2:
                return "451 4.7.1 the filter is away, come back"
            envelope.rcpt_tos.append(address)
            return "250 ok"

    contacts = [a_contact(f"p{i}", emails=(f"p@{i}.example",)) for i in range(300)]
    with a_server(sink := Down()) as url:
        reach = deliver(tmp_path, contacts, a_plan(contacts), url, retry=notify.Retry(first_wait_seconds=0.05, longest_wait_seconds=0.2, tries_max=2))

    assert reach.states == {"accepted": 300}
    assert set(sink.message_ids.values()) == {1}


def test_a_sender_that_the_relay_refuses_stops_at_once_and_blames_nobody(tmp_path):
    class NoSender(Sink):
        async def handle_MAIL(self, server, session, envelope, address, options):
            return "553 5.7.1 sender not owned by you"

    contacts = many_contacts(50)
    with a_server(NoSender()) as url:
        reach = deliver(tmp_path, contacts, a_plan(contacts), url)

    assert "does not take mail from the company's sender" in reach.stopped_because
    assert (reach.n_waiting, reach.n_failed) == (50, 0)


def test_a_stop_file_stops_within_a_message_and_sending_goes_on_later(tmp_path):
    class Slow(Sink):
        def answer(self, envelope):
            time.sleep(0.01)
            return "250 ok"

    contacts, sink, plan = many_contacts(200), Slow(), None
    plan = a_plan(contacts)
    with a_server(sink) as url:
        timer = threading.Timer(0.3, lambda: (tmp_path / "stop").touch())
        timer.start()
        first = deliver(tmp_path, contacts, plan, url, n_parallel=2)
        timer.join()
        assert first.is_stopped and 0 < first.n_reached < 200
        assert first.n_reached + first.n_waiting == 200 and first.n_unsure == 0
        (tmp_path / "stop").unlink()
        second = deliver(tmp_path, contacts, plan, url)

    assert second.n_reached == 200
    assert len(sink.message_ids) == 200 and set(sink.message_ids.values()) == {1}


def test_sending_again_after_the_end_tells_nobody_twice(tmp_path):
    contacts, sink = many_contacts(10), Sink()
    with a_server(sink) as url:
        deliver(tmp_path, contacts, a_plan(contacts), url)
        deliver(tmp_path, contacts, a_plan(contacts), url)
    assert set(sink.message_ids.values()) == {1} and len(sink.message_ids) == 10


def test_persons_added_later_are_told_and_those_told_before_are_not_told_again(tmp_path):
    sink = Sink()
    with a_server(sink) as url:
        deliver(tmp_path, many_contacts(5), a_plan(many_contacts(5)), url)
        reach = deliver(tmp_path, many_contacts(8), a_plan(many_contacts(8)), url)
    assert reach.n_reached == 8
    assert len(sink.message_ids) == 8 and set(sink.message_ids.values()) == {1}


def test_nothing_leaves_without_a_valid_approval(tmp_path):
    contacts, sink = many_contacts(2), Sink()
    plan = a_plan(contacts)
    with a_server(sink) as url:
        with pytest.raises(NotApproved, match="text of the notices has changed"):
            deliver(tmp_path, contacts, plan, url, approval=an_approval(plan, notices=[a_notice(text="Somebody copied your datb.")]))
        with pytest.raises(NotApproved, match="list of recipients has changed"):
            deliver(tmp_path, contacts, plan, url, approval=an_approval(a_plan(many_contacts(3))))
        with pytest.raises(NotApproved, match="another incident"):
            deliver(tmp_path, contacts, plan, url, approval=an_approval(plan, incident="bank"))
        with pytest.raises(BadSigner):
            deliver(tmp_path, contacts, plan, url, company=a_company(staff=()))
    assert sink.mails == []


def test_a_drill_reaches_only_this_machine(tmp_path):
    contacts = many_contacts(1)
    plan = a_plan(contacts)
    with pytest.raises(NotLocal, match="only this machine"):
        deliver(tmp_path, contacts, plan, "smtp://mail.example.org:25", is_drill=True)


def test_a_clock_that_stands_still_does_not_stop_the_waiting(tmp_path):
    class Busy(Sink):
        n = 0

        def answer(self, envelope):
            self.n += 1
            return "451 4.3.0 busy" if self.n == 1 else "250 ok"

    contacts, sink = many_contacts(3), Busy()
    with a_server(sink) as url:
        assert deliver(tmp_path, contacts, a_plan(contacts), url, now=lambda: NOW).n_reached == 3


def test_with_the_real_layout_mail_and_letter_carry_name_and_code(tmp_path):
    import pypdfium2

    contacts, sink = [a_contact("1", "Sara Karimi"), a_contact("2", "Omar Ali", emails=())], Sink()
    plan = a_plan(contacts)
    with a_server(sink) as url:
        deliver(tmp_path, contacts, plan, url, texts=None, letters=None)

    by_mail, by_letter = (notify.code_for(KEY, sending_id) for sending_id in plan.sendings["sending_id"].to_pylist())
    [mail] = sink.messages
    assert "Sara Karimi" in mail.get_body(("plain",)).get_content()
    assert "Sara Karimi" in mail.get_body(("html",)).get_content()
    [row] = csv.DictReader((tmp_path / "letters" / "manifest.csv").open())
    assert row["person_id"] == "2"
    pdf = pypdfium2.PdfDocument(tmp_path / "letters" / row["file"])
    assert len(pdf) == int(row["pages"])
    assert "Omar Ali" in pdf[0].get_textpage().get_text_bounded()
    assert by_mail != by_letter


def test_letters_given_again_after_a_crash_are_listed_once(tmp_path):
    from amanat.notify.channel import Message, Opening, open_channel
    from tests.notify.delivery_world import put_letters

    message = Message(sending_id="a" * 32, notice=a_notice(), contact=a_contact("1"), kinds=frozenset(), basis="content", code="0000-0000-0000-0")
    for _ in range(2):
        channel = open_channel("letter", Opening(company=a_company(), texts={}, folder=tmp_path, letters=put_letters))
        assert [o.became for o in channel.send([message])] == ["accepted"]
        with (tmp_path / "manifest.csv").open("a") as file:
            file.write("half a li")
    rows = list(csv.DictReader((tmp_path / "manifest.csv").open()))
    assert [row["person_id"] for row in rows if row["file"]] == ["1"]
