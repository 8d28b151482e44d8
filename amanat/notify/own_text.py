"""What a notice says to one person, as plain text: for the page on which they read it again."""

from collections.abc import Collection
from datetime import date

from amanat.notify.render import TextTemplate
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice


def own_text(notice: Notice, company: Company, contact: Contact, kinds: Collection[str], basis: str, code: str, *, on: date) -> str:
    """The whole text, filled for this person; `on` is the day that stands at its top."""
    return TextTemplate(notice, company, on=on).fill(contact, frozenset(kinds), basis, code)
