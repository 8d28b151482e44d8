"""What outlets and their readers are called on the screens."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

OUTLETS = {
    "status_page": _("Status page"),
    "feeds": _("Feeds (Atom and JSON)"),
    "bulletin": _("Monthly bulletin by e-mail"),
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
    "bulletin": _("everyone, month after month"),
    "told": _("each person who was told, at the end"),
}
INCIDENTS = {
    "data_breach": _("Attack on personal data"),
    "outage": _("Outage of services"),
    "impersonation": _("False messages in our name"),
    "payment_fraud": _("Fraud with payments"),
    "account_takeover": _("Attackers in accounts"),
}
# What an outlet may object to, by the name of the check; its own sentence is in English and has the numbers.
OBJECTIONS = {
    "thread": _("Many posts in a row: hardly anybody reads on after the first few."),
    "length": _("A sentence is longer than one post and was cut between words."),
    "alt_text": _("A picture is not described, or its description is too long for this network."),
    "pictures": _("These are more pictures than this network takes."),
    "size": _("The page is heavier than it should be on a slow connection."),
}


@register.filter
def objection(finding: Any) -> str:
    """What is against a draft, in the reader's language."""
    return str(OBJECTIONS.get(finding.check, finding.says))


@register.filter
def objection_language(finding: Any) -> str:
    """In which of its languages."""
    return str(finding.where.rpartition(" ")[2])


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
