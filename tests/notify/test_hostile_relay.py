"""A relay that does what no standard allows: nobody is lost or told twice for it, nothing waits for ever, and no answer goes to another message."""

import contextlib
import itertools
import socket
import ssl
import threading
import time
from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from amanat.notify import smtp
from amanat.notify.channel import Opening, Refused, Texts, TryLater, open_channel, without_addresses
from amanat.notify.smtp import words
from tests.notify.delivery_world import TEXTS, Wired, a_company
from tests.notify.test_many_connections import SHORT, Server, a_channel, accepted, all_of, messages, polite


class Waited:
    """What a silent server waits for, and whether it was in vain."""

    def __init__(self):
        self.over, self.in_vain = threading.Event(), []

    def __call__(self):
        if not self.over.wait(6):
            self.in_vain.append(True)


def test_a_connection_that_is_never_greeted_holds_up_no_other():
    # As a relay does whose processes are all busy: the kernel takes the connection, and nobody speaks on it.
    waited = Waited()
    server = Server(polite, greets=lambda n: b"220 relay\r\n" if n <= 2 else waited() or b"421 busy\r\n")
    with a_channel(server, 6) as channel:
        assert all_of(channel.send_many(messages(30))) == accepted(30)
        assert not waited.in_vain
        waited.over.set()


def test_while_a_connection_is_being_opened_somebody_may_look_after_other_things():
    waited = Waited()
    server = Server(polite, greets=lambda n: waited() or b"220 relay\r\n")
    with a_channel(server, 2) as channel:
        outcomes = channel.send_many(messages(3))
        assert list(next(outcomes)) == []
        waited.over.set()
        assert all_of(outcomes) == accepted(3)
    assert not waited.in_vain


@pytest.mark.parametrize("greeting", [b"2", b"220-hello\r\n"])
def test_a_greeting_without_end_is_none(greeting, monkeypatch):
    monkeypatch.setattr(smtp, "OPENING_SECONDS", SHORT, raising=False)
    to_its_end = []

    class Endless(Server):
        def _serve(self, connection, number):
            # Never silent for as long as a server may be, and never done.
            with contextlib.suppress(OSError), connection:
                for _ in range(60):
                    connection.sendall(greeting)
                    time.sleep(0.05)
                to_its_end.append(True)

    with a_channel(Endless(polite)) as channel, pytest.raises(TryLater):
        list(channel.send_many(messages(2)))
    assert not to_its_end


def test_a_flood_of_greeting_is_none():
    class Flood(Server):
        def _serve(self, connection, number):
            with contextlib.suppress(OSError), connection:
                for _ in range(2000):
                    connection.sendall(b"220-hello\r\n" * 100)
                connection.sendall(b"220 hello\r\n")
                self.talk(self, connection, connection.makefile("rb"), number)

    with a_channel(Flood(polite), 1) as channel, pytest.raises(TryLater):
        list(channel.send_many(messages(1)))


def test_an_answer_that_comes_before_the_message_is_no_answer_to_it():
    def hasty(server, connection, lines, number):
        for line in lines:
            word = line.split()[0].upper()
            if word == b"DATA":
                connection.sendall(b"354 go on\r\n250 taken\r\n")
                server.body(lines)
                connection.sendall(b"550 5.7.1 no, not this\r\n")
            else:
                connection.sendall(b"250 fine\r\n")

    server = Server(hasty)
    with a_channel(server, 1) as channel:
        assert all_of(channel.send_many(messages(1))) == {f"{0:032x}": "try_later"}
    assert not any(server.bodies)


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("is_at_once", [True, False])
@pytest.mark.parametrize("extra", [b"550 5.7.1 who are you\r\n", b"250 taken again\r\n", b"421 bye\r\n", b"25", b"\xff\xfe\r\n"])
def test_what_a_server_says_unasked_is_no_answer_to_the_next_message(extra, is_at_once, pipelining):
    answered, said = threading.Event(), threading.Event()

    def talkative(server, connection, lines, number):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for line in lines:
            word = line.split()[0].upper()
            if word == b"DATA":
                connection.sendall(b"354 go on\r\n")
                server.body(lines)
                connection.sendall(b"250 taken\r\n" + (extra if is_at_once else b""))
                if number == 1:
                    answered.wait(5)
                    connection.sendall(extra)
                    said.set()
            else:
                connection.sendall(b"250 fine\r\n")

    server = Server(talkative, pipelining=pipelining)
    with a_channel(server, 1) as channel:
        told = all_of(channel.send_many(messages(3)[:1]))
        answered.set()
        said.wait(5)
        assert told | all_of(channel.send_many(messages(3)[1:])) == accepted(3)
    assert len(server.bodies) == len(set(server.bodies)) == 3


def test_a_second_go_on_instead_of_an_answer_leaves_a_doubt():
    def stuttering(server, connection, lines, number):
        for line in lines:
            word = line.split()[0].upper()
            if word == b"DATA":
                connection.sendall(b"354 go on\r\n")
                server.body(lines)
                connection.sendall(b"354 go on\r\n")
            else:
                connection.sendall(b"250 fine\r\n")

    server = Server(stuttering)
    with a_channel(server, 1) as channel:
        assert all_of(channel.send_many(messages(1))) == {f"{0:032x}": "unsure"}
    assert len(server.bodies) == 1


