"""What stages say in English, in the language of the page: reasons of gaps, authorities, answers to the questions behind facts.

A sentence or a name without a translation yet stands in English and is marked as such, so that it is read out rightly.
"""

import re
from functools import cache
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _lazy

from amanat.terms.fact import fact_types
from amanat.terms.places import SUBDIVISIONS, subdivision_name
from amanat.web.gap_sentences import READING
from amanat.web.templatetags.names import INCIDENT_KINDS, STOPS, answer, english, kind, place
from amanat.web.templatetags.outlets import INCIDENTS
from amanat.web.templatetags.words import number

register = template.Library()

# What scope says of a file that it could not read, and assess of time limits; each with the numbers and names that stand in it.
_SENTENCES: tuple[tuple[str, Promise | str], ...] = (
    (r"The folder may not be opened by this account\.", _lazy("The folder may not be opened by this account.")),
    (r"It may not be opened by this account\.", _lazy("It may not be opened by this account.")),
    (r"It could not be opened \((?P<what>.+)\)\.", _lazy("It could not be opened (%(what)s).")),
    (r"It is a link that leads out of the folder or nowhere\.", _lazy("It is a link that leads out of the folder or nowhere.")),
    (r"It is a device, pipe or socket, not a file\.", _lazy("It is a device, pipe or socket, not a file.")),
    (
        r"The reading process sent back something that makes no sense; the file may be an attack\.",
        _lazy("The reading process sent back something that makes no sense; the file may be an attack."),
    ),
    (r"It expands to more than the limit for one file\.", _lazy("It expands to more than the limit for one file.")),
    (r"It holds more files than the limit for one archive\.", _lazy("It holds more files than the limit for one archive.")),
    (r"It expands to more than (?P<n>\d+) times its size, as bombs do\.", _lazy("It expands to more than %(n)s times its size, as bombs do.")),
    (r"It must be held whole and is larger than (?P<n>\d+) MB\.", _lazy("It must be held whole and is larger than %(n)s MB.")),
    (r"The workbook expands to more than (?P<n>\d+) MB\.", _lazy("The workbook expands to more than %(n)s MB.")),
    (r"It lies more than (?P<n>\d+) archives deep\.", _lazy("It lies more than %(n)s archives deep.")),
    (r"It is nested more deeply than can be read\.", _lazy("It is nested more deeply than can be read.")),
    (r"It could be read only up to record (?P<n>[\d,]+)\.", _lazy("It could be read only up to record %(n)s.")),
    (r"It is damaged or not what it seems \((?P<what>\w+)\)\.", _lazy("It is damaged or not what it seems (%(what)s).")),
    (r"immediately; the law names no number", _lazy("immediately; the law names no number")),
    (r"promptly; the law names no number", _lazy("promptly; the law names no number")),
    (r"without undue delay; the law names no number", _lazy("without undue delay; the law names no number")),
    (r"without unreasonable delay; the law names no number", _lazy("without unreasonable delay; the law names no number")),
    (r"without unnecessary delay; the law names no number", _lazy("without unnecessary delay; the law names no number")),
    (r"within a reasonable time; the law names no number", _lazy("within a reasonable time; the law names no number")),
    (r"at the first reasonable opportunity; the law names no number", _lazy("at the first reasonable opportunity; the law names no number")),
    (r"as soon as possible; the law names no number", _lazy("as soon as possible; the law names no number")),
    (r"as soon as practicable; the law names no number", _lazy("as soon as possible; the law names no number")),
    (r"It breaks off or is damaged after (?P<n>[\d,]+) bytes\.", _lazy("It breaks off or is damaged after %(n)s bytes.")),
    (r"The archive breaks off or is damaged\.", _lazy("The archive breaks off or is damaged.")),
    (r"Its JSON breaks off or is not well formed at one place\.", _lazy("Its JSON breaks off or is not well formed at one place.")),
    (r"Ask its sender or receiver for the text\.", _lazy("Ask its sender or receiver for the text.")),
    (r"It is a link inside an archive; links are not followed\.", _lazy("It is a link inside an archive; links are not followed.")),
    (r"It is a picture; text in pictures is not read yet\.", _lazy("It is a picture; text in pictures is not read yet.")),
    (r"Look at it: scans of passports, cards and forms name persons\.", _lazy("Look at it: scans of passports, cards and forms name persons.")),
    (r"Look at its end: it may be cut off\.", _lazy("Look at its end: it may be cut off.")),
    (r"What follows the place was read as text\.", _lazy("What follows the place was read as text.")),
    (r"Look at the end of the dump: it may be cut off\.", _lazy("Look at the end of the dump: it may be cut off.")),
    (r"Nothing to do if its target is in the archive too\.", _lazy("Nothing to do if its target is in the archive too.")),
    (r"Open it by hand and look at these pages\.", _lazy("Open it by hand and look at these pages.")),
    (
        r"Open it by hand on a machine kept apart, save it anew, and scan that\.",
        _lazy("Open it by hand on a machine kept apart, save it anew, and scan that."),
    ),
    (r"Open the workbook by hand and look at that sheet\.", _lazy("Open the workbook by hand and look at that sheet.")),
    (
        r"Unpack it with another program on a machine kept apart, and scan the result\.",
        _lazy("Unpack it with another program on a machine kept apart, and scan the result."),
    ),
    (r"It begins with nothing but zero bytes\.", _lazy("It begins with nothing but zero bytes.")),
    (r"It is an encrypted Office document\.", _lazy("It is an encrypted Office document.")),
    (r"It is a film or a picture, which is not read yet\.", _lazy("It is a film or a picture, which is not read yet.")),
    (r"It is in a binary format that is not known\.", _lazy("It is in a binary format that is not known.")),
    (r"It is (?P<what>.+), which is not read yet\.", _lazy("It is of a kind that is not read yet (%(what)s).")),
    (r"It is encrypted\.", _lazy("It is encrypted.")),
    (
        r"this incident has no folder yet, so nobody knows in whose name to write; give it one with files, register\.csv and company\.toml",
        _lazy("this incident has no folder yet, so nobody knows in whose name to write; give it one with files, register.csv and company.toml"),
    ),
    (r"The (?:document|workbook|PDF|archive|message) is encrypted\.", _lazy("It is encrypted.")),
    (r"The PDF is damaged or cut off\.", _lazy("The PDF is damaged or cut off.")),
    (
        r"The archive's directory is missing or damaged; it may be cut off\.",
        _lazy("The archive’s directory is missing or damaged; it may be cut off."),
    ),
    (
        r"The archive's directory lists no file although there are bytes\.",
        _lazy("The archive’s directory lists no file although there are bytes."),
    ),
    (
        r"(?P<n>[\d,]+) of its (?P<all>[\d,]+) MB are holes: nothing was ever written there, or it was punched out\.",
        _lazy("%(n)s of its %(all)s MB are holes: nothing was ever written there, or it was punched out."),
    ),
    (r"Give this account permission to read it, and scan again\.", _lazy("Give this account permission to read it, and scan again.")),
    (
        r"If its target was stolen too, name the target as a path to scan\.",
        _lazy("If its target was stolen too, name the target as a path to scan."),
    ),
    (r"Nothing to do: such entries hold no data\.", _lazy("Nothing to do: such entries hold no data.")),
    (
        r"Unpack or split it on a machine kept apart and scan the parts\.",
        _lazy("Unpack or split it on a machine kept apart and scan the parts."),
    ),
    (r"Split it and scan the parts\.", _lazy("Split it and scan the parts.")),
    (
        r"Look for an undamaged copy, or open it by hand on a machine kept apart\.",
        _lazy("Look for an undamaged copy, or open it by hand on a machine kept apart."),
    ),
    (
        r"Look for another copy; this one seems to have been wiped or never written\.",
        _lazy("Look for another copy; this one seems to have been wiped or never written."),
    ),
    (
        r"Ask for the password(?:, | and )save it without one on a machine kept apart(?:, and scan that)?\.",
        _lazy("Ask for the password, save it without one on a machine kept apart, and scan that."),
    ),
    (
        r"Ask for the password, unpack it on a machine kept apart,? and scan (?:the files|the result|that)\.",
        _lazy("Ask for the password, unpack it on a machine kept apart and scan the result."),
    ),
    (r"Look at it by hand\.", _lazy("Look at it by hand.")),
    (
        r"Find out which program wrote it and export it as text, or look at it by hand\.",
        _lazy("Find out which program wrote it and export it as text, or look at it by hand."),
    ),
    (r"Look for a whole copy, or repair it with a PDF tool\.", _lazy("Look for a whole copy, or repair it with a PDF tool.")),
    (r"Try to repair it \(zip -FF\) and scan the result\.", _lazy("Try to repair it (zip -FF) and scan the result.")),
    (
        r"Try to repair it \(zip -FF\) and scan the result, or find a whole copy\.",
        _lazy("Try to repair it (zip -FF) and scan the result, or find a whole copy."),
    ),
    (
        r"Compare it with the original if there is one; everything outside the holes was read\.",
        _lazy("Compare it with the original if there is one; everything outside the holes was read."),
    ),
)
# Why work stopped, as the worker notes it, with what a person can do next.
_STOPPED: tuple[tuple[str, Promise | str], ...] = (
    (r"An error of the program \((?P<what>\w+)\)\.", _lazy("An error of the program (%(what)s).")),
    (
        r"Let it go on; if it happens again, show this line to whoever runs amanat\.",
        _lazy("Let it go on; if it happens again, show this line to whoever runs amanat."),
    ),
    (
        r"Run the drill again; if it happens again, show this line to whoever runs amanat\.",
        _lazy("Run the drill again; if it happens again, show this line to whoever runs amanat."),
    ),
    (
        r"Ask again; if it happens again, show this line to whoever runs amanat\.",
        _lazy("Ask again; if it happens again, show this line to whoever runs amanat."),
    ),
    (r"It was begun (?P<n>\d+) times and never came to its end\.", _lazy("It was begun %(n)s times and never came to its end.")),
    (r"Hand the files in one by one\.", _lazy("Hand the files in one by one.")),
    (r"Reading it took longer than ten minutes\.", _lazy("Reading it took longer than ten minutes.")),
    (
        r"Hand in smaller files, or read large ones on the command line\.",
        _lazy("Hand in smaller files, or read large ones on the command line."),
    ),
)
_KNOWN = tuple((re.compile(pattern), says) for pattern, says in (*_SENTENCES, *READING, *_STOPPED))
_APART = re.compile(r"(?<=[.!?]) (?=[A-Z])")

