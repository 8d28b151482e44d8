"""Kit: what one controller gets: the list of its persons, the draft of our notice, its own duties and clock, its gaps. Plain files."""

import csv
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from amanat import assess, wording
from amanat.lib.cells import inert
from amanat.lib.private import Private
from amanat.processor.controllers import Controller
from amanat.processor.split import Share
from amanat.terms.assessment import Assessment
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.fact import Fact
from amanat.terms.finding import GAP_COLUMNS, Gap

COLUMNS = ("person_id", "name", "emails", "phones", "address", "residence", "language", "minor", "state", "kinds", "records", "note")
# What the incident itself is; who we are, and when we knew, is not the controller's matter.
_SHARED_FACTS = (
    "incident_kind", "occurrence", "occurrence_end", "encrypted", "key_taken", "redacted", "acquired", "accessed", "exfiltration", "malicious",
    "confidentiality_loss", "integrity_loss", "availability_loss", "integrity_recoverable", "backup", "restore_hours", "extent_known",
    "data_public_already", "data_recovered",
)  # fmt: skip
# The moments of its own first knowledge: when we told it.
_AWARE = ("awareness", "discovery", "discovery_or_notification", "detection")


def assessment_for(controller: Controller, share: Share, facts: Mapping[str, Fact], *, now: datetime) -> Assessment:
    """What the law asks of the controller, by our reading: as a controller in its country, aware since we told it (else: if we told it now)."""
    told = controller.told_at or now
    its = {name: facts[name] for name in _SHARED_FACTS if name in facts}
    its |= {name: Fact(name=name, value=told, status="known") for name in _AWARE}
    its |= {
        "role": Fact(name="role", value="controller", status="known"),
        "establishments": Fact(name="establishments", value=[controller.country], status="known"),
        "main_establishment": Fact(name="main_establishment", value=controller.country, status="known"),
    }
    found = assess.assess(its, exposures=share.exposures() if share.rows else None, now=now)
    # Contracts are ours: they name those with whom we have signed them.
    return replace(found, duties=tuple(duty for duty in found.duties if duty.reach is True and not duty.is_contract))


def files_of(
    controller: Controller,
    share: Share,
    contacts: Mapping[str, Contact],
    gaps: Sequence[Gap],
    assessment: Assessment,
    facts: Mapping[str, Fact],
    company: Company,
    *,
    now: datetime,
) -> dict[str, str]:
    """Name and text of every file of the kit."""
    paragraphs = _notice(controller, share, gaps, facts, company, now=now)
    when = f"{controller.told_at or now:%Y-%m-%d %H:%M %z}"
    told = f"counted from the moment when you were told, {when}" if controller.told_at else f"as if you had been told at {when}"
    clock = f"{controller.name}: what the law may ask of you, {told}\nThis is no legal advice.\n\n{assess.clock_wall(assessment, at=now)}\n"
    files = {
        "persons.csv": _persons(share, contacts),
        "notice.txt": "\n\n".join(text for _, text in paragraphs) + "\n",
        "notice.html": _page(controller, paragraphs),
        "duties.txt": clock,
    }
    if gaps:
        files["gaps.csv"] = _csv(GAP_COLUMNS, [[gap.path, gap.reason, gap.size_bytes, gap.next_step] for gap in gaps])
    return files


def _persons(share: Share, contacts: Mapping[str, Contact]) -> str:
    rows = []
    for person, row in sorted(share.rows.items()):
        contact = contacts.get(person)
        reach = [_shown(contact.name), _all(contact.emails), _all(contact.phones), _shown(contact.address)] if contact else ["", "", "", ""]
        note = "which of the data are affected is not known yet" if person in share.unclear else ""
        minor = "" if row["minor"] is None else "yes" if row["minor"] else "no"
        tail = [row["residence"] or "", row["language"] or "", minor, row["state"], "; ".join(row["kinds"]), row["n_records"], note]
        rows.append([person, *reach, *tail])
    return _csv(COLUMNS, rows)


