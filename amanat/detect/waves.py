"""Waves of fakes: what many people reported or asked about alike on one day, as one alert each, with counts and without any person.

One mistyped code, or one message that one person thinks strange, raises nothing. Reports that share a link, a sender or their longest
sentence are one wave, however the rest of their words was changed; and all strange codes of a day are one alert.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from amanat.detect.domains import ascii_host, is_under, registered
from amanat.lib.private import Private
from amanat.terms.alert import Alert, Entity, Evidence, Severity

REPORTS_MIN = 3  # reports that carry the same; fewer are chance
ASKED_MIN, CONNECTIONS_MIN = 5, 3  # questions about the same, and from how many connections: one person who asks again is no wave
HOUR_MIN, HOUR_CONNECTIONS_MIN, HOUR_TIMES = 30, 10, 4  # strange codes in one hour, and how many times the usual number that is
WAVES_A_DAY = 10  # alerts about reports and links; whoever makes waves up does not fill the page
GRAVE_REPORTS, GRAVE_CONNECTIONS = 20, 50
SENTENCE_MIN = 40  # letters: shorter ones stand in honest messages too
TEXT_MAX = 5000

REPORTED_LINK = "%(n)s reports of false messages lead to %(domain)s."
REPORTED_SENDER = "%(n)s reports of false messages name the same sender (%(domain)s)."
REPORTED_TEXT = "%(n)s reports of false messages carry the same sentence."
ASKED_LINK = "%(n)s messages that were checked lead to %(domain)s; they came from %(connections)s connections."
ASKED_CODE = "The code with the fingerprint %(fingerprint)s is not ours, and was asked about %(n)s times, from %(connections)s connections."
ASKED_WAY = "A code of ours was asked about %(n)s times as if it had come in a way that we never used (%(way)s), from %(connections)s connections."
ASKED_FILE = "The file with the fingerprint %(fingerprint)s is not ours, and was checked %(n)s times, from %(connections)s connections."
ASKED_MORE = "%(n)s codes that are not ours were asked about within one hour, from %(connections)s connections; usual is %(usual)s."
NO_PROOF = "Strangers told us, and anybody can tell anything: it is a reason to look, and no proof."
SENTENCES = (REPORTED_LINK, REPORTED_SENDER, REPORTED_TEXT, ASKED_LINK, ASKED_CODE, ASKED_WAY, ASKED_FILE, ASKED_MORE, NO_PROOF)

_ADDRESS = re.compile(r"[^\s<>@]{1,100}@([^\s<>@,;]{1,250})")
_FROM = re.compile(r"^(?:from|de|von|از)\s?:([^\n]{1,300})", re.IGNORECASE | re.MULTILINE)
_LINKS = re.compile(r"(?:https?:|www\.)\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that several reports may carry: a link's domain, a sender, a sentence; the last two only as keyed hashes."""

    sort: Literal["link", "sender", "text"]
    key: str
    domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One message that somebody reported as false."""

    at: datetime
    marks: frozenset[Mark]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Questions about one strange thing on one day, or about all strange codes in one hour."""

    sort: Literal["code", "way", "link", "file", "all"]
    name: str  # fingerprint of a code or file, way, domain, or the hour
    n: int
    n_connections: int
    since: datetime
    until: datetime


def marks_of(text: str, hosts: Iterable[str], *, ours: Iterable[str], key: bytes) -> frozenset[Mark]:
    """What a reported message may have in common with others. Our own domains are in every good fake, so they tell nothing.

    Args:
        hosts: where its links lead.
        key: for what may name a person; what was hashed with another key is never found alike.
    """
    ours, text = tuple(ours), text[:TEXT_MAX]
    domains = {registered(ascii_host(host)) for host in hosts}
    found = {Mark("link", domain, domain) for domain in domains if domain and not is_under(domain, ours)}
    if sender := _FROM.search(text):
        for address in _ADDRESS.finditer(sender[1]):
            domain = registered(ascii_host(address[1].strip(".>\"'")))
            if domain and not is_under(domain, ours):
                # A mailbox that anybody can have says nothing by its domain, so the whole address counts.
                found.add(Mark("sender", _hashed(key, address[0].casefold()), domain))
    if sentence := longest_sentence(text):
        found.add(Mark("text", _hashed(key, sentence)))
    return frozenset(found)