CHOICES: dict[str, dict[str, Promise | str]] = {
    "incident_kind": INCIDENT_KINDS,
    "told_as": INCIDENTS,
    "insurer_on_apology": {"not_asked": _lazy("not asked yet"), "agreed": _lazy("agreed"), "objected": _lazy("objected")},
    "counsel_on_apology": {"not_asked": _lazy("not asked yet"), "agreed": _lazy("agreed"), "objected": _lazy("objected")},
    "role": {"controller": _lazy("controller"), "joint_controller": _lazy("joint controller"), "processor": _lazy("processor")},
    "exfiltration": {
        "excluded_by_logs": _lazy("excluded by the logs"),
        "not_excluded": _lazy("not excluded"),
        "confirmed": _lazy("it is confirmed"),
    },
    "recipients": {
        "none": _lazy("nobody"),
        "known_trusted": _lazy("somebody we know and trust"),
        "known": _lazy("somebody we know"),
        "unknown_or_public": _lazy("somebody unknown, or the public"),
    },
    "encrypted": {"no": _lazy("no"), "partly": _lazy("partly"), "yes": _lazy("yes")},
    "backup": {"none": _lazy("there is none"), "partial": _lazy("of a part"), "complete": _lazy("complete")},
    "risk": {"none": _lazy("no risk"), "risk": _lazy("a risk"), "high": _lazy("a high risk")},
    "sectors": {
        "hotel": _lazy("hotels"),
        "travel": _lazy("travel"),
        "shop": _lazy("shops"),
        "restaurant": _lazy("restaurants"),
        "bank": _lazy("banking"),
        "credit_union": _lazy("credit unions"),
        "payment": _lazy("payment services"),
        "investment": _lazy("investment services"),
        "insurance": _lazy("insurance"),
        "mortgage": _lazy("mortgage lending"),
        "credit_reporting": _lazy("credit reporting"),
        "financial_other": _lazy("other financial services"),
        "hospital": _lazy("hospitals"),
        "clinic": _lazy("clinics and practices"),
        "pharmacy": _lazy("pharmacies"),
        "psychotherapy": _lazy("psychotherapy"),
        "rehabilitation": _lazy("rehabilitation"),
        "health_insurance": _lazy("health insurance"),
        "health_app": _lazy("health apps and personal health records"),
        "medical_device": _lazy("medical devices"),
        "telecom": _lazy("telecommunications"),
        "internet_provider": _lazy("internet access"),
        "digital_infrastructure": _lazy("digital infrastructure (DNS, data centres, content delivery)"),
        "cloud": _lazy("cloud services"),
        "managed_services": _lazy("managed IT services"),
        "trust_service": _lazy("trust services (signatures, certificates)"),
        "online_marketplace": _lazy("online marketplaces"),
        "search_engine": _lazy("search engines"),
        "social_network": _lazy("social networks"),
        "software": _lazy("software"),
        "connected_products": _lazy("products with digital elements"),
        "artificial_intelligence": _lazy("artificial intelligence"),
        "energy": _lazy("energy"),
        "nuclear": _lazy("nuclear energy"),
        "water": _lazy("water and waste water"),
        "food": _lazy("food"),
        "chemicals": _lazy("chemicals"),
        "manufacturing": _lazy("manufacturing"),
        "transport": _lazy("road transport"),
        "aviation": _lazy("aviation"),
        "rail": _lazy("rail"),
        "pipeline": _lazy("pipelines"),
        "maritime": _lazy("shipping and ports"),
        "postal": _lazy("post and parcels"),
        "space": _lazy("space"),
        "public_administration": _lazy("public administration"),
        "law_enforcement": _lazy("law enforcement"),
        "defence": _lazy("defence contracting"),
        "education": _lazy("education"),
        "research": _lazy("research"),
        "employment": _lazy("staffing and employment services"),
        "media": _lazy("media"),
        "charity": _lazy("charities"),
        "other": _lazy("another sector"),
    },
}


