"""An invented hotel after an attack: facts, company, duties and a few persons, for the tests of writing."""

from datetime import date, datetime, timezone
from typing import Any

import pyarrow as pa

from amanat.lib.private import Private
from amanat.notify.compose import compose
from amanat.notify.select import LetterPerson
from amanat.terms.assessment import Assessment, Duty, Severity
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.fact import Fact
from amanat.terms.notice import Notice

NOW = datetime(2026, 3, 10, 9, tzinfo=timezone.utc)
TODAY = date(2026, 3, 10)
CODE = "K7Q2-9MXP"

COMPANY = Company(
    name="Hotel Example",
    legal_name="Hotel Example SAS",
    address="1 rue de l’Exemple, 75001 Paris",
    country="FR",
    website="https://hotel.example",
    notices_url="https://hotel.example/notices",
    sender="notices@hotel.example",
    privacy_email="privacy@hotel.example",
    privacy_contact="data-protection officer",
    phone={"default": "+33 1 99 00 12 34", "GB": "+44 20 7946 0123"},
    domains=("hotel.example",),
    languages=("en", "fr", "fa"),
    default_language="en",
    signatory="Claire Exemple",
    signatory_title={"en": "Managing Director", "fr": "Directrice générale", "fa": "مدیرعامل"},
)

CALIFORNIA = ("What Happened", "What Information Was Involved", "What We Are Doing", "What You Can Do", "For More Information")


def fact(name: str, value: Any, status: str = "known") -> Fact:
    return Fact(name=name, value=value, status=status)  # type: ignore[arg-type]


def facts(**changed: Fact | None) -> dict[str, Fact]:
    """The ledger of the story; `name=None` takes a fact out."""
    ledger = {
        "incident_kind": fact("incident_kind", "data_breach"),
        "occurrence": fact("occurrence", datetime(2026, 3, 1, 2, tzinfo=timezone.utc)),
        "awareness": fact("awareness", datetime(2026, 3, 6, 17, tzinfo=timezone.utc)),
        "what_happened": fact(
            "what_happened",
            {
                "en": "Attackers entered our booking system with a stolen staff password.",
                "fr": "Des attaquants sont entrés dans notre système de réservation avec un mot de passe volé.",
                "fa": "مهاجمان با گذرواژه‌ای دزدیده‌شده وارد سامانهٔ رزرو ما شدند.",
            },
        ),
        "acquired": fact("acquired", True),
        "search_for_misuse": fact("search_for_misuse", None, "unknown"),
        "next_update": fact("next_update", datetime(2026, 3, 20, 17, tzinfo=timezone.utc)),
        "what_we_did": fact(
            "what_we_did",
            {
                "en": "We closed the access and changed all keys.",
                "fr": "Nous avons fermé cet accès et changé toutes les clés.",
                "fa": "این دسترسی را بستیم و همهٔ کلیدها را عوض کردیم.",
            },
        ),
        "law_enforcement_hold": fact("law_enforcement_hold", False),
    }
    for name, value in changed.items():
        ledger.pop(name, None)
        if value is not None:
            ledger[name] = value
    return ledger


def duty(group: str, content: tuple[str, ...], zone: str, **more: Any) -> Duty:
    base: dict[str, Any] = {
        "id": f"{group}.individuals",
        "law": group,
        "to": "individuals",
        "who": "the persons",
        "says": "",
        "state": "due",
        "due_at": None,
        "standard": "undue_delay",
        "limit": "",
        "from_event": "awareness",
        "from_at": None,
        "why": (),
        "would_change_if": (),
        "cite": "",
        "source": "",
        "confidence": "high",
        "verified": True,
        "ask": (),
        "places": (),
        "zone": zone,
        "n_persons": None,
        "content": content,
        "letter_group": group,
    }
    return Duty(**{**base, **more})


# What each letter must hold, from the law pack's notice-content file.
DUTIES = (
    duty("eu-gdpr", ("nature", "contact_point", "consequences", "measures"), "Europe/Paris"),
    duty(
        "us-ca",
        ("entity_name", "entity_contact", "data_types", "breach_date", "notice_date", "law_enforcement_delay", "incident_description"),
        "America/Los_Angeles",
        headings=CALIFORNIA,
    ),
    duty("us-ny", ("entity_contact", "state_and_federal_agency_contacts", "data_types_specific"), "America/New_York"),
    duty(
        "br-lgpd",
        (
            "nature and categories of data",
            "technical and security measures",
            "risks and impacts",
            "reasons for delay",
            "measures taken or to be taken",
            "date of knowledge of the incident",
            "contact_point",
        ),
        "America/Sao_Paulo",
    ),
)