def longest_sentence(text: str) -> str:
    """The longest sentence, or part of one between commas, as it is compared: without links, addresses, numbers and signs.

    Empty when it could be anybody's. A greeting stands before a comma, so the name in it does not hide what is the same.

    >>> longest_sentence("Dear Sara, Your parcel 4711 is held at our customs office until you pay! Now.")
    'your parcel is held at our customs office until you pay'
    """
    plain = _ADDRESS.sub(" ", _LINKS.sub(" ", unicodedata.normalize("NFKC", text)))
    sentences = (" ".join(re.findall(r"[^\W\d_]+", part)) for part in re.split(r"[.!?؟。:,،;؛\n]+", plain))
    longest = max(sentences, key=len, default="").casefold()
    return longest if len(longest) >= SENTENCE_MIN else ""


def waves(reports: Sequence[Report], asked: Sequence[Asked], *, usual_an_hour: float, day: str, key: bytes) -> list[Alert]:
    """The alerts of one day, those that most people met first. The same wave has the same id however it grows.

    Args:
        reports: those of the day.
        usual_an_hour: how many strange codes are asked about in an ordinary hour.
        day: in which the counts were made; a wave that goes on is a new alert on the next day.
    """
    links = {one.name: one for one in asked if one.sort == "link" and _is_many(one)}
    found = [_of_reports(together, links, day, key) for together in _alike(reports)]
    told = {str(e.details["domain"]) for alert in found for e in alert.evidence if e.says in (REPORTED_LINK, ASKED_LINK)}
    found += [_of_link(one, day, key) for name, one in links.items() if name not in told]
    found = sorted(found, key=lambda alert: (-alert.n_events, alert.id))[:WAVES_A_DAY]
    return found + _of_codes([one for one in asked if one.sort != "link"], usual_an_hour, day, key)


def _is_many(one: Asked) -> bool:
    return one.n >= ASKED_MIN and one.n_connections >= CONNECTIONS_MIN