def _shown(value: Private | None) -> str:
    return value.reveal(why="the list of its own persons for the controller") if value else ""


def _all(values: Sequence[Private]) -> str:
    return "; ".join(map(_shown, values))


def _csv(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(header)
    writer.writerows([[inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows])
    return file.getvalue()


# ---- the notice ----


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def words_for(tag: str) -> tuple[str, dict[str, str]]:
    """The language of a notice and its words; English where we do not write the one that is asked for."""
    language = wording.language_for(tag, tuple(_words()), "en")
    return language, _words()[language]


def _notice(
    controller: Controller, share: Share, gaps: Sequence[Gap], facts: Mapping[str, Fact], company: Company, *, now: datetime
) -> list[tuple[str, str]]:
    """Headings and paragraphs: ("h", text) or ("p", text)."""
    tag, w = words_for(controller.language)
    language = wording.words(tag)

    def fact(name: str) -> str:
        given = facts.get(name)
        told = given.value if given is not None and given.status != "unknown" and isinstance(given.value, dict) else {}
        return str(told.get(tag) or told.get("en") or "")

    states = [row["state"] for row in share.rows.values()]
    kinds = sorted({kind for row in share.rows.values() for kind in row["kinds"]})
    measures = " ".join(text for name in ("what_we_did", "what_we_will_do") if (text := fact(name)))
    asked = [company.privacy_contact, company.privacy_email, *([company.phone["default"]] if "default" in company.phone else [])]
    parts = [
        ("h", w["title"]),
        ("p", w["draft"].format(day=language.day(now, "UTC"))),
        ("p", f"{w['to'].format(name=controller.name)}{' · ' + controller.contact if controller.contact else ''}"),
        ("p", w["from"].format(company=company.legal_name)),
        ("p", w["opening"]),
        ("p", w["duty"]),
        ("h", w["nature_h"]),
        ("p", fact("what_happened") or w["unknown"]),
        ("h", w["persons_h"]),
        ("p", language.say(w["persons"], n=states.count("sure"))),
    ]
    counts = {"review": states.count("review"), "outsiders": states.count("outsider"), "unclear": len(share.unclear)}
    parts += [("p", language.say(w[name], n=n)) for name, n in counts.items() if n]
    parts += [("p", language.say(w["records"], n=sum(row["n_records"] for row in share.rows.values())))]
    parts += [("h", w["kinds_h"]), ("p", w["list_comma"].join(language.kinds[kind].name for kind in kinds) or w["kinds_none"])]
    parts += [("p", language.say(w["gaps"], n=len(gaps)))] if gaps else []
    parts += [("h", w["consequences_h"]), ("p", fact("likely_consequences") or w["unknown"])]
    parts += [("h", w["measures_h"]), ("p", measures or w["unknown"])]
    parts += [("h", w["contact_h"]), ("p", ", ".join(part for part in asked if part))]
    parts += [("h", w["attached_h"]), ("p", w["attached_persons"]), ("p", w["attached_clock"])]
    parts += [("p", w["attached_gaps"])] if gaps else []
    return parts


def _page(controller: Controller, paragraphs: Sequence[tuple[str, str]]) -> str:
    tag, w = words_for(controller.language)
    title = escape(paragraphs[0][1])
    body = [f"<h1>{title}</h1>", *(f"<h2>{escape(text)}</h2>" if kind == "h" else f"<p>{escape(text)}</p>" for kind, text in paragraphs[1:])]
    style = "body{max-width:42rem;margin:2rem auto;padding:0 1rem;font-family:Vazirmatn,Tahoma,system-ui,sans-serif;line-height:1.6}"
    return (
        f'<!doctype html>\n<html lang="{tag}" dir="{w["direction"]}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{style}</style></head>\n<body>\n" + "\n".join(body) + "\n</body></html>\n"
    )