ASSESSMENT = Assessment(
    severity=Severity(score=2, band="high", context=2, identification=1, circumstances=0, reasons=(), overrides=(), advice="high"),
    duties=DUTIES,
    fines=(),
    questions=(),
    assumed=(),
)

PERSONS = (
    ("p1", ("name", "email", "iban", "password"), "FR", "fr", "eu-gdpr"),
    ("p2", ("name", "email", "card_with_code", "ssn"), "US-CA", "en", "us-ca"),
    ("p3", ("email", "national_id", "medical"), "IR", "fa", "eu-gdpr"),
    ("p4", ("ssn", "email"), "US-NY", "en-US", "us-ny"),
    ("p5", ("email", "passport", "card_with_code"), "DE", "de", "eu-gdpr"),
    ("p6", ("email",), "GB", None, "eu-gdpr"),
    ("p7", ("email", "ssn"), "US-CA", "fa", "us-ca"),
    ("p8", ("email", "national_id"), "BR", "pt", "br-lgpd"),
)


def exposures() -> pa.Table:
    return pa.table(
        {
            "person_id": [p[0] for p in PERSONS],
            "kinds": pa.array([list(p[1]) for p in PERSONS], pa.list_(pa.string())),
            "residence": [p[2] for p in PERSONS],
            "language": [p[3] for p in PERSONS],
            "state": ["sure"] * len(PERSONS),
            "basis": ["content"] * len(PERSONS),
        }
    )


def persons_duties() -> pa.Table:
    return pa.table(
        {
            "person_id": [p[0] for p in PERSONS],
            "duty_ids": pa.array([[f"{p[4]}.individuals"] for p in PERSONS], pa.list_(pa.string())),
            "letter_group": [p[4] for p in PERSONS],
            "channel_order": pa.array([["email", "letter"]] * len(PERSONS), pa.list_(pa.string())),
        }
    )


def notices(ledger: dict[str, Fact] | None = None, *, company: Company = COMPANY, assessment: Assessment = ASSESSMENT) -> dict[str, Notice]:
    found = compose(facts() if ledger is None else ledger, company, assessment, exposures(), persons_duties(), now=NOW)
    return {notice.id: notice for notice in found}


def person(id: str, *, name: str | None = "Sara Example", minor: bool = False, deceased: bool = False) -> LetterPerson:
    row = next(p for p in PERSONS if p[0] == id)
    contact = Contact(
        person_id=id,
        name=Private("name", name) if name is not None else None,
        emails=(Private("email", "sara@example.org"),),
        phones=(),
        address=Private("address", "12 rue Fictive, 75002 Paris"),
        residence=row[2],
        language=row[3],
        minor=minor,
        deceased=deceased,
        needs=None,
    )
    return LetterPerson(contact=contact, kinds=frozenset(row[1]), basis="content", code=CODE)


BASES = ("content", "access", "service")


def people_known_by(bases=BASES, kinds=("name", "email"), channel: str = "email") -> tuple[pa.Table, pa.Table]:
    """One person for each basis and language ("access-fr"), all in one letter group: their exposures and duties."""
    rows = [(f"{basis}-{language}", basis, language) for basis in bases for language in ("en", "fr", "fa")]
    exposed = pa.table(
        {
            "person_id": [row[0] for row in rows],
            "kinds": pa.array([["service"] if row[1] == "service" else list(kinds) for row in rows], pa.list_(pa.string())),
            "residence": ["FR"] * len(rows),
            "language": [row[2] for row in rows],
            "state": ["sure"] * len(rows),
            "basis": [row[1] for row in rows],
        }
    )
    duties = pa.table(
        {
            "person_id": [row[0] for row in rows],
            "duty_ids": pa.array([["eu-gdpr.individuals"]] * len(rows), pa.list_(pa.string())),
            "letter_group": ["eu-gdpr"] * len(rows),
            "channel_order": pa.array([[channel]] * len(rows), pa.list_(pa.string())),
        }
    )
    return exposed, duties


def known_by(bases=BASES, ledger: dict[str, Fact] | None = None, kinds=("name", "email")) -> dict[str, Notice]:
    """The notice of each language to persons of these bases."""
    exposed, duties = people_known_by(bases, kinds)
    made = compose(facts() if ledger is None else ledger, COMPANY, ASSESSMENT, exposed, duties, now=NOW)
    return {notice.language: notice for notice in made}
