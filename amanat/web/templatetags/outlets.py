"""What outlets and their readers are called on the screens."""

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

OUTLETS = {
    "status_page": _("Status page"),
    "feeds": _("Feeds (Atom and JSON)"),
    "portal": _("Message in the company’s portal"),
    "press_release": _("Press release"),
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "x": "X",
    "linkedin": "LinkedIn",
    "call_script": _("Sheet for the telephone"),
}
AUDIENCES = {
    "public": _("everyone"),
    "holding": _("everyone, in the first hour"),
    "press": _("the press"),
    "agent": _("agents on the telephone"),
    "employee": _("everyone who works here"),
    "partner": _("partner firms"),
    "authority": _("an authority"),
    "controller": _("the firm for which we hold data"),
    "closing": _("everyone, at the end"),
}
INCIDENTS = {
    "data_breach": _("Attack on personal data"),
    "outage": _("Outage of services"),
    "impersonation": _("False messages in our name"),
    "payment_fraud": _("Fraud with payments"),
    "account_takeover": _("Attackers in accounts"),
}


@register.filter
def outlet_name(name: str) -> str:
    """The outlet in the reader's language; one of your own by the name of its file."""
    return str(OUTLETS.get(name, name))


@register.filter
def audience_name(name: str) -> str:
    """Who reads it."""
    return str(AUDIENCES.get(name, name))


@register.filter
def incident_name(name: str) -> str:
    """How an incident is told."""
    return str(INCIDENTS.get(name, name))
