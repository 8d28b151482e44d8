"""One thread that sends over many connections: none waits for another, and nobody is told twice when one of them fails."""

import contextlib
import itertools
import socket
import threading
import time

import pytest

from amanat.notify import smtp
from amanat.notify.channel import Message, Opening, Refused, TryLater, open_channel
from tests.notify.delivery_world import TEXTS, a_company, a_contact, a_notice

SHORT = 0.3  # seconds; what a server is given here instead of a minute


class Server:
    """Speaks SMTP over plain sockets, one thread for each connection, exactly as `talk` says."""

    def __init__(self, talk, *, greets=lambda n: b"220 relay\r\n", pipelining=True):
        self.talk, self.greets, self.pipelining = talk, greets, pipelining
        self.bodies, self.n_open, self.lock = [], itertools.count(1), threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(connection, next(self.n_open)), daemon=True).start()

    def _serve(self, connection, number):
        with contextlib.suppress(OSError, StopIteration), connection, connection.makefile("rb") as lines:
            greeting = self.greets(number)
            connection.sendall(greeting)
            if not greeting.startswith(b"220"):
                return
            assert next(lines).upper().startswith(b"EHLO")
            connection.sendall(b"250-relay\r\n250-PIPELINING\r\n250 8BITMIME\r\n" if self.pipelining else b"250 relay\r\n")
            self.talk(self, connection, lines, number)

    def body(self, lines):
        """Everything up to the dot, kept."""
        text = b"".join(itertools.takewhile(lambda line: line != b".\r\n", lines))
        with self.lock:
            self.bodies.append(text)
        return text


def polite(server, connection, lines, number, *, before=lambda server, number, text: None):
    """Takes message after message; `before` runs after the dot."""
    for line in lines:
        word = line.split()[0].upper()
        if word == b"DATA":
            connection.sendall(b"354 go on\r\n")
            before(server, number, server.body(lines))
        if word == b"QUIT":
            return
        connection.sendall(b"250 2.0.0 taken\r\n")


def messages(n):
    return [
        Message(
            sending_id=f"{i:032x}",
            notice=a_notice(),
            contact=a_contact(f"p{i}", f"Person {i}", (f"p{i}@example.org",)),
            kinds=frozenset({"email"}),
            basis="content",
            code=f"0000-0000-00{i:02}-2",
        )
        for i in range(n)
    ]


@contextlib.contextmanager
def a_channel(server, n_connections=4):
    address = f"smtp://127.0.0.1:{server.listener.getsockname()[1]}"
    channel = open_channel("email", Opening(company=a_company(), address=address, texts=TEXTS, n_parallel=n_connections))
    try:
        yield channel
    finally:
        channel.close()
        server.listener.close()


def all_of(outcomes):
    return {outcome.sending_id: outcome.became for some in outcomes for outcome in some}


def accepted(n):
    return {f"{i:032x}": "accepted" for i in range(n)}


@pytest.mark.parametrize("pipelining", [True, False])
def test_every_message_gets_its_answer_whether_or_not_commands_may_come_together(pipelining):
    server = Server(polite, pipelining=pipelining)
    with a_channel(server) as channel:
        assert all_of(channel.send_many(messages(50))) == accepted(50)
    assert len(server.bodies) == len(set(server.bodies)) == 50


def test_answers_may_come_letter_by_letter():
    def dribbling(server, connection, lines, number):
        for line in lines:
            word = line.split()[0].upper()
            answers = [b"354-go\r\n354 on\r\n" if word == b"DATA" else b"250-2.1.0\r\n250 fine\r\n"]
            for answer in answers:
                for n in range(len(answer)):
                    connection.sendall(answer[n : n + 1])
            if word == b"DATA":
                server.body(lines)
                connection.sendall(b"250 taken\r\n")

    with a_channel(Server(dribbling), 2) as channel:
        assert all_of(channel.send_many(messages(6))) == accepted(6)


def test_a_server_that_thinks_long_about_one_message_holds_up_no_other():
    over = threading.Event()

    def thinking(server, number, text):
        if b"Person 0" in text:
            over.wait(10)

    server = Server(lambda *given: polite(*given, before=thinking))
    with a_channel(server, 3) as channel:
        outcomes = channel.send_many(messages(40))
        told = set()
        while len(told) < 39:
            told |= {outcome.sending_id for outcome in next(outcomes)}
        assert f"{0:032x}" not in told
        over.set()
        assert all_of(outcomes) == {f"{0:032x}": "accepted"}


def test_nothing_more_is_taken_before_the_answers_are_written_down():
    taken = []
    server = Server(polite)
    with a_channel(server, 3) as channel:
        n_told = 0
        for some in channel.send_many(taken.append(one) or one for one in messages(30)):
            n_told += len(some)
            # Those that are answered, and at most one on its way for each connection.
            assert n_told <= len(taken) <= n_told + 3
            assert len(server.bodies) <= n_told + 3
    assert n_told == 30


