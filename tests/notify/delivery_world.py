"""A small company, its persons, a notice, and mail servers that misbehave, for the tests of the delivery."""

import asyncio
import contextlib
import email
import email.policy
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timezone

import pyarrow as pa
from aiosmtpd.smtp import SMTP
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from amanat import notify
from amanat.lib.private import Private
from amanat.notify.channel import Texts
from amanat.terms.assessment import PERSONS_DUTIES
from amanat.terms.company import Company, Staff
from amanat.terms.contact import Contact
from amanat.terms.exposure import EXPOSURES
from amanat.terms.notice import Notice, Section, Sentence

KEY = bytes(range(32))
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)
LEILA, OMAR, MALLORY = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))


def a_company(**changes) -> Company:
    values = dict(
        name="Hôtel Exemple",
        legal_name="Hôtel Exemple SA",
        address="1 rue Exemple, 75000 Paris",
        country="FR",
        website="https://hotel.example",
        notices_url="https://hotel.example/notices",
        sender="notices@hotel.example",
        reply_to="privacy@hotel.example",
        privacy_email="privacy@hotel.example",
        domains=("hotel.example",),
        staff=(
            Staff(id="leila", name="Leila", public_key=notify.public_key_of(LEILA)),
            Staff(id="omar", name="Omar", public_key=notify.public_key_of(OMAR)),
            Staff(id="keyless", name="Kim"),
        ),
    )
    return Company(**{**values, **changes})


def a_notice(id="eu.en", language="en", letter_group="eu", text="Somebody copied your data.", subject="A message about your data") -> Notice:
    return Notice(
        id=id,
        letter_group=letter_group,
        language=language,
        audience="individuals",
        title="What happened to your data",
        subject=subject,
        greeting="Hello {name}",
        other_greetings=(Sentence(text="To the family of {name}", readers=("family",)),),
        sections=(Section(id="what_happened", heading="What happened", sentences=(Sentence(text=text),)),),
        closing="Yours",
        duty_ids=("eu-gdpr.individuals",),
    )


def a_contact(person_id="1", name="Sara Karimi", emails=("sara@example.org",), address="2 Example Street, London", language="en", **more) -> Contact:
    values = dict(residence="FR", minor=None, deceased=None, needs=None, phones=()) | more
    return Contact(
        person_id=person_id,
        name=Private("name", name) if name is not None else None,
        emails=tuple(Private("email", e) for e in emails),
        address=Private("address", address) if address else None,
        language=language,
        **values,
    )


def many_contacts(n: int) -> list[Contact]:
    return [a_contact(f"p{i}", f"Person {i}", (f"p{i}@example.org",)) for i in range(n)]


def duties_for(contacts, order=("email", "letter"), group="eu") -> pa.Table:
    rows = [{"person_id": c.person_id, "duty_ids": ["eu-gdpr.individuals"], "letter_group": group, "channel_order": list(order)} for c in contacts]
    return pa.Table.from_pylist(rows, schema=PERSONS_DUTIES)


def exposures_for(contacts) -> pa.Table:
    rows = [
        {
            "person_id": c.person_id,
            "kinds": ["email", "name"],
            "n_findings": 2,
            "n_records": 1,
            "belief": 1.0,
            "state": "sure",
            "basis": "content",
            "residence": c.residence,
            "language": c.language,
            "minor": None,
        }
        for c in contacts
    ]
    return pa.Table.from_pylist(rows, schema=EXPOSURES)


def a_plan(contacts, notices=None, **more):
    return notify.plan(duties_for(contacts), contacts, notices or [a_notice()], a_company(), facts={}, key=KEY, **more)


def an_approval(plan, notices=None, company=None, incident="hotel"):
    shared = dict(incident_id=incident, notices=notices or [a_notice()], plan=plan, company=company or a_company(), now=NOW)
    return notify.approve(notify.author(**shared, staff_id="leila", key=LEILA), **shared, staff_id="omar", key=OMAR)


class Wired:
    """Gives what it fills as mails carry it."""

    def wire(self, *asked):
        return self.fill(*asked).encode()


class Plain(Wired):
    """A text of one line, in place of the compiled layout that has tests of its own."""

    def __init__(self, around: str = "{}") -> None:
        self.around = around

    def fill(self, contact, kinds, basis, code):
        return self.around.format(f"Hello {contact.name.reveal(why='test')}, {', '.join(sorted(kinds))}, {code}")


TEXTS = {"eu.en": Texts(text=Plain(), html=Plain("<p dir='ltr'>{}</p>"))}


def put_letters(notice, messages, folder):
    """Letters without words, set by the same engine: their layout has tests of its own."""
    import typst

    paths = []
    for message in messages:
        path = folder / f"{message.sending_id}.pdf"
        path.write_bytes(typst.compile(b"A letter."))
        paths.append(path)
    return paths


def deliver(out, contacts, plan, server_url, **more):
    values = dict(
        to=server_url,
        approval=an_approval(plan),
        company=a_company(),
        key=KEY,
        now=lambda: datetime.now(timezone.utc),
        incident_id="hotel",
        texts=TEXTS,
        letters=put_letters,
        retry=notify.Retry(first_wait_seconds=0.05, longest_wait_seconds=0.2),
    )
    return notify.deliver(plan, [a_notice()], contacts, exposures_for(contacts), out, **{**values, **more})


class Sink:
    """A handler of aiosmtpd that keeps what it took, and answers as the test wants."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.recipients: list[str] = []
        self.lock = threading.Lock()

    async def handle_DATA(self, server, session, envelope):
        answer = self.answer(envelope)
        if answer.startswith("250"):
            with self.lock:
                self.mails.append(envelope.content)
                self.recipients += envelope.rcpt_tos
        return answer

    def answer(self, envelope) -> str:
        return "250 2.0.0 queued"

    @property
    def messages(self):
        return [email.message_from_bytes(m, policy=email.policy.default) for m in self.mails]

    @property
    def message_ids(self) -> Counter:
        return Counter(m["Message-ID"] for m in self.messages)


@contextlib.contextmanager
def a_server(handler, **options) -> Iterator[str]:
    """An SMTP server on a free port of this machine, in a thread of its own; gives its address."""
    loop = asyncio.new_event_loop()
    protocols = []

    def protocol():
        made = options.get("protocol", SMTP)(handler, loop=loop, enable_SMTPUTF8=options.get("smtputf8", True), **options.get("smtp", {}))
        protocols.append(made)
        return made

    server = loop.run_until_complete(loop.create_server(protocol, "127.0.0.1", 0))
    port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
