"""`amanat notify form`: lists the forms of authorities, and fills one from a case."""

import json
from argparse import Namespace
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable
from amanat.lib.moment import moment_of
from amanat.lib.table import table

if TYPE_CHECKING:
    from amanat.notify.form import Form
    from amanat.notify.form_document import Document
    from amanat.notify.form_fill import Entry


class NoCase(Fixable):
    """A form is to be filled, and nobody says from which case."""


class BadMoment(Fixable):
    """A moment that cannot be read or has no offset."""


class NoEntries(Fixable):
    """A file of entries that cannot be used."""


def add_to(verb: Verb) -> None:
    """Gives the verb `notify` its command about forms."""
    verb.command(
        "form",
        argument("name", metavar="NAME", nargs="?", default="list", help="a form, such as edpb; `list` (or nothing) names them all"),
        argument("--case", type=Path, metavar="DIR", help="the folder that `amanat run --out` wrote: facts, company, assessment, exposures"),
        argument("--phase", metavar="PHASE", default="", help="which submission: such as initial, follow_up, final (default: the form's first)"),
        argument("--lang", metavar="TAG", default="", help="language of the form, where the authority takes several"),
        argument("--entries", type=Path, metavar="FILE", help='TOML with what you enter by hand: `"21" = "…"`, by the ids of the fields'),
        argument("--before", type=Path, metavar="FILE", help="the JSON of what was submitted last: what changed is then listed"),
        argument("--reference", metavar="TEXT", default="", help="the number that the authority gave to the first submission"),
        argument("--pdf", type=Path, metavar="FILE", help="also write it as an accessible PDF there"),
        argument("--now", metavar="MOMENT", help="as if it were then, such as 2026-03-06T18:00:00+01:00 (default: the clock)"),
        json_keys=(
            "form", "version", "phase", "language", "case", "made_at", "due_at", "is_late", "reference", "fields", "changes", "missing",
            "questions", "forms",
        ),
    )(form)  # fmt: skip


def form(given: Namespace) -> Result:
    """Fill an authority's form from a case, or list the forms there are.

    `amanat notify form` lists them; with --case it says which fit the case's duties. `amanat notify form NAME --case DIR` fills
    one and shows each field with its value and the facts it rests on; required fields that are not filled come first, with the
    question to ask. Exit 1 while a required field is missing. --format json gives the machine's version with stable ids,
    --pdf FILE the version to hand in. Nothing is sent: the authority's own portal stays the place to submit.

    What no fact holds is entered by hand (--entries). A follow-up (--phase follow_up --before FILE.json) lists what changed.
    """
    from amanat.notify.form import form_named

    now = _moment(given.now)
    if given.name == "list":
        return _listed(given.case)
    chosen = form_named(given.name)
    if given.case is None:
        raise NoCase(f"--case: say from which case {chosen.id} is filled: the folder that `amanat run --out` wrote")
    from amanat.notify.form_case import case_in
    from amanat.notify.form_fill import fill_form

    case = case_in(given.case)
    document = fill_form(
        chosen,
        case,
        phase=given.phase,
        language=given.lang,
        now=now,
        entries=_entries(given.entries, now) if given.entries else None,
        before=_before(given.before) if given.before else None,
        reference=given.reference,
    )
    if given.pdf:
        from amanat.notify.form_pdf import form_pdf

        given.pdf.parent.mkdir(parents=True, exist_ok=True)
        given.pdf.write_bytes(form_pdf(chosen, document, case.company, on=now.date()))
    from amanat.notify.form_document import document_as_json

    keys = {**document_as_json(document), "questions": _questions(chosen, document)}
    return Result(keys=keys, text=_as_text(chosen, document), is_passed=not document.lacking)


