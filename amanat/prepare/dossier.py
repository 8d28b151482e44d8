"""The papers of the incident itself: `facts.toml`, `company.toml`, the practice keys of two staff, `expected.toml`."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from amanat.prepare.statements import TITLES
from amanat.prepare.trade import Trade
from amanat.prepare.truth import Truth
from amanat.terms.kinds import KINDS
from amanat.terms.places import EEA

# How long before awareness the intruder's way in was open, from and until.
WITHIN_REACH = (timedelta(days=5, hours=16), timedelta(days=4, hours=18))
STAFF = (("incident-lead", "Incident lead"), ("data-protection", "Data protection officer"))
# Whom an authority may ask; their numbers are of the French range for film and books.
AUTHORITY_CONTACTS = (
    ("Sohrab Vernet", "Data protection officer", "dpo", "+33199002082"),
    ("Nasrin Delorme", "Managing director", "n.delorme", "+33199002083"),
)
# As NACE calls it.
ACTIVITIES = {
    "hotel": "55.10 Hotels and similar accommodation",
    "hospital": "86.10 Hospital activities",
    "shop": "47.91 Retail sale via the internet",
}


def write_facts(folder: Path, at: datetime, trade: Trade) -> None:
    """What is known, believed and unknown at the moment of awareness `at`."""
    lead, technical = "Incident lead", "Forensic report, first version"
    moments = {
        "occurrence": at - WITHIN_REACH[0],
        "occurrence_end": at - WITHIN_REACH[1],
        "detection": at - timedelta(hours=3, minutes=10),
        "awareness": at,
        "next_update": at + timedelta(days=4),
    }
    decided: dict[str, Any] = {
        "incident_kind": "data_breach",
        "role": "controller",
        "establishments": ["FR", "DE", "GB", "US", "CA", "BR"],
        "main_establishment": "FR",
        "sectors": [trade.sector],
        "is_dfs_covered_entity": False,
        "is_hipaa_covered_entity": False,
        "is_small_agent": False,
        "turnover_eur": 84_000_000,
        "confidentiality_loss": True,
        "integrity_loss": False,
        "availability_loss": False,
        "acquired": True,
        "accessed": True,
        "exfiltration": "confirmed",
        "recipients": "unknown_or_public",
        "malicious": True,
        "encrypted": "no",
        "redacted": False,
        "backup": "complete",
        "extent_known": False,
        "vulnerable_persons": True,
        "minors_affected": True,
        "data_public_already": False,
        "data_outdated": False,
        "good_faith_employee": False,
        "inadvertent_by_authorised": False,
        "misuse_unlikely": False,
        "risk_removed": False,
        "disproportionate_effort": False,
        "large_scale": True,
        "legal_secrecy": False,
        "hampers_investigation": False,
        "is_email_account_breach": False,
        "law_enforcement_hold": False,
        "counsel_on_apology": "agreed",
        "insurer_told": True,
        "risk": "high",
        "serious_injury": True,
        "harm_unlikely": False,
    }
    lines = ["# An invented incident of an invented company. `amanat assess facts` explains every fact.", ""]
    for name, words in trade.statements.items():
        status = "believed" if name == "cause" else "known"
        texts = ", ".join(f"{language} = {_text(text)}" for language, text in words.items())
        lines += [f"[{name}]", f"value = {{ {texts} }}", f'status = "{status}"', f"since = {_moment(at)}", f"source = {_text(technical)}", ""]
    for name, moment in moments.items():
        # The intruder's own clock and the logs agree on the end; the beginning is the earliest log line, so it is only believed.
        status = "believed" if name == "occurrence" else "known"
        lines += [f"[{name}]", f"value = {_moment(moment)}", f'status = "{status}"', f"since = {_moment(at)}", f"source = {_text(lead)}", ""]
    for name, value in decided.items():
        lines += [f"[{name}]", f"value = {_value(value)}", 'status = "known"', f"since = {_moment(at)}", f"source = {_text(lead)}", ""]
    lines += ["[public_knowledge]", 'status = "unknown"', f"source = {_text('No report in the press up to now')}", ""]
    (folder / "facts.toml").write_text("\n".join(lines), encoding="utf-8")


def write_company(folder: Path, seed: int, trade: Trade) -> None:
    """The company, and the practice keys of two staff: `staff/<id>.key` holds 64 hex digits after a comment."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    lines = [
        f"name = {_text(trade.name)}",
        f"legal_name = {_text(trade.legal_name)}",
        'address = "12 quai des Mariniers, 69009 Lyon, France"',
        'country = "FR"',
        f'website = "https://www.{trade.domains[0]}"',
        f'notices_url = "https://notice.{trade.domains[0]}/verify"',
        f'my_page_url = "https://notice.{trade.domains[0]}/my"',
        f'sender = "notice@{trade.domains[0]}"',
        f'reply_to = "answers@{trade.domains[0]}"',
        'privacy_contact = "Data protection office"',
        f'privacy_email = "privacy@{trade.domains[0]}"',
        f"domains = {json.dumps(trade.domains)}",
        'languages = ["en", "fr", "fa"]',
        'default_language = "en"',
        'signatory = "Nasrin Delorme"',
        'registration = "000 000 000"',  # no company has it
        f"activity = {_text(ACTIVITIES.get(trade.sector, ''))}",
        'dpo = "Sohrab Vernet"',
        'authority = "CNIL"',
        'insurer = "Assurances du Quai (invented)"',
        'counsel = "Cabinet des Halles (invented)"',
        "",
        "# Numbers of fiction: ARCEP, Ofcom and the North American plan keep them for film and books.",
        "[phone]",
        'default = "+33199002081"',
        'GB = "+448081570123"',
        *[f'{place} = "+18005550199"' for place in ("US-CA", "US-NY", "US-TX", "US-FL", "CA-QC", "CA-ON")],
        "",
        "[press]",
        'phone = "+33199002083"',
        f'email = "press@{trade.domains[0]}"',
        "",
        "[signatory_title]",
        *[f"{language} = {_text(title)}" for language, title in TITLES.items()],
        "",
        "[unit_cost]",
        'email = "0.0004 EUR"',
        'letter = "1.29 EUR"',
        "",
        "[messages_per_hour]",
        "email = 36000",
        "letter = 10000",
        "",
    ]
    (folder / "staff").mkdir()
    for id_, role in STAFF:
        secret = hashlib.blake2b(f"practice key {id_} {seed}".encode(), digest_size=32).digest()
        public = Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw().hex()
        lines += ["[[staff]]", f"id = {_text(id_)}", f"name = {_text(role)}", f"role = {_text(role)}", f'public_key = "{public}"', ""]
        key = folder / "staff" / f"{id_}.key"
        key.write_text(f"# Practice key of the {role.lower()}: it follows from the seed, so it protects nothing.\n{secret.hex()}\n", encoding="utf-8")
        key.chmod(0o600)
    for name, function, who, phone in AUTHORITY_CONTACTS:
        lines += ["[[authority_contact]]", f"name = {_text(name)}", f"function = {_text(function)}"]
        lines += [f'email = "{who}@{trade.domains[0]}"', f'phone = "{phone}"', ""]
    (folder / "company.toml").write_text("\n".join(lines), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class ExpectedDuty:
    """One duty that must come out, worked out here by hand from the texts of law, not by the engine."""

    id: str
    state: str
    due_at: datetime | None = None


def expected_duties(at: datetime, residents: dict[str, int]) -> list[ExpectedDuty]:
    """Duties under the six laws for the facts above, when the company became aware at `at`.

    Args:
        residents: affected register persons by place.

    A duty "without undue delay", and one that waits for another notice, is due without an instant.
    """
    eea = sum(n for place, n in residents.items() if place in EEA)
    here = {place: residents.get(place, 0) for place in ("GB", "US-CA", "US-NY", "CA-QC", "BR")}

    def duty(id_: str, is_due: bool, due_at: datetime | None = None) -> ExpectedDuty:
        return ExpectedDuty(id_, "due" if is_due else "not_due", due_at if is_due else None)

    hours_72 = at + timedelta(hours=72)  # Art 33(1): real hours, so the sum is made on the time line; same-offset arithmetic does that
    california = _end_of_day(at, 30, "America/Los_Angeles")  # § 1798.82(a)(2)(A) since 2026: 30 calendar days from discovery
    new_york = _end_of_day(at, 30, "America/New_York")  # § 899-aa(2) since 21 December 2024: 30 days after discovery
    brazil = _brazilian_days(at, 3)  # Res. CD/ANPD 15/2024 arts 6 and 9: three working days from knowledge that personal data are affected
    return [
        duty("eu-gdpr.authority", eea > 0, hours_72),
        duty("eu-gdpr.individuals", eea > 0),  # Art 34: the risk was judged high; no fixed instant
        duty("eu-gdpr.controller", False),  # Art 33(2) binds processors, and we are the controller
        duty("eu-gdpr.register", True),
        duty("uk-gdpr.authority", here["GB"] > 0, hours_72),
        duty("uk-gdpr.individuals", here["GB"] > 0),
        duty("uk-gdpr.controller", False),
        duty("uk-gdpr.register", True),
        duty("us-ca.individuals", here["US-CA"] > 0, california),
        duty("us-ca.authority1", here["US-CA"] > 500),  # § 1798.82(f): more than 500 residents; 15 days after a notice that is not sent yet
        duty("us-ca.owner", False),
        duty("us-ny.individuals", here["US-NY"] > 0, new_york),
        duty("us-ny.authority1", here["US-NY"] > 0),  # § 899-aa(8)(a): Attorney General, Department of State, State Police
        duty("us-ny.authority2", here["US-NY"] > 0),
        duty("us-ny.authority3", here["US-NY"] > 0),
        duty("us-ny.authority4", False),  # only covered entities of the Department of Financial Services
        duty("us-ny.authority5", False),  # only HIPAA covered entities
        duty("us-ny.cra", here["US-NY"] > 5000),  # § 899-aa(8)(b): more than 5,000 residents
        duty("us-ny.owner", False),
        duty("ca-qc-25.authority", here["CA-QC"] > 0),  # s. 3.5: promptly, at a risk of serious injury
        duty("ca-qc-25.individuals", here["CA-QC"] > 0),
        duty("ca-qc-25.register", True),
        duty("br-lgpd.authority", here["BR"] > 0, brazil),
        duty("br-lgpd.individuals", here["BR"] > 0, brazil),
        duty("br-lgpd.register", True),
    ]


def write_expected(folder: Path, at: datetime, truth: Truth, unreadable: list[str], empty: tuple[str, ...] = ()) -> None:
    """Numbers that a run over the story is held against. Recall is counted over readable rows of `truth.parquet`."""
    residents = dict(sorted(truth.places.items()))
    lines = [
        "# What is true of this practice story. Register persons with a value in a readable file are affected.",
        "[persons]",
        f"register = {truth.n_register}",
        f"affected = {truth.n_affected}",
        f"outsiders = {truth.n_outsiders}",
        "# in none of the readable files, but in a table or mailbox that the intruder could reach",
        f"accessible_only = {truth.n_accessible_only}",
        "# in no readable file and not within reach, but in a file that nobody can open",
        f"only_unreadable = {truth.n_only_unreadable}",
        "",
        "# affected register persons by kind, and by place of residence",
        "[kinds]",
        *[f"{kind} = {truth.kinds[kind]}" for kind in KINDS if truth.kinds[kind]],
        "",
        "[residents]",
        *[f"{place} = {n}" for place, n in residents.items()],
        "",
        "# files of the heap that must show up as gaps, and those that are empty",
        "[gaps]",
        f"unreadable = {json.dumps(sorted(unreadable), ensure_ascii=False)}",
        f"empty = {json.dumps(empty)}",
        "",
    ]
    for duty in expected_duties(at, residents):
        lines += ["[[duty]]", f'id = "{duty.id}"', f'state = "{duty.state}"']
        lines += [f"due_at = {_moment(duty.due_at)}"] if duty.due_at else []
        lines.append("")
    (folder / "expected.toml").write_text("\n".join(lines), encoding="utf-8")


def _end_of_day(at: datetime, days: int, zone: str) -> datetime:
    # The day of the event is not counted; the last day ends at 23:59:59 where the authority sits.
    last = at.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    return datetime.combine(last, time(23, 59, 59), ZoneInfo(zone))


def _brazilian_days(at: datetime, n: int) -> datetime:
    zone = ZoneInfo("America/Sao_Paulo")
    day = at.astimezone(zone).date()
    while n:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in _brazilian_holidays(day.year):
            n -= 1
    return datetime.combine(day, time(23, 59, 59), zone)


def _brazilian_holidays(year: int) -> set[date]:
    """National holidays: Lei 662/1949, 6.802/1980 and 14.759/2023 (20 November); Good Friday by Lei 9.093/1995.

    Carnival and Corpus Christi are optional days off, not holidays.
    """
    fixed = {(1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25)}
    return {date(year, month, day) for month, day in fixed} | {_easter(year) - timedelta(days=2)}


def _easter(year: int) -> date:
    # Anonymous Gregorian algorithm (Nature, 1876; Meeus, Astronomical Algorithms, chapter 8).
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