def test_who_ends_the_batch_still_hears_of_every_message_that_was_begun():
    server = Server(polite)
    told = {}
    with a_channel(server) as channel:
        begun = itertools.takewhile(lambda _: len(told) < 10, messages(50))
        for some in channel.send_many(begun):
            told.update(all_of([some]))
    assert len(told) == len(server.bodies) < 20


def test_a_relay_that_bears_fewer_connections_gets_fewer():
    server = Server(polite, greets=lambda n: b"220 relay\r\n" if n <= 2 else b"421 too many connections\r\n")
    with a_channel(server, 6) as channel:
        assert all_of(channel.send_many(messages(30))) == accepted(30)


def test_a_relay_that_bears_none_makes_the_whole_batch_wait():
    with a_channel(Server(polite, greets=lambda n: b"421 busy\r\n")) as channel, pytest.raises(TryLater):
        list(channel.send_many(messages(3)))


def test_a_refused_sender_stops_everything_after_what_was_on_its_way_has_ended():
    asked = itertools.count(1)

    def tired(server, connection, lines, number):
        for line in lines:
            word = line.split()[0].upper()
            if word == b"MAIL" and next(asked) > 5:
                connection.sendall(b"550 5.7.1 we know this sender\r\n" * 2 + b"503 no\r\n")
                return
            connection.sendall(b"354 go on\r\n" if word == b"DATA" else b"250 fine\r\n")
            if word == b"DATA":
                server.body(lines)
                time.sleep(0.05)
                connection.sendall(b"250 taken\r\n")

    server, told = Server(tired), {}
    with a_channel(server, 4) as channel, pytest.raises(Refused, match="we know this sender"):
        for some in channel.send_many(messages(20)):
            told |= all_of([some])
    assert set(told.values()) == {"accepted"} and len(told) == len(server.bodies) == 5


def test_a_server_that_says_nothing_after_the_message_leaves_a_doubt_about_that_one_alone(monkeypatch):
    monkeypatch.setattr(smtp, "ANSWER_SECONDS", SHORT)
    server = Server(
        lambda *given: polite(*given, before=lambda server, number, text: time.sleep(3 if b"Person 1 " in text or b"Person 1," in text else 0))
    )
    with a_channel(server, 2) as channel:
        told = all_of(channel.send_many(messages(5)))
    assert told == accepted(5) | {f"{1:032x}": "unsure"}
    assert len(server.bodies) == 5


def test_a_server_that_says_nothing_before_the_message_is_tried_later(monkeypatch):
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", SHORT)

    def mute(server, connection, lines, number):
        time.sleep(3)

    server = Server(mute)
    with a_channel(server, 2) as channel:
        assert all_of(channel.send_many(messages(2))) == dict.fromkeys(accepted(2), "try_later")
    assert server.bodies == []


def test_once_a_second_somebody_may_look_after_other_things():
    over = threading.Event()
    server = Server(lambda *given: polite(*given, before=lambda server, number, text: over.wait(10)))
    with a_channel(server, 1) as channel:
        outcomes = channel.send_many(messages(1))
        assert list(next(outcomes)) == []
        over.set()
        assert all_of(outcomes) == accepted(1)


@pytest.mark.parametrize("answer", [b"2" * 200_000, b"250-more\r\n" * 20_000, b"fine\r\n"])
def test_an_answer_without_end_or_number_is_no_answer(answer):
    def endless(server, connection, lines, number):
        next(lines)
        connection.sendall(answer)
        time.sleep(1)

    with a_channel(Server(endless), 1) as channel:
        assert all_of(channel.send_many(messages(1))) == {f"{0:032x}": "try_later"}


def test_after_a_refused_person_the_server_forgets_and_the_next_goes_over_the_same_connection():
    heard = []

    def picky(server, connection, lines, number):
        for line in lines:
            word = line.split()[0].upper()
            heard.append(word)
            if word == b"RCPT" and b"p0@" in line:
                connection.sendall(b"550 5.1.1 no such user\r\n503 no recipients\r\n")
                next(lines)  # DATA
                continue
            connection.sendall(b"354 go on\r\n" if word == b"DATA" else b"250 fine\r\n")
            if word == b"DATA":
                server.body(lines)
                connection.sendall(b"250 taken\r\n")

    server = Server(picky)
    with a_channel(server, 1) as channel:
        assert all_of(channel.send_many(messages(2))) == {f"{0:032x}": "refused", f"{1:032x}": "accepted"}
    assert heard[:6] == [b"MAIL", b"RCPT", b"RSET", b"MAIL", b"RCPT", b"DATA"] and next(server.n_open) == 2