@pytest.mark.parametrize("is_given", [False, True])
def test_a_server_that_dribbles_for_ever_gets_no_more_time_than_a_silent_one(is_given, monkeypatch):
    monkeypatch.setattr(smtp, "ANSWER_SECONDS", SHORT)
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", SHORT)
    to_its_end = []

    def dribbling(server, connection, lines, number):
        next(lines)
        if is_given:
            list(itertools.islice(lines, 2))
            connection.sendall(b"250 fine\r\n250 fine\r\n354 go on\r\n")
            server.body(lines)
        for _ in range(60):
            connection.sendall(b"2")
            time.sleep(0.05)
        to_its_end.append(True)

    with a_channel(Server(dribbling), 1) as channel:
        assert all_of(channel.send_many(messages(1))) == {f"{0:032x}": "unsure" if is_given else "try_later"}
    assert not to_its_end


def test_while_one_server_dribbles_the_answers_of_others_are_given_on():
    heard = threading.Event()
    in_vain = []

    def one_dribbles(server, connection, lines, number):
        if number > 1:
            return polite(server, connection, lines, number)
        next(lines)
        for _ in range(8000):
            connection.sendall(b"2")
            if heard.wait(0.0003):
                break
        else:
            in_vain.append(True)
        connection.sendall(b"\r\n250 fine\r\n354 go on\r\n")

    with a_channel(Server(one_dribbles), 2) as channel:
        outcomes = channel.send_many(messages(2))
        told = set()
        while not told:
            told |= {outcome.sending_id for outcome in next(outcomes)}
        heard.set()
        assert not in_vain
        list(outcomes)


class Long(Wired):
    def fill(self, contact, kinds, basis, code):
        return "A letter of eight million letters. " * 230_000 if contact.person_id == "p0" else "A short one."


def test_a_server_that_does_not_read_holds_up_no_other():
    waited = Waited()

    def one_is_deaf(server, connection, lines, number):
        for line in lines:
            word = line.split()[0].upper()
            if b"p0@" in line:
                list(itertools.islice(lines, 1))
                connection.sendall(b"250 fine\r\n354 go on\r\n")
                waited()
                server.body(lines)
                connection.sendall(b"250 taken\r\n")
                continue
            if word == b"DATA":
                connection.sendall(b"354 go on\r\n")
                server.body(lines)
            connection.sendall(b"250 fine\r\n")

    server = Server(one_is_deaf)
    address = f"smtp://127.0.0.1:{server.listener.getsockname()[1]}"
    texts = {name: Texts(text=Long(), html=Long()) for name in TEXTS}
    with contextlib.closing(open_channel("email", Opening(company=a_company(), address=address, texts=texts, n_parallel=2))) as channel:
        outcomes, told = channel.send_many(messages(12)), {}
        while len(told) < 11:
            told |= all_of([next(outcomes)])
        assert not waited.in_vain and f"{0:032x}" not in told
        waited.over.set()
        assert told | all_of(outcomes) == accepted(12)
    assert len(server.bodies) == 12


def test_a_server_that_does_not_answer_the_farewell_is_not_waited_for():
    waited = Waited()

    def rude(server, connection, lines, number):
        for line in lines:
            word = line.split()[0].upper()
            if word == b"QUIT":
                return waited()
            if word == b"DATA":
                connection.sendall(b"354 go on\r\n")
                server.body(lines)
            connection.sendall(b"250 fine\r\n")

    with a_channel(Server(rude), 1) as channel:
        assert all_of(channel.send_many(messages(1))) == accepted(1)
    assert not waited.in_vain
    waited.over.set()


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_relay_that_takes_no_mail_for_now_makes_all_wait_and_uses_up_nobody_s_tries(pipelining):
    # A full disk, a throttled sender: it says nothing about persons, who after ten tries would be given up and written to by letter.
    asked = itertools.count(1)

    def full(server, connection, lines, number):
        for line in lines:
            word = line.split()[0].upper()
            if word == b"MAIL" and next(asked) > 3:
                connection.sendall(b"452 4.3.1 insufficient system storage\r\n" + (b"503 no\r\n" * 2 if pipelining else b""))
                continue
            connection.sendall(b"354 go on\r\n" if word == b"DATA" else b"250 fine\r\n")
            if word == b"DATA":
                server.body(lines)
                connection.sendall(b"250 taken\r\n")

    server, told = Server(full, pipelining=pipelining), {}
    with a_channel(server, 1) as channel, pytest.raises(TryLater, match="insufficient system storage"):
        for some in channel.send_many(messages(10)):
            told |= all_of([some])
    assert told == accepted(3)