def _alike(reports: Sequence[Report]) -> list[list[Report]]:
    """Reports that share a mark, or share one with others that do; those below the floor are left out."""
    carriers: dict[Mark, list[int]] = {}
    for number, report in enumerate(reports):
        for mark in report.marks:
            carriers.setdefault(mark, []).append(number)
    leader = list(range(len(reports)))

    def led_by(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    # Only what is common itself binds: two chance meetings in a row are no wave.
    common = {mark: numbers for mark, numbers in carriers.items() if len(numbers) >= REPORTS_MIN}
    for numbers in common.values():
        for number in numbers[1:]:
            leader[led_by(number)] = led_by(numbers[0])
    together: dict[int, list[Report]] = {}
    for number in sorted({number for numbers in common.values() for number in numbers}):
        together.setdefault(led_by(number), []).append(reports[number])
    return list(together.values())


def _of_reports(reports: Sequence[Report], links: dict[str, Asked], day: str, key: bytes) -> Alert:
    carriers: dict[Mark, list[datetime]] = {}
    for report in reports:
        for mark in report.marks:
            carriers.setdefault(mark, []).append(report.at)
    common = {mark: sorted(moments) for mark, moments in carriers.items() if len(moments) >= REPORTS_MIN}
    order = ("link", "sender", "text")
    # What was common first names the wave: later reports do not change that.
    first = min(common, key=lambda mark: (common[mark][REPORTS_MIN - 1], order.index(mark.sort), mark.key))
    says = {"link": REPORTED_LINK, "sender": REPORTED_SENDER, "text": REPORTED_TEXT}
    ranked = sorted(common, key=lambda mark: (order.index(mark.sort), -len(common[mark]), mark.key))
    evidence = [_evidence(says[m.sort], n=len(common[m]), **({"domain": m.domain} if m.domain else {})) for m in ranked]
    for mark in ranked:
        if mark.sort == "link" and mark.domain in links:
            one = links[mark.domain]
            evidence.append(_evidence(ASKED_LINK, n=one.n, domain=one.name, connections=one.n_connections))
    domain = next((m.domain for m in ranked if m.domain), "")
    moments = [report.at for report in reports]
    alert_id = _hashed(key, f"wave\0{day}\0{first.sort}\0{first.key}")
    return _alert(alert_id, domain, evidence, len(reports), min(moments), max(moments), is_grave=len(reports) >= GRAVE_REPORTS)


def _of_link(one: Asked, day: str, key: bytes) -> Alert:
    evidence = [_evidence(ASKED_LINK, n=one.n, domain=one.name, connections=one.n_connections)]
    alert_id = _hashed(key, f"wave\0{day}\0link\0{one.name}")
    return _alert(alert_id, one.name, evidence, one.n, one.since, one.until, is_grave=one.n_connections >= GRAVE_CONNECTIONS)


def _of_codes(asked: Sequence[Asked], usual_an_hour: float, day: str, key: bytes) -> list[Alert]:
    """One alert about all strange codes of the day, or none."""
    n_usual = round(usual_an_hour)
    hours = [
        one for one in asked if one.sort == "all" and one.n >= max(HOUR_MIN, HOUR_TIMES * usual_an_hour) and one.n_connections >= HOUR_CONNECTIONS_MIN
    ]
    same = sorted((one for one in asked if one.sort != "all" and _is_many(one)), key=lambda one: (-one.n_connections, -one.n, one.name))
    found = [*sorted(hours, key=lambda one: (-one.n, one.name))[:1], *same[:WAVES_A_DAY]]
    if not found:
        return []
    evidence = []
    for one in found:
        if one.sort == "all":
            evidence.append(_evidence(ASKED_MORE, n=one.n, connections=one.n_connections, usual=n_usual))
        elif one.sort == "file":
            evidence.append(_evidence(ASKED_FILE, n=one.n, connections=one.n_connections, fingerprint=one.name))
        elif one.sort == "code":
            evidence.append(_evidence(ASKED_CODE, n=one.n, connections=one.n_connections, fingerprint=one.name))
        else:
            evidence.append(_evidence(ASKED_WAY, n=one.n, connections=one.n_connections, way=one.name))
    is_grave = max(one.n_connections for one in found) >= GRAVE_CONNECTIONS
    # The hour's count holds the questions about single codes, too.
    n = max(sum(one.n for one in hours), sum(one.n for one in same))
    since, until = min(one.since for one in found), max(one.until for one in found)
    return [_alert(_hashed(key, f"codes\0{day}"), "", evidence, n, since, until, is_grave=is_grave)]


def _alert(alert_id: str, domain: str, evidence: list[Evidence], n: int, since: datetime, until: datetime, *, is_grave: bool) -> Alert:
    severity: Severity = "high" if is_grave else "medium"
    entity = Entity(type="domain", value=Private("domain", domain)) if domain else Entity(type="message", value=alert_id[:8])
    return Alert(
        id=alert_id[:16],
        kind="disinformation",
        entity=entity,
        since=since,
        until=until,
        n_events=n,
        severity=severity,
        evidence=(*evidence[:49], Evidence(signal="waves", strength="context", says=NO_PROOF)),
    )


def _evidence(says: str, **details: object) -> Evidence:
    return Evidence(signal="waves", strength="strong", says=says, details=details, about_us=True)


def _hashed(key: bytes, what: str) -> str:
    return hmac.digest(key, what.encode(errors="replace"), "sha256").hex()[:32]
