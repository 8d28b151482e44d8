"""What the columns of a register hold, in the language of the page."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

register = template.Library()

# As `amanat.terms.register` calls them; a test compares the two.
REGISTER_COLUMNS: dict[str, str | Promise] = {
    "person_id": _lazy("Number of the person"),
    "name": _lazy("Full name"),
    "given_name": _lazy("Given name"),
    "family_name": _lazy("Family name"),
    "email": _lazy("E-mail address"),
    "phone": _lazy("Telephone number"),
    "address": _lazy("Postal address"),
    "residence": _lazy("Country of residence"),
    "language": _lazy("Language to write in"),
    "birth_date": _lazy("Date of birth"),
    "minor": _lazy("Whether they are a minor"),
    "deceased": _lazy("Whether they have died"),
    "needs": _lazy("Declared need for support"),
    "national_id": _lazy("National number"),
    "iban": _lazy("Bank account (IBAN)"),
    "card": _lazy("Payment card number"),
    "loyalty_id": _lazy("Number in the loyalty programme"),
    "former_name": _lazy("Earlier name"),
    "former_email": _lazy("Earlier e-mail address"),
    "former_phone": _lazy("Earlier telephone number"),
    "former_address": _lazy("Earlier postal address"),
    "valid_from": _lazy("Row holds from"),
    "valid_until": _lazy("Row holds until"),
    "since": _lazy("Customer since"),
    "controller": _lazy("Controller on whose behalf it is processed"),
    "yearly_value_eur": _lazy("Revenue per year, in euros"),
}


@register.filter
def register_column(name: str) -> str:
    """What a column of the register holds, in words."""
    return str(REGISTER_COLUMNS.get(name, name))