def test_a_message_at_which_the_server_always_hangs_up_is_tried_later():
    def touchy(server, connection, lines, number):
        for line in lines:
            word = line.split()[0].upper()
            if b"p3@" in line:
                return
            if word == b"DATA":
                connection.sendall(b"354 go on\r\n")
                server.body(lines)
            connection.sendall(b"250 fine\r\n")

    server = Server(touchy, pipelining=False)
    with a_channel(server, 4) as channel:
        assert all_of(channel.send_many(messages(40))) == accepted(40) | {f"{3:032x}": "try_later"}
    assert len(server.bodies) == 39 and next(server.n_open) < 15


@pytest.mark.parametrize(("number", "ends"), [(b"550", Refused), (b"452", TryLater)])
def test_what_a_relay_says_is_kept_short_on_one_line_and_without_what_no_table_takes(number, ends):
    answer = b"".join(number + b"-" + b"\x00\x1b[31m\xff " + b"x" * 7000 + b"\r\n" for _ in range(90)) + number + b" no\r\n"

    def wordy(server, connection, lines, _number):
        next(lines)
        connection.sendall(answer + b"503 no\r\n" * 2)

    with a_channel(Server(wordy), 1) as channel, pytest.raises(ends) as said:
        list(channel.send_many(messages(1)))
    assert len(str(said.value)) < 700 and str(said.value).isprintable()


def test_what_is_kept_of_an_answer_ends_with_no_half_of_an_address():
    said = words((550, b"no such user: " + b"<somebody.of.a.long.name@a-long-domain.example.org> " * 12))
    assert without_addresses(said).replace("<address>", "").replace(" ", "") == "550nosuchuser:"


def test_words_without_end_are_cut_before_addresses_are_looked_for_and_leave_no_half_of_one():
    assert without_addresses("550 <sara@example.org> no " * 5000).startswith("550 <address> no 550 <address> no")
    assert without_addresses("x" * 100_000) == ""
    assert without_addresses("550 no " + "y" * 1987 + " sara.karimi" + "z" * 50 + "@example.org") == "550 no " + "y" * 193


# ---- TLS ----


@pytest.fixture(scope="module")
def secure(tmp_path_factory):
    """The server's side of TLS, with a certificate of our own."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(timezone.utc)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    path = tmp_path_factory.mktemp("tls") / "relay.pem"
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


class SecureServer(Server):
    """Speaks TLS by hand, so that a record can be cut in two; `cut(number, plain)` is called between its halves."""

    def __init__(self, context, cut):
        self.context, self.cut = context, cut
        super().__init__(polite)

    def _serve(self, connection, number):
        came, goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = self.context.wrap_bio(came, goes, server_side=True)

        def until_done(what, *args):
            while True:
                try:
                    return what(*args)
                except ssl.SSLWantReadError:
                    connection.sendall(goes.read())
                    came.write(connection.recv(65536) or b"") or came.write_eof()

        class Plain:
            def sendall(_, plain):
                tls.write(plain)
                record = goes.read()
                connection.sendall(record[:3])
                self.cut(number, plain)
                connection.sendall(record[3:])

        def lines():
            rest = b""
            while said := until_done(tls.read, 65536):
                *whole, rest = (rest + said).split(b"\n")
                yield from (line + b"\n" for line in whole)

        with contextlib.suppress(OSError), connection:
            until_done(tls.do_handshake)
            connection.sendall(goes.read())
            tls.write(b"220 relay\r\n")
            connection.sendall(goes.read())
            heard = lines()
            next(heard)
            tls.write(b"250-relay\r\n250 PIPELINING\r\n")
            connection.sendall(goes.read())
            polite(self, Plain(), heard, number)


def test_half_a_record_of_tls_on_one_connection_holds_up_no_other(secure):
    waited, said = Waited(), itertools.count(1)
    server = SecureServer(secure, lambda number, plain: waited() if number == 1 and next(said) == 2 else None)
    address = f"smtps://127.0.0.1:{server.listener.getsockname()[1]}"
    with contextlib.closing(open_channel("email", Opening(company=a_company(), address=address, texts=TEXTS, n_parallel=2))) as channel:
        outcomes, told = channel.send_many(messages(20)), {}
        while len(told) < 19:
            told |= all_of([next(outcomes)])
        assert not waited.in_vain
        waited.over.set()
        assert told | all_of(outcomes) == accepted(20)
    assert len(server.bodies) == len(set(server.bodies)) == 20


def test_what_was_said_in_clear_before_tls_began_is_no_answer_to_anything(secure):
    class Injected(Server):
        def _serve(self, connection, number):
            with contextlib.suppress(OSError, StopIteration), connection:
                lines = connection.makefile("rb", buffering=0)
                connection.sendall(b"220 relay\r\n")
                lines.readline()
                connection.sendall(b"250-relay\r\n250 STARTTLS\r\n")
                lines.readline()
                connection.sendall(b"220 go on\r\n250-relay\r\n250 PIPELINING\r\n250 2.0.0 taken\r\n")  # as somebody on the way could add
                with secure.wrap_socket(connection, server_side=True) as inside, inside.makefile("rb") as heard:
                    next(heard)
                    inside.sendall(b"250 relay\r\n")
                    polite(self, inside, heard, number)

    server = Injected(polite)
    with a_channel(server, 2) as channel:
        assert all_of(channel.send_many(messages(4))) == accepted(4)
    assert len(server.bodies) == 4
