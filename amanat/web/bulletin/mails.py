"""The mail that asks whether it was really them who wanted the bulletin: the one thing that an unconfirmed address is sent."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from amanat import wording
from amanat.lib.private import Private
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice, Section, Sentence, braced
from amanat.web.bulletin.models import Subscriber
from amanat.web.bulletin.subscribing import address_of, leave_token

PUBLIC_URLS = "amanat.web.public_urls"


def question(row: Subscriber, token: str, company: Company) -> Notice:
    """Was it you? With the link on which one says yes; it greets nobody by name, because nobody gave one."""
    words = wording.words(row.language)
    with translation.override(row.language):
        title = _("Do you want our monthly security bulletin?")
        says = [
            _("Somebody, most likely you, asked for it with this address. Open this page and press its button, then you get the next issue:"),
            page_of("bulletin_confirm", token, row.language),
            _("The link works for two days. If it was not you, do nothing: nothing more comes."),
            _("We ask for no password, no number and no payment there."),
        ]
        subject = company.name + _(": ") + _("Confirm the bulletin")
    return Notice(
        id=f"question.{row.language}",
        letter_group="question",
        language=row.language,
        audience="bulletin",
        title=title,
        subject=braced(subject),
        greeting=words.say(words.text["greeting_nameless"]),
        # A section each: the link stands on a line of its own.
        sections=tuple(Section(id=f"question_{n}", heading="", sentences=(Sentence(text=braced(text)),)) for n, text in enumerate(says, 1)),
        closing=braced(company.name),
        duty_ids=(),
    )


def leave_url(row: Subscriber) -> str:
    """The reader's own way out, in the language of their issue."""
    return page_of("bulletin_leave", leave_token(row), row.language)


def page_of(name: str, token: str, language: str) -> str:
    """A whole address at the public door, whichever door asks."""
    with translation.override(language):
        return f"{settings.PUBLIC_URL}{reverse(name, args=[token], urlconf=PUBLIC_URLS)}"


def contact_of(row: Subscriber) -> Contact:
    """Nothing but the address."""
    return Contact(
        person_id=str(row.pk),
        name=None,
        emails=(Private("email", address_of(row)),),
        phones=(),
        address=None,
        residence=None,
        language=row.language,
        minor=None,
        deceased=None,
        needs=None,
    )
