"""Places, languages, kinds of data and acts of the journal, as people name them in the language of the page."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError
from django import template
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _lazy

from amanat import notify
from amanat.terms.fact import fact_types
from amanat.terms.places import country_of, is_place, subdivision_name
from amanat.web.templatetags.words import number
from amanat.wording import language_for, languages, words

register = template.Library()

# Every act that any code writes to the journal; a test gathers them.
INCIDENT_KINDS = {
    "data_breach": _lazy("Data breach"),
    "ransomware": _lazy("Ransomware"),
    "phishing": _lazy("Phishing"),
    "malware": _lazy("Malware"),
    "denial_of_service": _lazy("Denial of service"),
    "social_engineering": _lazy("Social engineering"),
    "disinformation": _lazy("Brand impersonation or disinformation"),
}
ACTS: dict[str, str | Promise] = {
    "incident.declared": _lazy("declared the incident"),
    "phase.moved": _lazy("moved the incident to another phase"),
    "member.added": _lazy("gave somebody a role"),
    "alert.carried": _lazy("carried an alert along"),
    "fact.noted": _lazy("noted a fact"),
    "facts.taken_in": _lazy("took in the facts of the folder"),
    "people.erased": _lazy("erased the persons"),
    "people.exported": _lazy("took the list of persons out"),
    "erasure.asked": _lazy("asked to erase the persons"),
    "erasure.withdrawn": _lazy("took back the wish to erase the persons"),
    "run.started": _lazy("began to read the files"),
    "run.asked": _lazy("asked to read the files"),
    "run.taken_in": _lazy("took in what was found"),
    "run.finished": _lazy("finished reading the files"),
    "run.failed": _lazy("could not read the files"),
    "scope.found": _lazy("found who is affected"),
    "duties.assessed": _lazy("assessed the duties"),
    "notices.composed": _lazy("composed the notices"),
    "sendings.planned": _lazy("planned who gets which notice"),
    "notices.signed_by_author": _lazy("signed texts and list as the author"),
    "notices.approved": _lazy("approved texts and list"),
    "approval.voided": _lazy("made an approval void"),
    "notices.sent": _lazy("sent the notices"),
    "notice.withdrawn": _lazy("withdrew a notice"),
    "finding.overruled": _lazy("let an advice of the gate stand"),
    "notice.written_otherwise": _lazy("wrote a sentence of a notice differently"),
    "proof.taken": _lazy("took the proof pack"),
    "fake.handed_on": _lazy("handed a reported message to detection"),
    "reach.exported": _lazy("took the list of messages by person"),
    "receipts.sealed": _lazy("sealed the receipts"),
    "person_proof.asked": _lazy("asked for a proof for one person"),
    "person_proof.made": _lazy("made a proof for one person"),
    "person_proof.taken": _lazy("took a proof for one person"),
    "form.entered": _lazy("answered a field of an authority’s form by hand"),
    "form.taken_back": _lazy("took back what was entered by hand in a form"),
    "form.handed_in": _lazy("handed a form in at an authority"),
    "form.numbered": _lazy("noted the number that an authority gave"),
    "person.opened": _lazy("looked at a person"),
    "register.confirmed": _lazy("confirmed what the columns of the register hold"),
    "audit.asked": _lazy("asked for a sample to be drawn"),
    "audit.drawn": _lazy("drew a sample to be checked"),
    "audit.failed": _lazy("could not draw a sample"),
    "audit.answered": _lazy("answered an item of a sample"),
    "record.revealed": _lazy("saw the values of a record"),
    "trust.asked": _lazy("asked to measure trust"),
    "trust.measured": _lazy("measured trust"),
    "trust.failed": _lazy("could not measure trust"),
    "person.confirmed": _lazy("confirmed a person as affected"),
    "person.refused": _lazy("found a person not affected"),
    "person.merged": _lazy("took a person for the same as another"),
    "person.split": _lazy("took a person for several"),
    "person.later": _lazy("put a person off for later"),
    "person.reopened": _lazy("reopened the review of a person"),
    "duty.owned": _lazy("took on a duty"),
    "money.changed": _lazy("changed a number of what it may cost"),
    "kits.asked": _lazy("asked for the kits of our controllers"),
    "kits.made": _lazy("made the kits of our controllers"),
    "kits.failed": _lazy("could not make the kits of our controllers"),
    "kit.taken": _lazy("took a controller’s kit out"),
    "controller.told": _lazy("noted that a controller was told"),
    "duty.done": _lazy("reported a duty as done"),
    "duty.not_required": _lazy("decided that a duty is not required"),
    "duty.required": _lazy("decided that a duty is required"),
    "duty.reopened": _lazy("reopened a duty"),
    "duties.assessed_again": _lazy("had the duties judged anew"),
    "fact.awaited": _lazy("noted who finds out what"),
    "decision.noted": _lazy("noted a decision"),
    "task.added": _lazy("added a task"),
    "task.done": _lazy("finished a task"),
    "picture.attached": _lazy("attached a picture to the next statement"),
    "picture.removed": _lazy("took back a picture of the next statement"),
    "statement.signed_by_author": _lazy("signed a public statement"),
    "statement.released": _lazy("released a public statement"),
    "statement.withdrawn": _lazy("withdrew a public statement"),
    "bulletin.begun": _lazy("began to send an issue of the bulletin"),
    "bulletin.ended": _lazy("ended the sending of an issue of the bulletin"),
    "bulletin.stopped": _lazy("stopped an issue of the bulletin"),
    "bulletin.went_on": _lazy("let an issue of the bulletin go on"),
    "bulletin.noted": _lazy("noted what came back of an issue of the bulletin"),
    "update.written": _lazy("wrote a public update"),
    "update.published": _lazy("published an update"),
    "promise.made": _lazy("wrote down a public promise"),
    "promise.kept": _lazy("noted a promise as kept"),
    "promise.broken": _lazy("noted a promise as broken"),
    "promise.moved": _lazy("moved a promise to another date"),
    "promise.handed_over": _lazy("handed a promise over"),
    "promise.escalated": _lazy("reminded of a promise"),
    "pace.chosen": _lazy("chose how fast the notices go out"),
    "fake.reported": _lazy("counted reports of fake messages"),
    "fake.looked_at": _lazy("looked at a reported fake"),
    "page.opened": _lazy("opened a personal page"),
    "page.refused": _lazy("was refused a personal page"),
    "survey.answered": _lazy("answered the survey"),
    "claim.received": _lazy("reported harm"),
    "case.opened": _lazy("opened a case"),
    "case.continued": _lazy("wrote in a case"),
    "care.counted": _lazy("counted who is offered what"),
    "care.count_asked": _lazy("asked to count who is offered what"),
    "case.read": _lazy("read a case"),
    "case.answered": _lazy("answered a case"),
    "case.closed": _lazy("closed a case"),
    "case.joined": _lazy("hung a case on a master case"),
    "case.left": _lazy("took a case off its master case"),
    "master.opened": _lazy("opened a master case"),
    "master.answered": _lazy("answered a master case"),
    "mails.brought": _lazy("brought e-mails to be read"),
    "claim.decided": _lazy("decided on a claim"),
    "claim.paid": _lazy("noted a claim as paid"),
    "claim.file_taken": _lazy("took a piece of evidence"),
    "budget.set": _lazy("set the budget"),
    "offer.opened": _lazy("opened an offer to all"),
    "offer.given": _lazy("handed over an offer"),
    "call.noted": _lazy("noted a welfare call"),
    "calls.read": _lazy("read the list of persons to call"),
    "offer.accepted": _lazy("accepted an offer"),
    "offer.declined": _lazy("declined an offer"),
    "sending.stopped": _lazy("stopped sending"),
    "sending.continued": _lazy("let sending go on"),
    "sending.paused": _lazy("paused sending"),
    "unsure.settled": _lazy("decided about messages that nobody could be sure of"),
    "unsure.policy": _lazy("decided what happens to messages that nobody can be sure of"),
    "sending.ended": _lazy("came to the end of sending"),
    "test.sent": _lazy("sent a test to staff"),
    "portal.unopened": _lazy("let the next channel follow messages in the portal that nobody opened"),
    "reports.noted": _lazy("noted what came back"),
    "bounces.read": _lazy("read the mails that came back"),
    "journal.exported": _lazy("exported the journal"),
}

CHANNELS: dict[str, str | Promise] = {
    "email": _lazy("E-mail"),
    "sms": _lazy("Text message"),
    "letter": _lazy("Letter"),
    "portal": _lazy("Message in the portal"),
}

STATES: dict[str, str | Promise] = {
    "idle": _lazy("held in reserve"),
    "queued": _lazy("waiting"),
    "attempting": _lazy("being handed over"),
    "accepted": _lazy("accepted"),
    "delivered": _lazy("delivered"),
    "opened_page": _lazy("page opened"),
    "refused": _lazy("refused"),
    "bounced": _lazy("came back"),
    "unsure": _lazy("not sure"),
}

# Why a person is on no list, in the words of `amanat.notify`'s plan and channels; each part by itself.
REASONS: dict[str, str | Promise] = {
    "no e-mail address on file": _lazy("no e-mail address on file"),
    "no postal address on file": _lazy("no postal address on file"),
    "no mobile number on file": _lazy("no mobile number on file"),
    "no account in the portal": _lazy("no account in the portal"),
    "no e-mail address on file to open their own page with": _lazy("no e-mail address on file to open their own page with"),
    "the e-mail account itself was broken into": _lazy("the e-mail account itself was broken into"),
    "the person has died and there is no postal address to write to the family": _lazy(
        "the person has died and there is no postal address to write to the family"
    ),
    "the person has died and the notice has no words for the family": _lazy("the person has died and the notice has no words for the family"),
    "no address on file for an open channel": _lazy("no address on file for an open channel"),
    "not in the register: no contact on file": _lazy("not in the register: no contact on file"),
}

# Who opens a message: `terms.notice.READERS`.
WHO_READS: dict[str, str | Promise] = {
    "self": _lazy("the person"),
    "nameless": _lazy("a person whose name we do not know"),
    "guardian": _lazy("the parents or guardian of a minor"),
    "family": _lazy("the family of a person who has died"),
}

# Why sending stopped by itself or an approval became void, as the worker notes it; an error of a server stands as it was said.
STOPS: dict[str, str | Promise] = {
    "texts or recipients changed after the approval": _lazy("texts or recipients changed after the approval"),
    "the persons of this incident were erased; nobody can be written to any more": _lazy(
        "the persons of this incident were erased; nobody can be written to any more"
    ),
    "signed anew": _lazy("signed anew"),
    "a notice changed": _lazy("a notice changed"),
    "a notice was withdrawn": _lazy("a notice was withdrawn"),
}

# What each rule of the honesty gate looks at; a test compares them with the rules.
RULES: dict[str, str | Promise] = {
    "actions_first": _lazy("Steps first"),
    "all_clear": _lazy("False reassurance"),
    "apology": _lazy("Apology"),
    "blaming": _lazy("Blaming the reader"),
    "delay": _lazy("Delay"),
    "discreet_subject": _lazy("Discreet subject"),
    "easy_read": _lazy("Easy language"),
    "euphemism": _lazy("Euphemism"),
    "everyone_else": _lazy("Comparison with others"),
    "formula": _lazy("Empty formula"),
    "genuine": _lazy("How to check the message"),
    "hedging": _lazy("Hedging"),
    "jargon": _lazy("Jargon"),
    "marketing": _lazy("Marketing"),
    "minimising": _lazy("Minimising"),
    "next_update": _lazy("Next update"),
    "no_evidence": _lazy("“No evidence”"),
    "numbers": _lazy("Numbers"),
    "outside_link": _lazy("Link to elsewhere"),
    "passive": _lazy("Passive voice"),
    "phishing": _lazy("Looks like phishing"),
    "pressure": _lazy("Hurrying the reader"),
    "readability": _lazy("Readability"),
    "required_content": _lazy("Required content"),
    "secret_shown": _lazy("A secret in the text"),
    "self_pity": _lazy("Self-pity"),
    "sentence_length": _lazy("Sentence length"),
    "shifting": _lazy("Blaming others"),
    "shouting": _lazy("Shouting"),
    "sophisticated": _lazy("Giant attackers"),
    "tracking": _lazy("Link that tells on its reader"),
    "untranslated": _lazy("Not translated"),
    "vague_number": _lazy("Vague number"),
    "vague_time": _lazy("Vague time"),
    "waiver": _lazy("Waiver of rights"),
    "whom_to_ask": _lazy("Nobody to ask"),
}


@register.filter
def act(code: str) -> str:
    """What was done, in words; an act without words yet stands as its code."""
    return str(ACTS.get(code, code))


# What a told person does on their own page; the journal knows them by no name.
OF_PERSONS = frozenset("page.opened page.refused survey.answered claim.received case.opened case.continued offer.accepted offer.declined".split())


@register.filter
def doer(name: str, act: str) -> str:
    """Who did it: a member of staff by name, a told person as such, else amanat."""
    return gettext("a person") if name == "amanat" and act in OF_PERSONS else name


@register.filter
def channel(name: str) -> str:
    """E-mail, Courriel, نامه; a channel that was added from outside stands by its own name."""
    return str(CHANNELS.get(name, name))


@register.filter
def delivery(state: str) -> str:
    """The state of a sending or receipt."""
    return str(STATES.get(state, state))


@register.filter
def reader(name: str) -> str:
    """Who opens the message."""
    return str(WHO_READS.get(name, name))


@register.filter
def rule(name: str) -> str:
    """What a rule of the honesty gate looks at."""
    return str(RULES.get(name, name))


@register.filter
def reason(text: str) -> str:
    """Why a person cannot be written to; the plan joins several reasons with a semicolon."""
    comma = "؛ " if _language() == "fa" else " ; " if _language() == "fr" else "; "
    return comma.join(_one_reason(part) for part in text.split("; "))


def _one_reason(part: str) -> str:
    group = part.removeprefix("there is no notice for the letter group ")
    if group != part:
        return gettext("there is no text for the letter group %(group)s") % {"group": letter_group(group.strip("'"))}
    return str(REASONS.get(part, part))


@register.filter
def language_reason(text: str) -> str:
    """Why somebody is not written to in their own language, as `wording.choose_language` says it."""
    tag = text.removeprefix("we do not write ")
    if tag == text:
        return gettext("no language is known")
    return gettext("we do not write their language: %(language)s") % {"language": language_name("" if tag == "this language" else tag)}


@register.filter
def fact(name: str) -> str:
    """The question that a fact answers; what we counted ourselves has none."""
    types = fact_types()
    return gettext(types[name].says) if name in types else gettext("in the files that were read")


@register.filter
def letter_group(name: str) -> str:
    """Whose letter it is: the place whose law the group is named after ("us-ca", "ca-qc-25", "eu-gdpr")."""
    if name == "general":
        return gettext("Everybody else")
    first, _dash, rest = name.upper().partition("-")
    state = f"{first}-{rest.split('-')[0]}"
    code = state if is_place(state) else {"EU": "EEA", "UK": "GB"}.get(first, first)
    return place(code) if code == "EEA" or is_place(code) else name


@register.filter
def place(code: str | None) -> str:
    """A country, or a state of one: "California (United States)"; several in one text are not understood, on purpose."""
    if not code:
        return gettext("place not known")
    if code == "EEA":
        return gettext("European Economic Area")
    country = _locale(_language()).territories.get(country_of(code), code)
    if "-" not in code:
        return str(country)
    state = subdivision_name(code, _language())
    return f"{state} ({country})" if state else f"{country} (\u2066{code.split('-')[1]}\u2069)"


@register.filter
def language_name(tag: str | None) -> str:
    """French, français, فرانسوی."""
    if not tag:
        return gettext("language not known")
    if tag.endswith("-x-easy"):
        return gettext("%(language)s, easy") % {"language": language_name(tag.removesuffix("-x-easy"))}
    try:
        return str(Locale.parse(tag.replace("-", "_")).get_display_name(_language()) or tag)
    except (UnknownLocaleError, ValueError):
        return tag


@register.filter
def kind(name: str) -> str:
    """A kind of data, as the notices name it."""
    found = words(language_for(_language(), languages(), "en")).kinds.get(name)
    return found.name if found else name


@register.filter
def size(n_bytes: int) -> str:
    """1.1 kB, 3.1 MB: in the unit in which the number is easy to say."""
    value, unit = float(n_bytes), _lazy("%(n)s bytes")
    for larger in (_lazy("%(n)s kB"), _lazy("%(n)s MB"), _lazy("%(n)s GB"), _lazy("%(n)s TB")):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return str(unit) % {"n": number(round(value, 1) if value < 100 else round(value))}


@register.filter
def size_if_known(n_bytes: int) -> str:
    """The same of something that could not be read; 0 says that nobody knows."""
    return size(n_bytes) if n_bytes else gettext("size unknown")


@register.filter
def english(text: str) -> SafeString:
    """A sentence that exists in English only, such as that of a law, marked for screen readers and kept from being turned round."""
    return format_html('<span lang="en" dir="ltr" class="english">{}</span>', text)


@register.filter
def slots(text: str) -> SafeString:
    """A sentence of a notice with the places that are filled for each person shown as such: {name}, {code}.

    What is Latin inside a text that reads from the right keeps its own direction: a telephone number begins with its plus.
    """
    says = {"name": gettext("name"), "code": gettext("code")}
    direction = "rtl" if _FROM_THE_RIGHT.search(text) else "ltr"
    return format_html_join("", "{}", ((_shown(run, says, is_rtl=direction == "rtl"),) for run in notify.runs(text, direction)))


_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff]")


def _shown(run: Any, says: dict[str, str], *, is_rtl: bool) -> SafeString | str:
    if run.slot:
        return format_html('<bdi class="slot">{}</bdi>', says[run.slot])
    return format_html('<bdi dir="ltr">{}</bdi>', run.text) if run.is_ltr and is_rtl else str(run.text)


def _language() -> str:
    return (get_language() or "en").split("-")[0]


@lru_cache(maxsize=10)
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@register.filter
def direction(language: str) -> str:
    """ "rtl" or "ltr", by the language of a text: its first word may be a name in other letters, from which a browser would guess wrongly."""
    return _locale(language.split("-")[0]).text_direction


@register.filter
def at(table: dict[str, Any], key: str) -> Any:
    """The member of a table under a key that another value names."""
    return table.get(key, "")


@register.filter
def as_moment(text: str | None) -> datetime | None:
    """A moment that was kept as ISO 8601 text."""
    return datetime.fromisoformat(text) if text else None


@register.filter
def as_day(text: str | None) -> date | None:
    """A day that was kept as ISO 8601 text."""
    return date.fromisoformat(text) if text else None


@register.filter
def answer(value: Any) -> Any:
    """What a question was answered with: yes, no, a number, or the words as they are."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    return value
