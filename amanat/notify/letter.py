"""Letters: one tagged PDF (PDF/UA-1) for each person, set by typst with the fonts that ship with amanat."""

from collections.abc import Iterable
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from amanat import wording
from amanat.lib.private import Private
from amanat.notify.runs import runs
from amanat.notify.select import blocks, clean, greeting_for, reader_of, sections_for, title_for
from amanat.notify.stamp import qr_svg
from amanat.notify.typesetter import Sets, Typesetter
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice, braced
from amanat.terms.places import country_of

LETTER_PAPER = frozenset(("US", "CA", "MX", "PH", "CO", "CL", "VE", "PR"))


class Addressed(Protocol):
    """A person who gets a letter."""

    @property
    def contact(self) -> Contact: ...
    @property
    def kinds(self) -> frozenset[str]: ...
    @property
    def basis(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def stamp(self) -> str: ...


def render_letters(notice: Notice, persons: Iterable[Addressed], company: Company, out: Path, *, on: date, setter: Sets | None = None) -> list[Path]:
    """One PDF for each person, in their order, named by notice and person id; the same person again gives the same file."""
    out.mkdir(parents=True, exist_ok=True)
    setter = setter or Typesetter()
    paths = []
    for person in persons:
        path = out / f"{notice.id}.{quote(person.contact.person_id, safe='')}.pdf"
        half = path.with_suffix(".part")
        half.write_bytes(setter.pdf(letter_data(notice, person, company, on=on), on))
        half.replace(path)
        paths.append(path)
    return paths


def letter_data(notice: Notice, person: Addressed, company: Company, *, on: date) -> dict[str, Any]:
    """What the layout needs for one letter, as it goes into typst's JSON."""
    words = wording.words(notice.language)
    contact = person.contact
    direction = words.language.direction
    values = {"name": clean(contact.name), "code": person.code}

    def line(text: str) -> list[dict[str, Any]]:
        return [
            {"text": values[run.slot] if run.slot else run.text, "ltr": run.is_ltr or run.slot == "code", "code": run.slot == "code"}
            for run in runs(text, direction)
        ]

    reader = reader_of(contact)
    day = words.day(datetime(on.year, on.month, on.day, 12, tzinfo=timezone.utc), "UTC")
    address = [part for part in (values["name"], *_address(contact.address)) if part]
    country = country_of(contact.residence or company.country)
    address_is_rtl = any("\u0590" <= letter <= "\u08ff" for part in address for letter in part)
    left, top = _window(country, address_is_rtl)
    return {
        "language": words.language.tag,  # typst knows no easy form of a language
        "direction": direction,
        "digits": [words.say("{n,number}", n=n) for n in range(10)],
        "paper": "us-letter" if country in LETTER_PAPER else "a4",
        "window_left_mm": left,
        "window_top_mm": top,
        "company": company.name,
        "imprint": line(braced(f"{company.legal_name}, {company.address}")),
        "address": address,
        "address_is_rtl": address_is_rtl,
        "date": line(words.say(words.text["date"], day=day)),
        "title": line(title_for(notice, reader)),
        "title_plain": "".join(run["text"] for run in line(title_for(notice, reader))),
        "greeting": line(greeting_for(notice, reader)),
        "sections": [
            {
                "heading": line(section.heading),
                "is_ranked": section.id == "what_you_do",
                "blocks": [{"is_list": is_list, "lines": [line(s.text) for s in group]} for is_list, group in blocks(section.sentences)],
            }
            for section in sections_for(notice, person.kinds, person.basis, contact.residence, reader)
        ],
        "closing": [line(text) for text in notice.closing.split("\n")],
        "page": words.say(words.text["page"], n="\ue001", total="\ue002"),
        "stamp": _stamp(person.stamp, line(words.say(words.text["stamp_letter"], url=company.notices_url))),
    }


def _stamp(stamp: str, says: list[dict[str, Any]]) -> dict[str, Any] | None:
    return {"qr": qr_svg(stamp), "says": says, "text": stamp} if stamp else None


def _address(address: Private | None) -> list[str]:
    whole = clean(address, most=400)
    return [part.strip() for part in whole.replace("،", ",").split(",") if part.strip()]


def _window(country: str, is_rtl: bool) -> tuple[int, int]:
    # Left edge and top of the address in millimetres: France and right-to-left countries print it on the right
    # (NF Z 11-001), the rest of Europe on the left (DIN 5008), North America for the No. 10 envelope.
    if country in ("FR", "MC") or is_rtl:
        return 110, 48
    return (22, 54) if country in LETTER_PAPER else (22, 48)
