"""The two mails of care: the one-time code, and that an answer waits. Neither says what it is about, and neither holds a link."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from amanat import wording
from amanat.lib.private import Private
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice, Section, Sentence, braced
from amanat.web.care.models import CaseRow, Visit
from amanat.web.notify.queries import company_of
from amanat.web.respond.models import Incident
from amanat.web.scope import people
from amanat.web.scope.models import AffectedPerson


def contact_of(person: AffectedPerson) -> Contact:
    """Only the addresses: a mail with a code greets nobody by name, because others may read along."""
    secret = people.reveal(person.incident, person)
    return Contact(
        person_id=str(person.pk),
        name=None,
        emails=tuple(Private("email", address) for address in secret.get("emails") or ()),
        phones=(),
        address=None,
        residence=person.residence,
        language=person.language,
        minor=None,
        deceased=None,
        needs=None,
    )


def proof_notice(visit: Visit) -> Notice:
    """The mail with the one-time code; its subject tells nothing, and it holds no link."""
    return _notice(
        visit.incident,
        visit.language,
        "proof",
        lambda: (
            _("Your one-time code"),
            [
                _("Somebody, most likely you, asked to see the page about your data. This code opens it:"),
                "{code}",
                _("It works for 15 minutes and only in the window in which you asked for it."),
                _("Give it to nobody. We never ask for it, neither by telephone nor by message."),
                _("If it was not you, do nothing: without the code nobody sees anything. Somebody may have found our letter to you; tell us."),
            ],
        ),
    )


def answer_notice(case: CaseRow) -> Notice:
    """The mail that says that an answer waits."""
    person = case.person
    assert person is not None
    language = wording.language_for(person.language, wording.languages(), company_of(case.incident).default_language)
    return _notice(
        case.incident,
        language,
        "answer",
        lambda: (
            _("There is an answer for you"),
            [
                _("You asked us something, and we have answered. For your safety the answer does not stand in this mail."),
                _("You find it on your page: type the address of our website yourself, as in our first message, and enter the code of that message."),
            ],
        ),
    )


def _notice(incident: Incident, language: str, name: str, says: Any) -> Notice:
    company = company_of(incident)
    tag = wording.language_for(language, wording.languages(), company.default_language)
    words = wording.words(tag)
    with translation.override(tag):
        title, sentences = says()
    return Notice(
        id=f"{name}.{tag}",
        letter_group=name,
        language=tag,
        audience="individuals",
        title=title,
        subject=words.say(words.text["subject"], company=company.name),
        greeting=words.say(words.text["greeting_nameless"]),
        sections=(Section(id=name, heading="", sentences=tuple(Sentence(text=_plain(text)) for text in sentences)),),
        closing=braced(company.name),
        duty_ids=(),
    )


def _plain(text: str) -> str:
    return text if text == "{code}" else braced(text)
