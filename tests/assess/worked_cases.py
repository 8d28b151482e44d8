"""Worked cases of the European authorities, restated: the facts as somebody would enter them, and the official outcome.

EDPB Guidelines 01/2021 (v2.0, ten of its eighteen cases), and WP250 rev.01 Annex B, repeated in EDPB Guidelines 9/2022 (five of ten).
`tell` says who is told by the official outcome; None means that it depends, and then the case says on which fact.
`parts` is the ENISA score coded by hand: context, identification, circumstances, score, band; only for the cases of 01/2021.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Case:
    title: str
    facts: dict[str, Any]
    authority: bool | None
    persons: bool | None
    parts: tuple[float, float, float, float, str] | None = None
    depends_on: dict[str, Any] = field(default_factory=dict)  # for an outcome that depends: the facts that make it a yes


CASES = {
    "edpb-01": Case(
        title="Ransomware, encrypted at rest, backup, nothing left the network",
        facts={
            "incident_kind": "ransomware",
            "kinds": ["name", "address"],
            "residents": {"FR": 40},
            "encrypted": "yes",
            "key_taken": False,
            "availability_loss": True,
            "backup": "complete",
            "restore_hours": 5,
            "exfiltration": "excluded_by_logs",
            "malicious": True,
        },
        authority=False,
        persons=False,
        parts=(1, 0.25, 0.5, 0.75, "low"),
    ),
    "edpb-03": Case(
        title="Ransomware in a hospital, restored after two working days",
        facts={
            "incident_kind": "ransomware",
            "kinds": ["name", "medical"],
            "residents": {"FR": 4000},
            "sectors": ["hospital"],
            "availability_loss": True,
            "backup": "complete",
            "restore_hours": 48,
            "exfiltration": "excluded_by_logs",
            "malicious": True,
            "vulnerable_persons": True,
        },
        authority=True,
        persons=True,
        parts=(4, 1, 0.75, 4.75, "very_high"),
    ),
    "edpb-05": Case(
        title="Job applications taken from a website",
        facts={
            "kinds": ["name", "email", "phone", "address", "employment"],
            "residents": {"FR": 213},
            "integrity_loss": True,
            "altered_data_used": False,  # the website was changed, not what stands about a person
            "exfiltration": "not_excluded",
            "malicious": True,
        },
        authority=True,
        persons=True,
        parts=(2, 1, 1, 3, "high"),
    ),
    "edpb-06": Case(
        title="Strongly hashed passwords of pseudonyms",
        facts={
            "kinds": ["password_hash"],
            "residents": {"FR": 1200},
            "malicious": True,
            "recipients": "unknown_or_public",
            "exfiltration": "confirmed",
        },
        authority=False,
        persons=False,
        parts=(1, 0.25, 1, 1.25, "low"),
    ),
    "edpb-09": Case(
        title="A trusted agent saw other customers' contracts",
        facts={"kinds": ["name", "address", "phone"], "residents": {"FR": 24}, "malicious": False, "recipients": "known_trusted"},
        authority=False,
        persons=False,
        parts=(1, 1, 0.25, 1.25, "low"),
    ),
    "edpb-11": Case(
        title="A stolen notebook, not encrypted, more than 100,000 persons",
        facts={
            "kinds": ["name", "address", "dob"],
            "residents": {"FR": 100_001},
            "encrypted": "no",
            "malicious": True,
            "availability_loss": True,
            "backup": "complete",
            "restore_hours": 1,
        },
        authority=True,
        persons=True,
        parts=(1, 1, 1, 2, "medium"),
    ),
    "edpb-13": Case(
        title="Two shoe orders in each other's parcel",
        facts={"kinds": ["name", "address"], "residents": {"FR": 2}, "malicious": False, "recipients": "known"},
        authority=False,
        persons=False,
        parts=(1, 1, 0.25, 1.25, "low"),
    ),
    "edpb-14": Case(
        title="Social-security numbers of 60,000 jobseekers sent by mistake",
        facts={
            "kinds": ["name", "email", "address", "national_id"],
            "residents": {"FR": 60_001},
            "malicious": False,
            "recipients": "unknown_or_public",
        },
        authority=True,
        persons=True,
        parts=(1, 1, 0.5, 1.5, "low"),
    ),
    "edpb-16": Case(
        title="Two insurance letters in one envelope, more letters possible",
        facts={
            "kinds": ["name", "address", "dob"],
            "residents": {"FR": 1},
            "malicious": False,
            "recipients": "known",
            "extent_known": False,
        },
        authority=True,
        persons=False,
        parts=(1, 1, 0.25, 1.25, "low"),
    ),
    "edpb-18": Case(
        title="Mail forwarded to an outside address, pay of 99 employees",
        facts={
            "incident_kind": "social_engineering",
            "kinds": ["name", "pay", "family", "employment"],
            "residents": {"FR": 99},
            "malicious": True,
            "recipients": "unknown_or_public",
            "integrity_loss": True,
            "altered_data_used": False,  # the rules of a mailbox were changed, not what stands about a person
        },
        authority=True,
        persons=True,
        parts=(3, 1, 1, 4, "very_high"),
    ),
    "wp250-i": Case(
        title="An encrypted USB key with a backup archive is stolen",
        facts={
            "kinds": ["name", "address", "email"],
            "residents": {"FR": 800},
            "encrypted": "yes",
            "key_taken": False,
            "availability_loss": True,
            "backup": "complete",
            "restore_hours": 2,
            "malicious": True,
        },
        authority=False,
        persons=False,
    ),
    "wp250-iii": Case(
        title="A power cut of a few minutes at a call centre",
        facts={
            "kinds": ["name", "phone"],
            "residents": {"FR": 60},
            "availability_loss": True,
            "confidentiality_loss": False,
            "backup": "complete",
            "restore_hours": 0.1,
            "malicious": False,
        },
        authority=False,
        persons=False,
    ),
    "wp250-v": Case(
        title="A customer gets another person's bank statement",
        facts={"kinds": ["name", "address", "fin_acct_alone"], "residents": {"FR": 1}, "malicious": False, "recipients": "known"},
        authority=True,
        persons=None,
        depends_on={"risk": "high"},
    ),
    "wp250-vii": Case(
        title="A host finds that any user could see any other user's account",
        facts={"role": "processor", "kinds": ["name", "email"], "residents": {"FR": 80}, "malicious": False, "recipients": "none"},
        authority=None,
        persons=False,
        depends_on={"role": "controller", "risk": "risk"},  # the host tells its client, and the client is the controller
    ),
    "wp250-ix": Case(
        title="Data of many students sent by mistake to a list of more than 1,000",
        facts={"kinds": ["name", "email", "student_id"], "residents": {"FR": 300}, "malicious": False, "recipients": "unknown_or_public"},
        authority=True,
        persons=None,
        depends_on={"risk": "high"},
    ),
}