@register.filter
def sentence(text: str) -> Any:
    """A reason or a next step of scope or a limit of assess, sentence by sentence."""
    return format_html_join(" ", "{}", [(_one(part),) for part in _APART.split(text.strip())])


@register.filter
def stop_reason(text: str) -> Any:
    """Why sending stopped, in the language of the page where we know the sentence."""
    return str(STOPS[text]) if text in STOPS else sentence(text)


def _one(text: str) -> Any:
    for pattern, says in _KNOWN:
        if found := pattern.fullmatch(text):
            given = {k: number(int(v.replace(",", ""))) if v.replace(",", "").isdecimal() else v for k, v in found.groupdict().items()}
            return str(says) % given if given else str(says)
    return english(text)


@register.filter
def authority(name: str) -> Any:
    """Whom a duty is owed to: their own name in the language of the page where there is one."""
    if not name:
        return ""
    said = gettext(name)
    if said != name or (get_language() or "en").startswith("en"):
        return said
    of = re.fullmatch(r"affected residents of (?P<place>.+)", name)
    code = _states().get(of["place"].removeprefix("the ")) if of else None
    return gettext("affected residents of %(places)s") % {"places": place(code)} if code else english(name)


@register.filter
def telling(to: dict[str, Any], duty: Any) -> Any:
    """Which act a duty or a rule asks for and towards whom, with the colon as the language sets it: "Tell the authority: CNIL"."""
    whom, who = (duty["to"], duty["who"]) if isinstance(duty, dict) else (duty.to, duty.who)  # kept assessments hold plain tables
    return format_html(gettext("%(what)s: %(whom)s") % {"what": "{}", "whom": "{}"}, to.get(whom, ""), authority(who))