def _listed(folder: Path | None) -> Result:
    from amanat.notify.form import all_forms

    states: Mapping[str, str] = {}
    if folder is not None:
        from amanat.notify.case_files import read_assessment

        states = {duty.id: duty.state for duty in read_assessment(folder / "assessment.json").duties}
    rows, keys = [], []
    for one in all_forms().values():
        due = sorted(duty for duty in one.duties if states.get(duty) == "due")
        keys.append(
            {
                "id": one.id,
                "name": one.name["en"],
                "authority": one.authority,
                "languages": list(one.languages),
                "phases": [phase.id for phase in one.phase],
                "n_fields": len(one.field),
                "duties": sorted(one.duties),
                "due": due,
                "status": one.status["en"],
                "confidence": one.confidence,
                "verified": one.verified,
                "read_on": one.read_on.isoformat(),
                "source": one.source,
            }
        )
        fits = [", ".join(due) or "no duty of it is due"] if folder is not None else []
        rows.append(
            [one.id, len(one.field), ", ".join(one.languages), ", ".join(phase.id for phase in one.phase), one.confidence, *fits, one.name["en"]]
        )
    header = ["form", "fields", "in", "phases", "confidence", *(["due"] if folder is not None else []), "name"]
    text = (
        table(header, rows, right=[1])
        + "\n\n`amanat notify form NAME --case DIR` fills one. No form has been compared with the portal by a person yet."
    )
    return Result(keys={"forms": keys}, text=text)


def _questions(chosen: "Form", document: "Document") -> list[dict[str, Any]]:
    from amanat.notify.form_show import questions_of

    fields = {one.id: one for one in chosen.field}
    return [{"field": one.id, "facts": list(one.ask), "says": list(questions_of(fields[one.id], one, "en"))} for one in document.lacking]


def _as_text(chosen: "Form", document: "Document") -> str:
    from amanat.notify.form_show import form_parts, line_of

    fields = {one.id: one for one in chosen.field}
    lines = [f"{chosen.name['en']} · {chosen.phase_of(document.phase).label['en']}", chosen.status["en"]]
    if document.due_at:
        lines.append(f"deadline {document.due_at.isoformat()}{', which has passed' if document.is_late else ''}")
    lines += ["", f"{len(document.lacking)} required fields are missing:" if document.lacking else "Every required field is filled."]
    for one in document.lacking:
        shown = line_of(fields[one.id], one, chosen.zone, "en")
        facts = f" [{', '.join(one.ask)}]" if one.ask else ""
        # A field without a question of its own asks by its label, which is said once.
        asked = " ".join(question for question in shown.questions if question != shown.label)
        lines.append(f"  {one.id}  {shown.label}{': ' if asked else ''}{asked}{facts}{_noted(one.notes)}")
    for part in form_parts(chosen, document, language="en"):
        lines += ["", part.heading]
        for line in part.lines:
            number = f"{line.field.number} " if line.field.number else ""
            value = {"not_applicable": "(does not apply)"}.get(line.filled.state, line.shown.replace("\n", " / ") or f"({line.filled.state})")
            rests = f"   <- {', '.join(line.filled.sources)}" if line.filled.sources and line.filled.value is not None else ""
            lines.append(f"  {number}{line.label}: {value}{rests}{_noted(line.filled.notes)}")
    if document.changes:
        lines += ["", "Changed since the last submission: " + ", ".join(one.id for one in document.changes)]
    return "\n".join(lines)


def _noted(notes: tuple[str, ...]) -> str:
    return f"  ({'; '.join(notes)})" if notes else ""


def _entries(path: Path, now: datetime) -> "dict[str, Entry]":
    from amanat.lib.shape import read_toml
    from amanat.notify.form_fill import Entry

    return {id: Entry(value=value, at=now) for id, value in read_toml(path).items()}


def _before(path: Path) -> "Document":
    from amanat.notify.form_document import document_from_json

    try:
        body = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise NoEntries(f"{path}: there is no such file; give the JSON of what was submitted last") from None
    except ValueError:
        raise NoEntries(f"{path}: is not JSON; give the JSON of what was submitted last") from None
    return document_from_json(body)


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(timezone.utc)
    moment = moment_of(text)
    if moment is None:
        raise BadMoment(f"--now {text!r} is no moment; write it with its offset from UTC, such as 2026-03-06T18:00:00+01:00")
    return moment
