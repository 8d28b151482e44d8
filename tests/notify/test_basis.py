"""From exposures to the mail and the letter in each language: everybody reads how we know, and no more than is true of them."""

import email
import email.policy
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from amanat import notify
from amanat.lib.private import Private
from amanat.notify.book import Book
from amanat.notify.compose import compose
from amanat.notify.letter import letter_data
from amanat.notify.select import LetterPerson
from amanat.terms.company import Staff
from amanat.terms.contact import Contact
from tests.notify.delivery_world import KEY, LEILA, OMAR, Sink, a_server
from tests.notify.writing_world import ASSESSMENT, COMPANY, NOW, TODAY, facts, known_by, people_known_by

# What only a person of this basis reads, in the words of their language.
READS = {
    "content-en": "We found data of yours in the files that the attackers copied.",
    "content-fr": "Nous avons trouvé des données vous concernant dans les fichiers que les attaquants ont copiés.",
    "content-fa": "داده‌هایی از شما را در فایل‌هایی یافتیم که مهاجمان کپی کردند.",
    "access-en": "These data of yours were within the attackers’ reach. We do not know whether they copied them:",
    "access-fr": "Ces données vous concernant étaient à la portée des attaquants. Nous ne savons pas s’ils les ont copiées\u00a0:",
    "access-fa": "این داده‌های شما در دسترس مهاجمان بود. نمی‌دانیم آن‌ها را کپی کردند یا نه:",
    "service-en": "Because of the attack, this did not work for you:",
    "service-fr": "À cause de l’attaque, ceci n’a pas fonctionné pour vous\u00a0:",
    "service-fa": "به خاطر این حمله، این خدمت برای شما کار نکرد:",
}


def contact_of(person_id, language):
    return Contact(
        person_id=person_id,
        name=Private("name", "Sara Example"),
        emails=(Private("email", f"{person_id}@example.org"),),
        phones=(),
        address=Private("address", "12 rue Fictive, 75002 Paris"),
        residence="FR",
        language=language,
        minor=None,
        deceased=None,
        needs=None,
    )


@pytest.fixture(scope="module")
def mails(tmp_path_factory):
    """What a mail server got after a whole delivery, by the person's id: text and HTML."""
    signers = {"leila": LEILA, "omar": OMAR}
    company = replace(COMPANY, staff=tuple(Staff(id=name, name=name, public_key=notify.public_key_of(key)) for name, key in signers.items()))
    exposed, duties = people_known_by()
    notices = compose(facts(), company, ASSESSMENT, exposed, duties, now=NOW)
    contacts = [contact_of(person_id, person_id[-2:]) for person_id in READS]
    plan = notify.plan(duties, contacts, notices, company, facts=facts(), key=KEY)
    shared = dict(incident_id="hotel", notices=notices, plan=plan, company=company, now=NOW)
    approval = notify.approve(notify.author(**shared, staff_id="leila", key=LEILA), **shared, staff_id="omar", key=OMAR)
    with a_server(sink := Sink()) as url:
        notify.deliver(
            plan,
            notices,
            contacts,
            exposed,
            tmp_path_factory.mktemp("case"),
            to=url,
            approval=approval,
            company=company,
            key=KEY,
            now=lambda: datetime.now(timezone.utc),
        )
    found = {}
    for raw in sink.mails:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        person_id = message["To"].addresses[0].username
        found[person_id] = [message.get_body((kind,)).get_content() for kind in ("plain", "html")]
    return found


@pytest.mark.parametrize("person_id", READS)
def test_the_mail_says_how_we_know_as_text_and_as_html(mails, person_id):
    basis, language = person_id.split("-")
    for body in mails[person_id]:
        assert READS[person_id] in body
        for other, says in READS.items():
            assert other.startswith(basis) or not other.endswith(language) or says not in body


@pytest.mark.parametrize("person_id", READS)
def test_the_letter_says_how_we_know(person_id):
    basis, language = person_id.split("-")
    kinds = frozenset({"service"} if basis == "service" else {"name", "email"})
    someone = LetterPerson(contact=contact_of(person_id, language), kinds=kinds, basis=basis, code="0000-0000-0000")
    data = letter_data(known_by()[language], someone, COMPANY, on=TODAY)
    said = " ".join("".join(run["text"] for run in line) for section in data["sections"] for block in section["blocks"] for line in block["lines"])
    assert READS[person_id] in said
    for other, says in READS.items():
        assert other.startswith(basis) or not other.endswith(language) or says not in said


def test_the_book_of_a_delivery_knows_the_basis_of_each_person_and_none_of_a_stranger():
    exposed, _ = people_known_by()
    book = Book([contact_of("access-fr", "fr"), contact_of("content-en", "en"), contact_of("nobody", "en")], exposed)
    assert [(kinds, basis) for _, kinds, basis in book.look_up(["content-en", "access-fr", "nobody"])] == [
        (frozenset({"name", "email"}), "content"),
        (frozenset({"name", "email"}), "access"),
        (frozenset(), ""),
    ]


def test_the_approval_screen_shows_one_invented_person_of_every_basis():
    shown = notify.previews(known_by()["en"], COMPANY, on=TODAY)
    for basis in ("access", "content"):
        assert any(READS[f"{basis}-en"] in preview.text for preview in shown)
    assert any(READS["service-en"] in preview.text and "what data of yours" not in preview.text.lower() for preview in shown)