@register.filter
def cited(text: str) -> Any:
    """An article, read from left to right in every language; as the law file has it, so that it can be searched for."""
    return format_html('<bdi dir="ltr">{}</bdi>', text)


@cache
def _states() -> dict[str, str]:
    """Code of each state and province by its English name."""
    return {name: code for code in SUBDIVISIONS if (name := subdivision_name(code, "en"))}


@register.filter
def fact_answer(value: Any, name: str) -> Any:
    """What the question behind a fact was answered with: choices, places and kinds of data by name."""
    what = fact_types().get(name)
    if what is None or value is None:
        return answer(value)
    if what.type == "choice":
        return CHOICES.get(name, {}).get(value, value) if isinstance(value, str) else answer(value)
    says = {"place": place, "kind": kind}.get(what.of)
    if says and isinstance(value, dict):
        return " · ".join(f"{says(code)}: {number(n)}" for code, n in value.items())
    if says and isinstance(value, str):
        return says(value)
    if says and isinstance(value, (list, tuple)):
        return listed([says(code) for code in value])
    if name in CHOICES and isinstance(value, list):
        return listed([str(CHOICES[name].get(one, one)) for one in value])
    return answer(value)


def listed(names: list[str]) -> str:
    return ("، " if (get_language() or "").startswith("fa") else ", ").join(names)
