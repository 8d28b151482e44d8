"""What the public door may read: published texts, and whether a code stands in one of them."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Q, QuerySet

from amanat import notify
from amanat.lib.errors import Fixable
from amanat.lib.moment import zone_of
from amanat.terms.company import Company
from amanat.terms.fact import Fact
from amanat.web.languages import LANGUAGES
from amanat.web.notify.models import ApprovalRow, OutletRow
from amanat.web.notify.outlets_queries import PAGE, page_history
from amanat.web.notify.queries import company_of, facts_of
from amanat.web.public.models import FakeReport, StatusUpdate
from amanat.web.respond import signing
from amanat.web.respond.models import Incident
from amanat.web.respond.queries import newest_facts

CODE_MAX = 60  # a longer text is a whole message
HEADS_MAX = 500  # of one journal: three weeks of one an hour
CODES_MAX = 5  # that are looked up in one message


_CODE = re.compile(r"(?<![\w-])\w{4}(?:[\s-]?\w{4}){2}[\s-]?\w(?![\w-])")
# As browsers and mail programs take a link, not as it is written properly: with slashes of either sort or none, and without a scheme.
_LINK = re.compile(
    r"(?:https?:[/\\]*|(?<![^\s(<\[\"'«])//(?=[^\s/\\?#]*\.)|(?<![\w./\\@-])(?=www\.|(?:[\w-]+\.)+[^\W\d_]{2,}/))([^\s/\\?#<>\"'\])]+)",
    re.IGNORECASE,
)


def codes_in(text: str) -> list[str]:
    """What may be a code of ours in a pasted message, or the text itself when it is short."""
    if len(text) <= CODE_MAX:
        return [text]
    return [code for code in _CODE.findall(text) if notify.read_code(code) is not None][:CODES_MAX]


def hosts_in(text: str) -> list[str]:
    """Where the links in a text really lead, each host once.

    What stands before an @ is a name to log in with, however much it looks like an address.

    >>> hosts_in("https://hotel.example:443@thief.example/x, www.hotel.example.")
    ['thief.example', 'www.hotel.example']
    """
    found = (re.sub(r":\d*$", "", authority.rpartition("@")[2].rstrip(".,;:!،؛؟")) for authority in _LINK.findall(text))
    return list(dict.fromkeys(host.casefold().strip(".") for host in found if host))


def our_hosts() -> set[str]:
    """Where a link in a message of ours may lead."""
    return {host for row in told() for host in _hosts_of(row)}


def _hosts_of(incident: Incident) -> list[str]:
    company = _company_of(incident)
    return [domain.casefold() for domain in (company.domains if company else ())] + [(urlsplit(settings.PUBLIC_URL).hostname or "").casefold()]


def _company_of(incident: Incident) -> Company | None:
    """None where there is no `company.toml` that can be read: one incident without it must not close the page of all others."""
    try:
        return company_of(incident)
    except (Fixable, OSError):
        return None


def name_of(incident: Incident) -> str:
    company = _company_of(incident)
    return company.name if company else ""


def zone() -> str:
    """In which zone moments are said to everybody: that of the company's country, as in its letters; UTC where several would differ."""
    zones = {zone_of(company.country) for incident in told() if (company := _company_of(incident))}
    return (zones.pop() if len(zones) == 1 else None) or "UTC"


def stories(language: str) -> list[notify.Story]:
    """One for each open incident of which the public was told, the latest change first."""
    found = []
    for incident in told():
        rows = StatusUpdate.objects.filter(incident=incident).exclude(published_at=None).order_by("-published_at")
        name = name_of(incident)
        said = [_published(row, name, language) for row in rows] + list(_in_language(page_history(incident), language))
        if not said and (first := _from_facts(incident, language)):
            # The first words are those of the notices; they go once there is a text that was written for this page.
            said = [first]
        if said:
            found.append(notify.story_of(said))
    return sorted(found, key=lambda story: story.now.at, reverse=True)


def next_promise(incident: Incident) -> datetime | None:
    """When we promised to write again: in the newest update, or where there is none since, in the facts of the notices."""
    last = StatusUpdate.objects.filter(incident=incident).exclude(published_at=None).order_by("-published_at").first()
    fact = newest_facts(incident, with_staff=False).get("next_update")
    if last and (fact is None or fact.at <= last.published_at):
        return last.next_at
    return datetime.fromisoformat(fact.value) if fact and isinstance(fact.value, str) else None


def draft(incident: Incident) -> StatusUpdate | None:
    """The update that waits to be published by somebody else."""
    return StatusUpdate.objects.filter(incident=incident, published_at=None).select_related("author").order_by("-authored_at").first()


def published(incident: Incident) -> QuerySet[StatusUpdate]:
    """What stands on the status page about this incident, the newest first."""
    rows = StatusUpdate.objects.filter(incident=incident).exclude(published_at=None)
    return rows.select_related("author", "publisher").order_by("-published_at")


def words_to_begin_with(incident: Incident) -> dict[str, dict[str, str]]:
    """What a new update starts from: the last one, or the facts of the notices."""
    last = published(incident).first()
    if last:
        return {language: {**said, "changed": ""} for language, said in last.words.items()}
    facts = facts_of(incident)
    return {language: _said_in_facts(facts, language) | {"changed": ""} for language, _name in LANGUAGES}


def reports(incident: Incident) -> QuerySet[FakeReport]:
    """Messages that people reported as not ours, those nobody has looked at first."""
    return FakeReport.objects.filter(incident=incident).select_related("incident").order_by(F("looked_at").asc(nulls_first=True), "-at")


def published_heads() -> dict[str, list[dict[str, Any]]]:
    """The signed heads of the journals of incidents that the public knows of, by the incident's id."""
    return {str(incident.pk): signing.published_heads(incident, most=HEADS_MAX) for incident in told()}


def told() -> list[Incident]:
    """Open incidents whose messages were approved and can leave, or of which something was published: before that, nothing is public."""
    approved = ApprovalRow.objects.exclude(filled_at=None).values("incident")
    updated = StatusUpdate.objects.exclude(published_at=None).values("incident")
    stated = OutletRow.objects.filter(outlet=PAGE).values("incident")
    return list(Incident.objects.filter(Q(pk__in=approved) | Q(pk__in=updated) | Q(pk__in=stated)).exclude(phase="closed"))


def _in_language(history: Mapping[str, tuple[notify.Said, ...]], language: str) -> tuple[notify.Said, ...]:
    return history.get(language) or history.get("en") or next(iter(history.values()), ())


def _published(row: StatusUpdate, company: str, language: str) -> notify.Said:
    has_ours = bool(row.words.get(language, {}).get("known"))
    said = row.words.get(language if has_ours else "en", {})
    assert row.published_at is not None
    changed = notify.Changed(since=row.published_at, words=said["changed"]) if said.get("changed") else None
    sheet = notify.sheet_of_parts(language if has_ours else "en", said)
    return notify.Said(id=str(row.pk), company=company, sheet=sheet, at=row.published_at, next_at=row.next_at, changed=changed)


def _from_facts(incident: Incident, language: str) -> notify.Said | None:
    approval = ApprovalRow.objects.filter(incident=incident).exclude(filled_at=None).order_by("-filled_at").first()
    if approval is None or approval.filled_at is None:
        return None
    sheet = notify.sheet_of_parts(language, _said_in_facts(facts_of(incident), language))
    return notify.Said(id=str(approval.pk), company=name_of(incident), sheet=sheet, at=approval.filled_at, next_at=next_promise(incident))


def _said_in_facts(facts: Mapping[str, Fact], language: str) -> dict[str, str]:
    def says(name: str) -> str:
        fact = facts.get(name)
        value = fact.value if fact else None
        return str(value.get(language) or value.get("en") or "") if isinstance(value, dict) else str(value or "")

    doing = [text for text in (says("what_we_did"), says("what_we_will_do"), says("what_we_offer")) if text]
    return {"known": says("what_happened"), "unknown": says("what_we_do_not_know"), "doing": "\n\n".join(doing)}
